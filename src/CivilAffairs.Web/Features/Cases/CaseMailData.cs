using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>The outward part of a case's template data, as the case stands when the letter is made.</summary>
internal sealed class CaseMailData(CaseTemplateData data) : IMailData
{
    public async Task<JsonNode> DataAsync(CivilAffairsDb db, Guid caseId, string language, CancellationToken cancel)
    {
        var @case = await db.Set<Case>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == caseId, cancel).ConfigureAwait(false) ?? throw new CaseErasedException();
        return await data.OutwardAsync(db, @case, cancel).ConfigureAwait(false);
    }
}
