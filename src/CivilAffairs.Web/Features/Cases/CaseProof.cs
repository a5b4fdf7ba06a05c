using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>
/// Proves that what is stored of the cases hangs together: every instance is what its journal leads to, tasks and timers
/// are what it waits for, numbers have no gap and no double, decisions supersede one another in their order, and the audit knows every closed task once.
/// </summary>
/// <remarks>Reads while others may write, so it is exact only on a database at rest.</remarks>
internal sealed class CaseProof(IReader reader, Replay replay)
{
    private const int Page = 200;

    /// <returns>How many instances were looked at, how many cases are destroyed (their instances cannot be replayed), and one line a fault: a case's or series' name and a sentence.</returns>
    public async Task<(int Instances, int Erased, IReadOnlyList<string> Faults)> RunAsync(CancellationToken cancel = default)
    {
        var faults = new List<string>();
        var (count, after) = (0, Guid.Empty);
        await using var db = reader.Open();
        while (true)
        {
            var page = await db.Set<WorkflowInstance>().AsNoTracking().Where(i => i.Id > after).OrderBy(i => i.Id).Take(Page).ToListAsync(cancel).ConfigureAwait(false);
            if (page.Count == 0) break;
            foreach (var instance in page) faults.AddRange((await InstanceAsync(db, instance, cancel).ConfigureAwait(false)).Select(f => $"{instance.CaseId}: {f}"));
            (count, after) = (count + page.Count, page[^1].Id);
        }
        faults.AddRange(await NumbersAsync(db, cancel).ConfigureAwait(false));
        faults.AddRange(await DecisionProof.RunAsync(db, cancel).ConfigureAwait(false));
        if (await db.Set<OutboxMessage>().AnyAsync(m => m.CaseId != null && !db.Set<Case>().Any(c => c.Id == m.CaseId), cancel).ConfigureAwait(false))
            faults.Add("outbox: a message belongs to no case");
        var erased = await ErasedAsync(db, faults, cancel).ConfigureAwait(false);
        return (count, erased, faults);
    }

    /// <summary>A case is destroyed wholly, by a decision that its audit knows, or not at all.</summary>
    private static async Task<int> ErasedAsync(CivilAffairsDb db, List<string> faults, CancellationToken cancel)
    {
        var without = await db.Set<Case>().Where(c => !db.Set<CaseKey>().Any(k => k.CaseId == c.Id)).Select(c => new { c.Id, Erased = c.ErasedAt != null }).ToListAsync(cancel).ConfigureAwait(false);
        faults.AddRange(without.Where(c => !c.Erased).Select(c => $"{c.Id}: its key is missing, though nobody destroyed it"));
        var erased = await db.Set<Case>().Where(c => c.ErasedAt != null).Select(c => new
        {
            c.Id,
            Left = db.Set<CaseKey>().Any(k => k.CaseId == c.Id) || db.Set<CaseContent>().Any(k => k.CaseId == c.Id) || db.Set<CaseFile>().Any(f => f.CaseId == c.Id) || db.Set<CaseMessage>().Any(m => m.CaseId == c.Id) || db.Set<CaseParty>().Any(p => p.CaseId == c.Id) || c.ApplicantName != "",
            Approved = db.Set<CaseErasure>().Any(e => e.CaseId == c.Id && e.State == ErasureState.Erased && e.ProposedById != e.DecidedById),
        }).ToListAsync(cancel).ConfigureAwait(false);
        foreach (var @case in erased)
        {
            if (@case.Left) faults.Add($"{@case.Id}: it was destroyed, and something of it is left");
            var chain = @case.Id.ToString();
            if (!@case.Approved || !await db.Set<AuditEntry>().AnyAsync(a => a.Chain == chain && a.Action == "case.erased", cancel).ConfigureAwait(false)) faults.Add($"{@case.Id}: it was destroyed, and no approval of another person is known");
        }
        return erased.Count;
    }

    private async Task<List<string>> InstanceAsync(CivilAffairsDb db, WorkflowInstance instance, CancellationToken cancel)
    {
        var replayed = await replay.RunAsync(db, instance, cancel).ConfigureAwait(false);
        var faults = replayed.Faults.ToList();
        var tasks = await db.Set<WorkTask>().Where(t => t.InstanceId == instance.Id).Select(t => new { t.Id, t.BookmarkId, t.ActivityId, t.State }).ToListAsync(cancel).ConfigureAwait(false);
        if (replayed.Pending is { } pending)
        {
            var timers = await db.Set<CaseTimer>().Where(t => t.InstanceId == instance.Id && t.State == TimerState.Waiting).Select(t => t.BookmarkId).ToListAsync(cancel).ConfigureAwait(false);
            var notices = await db.Set<PublicNotice>().Where(n => n.InstanceId == instance.Id && n.BookmarkId != null).Select(n => n.BookmarkId!).ToListAsync(cancel).ConfigureAwait(false);
            var open = tasks.Where(t => t.State == TaskState.Open).Select(t => t.BookmarkId).ToList();
            faults.AddRange(Differences("task", open, [.. open.Concat(notices)], pending));
            faults.AddRange(Differences("timer", timers, timers, pending));
            var issued = replayed.Effects.Count(e => e is IssueDocument);
            var documents = await db.Set<IssuedDocument>().CountAsync(d => d.CaseId == instance.CaseId, cancel).ConfigureAwait(false);
            if (issued > documents) faults.Add($"{issued} documents were decided, {documents} are there");
            faults.AddRange(await DecisionProof.OfInstanceAsync(db, instance, replayed.Effects, cancel).ConfigureAwait(false));
        }
        var chain = instance.CaseId.ToString();
        var told = await db.Set<AuditEntry>().Where(a => a.Chain == chain && a.Action == "task.completed").Select(a => a.Details).ToListAsync(cancel).ConfigureAwait(false);
        foreach (var task in tasks)
        {
            var times = told.Count(d => d.Contains(task.Id.ToString(), StringComparison.Ordinal));
            if (times != (task.State == TaskState.Done ? 1 : 0)) faults.Add($"task {task.ActivityId} is {task.State}, the audit has it completed {times} times");
        }
        return faults;
    }

    /// <param name="rows">What waits in the database.</param>
    /// <param name="known">What may answer a bookmark of this kind.</param>
    private static IEnumerable<string> Differences(string kind, IReadOnlyList<string> rows, IReadOnlyList<string> known, IReadOnlyList<Bookmark> pending)
    {
        foreach (var row in rows.Distinct().Where(r => !pending.Any(p => p.Kind == kind && p.Id == r))) yield return $"an open {kind} ({row}) is nothing the case waits for";
        foreach (var bookmark in pending.Where(p => p.Kind == kind && !known.Contains(p.Id))) yield return $"the case waits for {bookmark.ActivityId}, but there is no open {kind}";
    }

    private static async Task<IEnumerable<string>> NumbersAsync(CivilAffairsDb db, CancellationToken cancel)
    {
        var counters = await db.Set<NumberCounter>().ToListAsync(cancel).ConfigureAwait(false);
        var wanted = counters.SelectMany(c => Enumerable.Range(1, c.Next - 1).Select(n => c.Series switch
        {
            "case" => Case.NumberOf(c.Division, c.Year, n),
            SupervisionOrder.Series => SupervisionOrder.NumberOf(c.Year, n),
            _ => NumberFormat.Print(c.Series, c.Division, c.Year, n),
        }));
        var given = await db.Set<Case>().Where(c => c.Number != null).Select(c => c.Number!)
            .Concat(db.Set<IssuedDocument>().Select(d => d.Number)).Concat(db.Set<SupervisionOrder>().Select(o => o.Number)).ToListAsync(cancel).ConfigureAwait(false);
        // A discarded batch keeps its number.
        given.AddRange((await db.Set<PayRoster>().Select(r => new { r.County, r.Year, r.Serial }).ToListAsync(cancel).ConfigureAwait(false)).Select(r => NumberFormat.Print(PayRoster.Series, r.County, r.Year, r.Serial)));
        var left = new HashSet<string>(wanted);
        var faults = new List<string>();
        foreach (var number in given)
            if (!left.Remove(number)) faults.Add($"{number}: given twice, or beyond its series");
        return faults.Concat(left.Order(StringComparer.Ordinal).Select(n => $"{n}: a gap in its series"));
    }
}
