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

    /// <summary>Names of what differs from <paramref name="before"/>.</summary>
    public IReadOnlyList<string> Changed(MatterSettings before) => JsonParts.Changed(Tree(before), Tree(this));

    /// <summary>These alone, as a text that is the same where they are.</summary>
    public string Part(IEnumerable<string> names) => JsonParts.Of(Tree(this), names);

    /// <summary><paramref name="there"/> with these of mine in it. A row is laid upon the row there that is the same by its code, wherever it stands now.</summary>
    /// <param name="before">What mine began from: its rows name places there.</param>
    public MatterSettings Upon(MatterSettings there, MatterSettings before, IReadOnlyList<string> names)
    {
        T Mine<T>(string name, T mine, T theirs) => names.Contains(name) ? mine : theirs;
        int? Place<T>(int? at, IReadOnlyList<T> was, IReadOnlyList<T> now, Func<T, int?> place, Func<T, string> code) where T : class =>
            was.FirstOrDefault(r => at is not null && place(r) == at) is { } old && (now.FirstOrDefault(r => place(r) == at && code(r) == code(old)) ?? now.FirstOrDefault(r => code(r) == code(old))) is { } same ? place(same) : null;
        return new MatterSettings
        {
            NameZh = Mine(nameof(NameZh), NameZh, there.NameZh), NameEn = Mine(nameof(NameEn), NameEn, there.NameEn), SummaryZh = Mine(nameof(SummaryZh), SummaryZh, there.SummaryZh), SummaryEn = Mine(nameof(SummaryEn), SummaryEn, there.SummaryEn), Family = Mine(nameof(Family), Family, there.Family),
            Numbering = Mine<IReadOnlyList<NumberRow>>(nameof(Numbering), [.. Numbering.Select(r => r with { At = Place(r.At, before.Numbering, there.Numbering, o => o.At, o => o.Kind) })], there.Numbering),
            Reverification = Mine<IReadOnlyList<CadenceRow>>(nameof(Reverification), [.. Reverification.Select(r => r with { At = Place(r.At, before.Reverification, there.Reverification, o => o.At, o => o.Category) })], there.Reverification),
            Retention = Mine<IReadOnlyList<RetentionRow>>(nameof(Retention), [.. Retention.Select(r => r with { At = Place(r.At, before.Retention, there.Retention, o => o.At, o => string.Join(' ', o.Statuses)) })], there.Retention),
            Statistics = Mine(nameof(Statistics), Statistics, there.Statistics),
            Law = Mine<IReadOnlyList<LawRow>>(nameof(Law), [.. Law.Select(r => r with { At = Place(r.At, before.Law, there.Law, o => o.At, o => o.Zh) })], there.Law),
        };
    }

    private static JsonObject Tree(MatterSettings settings) => System.Text.Json.JsonSerializer.SerializeToNode(settings)!.AsObject();

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
