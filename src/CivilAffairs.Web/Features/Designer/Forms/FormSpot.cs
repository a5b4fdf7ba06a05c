using System.Globalization;
using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>A place in form.json that the editor shows: a section, a task's form, an attachment, or a field in one of the first two.</summary>
/// <param name="Part"><c>sections</c>, <c>taskForms</c> or <c>attachments</c>.</param>
/// <param name="At">Position from 0; of a task's form its key.</param>
/// <param name="Field">Position from 0; null: the section, form or attachment itself.</param>
internal sealed record FormSpot(string Part, string At, int? Field = null)
{
    public const string Sections = "sections", TaskForms = "taskForms", Attachments = "attachments";

    public static FormSpot Section(int at, int? field = null) => new(Sections, at.ToString(CultureInfo.InvariantCulture), field);

    public static FormSpot Attachment(int at) => new(Attachments, at.ToString(CultureInfo.InvariantCulture));

    public static FormSpot Task(string key, int? field = null) => new(TaskForms, key, field);

    public int Index => int.Parse(At, CultureInfo.InvariantCulture);

    public bool IsTask => Part == TaskForms;

    /// <summary>The section, form or attachment that it lies in, or is.</summary>
    public FormSpot Whole => this with { Field = null };

    /// <summary>As the check names it: <c>$.sections[0].fields[3]</c>.</summary>
    public string Path => (IsTask ? $"$.{Part}.{At}" : $"$.{Part}[{At}]") + (Field is { } at ? $".fields[{at}]" : "");

    /// <summary>Id of the list's button.</summary>
    public string ElementId => $"spot-{Part}-{At}" + (Field is { } at ? $"-{at}" : "");

    /// <returns>Null: there is nothing (any more).</returns>
    public JsonObject? In(JsonObject root)
    {
        var whole = IsTask ? (root[Part] as JsonObject)?[At] as JsonObject : root[Part] is JsonArray list && Index >= 0 && Index < list.Count ? list[Index] as JsonObject : null;
        return Field is not { } at ? whole : whole.In("fields") is JsonArray fields && at >= 0 && at < fields.Count ? fields[at] as JsonObject : null;
    }

    /// <summary>The list that it stands in; null: a task's form stands in none.</summary>
    public JsonArray? ListIn(JsonObject root) => Field is not null ? Whole.In(root).In("fields") as JsonArray : IsTask ? null : root[Part] as JsonArray;

    public FormSpot Moved(int to) => Field is not null ? this with { Field = to } : this with { At = to.ToString(CultureInfo.InvariantCulture) };

    public int Position => Field ?? Index;
}
