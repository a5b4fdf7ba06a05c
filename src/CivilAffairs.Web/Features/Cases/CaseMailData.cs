using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>The outward part of cases' template data, as the cases stand when their letters are made.</summary>
internal sealed class CaseMailData(CaseTemplateData data) : IMailData
{
    public async Task<IReadOnlyDictionary<Guid, MailFacts>> DataAsync(CivilAffairsDb db, IReadOnlyCollection<Guid> cases, CancellationToken cancel)
    {
        if (cases.Count == 0) return new Dictionary<Guid, MailFacts>();
        var ids = cases.Distinct().ToList();
        var found = await db.Set<Case>().AsNoTracking().Where(c => EF.Parameter(ids).Contains(c.Id)).ToListAsync(cancel).ConfigureAwait(false);
        var open = await db.Set<WorkTask>().AsNoTracking().Where(t => EF.Parameter(ids).Contains(t.CaseId) && t.Role == "APP" && t.State == TaskState.Open)
            .ToListAsync(cancel).ConfigureAwait(false);
        var waiting = open.ToLookup(t => t.CaseId);
        return found.ToDictionary(c => c.Id, c => new MailFacts(data.Outward(c, [.. waiting[c.Id]]), data.Outward(c, [.. waiting[c.Id]], english: true)));
    }
}
