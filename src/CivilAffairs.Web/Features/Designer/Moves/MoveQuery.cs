using System.Text.Json;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Moves;

/// <summary>What a manager sees of running cases and their moves: numbers, versions, steps and dates.</summary>
internal sealed class MoveQuery(IReader reader, MatterLibrary library, IWorkflowEngine engine, MovePlacer placer, TimeProvider time)
{
    public const int PageSize = 25;
    private const int MostMoves = 20, MostRevisions = 200;

    /// <summary>Running cases in the viewer's reach, by matter.</summary>
    /// <exception cref="UnknownCaseException">The viewer is no manager.</exception>
    public async Task<IReadOnlyDictionary<string, int>> MattersAsync(Viewer viewer, CancellationToken cancel = default)
    {
        Require(viewer);
        await using var db = reader.Open();
        return await db.Set<Case>().Running().InScope(db, viewer).GroupBy(c => c.Matter).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel).ConfigureAwait(false);
    }

    /// <summary>The matter's published versions, the newest first, with how many cases in the viewer's reach run on each.</summary>
    /// <exception cref="UnknownCaseException">There is no such matter, or the viewer is no manager.</exception>
    public async Task<VersionsView> VersionsAsync(Viewer viewer, string matter, CancellationToken cancel = default)
    {
        Require(viewer);
        var revision = library.Find(matter) ?? throw new UnknownCaseException();
        await using var db = reader.Open();
        var counts = await db.Set<Case>().Where(c => c.Matter == matter).Running().InScope(db, viewer).GroupBy(c => c.Revision).Select(g => new { Revision = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Revision, g => g.Count, cancel).ConfigureAwait(false);
        var rows = await db.Set<PublishedRevision>().Where(r => r.Matter == matter).OrderByDescending(r => r.Number).Take(MostRevisions).Select(r => new { r.Hash, r.Number, r.PublishedAt, r.Current }).ToListAsync(cancel).ConfigureAwait(false);
        return new VersionsView(revision.Matter, [.. rows.DistinctBy(r => r.Hash).Select(r => new VersionLine(r.Hash, r.Number, r.PublishedAt, r.Current, counts.GetValueOrDefault(r.Hash)))]);
    }

    /// <summary>One page of the running cases that are not on the target version, each with where it would stand there.</summary>
    /// <param name="page">From 1.</param>
    /// <exception cref="UnknownCaseException">No such matter or target, or the viewer is no manager.</exception>
    public async Task<PreviewView> PreviewAsync(Viewer viewer, MoveWish wish, int page, int pageSize = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(wish);
        Require(viewer);
        var target = await TargetAsync(reader, library, wish, cancel).ConfigureAwait(false);
        await using var db = reader.Open();
        var running = Wanted(db, viewer, wish);
        var total = await running.CountAsync(cancel).ConfigureAwait(false);
        var cases = await running.OrderBy(c => c.Number).Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(cancel).ConfigureAwait(false);
        var (reading, now) = (await MovePlacer.ReadAsync(db, cases, cancel).ConfigureAwait(false), time.GetUtcNow());
        var places = new Dictionary<string, EffectiveParameters>();
        var lines = new List<PreviewLine>();
        foreach (var @case in cases)
        {
            var place = @case.Township ?? @case.County;
            if (!places.TryGetValue(place, out var parameters)) places[place] = parameters = await EffectiveParameters.OnAsync(db, target, BureauTime.Day(now), place, cancel).ConfigureAwait(false);
            lines.Add(Line(@case, reading, await placer.PlaceAsync(@case, reading, target, parameters, wish.Renamed, now).ConfigureAwait(false)));
        }
        var used = await running.Select(c => c.Revision).Distinct().Take(MostRevisions).ToListAsync(cancel).ConfigureAwait(false);
        return new PreviewView(total, lines, await RenamesAsync(used, target, cancel).ConfigureAwait(false));
    }

    /// <summary>The latest moves of a matter that touch cases in reach, with counts of those cases.</summary>
    public async Task<IReadOnlyList<MoveLine>> MovesAsync(Viewer viewer, string matter, CancellationToken cancel = default)
    {
        Require(viewer);
        await using var db = reader.Open();
        var reach = db.Set<Case>().Where(c => c.Matter == matter).InScope(db, viewer);
        var moves = await db.Set<CaseMove>().Where(m => m.Matter == matter && db.Set<CaseMoveEntry>().Any(e => e.MoveId == m.Id && reach.Any(c => c.Id == e.CaseId)))
            .OrderByDescending(m => m.RecordedAt).Take(MostMoves).ToListAsync(cancel).ConfigureAwait(false);
        return await LinesAsync(db, viewer, moves, cancel).ConfigureAwait(false);
    }

    /// <summary>One move, with a page of its cases: first those that were not moved.</summary>
    /// <exception cref="UnknownCaseException">There is none in the viewer's reach.</exception>
    public async Task<MoveView> MoveAsync(Viewer viewer, string matter, Guid id, int page, int pageSize = PageSize, CancellationToken cancel = default)
    {
        Require(viewer);
        await using var db = reader.Open();
        var reach = db.Set<Case>().Where(c => c.Matter == matter).InScope(db, viewer);
        var move = await db.Set<CaseMove>().FirstOrDefaultAsync(m => m.Id == id && m.Matter == matter, cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        var entries = db.Set<CaseMoveEntry>().Where(e => e.MoveId == id).Join(reach, e => e.CaseId, c => c.Id, (e, c) => new { e.CaseId, c.Number, e.State, e.Notes, e.At });
        var total = await entries.CountAsync(cancel).ConfigureAwait(false);
        if (total == 0) throw new UnknownCaseException();
        var rows = await entries.OrderBy(e => e.State == MoveEntryState.Moved || e.State == MoveEntryState.Undone ? 1 : 0).ThenBy(e => e.Number).Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(cancel).ConfigureAwait(false);
        var line = (await LinesAsync(db, viewer, [move], cancel).ConfigureAwait(false))[0];
        return new MoveView(line, total, [.. rows.Select(e => new MoveCaseLine(e.CaseId, e.Number!, e.State, JsonSerializer.Deserialize<MoveNote[]>(e.Notes)!, e.At))]);
    }

    private static async Task<IReadOnlyList<MoveLine>> LinesAsync(CivilAffairsDb db, Viewer viewer, IReadOnlyList<CaseMove> moves, CancellationToken cancel)
    {
        var ids = moves.Select(m => m.Id).ToList();
        var reach = db.Set<Case>().InScope(db, viewer);
        var counts = await db.Set<CaseMoveEntry>().Where(e => EF.Parameter(ids).Contains(e.MoveId) && reach.Any(c => c.Id == e.CaseId)).GroupBy(e => new { e.MoveId, e.State }).Select(g => new { g.Key.MoveId, g.Key.State, Count = g.Count() }).ToListAsync(cancel).ConfigureAwait(false);
        return [.. moves.Select(m => new MoveLine(m.Id, m.To, m.State, m.Reason, m.RecordedBy, m.RecordedAt, m.UndoneBy, m.UndoneAt, m.NewLimits, counts.Where(c => c.MoveId == m.Id).ToDictionary(c => c.State, c => c.Count)))];
    }

    private async Task<IReadOnlyList<RenameChoice>> RenamesAsync(IReadOnlyList<string> used, MatterRevision target, CancellationToken cancel)
    {
        var choices = new Dictionary<(string, string), RenameChoice>();
        foreach (var hash in used)
        {
            var from = await library.RevisionAsync(hash, cancel).ConfigureAwait(false);
            foreach (var workflow in from.Workflows.Keys.Intersect(target.Workflows.Keys))
                foreach (var rename in engine.Renames(library.Definition(from, workflow), library.Definition(target, workflow)).Where(r => r.Candidates.Count > 0))
                    choices.TryAdd((workflow, rename.Old.Id), new RenameChoice(workflow, rename));
        }
        return [.. choices.Values];
    }

    private static PreviewLine Line(Case @case, MoveReading reading, PlacedCase placed)
    {
        // A withdrawal can come at any time: that is no place where a case stands.
        var waits = placed.Placement?.Waits.Where(w => w.Kind is "task" or "timer").DistinctBy(w => w.Now.Id).ToList();
        var now = waits?.Select(w => w.Now.Title) ?? reading.Tasks[@case.Id].Select(t => new LocalText(t.TitleZh, t.TitleEn)).Distinct();
        var next = placed.Faults.Count > 0 ? [] : waits?.Select(w => w.Next!.Title) ?? [];
        var due = reading.Tasks[@case.Id].Select(t => t.FinishBy).Where(d => d is not null).Min();
        return new PreviewLine(@case.Id, @case.Number!, @case.Version, @case.Revision, @case.SubmittedAt, due, [.. now], [.. next], placed.Faults.Count == 0, placed.Faults, placed.Remarks);
    }

    /// <exception cref="UnknownCaseException">It is no published version of that matter.</exception>
    internal static async Task<MatterRevision> TargetAsync(IReader reader, MatterLibrary library, MoveWish wish, CancellationToken cancel)
    {
        await using var db = reader.Open();
        if (!await db.Set<PublishedRevision>().AnyAsync(r => r.Hash == wish.To && r.Matter == wish.Matter, cancel).ConfigureAwait(false)) throw new UnknownCaseException();
        return await library.RevisionAsync(wish.To, cancel).ConfigureAwait(false);
    }

    /// <summary>The running cases in reach that a wish is about.</summary>
    internal static IQueryable<Case> Wanted(CivilAffairsDb db, Viewer viewer, MoveWish wish)
    {
        var running = db.Set<Case>().AsNoTracking().Where(c => c.Matter == wish.Matter && c.Revision != wish.To).Running().InScope(db, viewer);
        if (wish.From is { Length: > 0 } from) running = running.Where(c => c.Revision == from);
        return wish.Number?.Trim() is { Length: > 0 } part ? running.Where(c => c.Number!.Contains(part)) : running;
    }

    internal static void Require(Viewer viewer)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        if (!viewer.IsOfficer || !viewer.HoldsAny(Roles.Manager)) throw new UnknownCaseException();
    }
}

/// <param name="Cases">Running, in the viewer's reach.</param>
internal sealed record VersionLine(string Hash, int Number, DateTimeOffset PublishedAt, bool Current, int Cases);

internal sealed record VersionsView(MatterFile Matter, IReadOnlyList<VersionLine> Versions);

/// <param name="Number">Of the case.</param>
/// <param name="DueOn">The nearest last day of an open task.</param>
/// <param name="Now">Titles of what it waits for.</param>
/// <param name="Next">The same in the target version; empty where it has no safe place.</param>
internal sealed record PreviewLine(Guid Id, string Number, long Version, string From, DateTimeOffset? SubmittedAt, DateOnly? DueOn, IReadOnlyList<LocalText> Now, IReadOnlyList<LocalText> Next,
    bool Safe, IReadOnlyList<MoveNote> Faults, IReadOnlyList<MoveNote> Remarks);

/// <param name="Renames">Steps that the target lacks and that may be there under another id.</param>
internal sealed record PreviewView(int Total, IReadOnlyList<PreviewLine> Lines, IReadOnlyList<RenameChoice> Renames);

internal sealed record RenameChoice(string Workflow, Rename Rename);

/// <param name="Counts">Cases in the viewer's reach, by what became of them.</param>
internal sealed record MoveLine(Guid Id, string To, MoveState State, string Reason, string By, DateTimeOffset At, string? UndoneBy, DateTimeOffset? UndoneAt, bool NewLimits, IReadOnlyDictionary<MoveEntryState, int> Counts)
{
    public int Of(MoveEntryState state) => Counts.GetValueOrDefault(state);
    public int Total => Counts.Values.Sum();
    public bool Running => State is MoveState.Moving or MoveState.Undoing;
}

internal sealed record MoveCaseLine(Guid Id, string Number, MoveEntryState State, IReadOnlyList<MoveNote> Notes, DateTimeOffset? At);

/// <param name="Total">Cases of it in the viewer's reach.</param>
internal sealed record MoveView(MoveLine Move, int Total, IReadOnlyList<MoveCaseLine> Lines);
