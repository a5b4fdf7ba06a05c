using System.Text.Json;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Moves;

/// <summary>
/// Orders a move of running cases, or its undoing. The order is one transaction that names every case; carrying it out is
/// <see cref="MoveRunner"/>'s. After a power failure the order is there whole, and goes on, or there is none.
/// </summary>
internal sealed class MoveCommands(CommandRunner runner, MatterLibrary library)
{
    /// <summary>Chosen cases in one order, and all of a matter in one.</summary>
    public const int Most = 2000, MostOfAll = 100_000;
    private const int Batch = 500;
    private const int ShortestReason = 4, LongestReason = 500;

    /// <summary>What is wrong with a reason, by <c>reason</c>; null: nothing.</summary>
    public static FieldFault? Wrong(string reason) => reason.Trim().Length is < ShortestReason or > LongestReason
        ? new FieldFault("reason", $"请写明理由，{ShortestReason} 至 {LongestReason} 个字。", $"Give the reason in {ShortestReason} to {LongestReason} characters.") : null;

    /// <returns>The move's id.</returns>
    /// <param name="key">Idempotency key.</param>
    /// <exception cref="NotAllowedException">The actor is no manager.</exception>
    /// <exception cref="InvalidAnswersException">By <c>to</c>, <c>cases</c>, <c>renamed</c> or <c>reason</c>.</exception>
    /// <exception cref="UnknownCaseException">A chosen case is none that the actor may move.</exception>
    public Task<Guid> StartAsync(Viewer actor, string matter, MoveOrder order, string key, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(order);
        if (!actor.IsOfficer || !actor.HoldsAny(Roles.Manager)) throw new NotAllowedException("move.managerOnly");
        return runner.RunAsync(actor, key, "move.start", new { matter, order }, async context =>
        {
            var db = context.Db;
            var to = order.To.ToLowerInvariant();
            var reason = order.Reason.Trim();
            if (Wrong(reason) is { } wrong) throw new InvalidAnswersException([wrong]);
            if (!await db.Set<PublishedRevision>().AnyAsync(r => r.Hash == to && r.Matter == matter).ConfigureAwait(false)) throw Fault("to", "请选择本事项已发布的版本。", "Choose a published version of this matter.");
            await CheckRenamesAsync(order, to).ConfigureAwait(false);
            var running = db.Set<Case>().AsNoTracking().Where(c => c.Matter == matter && c.Revision != to).Running().InScope(db, actor);
            if (order.From is { Length: > 0 } from) running = running.Where(c => c.Revision == from);
            var move = new CaseMove
            {
                Matter = matter, To = to, Renamed = JsonSerializer.Serialize(order.Renamed), NewLimits = order.NewLimits, Reason = reason, State = MoveState.Moving,
                RecordedById = actor.AccountId, RecordedBy = actor.Name, RecordedAt = context.Now, OccurredOn = BureauTime.Day(context.Now),
            };
            db.Add(move);
            int count;
            if (order.All) count = await NameAllAsync(db, move.Id, running).ConfigureAwait(false);
            else
            {
                var chosen = order.Cases.DistinctBy(c => c.Id).Take(Most + 1).ToDictionary(c => c.Id, c => c.Version);
                if (chosen.Count > Most) throw Fault("cases", $"一次最多选择 {Most} 件；更多的请迁移全部在办件。", $"At most {Most} chosen cases at once; for more, move all running cases.");
                var ids = chosen.Keys.ToList();
                var entries = await db.Set<Case>().AsNoTracking().Where(c => c.Matter == matter && EF.Parameter(ids).Contains(c.Id)).InScope(db, actor).OrderBy(c => c.Id).Select(c => new { c.Id, c.Version, c.Revision }).ToListAsync().ConfigureAwait(false);
                if (entries.Count < chosen.Count) throw new UnknownCaseException();
                // The version that was seen: what went on since stays where it is, and is said to.
                db.AddRange(entries.Select(e => new CaseMoveEntry { MoveId = move.Id, CaseId = e.Id, Version = chosen[e.Id], From = e.Revision }));
                count = entries.Count;
            }
            if (count == 0) throw Fault("cases", "请至少选择一件在办件。", "Choose at least one running case.");
            await db.AppendAsync(Chain(move.Id), actor.AccountId, "move.ordered", new { moveId = move.Id, matter, to, cases = count, order.NewLimits }, context.Now).ConfigureAwait(false);
            return move.Id;
        }, cancel);
    }

    /// <summary>Names every case of an order, a batch at a time within its transaction: nothing of the batches before stays in memory.</summary>
    private static async Task<int> NameAllAsync(CivilAffairsDb db, Guid move, IQueryable<Case> running)
    {
        var (count, last) = (0, Guid.Empty);
        while (true)
        {
            var after = last;
            var page = await running.Where(c => c.Id > after).OrderBy(c => c.Id).Take(Batch).Select(c => new { c.Id, c.Version, c.Revision }).ToListAsync().ConfigureAwait(false);
            if (page.Count == 0) return count;
            if ((count += page.Count) > MostOfAll) throw Fault("cases", $"一次最多迁移 {MostOfAll} 件，请按原版本分几次迁移。", $"At most {MostOfAll} cases at once; move them version by version.");
            var entries = page.ConvertAll(c => new CaseMoveEntry { MoveId = move, CaseId = c.Id, Version = c.Version, From = c.Revision });
            db.AddRange(entries);
            await db.SaveChangesAsync().ConfigureAwait(false);
            foreach (var entry in entries) db.Entry(entry).State = EntityState.Detached;
            last = page[^1].Id;
        }
    }

    /// <summary>Takes a move back for all its cases in which nothing was done since; the others stay where they are.</summary>
    /// <exception cref="UnknownCaseException">There is no such move, or none of a case that the actor may move.</exception>
    /// <exception cref="NotAllowedException">It is still under way, or was undone.</exception>
    public Task<Guid> UndoAsync(Viewer actor, Guid moveId, string key, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (!actor.IsOfficer || !actor.HoldsAny(Roles.Manager)) throw new NotAllowedException("move.managerOnly");
        return runner.RunAsync(actor, key, "move.undo", moveId, async context =>
        {
            var db = context.Db;
            var reach = db.Set<Case>().InScope(db, actor);
            var move = await db.Set<CaseMove>().FirstOrDefaultAsync(m => m.Id == moveId && db.Set<CaseMoveEntry>().Any(e => e.MoveId == m.Id && reach.Any(c => c.Id == e.CaseId))).ConfigureAwait(false) ?? throw new UnknownCaseException();
            if (move.State is not MoveState.Done) throw new NotAllowedException(move.State == MoveState.Moving ? "move.running" : "move.undone");
            (move.State, move.EndedAt, move.UndoneById, move.UndoneBy, move.UndoneAt) = (MoveState.Undoing, null, actor.AccountId, actor.Name, context.Now);
            await db.AppendAsync(Chain(moveId), actor.AccountId, "move.undone", new { moveId, move.Matter }, context.Now).ConfigureAwait(false);
            return moveId;
        }, cancel);
    }

    /// <summary>Every new name must be an activity's of the new version; what fits is the engine's to say, case by case.</summary>
    private async Task CheckRenamesAsync(MoveOrder order, string to)
    {
        if (order.Renamed.Count == 0) return;
        var target = await library.RevisionAsync(to).ConfigureAwait(false);
        foreach (var (workflow, names) in order.Renamed)
        {
            if (!target.Workflows.TryGetValue(workflow, out var json)) throw Fault("renamed", $"新版本没有流程“{workflow}”。", $"The new version has no workflow '{workflow}'.");
            if (names.Values.Distinct().Count() < names.Count) throw Fault("renamed", "两个步骤不能对应到新版本的同一个步骤。", "Two steps cannot become one.");
            if (names.Values.FirstOrDefault(n => !json.Contains($"\"{n}\"", StringComparison.Ordinal)) is { } unknown) throw Fault("renamed", $"新版本没有步骤“{unknown}”。", $"The new version has no step '{unknown}'.");
        }
    }

    /// <summary>An audit of its own: two who order at the same time do not wait for one another, and two who undo one move cannot both.</summary>
    internal static string Chain(Guid moveId) => $"move:{moveId:N}";

    private static InvalidAnswersException Fault(string path, string zh, string en) => new([new FieldFault(path, zh, en)]);
}

/// <summary>What a manager wants moved.</summary>
/// <param name="To">Hash of a published revision.</param>
/// <param name="All">Every running case of the matter in reach (of <paramref name="From"/> alone, where it is given), as it is now; else <paramref name="Cases"/>.</param>
/// <param name="From">Hash of a revision; null: any.</param>
/// <param name="Renamed">Workflow → old activity id → new one.</param>
/// <param name="NewLimits">Open tasks of officers get the new version's limits, counted from the day they began.</param>
internal sealed record MoveOrder(string To, bool All, string? From, IReadOnlyList<ChosenCase> Cases, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Renamed, bool NewLimits, string Reason);

/// <param name="Version">As it was seen.</param>
internal sealed record ChosenCase(Guid Id, long Version);
