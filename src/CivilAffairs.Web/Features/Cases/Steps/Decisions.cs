using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>The decisions of a case, each superseding the one before it.</summary>
/// <remarks>
/// Guarded by the case: whoever adds one raises its version and appends to its audit. A power failure before the commit
/// leaves neither the decision nor the status that it brings.
/// </remarks>
internal static class Decisions
{
    /// <summary>Adds what the step has decided; from now on it is the one in force.</summary>
    public static async Task AddAsync(CaseStep step, string status)
    {
        var last = await LastAsync(step.Db, step.Case.Id).ConfigureAwait(false);
        // What came of the application itself needs no question.
        var review = last is null ? null
            : await step.Db.Set<CaseReview>().Where(r => r.InstanceId == step.Instance.Id).Select(r => (Guid?)r.Id).FirstOrDefaultAsync().ConfigureAwait(false);
        step.Db.Add(new CaseDecision
        {
            CaseId = step.Case.Id, Number = (last?.Number ?? 0) + 1, Status = status, InstanceId = step.Instance.Id, ActorId = step.Actor.IsSystem ? null : step.Actor.AccountId,
            OccurredOn = step.OccurredOn, RecordedAt = step.Now, SupersedesId = last?.Id, ReviewId = review,
        });
        step.Case.DecidedAt = step.Now;
    }

    /// <summary>The one in force, those of this very transaction included; null: none yet.</summary>
    public static async Task<CaseDecision?> LastAsync(CivilAffairsDb db, Guid caseId) =>
        db.Tracked<CaseDecision>().Where(d => d.CaseId == caseId).MaxBy(d => d.Number)
        ?? await db.Set<CaseDecision>().AsNoTracking().Where(d => d.CaseId == caseId).OrderByDescending(d => d.Number).FirstOrDefaultAsync().ConfigureAwait(false);
}
