using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Apply;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using Microsoft.Extensions.Primitives;
using FormFile = CivilAffairs.Web.Features.Matters.FormFile;

namespace CivilAffairs.Web.Features.Tools;

/// <summary>One row of an estimate's section as the page asks it.</summary>
internal sealed record EstimateRow(int Index, IReadOnlyList<Question> Questions);

/// <summary>One section of an estimate's page.</summary>
internal sealed record EstimateSection(FormSection Form, IReadOnlyList<EstimateRow> Rows)
{
    public bool MayAdd => Form.Repeat is { } repeat && Rows.Count < repeat.Max;
    public bool MayRemove => Form.Repeat is { } repeat && Rows.Count > repeat.Min;

    /// <summary>As a <see cref="FieldFault"/> names a field of a row.</summary>
    public static string PathOf(FormSection section, int row, string field) => section.Repeat is null ? $"{section.Id}.{field}" : $"{section.Id}[{row}].{field}";
}

/// <summary>
/// What somebody fills in to have an estimate worked out. All of it, and how many rows there are, travels in the body of the form
/// that the page sends to itself: nothing is kept here, and nothing needs JavaScript.
/// </summary>
/// <param name="revision">Of a matter whose estimate asks something.</param>
/// <param name="values">Parameters in force today.</param>
internal sealed class EstimateSheet(MatterRevision revision, IReadOnlyDictionary<string, JsonNode?> values, DateOnly today)
{
    /// <summary>Names of the questions that were on the page.</summary>
    public const string Asked = "asked";

    /// <summary>Numbers that tell who somebody is: used and never shown again.</summary>
    private static readonly string[] NotRepeated = ["idNumber", "disabilityCard", "account", "uscc"];

    private readonly FormEvaluator evaluator = new(revision.Form);
    private readonly IReadOnlyList<EstimateAsk> asks = revision.Form.Estimate!.Asks;
    private readonly HashSet<string> asked = [];

    public MatterRevision Revision { get; } = revision;

    /// <summary>As <see cref="ToolRules.EstimateAsync"/> takes it.</summary>
    public JsonObject Data { get; } = new(revision.Form.Estimate!.Asks.Select(a =>
        KeyValuePair.Create(a.Section, Section(revision.Form, a).Repeat is { } repeat ? new JsonArray([.. Enumerable.Range(0, repeat.Min).Select(_ => new JsonObject())]) : (JsonNode?)new JsonObject())));

    /// <summary>Takes what the page sent; what it did not ask is not read.</summary>
    public void Read(IFormCollection posted)
    {
        asked.UnionWith(posted[Asked].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries));
        foreach (var ask in asks)
        {
            var section = Section(Revision.Form, ask);
            if (section.Repeat is not { } repeat)
            {
                Data[ask.Section] = Row(ask, section, posted, Prefix(ask, null));
                continue;
            }
            var count = Math.Clamp(int.TryParse(posted[$"rows-{ask.Section}"], out var sent) ? sent : 0, repeat.Min, repeat.Max);
            Data[ask.Section] = new JsonArray([.. Enumerable.Range(0, count).Select(i => Row(ask, section, posted, Prefix(ask, i)))]);
        }
    }

    /// <summary>Adds or takes away a row, as a button's value says: <c>add-members</c>, <c>remove-members-2</c>.</summary>
    /// <returns>False: it was another button.</returns>
    public bool Change(string? go)
    {
        if (go?.Split('-') is not { Length: > 1 } parts || Data[parts[1]] is not JsonArray rows || Revision.Form.Sections.First(s => s.Id == parts[1]).Repeat is not { } repeat) return false;
        if (parts is ["add", _] && rows.Count < repeat.Max) rows.Add(new JsonObject());
        else if (parts is ["remove", _, var at] && int.TryParse(at, out var index) && index >= 0 && index < rows.Count && rows.Count > repeat.Min)
            rows.RemoveAt(index);
        return true;
    }

    /// <summary>What is wrong with, or missing from, what the page asks; the form's other questions do not matter here.</summary>
    public IReadOnlyList<FieldFault> Faults()
    {
        var shown = Shown().SelectMany(s => s.Rows.SelectMany(r => r.Fields.Select(f => EstimateSection.PathOf(s.Section, r.Index, f.Field.Id)))).ToHashSet();
        return [.. evaluator.Validate(Answers).Where(f => shown.Contains(f.Path))];
    }

    /// <param name="faults">Told beside the questions they are about; empty: none yet.</param>
    public IReadOnlyList<EstimateSection> Sections(IReadOnlyList<FieldFault> faults) => [.. Shown().Select(s => new EstimateSection(s.Section, [.. s.Rows.Select(row => new EstimateRow(row.Index, [.. row.Fields.Select(f =>
    {
        var repeats = s.Section.Repeat is not null;
        var (path, at) = (EstimateSection.PathOf(s.Section, row.Index, f.Field.Id), Prefix(s.Section.Id, repeats ? row.Index : null));
        var isNew = asked.Count > 0 && !asked.Contains(at + f.Field.Id) && !repeats;
        var value = NotRepeated.Contains(f.Field.Type) ? null : row.Data[f.Field.Id];
        return new Question(f.Field, f.Required, value, isNew ? null : faults.FirstOrDefault(x => x.Path == path)?.OnItsRow(s.Section, row.Index), isNew) { At = at };
    })]))]))];

    /// <summary>The names of all that stands on the page, for <see cref="Asked"/>.</summary>
    public static string Names(IEnumerable<EstimateSection> sections) => string.Join(',', sections.SelectMany(s => s.Rows).SelectMany(r => r.Questions).Select(q => q.At + q.Field.Id));

    private FormAnswers Answers => new(Data, values, today);

    /// <summary>What the form shows on these answers, of what the page asks.</summary>
    private IEnumerable<ShownSection> Shown()
    {
        foreach (var shown in evaluator.Shown(Answers))
            if (asks.FirstOrDefault(a => a.Section == shown.Section.Id) is { } ask)
                yield return shown with { Rows = [.. shown.Rows.Select(r => r with { Fields = [.. r.Fields.Where(f => ask.Fields.Contains(f.Field.Id))] })] };
    }

    private static FormSection Section(FormFile form, EstimateAsk ask) => form.Sections.First(s => s.Id == ask.Section);

    private static JsonObject Row(EstimateAsk ask, FormSection section, IFormCollection posted, string prefix) => new(section.Fields.Where(f => ask.Fields.Contains(f.Id))
        .Select(f => KeyValuePair.Create(f.Id, PostedAnswers.Read(f, Sent(posted, prefix + f.Id)))).Where(p => p.Value is not null));

    private static StringValues Sent(IFormCollection posted, string name) => posted[Question.NameOf(name)];

    private static string Prefix(EstimateAsk ask, int? row) => Prefix(ask.Section, row);

    private static string Prefix(string section, int? row) => row is { } index ? $"{section}-{index}-" : $"{section}-";
}
