using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>What mail templates may say of cases.</summary>
public interface IMailData
{
    /// <summary>
    /// The cases as they stand now, in a fixed number of queries however many they are. Each in either language a JSON
    /// object: <c>case.number</c>, <c>url</c> (where to look at it), <c>office.name</c>, <c>office.phone</c>,
    /// <c>county.government</c>, <c>case.correctionDueOn</c> … Dates <c>yyyy-MM-dd</c>. Nothing personal: mail is a postcard.
    /// </summary>
    /// <returns>By case; one that was erased is not there.</returns>
    Task<IReadOnlyDictionary<Guid, MailFacts>> DataAsync(CivilAffairsDb db, IReadOnlyCollection<Guid> cases, CancellationToken cancel);
}

/// <summary>What is known of a case; put into words when a letter first asks for the language.</summary>
/// <param name="tell">In English, or else in Chinese.</param>
public sealed class MailFacts(Func<bool, JsonNode> tell)
{
    private JsonNode? chinese, english;

    /// <summary>The same node every time: to be read only, by one thread.</summary>
    public JsonNode In(bool inEnglish) => inEnglish ? english ??= tell(true) : chinese ??= tell(false);
}
