using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>Which answers name a person, and that person's part in the case 当事人.</summary>
/// <remarks>Entries are tried in order; in a section that repeats, the first that fits a row counts.</remarks>
public sealed record FormParty : MatterPart
{
    /// <summary><c>applicant</c>, <c>spouse</c>, <c>agent</c>, <c>guardian</c> or <c>member</c>.</summary>
    public required string Role { get; init; }
    public required string Section { get; init; }

    /// <summary>Ids of the section's fields that hold name, identity number and mobile number.</summary>
    public string Name { get; init; } = "name";
    public string IdNumber { get; init; } = "idNumber";
    public string Phone { get; init; } = "phone";

    /// <summary>Sees the case in their own account, as the applicant and the agent always do, and may withdraw it.</summary>
    public bool Sees { get; init; }

    /// <summary>Of an agent 代理人: the date field with the last day of the authority; without it, or where it has no answer, the authority lasts.</summary>
    public string? Until { get; init; }

    /// <summary>Of an agent: the yes-or-no field that says whether the authority covers withdrawing 特别授权; without it, it does.</summary>
    public string? MayWithdraw { get; init; }

    /// <summary>Registers that the counter looks the person up in at once, and tells of an entry that is valid.</summary>
    public IReadOnlyList<string> Registers { get; init; } = [];

    /// <summary>Only where these fields have these values: <c>{"relation": "spouse"}</c>.</summary>
    public IReadOnlyDictionary<string, string> Where { get; init; } = new Dictionary<string, string>();
}

/// <summary>Which section lists those who live together 共同生活家庭成员, for documents and notices.</summary>
public sealed record FormHousehold : MatterPart
{
    /// <summary>A section that repeats.</summary>
    public required string Section { get; init; }

    /// <summary>Money fields of a row that add up to the income declared.</summary>
    public IReadOnlyList<string> Income { get; init; } = [];

    /// <summary>Field of a task form with the number of protected persons 保障人数, before a grant says it.</summary>
    public string? ProtectedPersons { get; init; }
}

/// <summary>Which answers say what subject of a register the case is about.</summary>
public sealed record FormSubject : MatterPart
{
    /// <summary>The register that knows it.</summary>
    public required string Register { get; init; }

    /// <summary>Path <c>section.field</c> of the register's key 统一社会信用代码.</summary>
    public required string Key { get; init; }

    /// <summary>Path of the subject's name.</summary>
    public required string Name { get; init; }

    /// <summary>The certificate of it that the case is about; absent: none.</summary>
    public string? Certificate { get; init; }
}

/// <summary>The places of a case, each a path <c>section.field</c> of a division; null: the matter does not ask it.</summary>
public sealed record FormPlaces : MatterPart
{
    /// <summary>Where the household is registered 户籍地.</summary>
    public string? Hukou { get; init; }

    /// <summary>Where the event happened 事发地.</summary>
    public string? Event { get; init; }

    /// <summary>As the form says; in a form that does not say, its one place is what the matter goes by.</summary>
    internal static FormPlaces Of(MatterRevision revision) => revision.Form.Places
        ?? (revision.Matter.Applicants.Where == "event" ? new FormPlaces { Event = revision.Form.Place } : new FormPlaces { Hukou = revision.Form.Place });
}

/// <summary>The persons, the household and the place in a form's answers, as its <c>form.json</c> says.</summary>
public static class FormPeople
{
    /// <summary>Everybody named, in the order of the entries and of the rows.</summary>
    public static IEnumerable<(JsonObject Row, FormParty Party)> Named(FormFile form, JsonObject data)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(data);
        foreach (var section in form.Parties.Select(p => p.Section).Distinct())
        {
            var entries = form.Parties.Where(p => p.Section == section).ToList();
            foreach (var row in Rows(data, section))
                // One object may name several persons (applicant and agent); a row of a list is one person.
                foreach (var party in data[section] is JsonArray ? entries.Where(e => Fits(e, row)).Take(1) : entries.Where(e => Fits(e, row)))
                    yield return (row, party);
        }
    }

    /// <summary>Where the form asks who applies; null: in a list, or nowhere.</summary>
    public static FormParty? Applicant(FormFile form)
    {
        ArgumentNullException.ThrowIfNull(form);
        return form.Parties.FirstOrDefault(p => p.Role == "applicant" && form.Sections.Any(s => s.Id == p.Section && s.Repeat is null));
    }

    /// <summary>Who comes to the counter: who applies, and who else sees the case; each asked in a section of their own.</summary>
    public static IReadOnlyList<FormParty> AtCounter(FormFile form)
    {
        ArgumentNullException.ThrowIfNull(form);
        return [.. form.Parties.Where(p => (p.Role == "applicant" || p.Sees) && form.Sections.Any(s => s.Id == p.Section && s.Repeat is null)).DistinctBy(p => p.Role)];
    }

    /// <summary>The rows of a section: one for a section that does not repeat.</summary>
    public static IEnumerable<JsonObject> Rows(JsonObject data, string? section)
    {
        ArgumentNullException.ThrowIfNull(data);
        return section is null ? [] : data[section] switch { JsonArray list => list.OfType<JsonObject>(), JsonObject one => [one], _ => [] };
    }

    /// <summary>An answer by its path <c>section.field</c>; null where there is none.</summary>
    public static string? At(JsonObject data, string? path)
    {
        ArgumentNullException.ThrowIfNull(data);
        return path?.Split('.') is [var section, var field] ? Text(data[section], field) : null;
    }

    /// <summary>A text that is not empty; else null.</summary>
    public static string? Text(JsonNode? row, string field) =>
        (row as JsonObject)?[field] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static bool Fits(FormParty party, JsonObject row) => Text(row, party.IdNumber) is not null && party.Where.All(w => Text(row, w.Key) == w.Value);
}
