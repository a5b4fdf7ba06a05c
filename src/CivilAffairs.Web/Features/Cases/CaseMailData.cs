using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>The outward part of cases' template data, as the cases stand when their letters are made.</summary>
internal sealed class CaseMailData(CaseTemplateData data) : IMailData
{
    public async Task<IReadOnlyDictionary<Guid, MailFacts>> DataAsync(CivilAffairsDb db, IReadOnlyCollection<Guid> cases, CancellationToken cancel)
    {
        if (cases.Count == 0) return new Dictionary<Guid, MailFacts>();
        var ids = cases.Distinct().ToList();
        var found = await db.Set<Case>().Where(c => EF.Parameter(ids).Contains(c.Id))
            .Select(c => new OutwardCase(c.Id, c.Number, c.SubmittedAt, c.AcceptedOn, c.Clock.DueOn, c.Township)).ToListAsync(cancel).ConfigureAwait(false);
        var open = await db.Set<WorkTask>().Where(t => EF.Parameter(ids).Contains(t.CaseId) && t.Role == Roles.Applicant && t.State == TaskState.Open)
            .Select(t => new { t.CaseId, Asked = new OutwardTask(t.Kind, t.FinishBy) }).ToListAsync(cancel).ConfigureAwait(false);
        var waiting = open.ToLookup(t => t.CaseId, t => t.Asked);
        return found.ToDictionary(c => c.Id, c => new MailFacts(english => data.Outward(c, waiting[c.Id], english)));
    }
}
