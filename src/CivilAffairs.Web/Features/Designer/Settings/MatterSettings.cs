using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Designer.Papers;

namespace CivilAffairs.Web.Features.Designer.Settings;

/// <summary>What <c>matter.json</c> says of a matter as a whole, as the settings page shows it: texts as they stand, whatever they are.</summary>
internal sealed record MatterSettings
{
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public string SummaryZh { get; init; } = "";
    public string SummaryEn { get; init; } = "";

    /// <summary><c>relief</c>, <c>marriage</c>, <c>organisation</c> or <c>register</c>.</summary>
    public string Family { get; init; } = "";
    public IReadOnlyList<NumberRow> Numbering { get; init; } = [];
    public IReadOnlyList<CadenceRow> Reverification { get; init; } = [];
    public IReadOnlyList<RetentionRow> Retention { get; init; } = [];

    /// <summary>Tags by which statistics count the matter's cases and grants: <c>villageRules.filed</c>.</summary>
    public IReadOnlyList<string> Statistics { get; init; } = [];

    /// <summary>The law that people read in the guide.</summary>
    public IReadOnlyList<LawRow> Law { get; init; } = [];

    /// <summary>What stands there; what is missing, or of another kind than the schema says, is empty.</summary>
    public static MatterSettings Read(JsonObject matter)
    {
        var (guide, parameters) = (matter["guide"] as JsonObject, Rows(matter["parameters"]).Select(p => p.Row).ToList());
        return new MatterSettings
        {
            NameZh = Said(matter, "name", "zh"), NameEn = Said(matter, "name", "en"), SummaryZh = Said(matter, "summary", "zh"), SummaryEn = Said(matter, "summary", "en"), Family = Text(matter, "family"),
            Numbering = [.. Rows(matter["numbering"]).Select(n => new NumberRow(n.At, Text(n.Row, "kind"), Text(n.Row, "prefix"), Text(n.Row, "format"), Said(n.Row, "name", "zh"), Said(n.Row, "name", "en")))],
            Reverification = [.. Rows(matter["reverification"]).Select(r => (r.At, r.Row, Of: parameters.Find(p => Text(p, "key") == Text(r.Row, "parameter"))))
                .Select(r => new CadenceRow(r.At, Text(r.Row, "category"), Text(r.Row, "parameter"), Text(r.Of, "value"), Text(r.Row, "workflow"), Said(r.Row, "name", "zh"), Said(r.Row, "name", "en"), Text(r.Of, "mark"), Text(r.Of, "source")))],
            Retention = [.. Rows(matter["retention"]).Select(r => new RetentionRow(r.At, [.. (r.Row["statuses"] as JsonArray ?? []).Select(JsonFile.Text).OfType<string>()], Text(r.Row, "keep"), Text(r.Row, "from"), Text(r.Row, "mark"), Text(r.Row, "source")))],
            Statistics = [.. (matter["statistics"] as JsonArray ?? []).Select(JsonFile.Text).OfType<string>()],
            Law = [.. Rows(guide?["law"]).Select(l => new LawRow(l.At, Text(l.Row, "zh"), Text(l.Row, "en")))],
        };
    }

    private static IEnumerable<(int At, JsonObject Row)> Rows(JsonNode? node) => (node as JsonArray ?? []).Select((item, i) => (i, item as JsonObject)).Where(r => r.Item2 is not null).Select(r => (r.i, r.Item2!));

    private static string Text(JsonObject? map, string name) => JsonFile.Text(map?[name]) ?? "";

    private static string Said(JsonObject? map, string name, string language) => JsonFile.Text((map?[name] as JsonObject)?[language]) ?? "";
}

/// <summary>A series of document numbers.</summary>
/// <param name="At">Its place in the file, from 0; null: a new one. So what nobody here knows of it stays with it.</param>
/// <param name="Kind">What activities call it.</param>
/// <param name="Format">As <see cref="Engine.Rules.NumberFormat"/> takes it; empty: the usual one.</param>
internal sealed record NumberRow(int? At, string Kind, string Prefix, string Format, string NameZh, string NameEn);

/// <summary>How often grants of a category are looked at again.</summary>
/// <param name="Parameter">Key of the parameter that holds the interval; empty in a new row: one is made.</param>
/// <param name="Interval">First value of that parameter: <c>12M</c>. The county's value by the day goes before it.</param>
/// <param name="Mark">Of the parameter: <c>S</c> or <c>L</c>.</param>
internal sealed record CadenceRow(int? At, string Category, string Parameter, string Interval, string Workflow, string NameZh, string NameEn, string Mark, string Source);

/// <summary>How long cases are kept.</summary>
/// <param name="Statuses">States it is for; empty: all others.</param>
/// <param name="Keep"><c>10y</c>.</param>
/// <param name="From"><c>end</c> or <c>decision</c>.</param>
internal sealed record RetentionRow(int? At, IReadOnlyList<string> Statuses, string Keep, string From, string Mark, string Source);

/// <summary>A law or document by its title.</summary>
internal sealed record LawRow(int? At, string Zh, string En);
