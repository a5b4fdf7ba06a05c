using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>
/// Proves of the decisions 决定 of each case that they are numbered without a gap, each superseding the one before it, that
/// the last one is in force unless a review is under way, and that they are what the journal decided.
/// </summary>
internal static class DecisionProof
{
    private const int Page = 1000;

    /// <summary>Of every case: one line a fault.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(CivilAffairsDb db, CancellationToken cancel)
    {
        var faults = new List<string>();
        var (last, more) = (Guid.Empty, true);
        while (more)
        {
            var page = await db.Set<Case>().AsNoTracking().Where(c => c.Id > last && (c.DecidedAt != null || db.Set<CaseDecision>().Any(d => d.CaseId == c.Id))).OrderBy(c => c.Id).Take(Page)
                .Select(c => new { c.Id, c.Status, c.DecidedAt }).ToListAsync(cancel).ConfigureAwait(false);
            var ids = page.ConvertAll(c => c.Id);
            var decisions = (await db.Set<CaseDecision>().AsNoTracking().Where(d => ids.Contains(d.CaseId)).OrderBy(d => d.Number).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(d => d.CaseId);
            var reviewed = (await db.Set<CaseReview>().Where(r => ids.Contains(r.CaseId)
                && db.Set<WorkflowInstance>().Any(i => i.Id == r.InstanceId && i.Status == nameof(InstanceStatus.Suspended))).Select(r => r.CaseId).ToListAsync(cancel).ConfigureAwait(false)).ToHashSet();
            foreach (var @case in page) faults.AddRange(Faults([.. decisions[@case.Id]], @case.DecidedAt, reviewed.Contains(@case.Id)).Select(f => $"{@case.Id}: {f}"));
            (last, more) = (page.Count == 0 ? last : page[^1].Id, page.Count == Page);
        }
        return faults;
    }

    /// <param name="effects">All that replaying the instance brought about, in order.</param>
    public static async Task<IEnumerable<string>> OfInstanceAsync(CivilAffairsDb db, WorkflowInstance instance, IReadOnlyList<Effect> effects, CancellationToken cancel)
    {
        var decided = effects.OfType<SetStatus>().Select(s => s.Status).Where(CaseDecision.Outcomes.Contains).ToList();
        var stored = await db.Set<CaseDecision>().Where(d => d.InstanceId == instance.Id && d.CaseId == instance.CaseId).OrderBy(d => d.Number).Select(d => d.Status).ToListAsync(cancel).ConfigureAwait(false);
        return decided.SequenceEqual(stored) ? [] : [$"its journal decides {Told(decided)}, recorded is {Told(stored)}"];
    }

    private static IEnumerable<string> Faults(List<CaseDecision> decisions, DateTimeOffset? decidedAt, bool underReview)
    {
        if (!decisions.Select(d => d.Number).SequenceEqual(Enumerable.Range(1, decisions.Count))) yield return $"its decisions are numbered {string.Join(", ", decisions.Select(d => d.Number))}";
        for (var i = 0; i < decisions.Count; i++)
            if (decisions[i].SupersedesId != (i == 0 ? null : decisions[i - 1].Id)) yield return $"decision {decisions[i].Number} does not supersede the one before it";
        // While a review is under way nothing is in force but what it is about to replace.
        if (decidedAt is null ? decisions.Count > 0 && !underReview : decisions.Count == 0 || decisions[^1].RecordedAt != decidedAt) yield return "the decision in force is not its last one";
    }

    private static string Told(List<string> statuses) => statuses.Count == 0 ? "nothing" : string.Join(", ", statuses);
}
