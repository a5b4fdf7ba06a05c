using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>What mail templates may say of a case.</summary>
public interface IMailData
{
    /// <summary>
    /// A JSON object: <c>case.number</c>, <c>url</c> (where to look at it), <c>office.name</c>, <c>office.phone</c>,
    /// <c>county.government</c>, <c>case.correctionDueOn</c> … Dates <c>yyyy-MM-dd</c>. Nothing personal: mail is a postcard.
    /// </summary>
    /// <param name="language"><c>zh-CN</c> or <c>en</c>, the recipient's.</param>
    /// <exception cref="CaseErasedException">The case is gone.</exception>
    Task<JsonNode> DataAsync(CivilAffairsDb db, Guid caseId, string language, CancellationToken cancel);
}
