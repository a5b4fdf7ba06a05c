using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Moves;

/// <summary>
/// What would become of all cases that a preview shows page by page: how many have a safe place, and why the others stay. Every one is
/// placed, as the move itself would, a batch at a time: some milliseconds each, and never more than a batch in memory. Changes nothing.
/// </summary>
internal sealed class MoveTotals(IReader reader, MatterLibrary library, MovePlacer placer, TimeProvider time) : IDisposable
{
    public const int Batch = 100;
    private const int MostReasons = 12;

    // It reckons on the processors that serve the counter: the next one waits.
    private readonly SemaphoreSlim one = new(1);

    /// <param name="wish">What is previewed.</param>
    /// <param name="progress">Told after each batch, with what is known so far; null: nobody asks.</param>
    /// <returns>With every case dealt with.</returns>
    /// <exception cref="UnknownCaseException">No such matter or target, or the viewer is no manager.</exception>
    public async Task<TotalsView> CountAsync(Viewer viewer, MoveWish wish, Func<TotalsView, Task>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(wish);
        MoveQuery.Require(viewer);
        await one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await PlaceAllAsync(viewer, wish, progress, cancel).ConfigureAwait(false);
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<TotalsView> PlaceAllAsync(Viewer viewer, MoveWish wish, Func<TotalsView, Task>? progress, CancellationToken cancel)
    {
        var (target, now) = (await MoveQuery.TargetAsync(reader, library, wish, cancel).ConfigureAwait(false), time.GetUtcNow());
        var (places, reasons) = (new Dictionary<string, EffectiveParameters>(), new Dictionary<MoveNote, int>());
        var (dealt, safe, remarked, total, last) = (0, 0, 0, 0, Guid.Empty);
        while (true)
        {
            // A connection for each batch: a count of thousands holds none while it reckons.
            await using var db = reader.Open();
            var (after, running) = (last, MoveQuery.Wanted(db, viewer, wish));
            if (total == 0) total = await running.CountAsync(cancel).ConfigureAwait(false);
            var cases = await running.Where(c => c.Id > after).OrderBy(c => c.Id).Take(Batch).ToListAsync(cancel).ConfigureAwait(false);
            if (cases.Count == 0) return View(dealt);
            var reading = await MovePlacer.ReadAsync(db, cases, cancel).ConfigureAwait(false);
            foreach (var @case in cases)
            {
                cancel.ThrowIfCancellationRequested();
                var place = @case.Township ?? @case.County;
                if (!places.TryGetValue(place, out var parameters)) places[place] = parameters = await EffectiveParameters.OnAsync(db, target, BureauTime.Day(now), place, cancel).ConfigureAwait(false);
                var placed = await placer.PlaceAsync(@case, reading, target, parameters, wish.Renamed, now).ConfigureAwait(false);
                dealt++;
                if (placed.Faults.Count == 0) safe++;
                if (placed is { Faults.Count: 0, Remarks.Count: > 0 }) remarked++;
                foreach (var fault in placed.Faults.Distinct()) reasons[fault] = reasons.GetValueOrDefault(fault) + 1;
            }
            last = cases[^1].Id;
            // Cases come and go meanwhile: what was dealt with is never more than there were.
            total = Math.Max(total, dealt);
            if (progress is not null) await progress(View(total)).ConfigureAwait(false);
        }

        TotalsView View(int of) => new(of, dealt, safe, remarked, [.. reasons.OrderByDescending(r => r.Value).ThenBy(r => r.Key.Code, StringComparer.Ordinal).ThenBy(r => r.Key.Zh, StringComparer.Ordinal).Take(MostReasons).Select(r => new StayReason(r.Key, r.Value))], Math.Max(0, reasons.Count - MostReasons));
    }

    public void Dispose() => one.Dispose();
}

/// <summary>Which running cases a manager looks at, and where they should go.</summary>
/// <param name="To">Hash of a published revision.</param>
/// <param name="From">Hash of a revision; null: any but the target.</param>
/// <param name="Number">Part of the case's number; null: any.</param>
/// <param name="Renamed">Workflow → old activity id → new one.</param>
internal sealed record MoveWish(string Matter, string To, string? From, string? Number, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Renamed);

/// <param name="Total">Running, in the viewer's reach, not on the target.</param>
/// <param name="Dealt">So many of them were placed so far.</param>
/// <param name="Safe">Of these, so many would move.</param>
/// <param name="Remarked">Of these again, so many with something to be known.</param>
/// <param name="Stay">Why others stay, the most frequent first; one that stays for two reasons counts under both.</param>
/// <param name="More">Further reasons that are not named.</param>
internal sealed record TotalsView(int Total, int Dealt, int Safe, int Remarked, IReadOnlyList<StayReason> Stay, int More)
{
    public bool IsWhole => Dealt >= Total;
    public int Stays => Dealt - Safe;
}

internal sealed record StayReason(MoveNote Why, int Cases);
