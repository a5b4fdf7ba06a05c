using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>What mail templates may say of cases.</summary>
public interface IMailData
{
    /// <summary>
    /// The cases as they stand now, in a fixed number of queries however many they are. Each in both languages a JSON
    /// object: <c>case.number</c>, <c>url</c> (where to look at it), <c>office.name</c>, <c>office.phone</c>,
    /// <c>county.government</c>, <c>case.correctionDueOn</c> … Dates <c>yyyy-MM-dd</c>. Nothing personal: mail is a postcard.
    /// </summary>
    /// <returns>By case; one that was erased is not there. To be read only.</returns>
    Task<IReadOnlyDictionary<Guid, MailFacts>> DataAsync(CivilAffairsDb db, IReadOnlyCollection<Guid> cases, CancellationToken cancel);
}

/// <summary>What is known of a case, in the recipient's language.</summary>
public sealed record MailFacts(JsonNode Chinese, JsonNode English);
