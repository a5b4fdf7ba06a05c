using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>Everything that a form's rules may read.</summary>
/// <param name="Data">Section id → object, or array of objects where the section repeats.</param>
/// <param name="Parameters">Effective values by key; money in fen.</param>
/// <param name="Today">The bureau's day.</param>
public sealed record FormAnswers(JsonObject Data, IReadOnlyDictionary<string, JsonNode?> Parameters, DateOnly Today);

/// <summary>What is wrong with one answer.</summary>
/// <param name="Path"><c>household[0].idNumber</c>; a section's id alone for the section as a whole.</param>
public sealed record FieldFault(string Path, string Zh, string En)
{
    /// <summary>Where on the site there is more about it; null: nowhere.</summary>
    public string? Link { get; init; }
}

/// <summary>A field of one row as it is shown now.</summary>
public sealed record ShownField(FormField Field, bool Required);

/// <summary>One row of a section, or the section itself where it does not repeat.</summary>
public sealed record ShownRow(int Index, JsonObject Data, IReadOnlyList<ShownField> Fields);

/// <summary>A section as it is shown now.</summary>
public sealed record ShownSection(FormSection Section, IReadOnlyList<ShownRow> Rows);

/// <summary>An attachment as it is wanted now.</summary>
public sealed record WantedAttachment(FormAttachment Attachment, bool Required);

/// <summary>Facts of a case by id, and those that could not be computed.</summary>
public sealed record ComputedFacts(IReadOnlyDictionary<string, JsonNode?> Values, IReadOnlyList<FieldFault> Faults);
