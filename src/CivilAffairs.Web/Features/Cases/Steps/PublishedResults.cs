using System.Linq.Expressions;
using CivilAffairs.Web.Features.Cases.Model;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Results 公布 hang as long as the benefit they publish, one at a time; or as long as the line of a register that they publish.</summary>
internal static class PublishedResults
{
    /// <summary>The benefit that a result of this case publishes: its own, or the one the case is about; null: none.</summary>
    public static async Task<Guid?> GrantAsync(CaseStep step) =>
        step.Db.Set<Grant>().Local.Where(g => g.CaseId == step.Case.Id).MaxBy(g => g.RecordedAt)?.Id
        ?? await step.Db.Set<Grant>().Where(g => g.CaseId == step.Case.Id).OrderByDescending(g => g.RecordedAt).Select(g => (Guid?)g.Id).FirstOrDefaultAsync().ConfigureAwait(false)
        ?? step.Case.GrantId;

    /// <summary>Ends every result of a benefit that hangs without an end.</summary>
    /// <param name="last">Its last day; a result that its matter wants up for longer stays until then.</param>
    public static Task TakeDownAsync(CaseStep step, Guid grantId, DateOnly last) => TakeDownAsync(step, n => n.GrantId == grantId && n.LastDay == null, last);

    /// <summary>Ends every result about a line of a register.</summary>
    /// <inheritdoc cref="TakeDownAsync(CaseStep, Guid, DateOnly)"/>
    public static Task TakeDownOfEntryAsync(CaseStep step, Guid entryId, DateOnly last) => TakeDownAsync(step, n => n.EntryId == entryId && n.LastDay == null, last);

    private static async Task TakeDownAsync(CaseStep step, Expression<Func<PublicNotice, bool>> which, DateOnly last)
    {
        // Those of this very transaction are not stored yet.
        await step.Db.Set<PublicNotice>().Where(which).AsTracking().LoadAsync().ConfigureAwait(false);
        foreach (var notice in step.Db.Set<PublicNotice>().Local.Where(which.Compile()))
            notice.LastDay = notice.LeastUntil > last ? notice.LeastUntil : last;
    }
}
