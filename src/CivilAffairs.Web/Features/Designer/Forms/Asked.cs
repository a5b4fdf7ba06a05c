using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>A question that a condition may ask for.</summary>
/// <param name="Group">Title of its section.</param>
/// <param name="Choices">JavaScript literal → what people read; empty: typed.</param>
public sealed record Asked(string Group, string Text, string Section, string Field, string Type, bool AnyRow, IReadOnlyList<(string Value, string Text)> Choices)
{
    public string Value => Name(Section, Field, AnyRow);

    public static string Name(PickedClause clause) => Name((clause ?? throw new ArgumentNullException(nameof(clause))).Section, clause.Field, clause.AnyRow);

    /// <summary>The comparison to begin with.</summary>
    public PickedClause First() => new(Section, Field, Type is "integer" or "money" or "rows" ? "atLeast" : Choices.Count == 0 ? "filled" : "is",
        Choices.Count > 0 ? [Choices[0].Value] : Type is "integer" or "money" or "rows" ? ["1"] : [], AnyRow);

    /// <summary>What may be asked at a place of the form: the questions of its own section first, then those of the others.</summary>
    internal static IReadOnlyList<Asked> At(JsonObject root, FormSpot spot, IStringLocalizer<FormTexts> texts)
    {
        var asks = new List<Asked>();
        var own = spot.Whole.In(root);
        if (spot.Field is not null && own is not null)
        {
            var self = spot.In(root);
            foreach (var field in own["fields"].Parts().Where(f => f != self)) asks.Add(Of(field, texts[spot.IsTask ? "OwnTask" : "OwnSection"], "item", false, texts));
            if (spot.IsTask) asks.Add(new Asked(texts["OwnTask"], texts["Outcome"], "item", "outcome", "text", false, []));
        }
        foreach (var section in root[FormSpot.Sections].Parts())
        {
            if (spot is { Field: not null, IsTask: false } && section == own && section["repeat"] is null) continue;
            var (id, title, repeats) = (section["id"].Text() ?? "", Title(section["title"]), section["repeat"] is JsonObject);
            if (repeats) asks.Add(new Asked(title, texts["Rows"], id, "length", "rows", false, []));
            foreach (var field in section["fields"].Parts()) asks.Add(Of(field, repeats ? texts["AnyRow", title] : title, id, repeats, texts));
        }
        return asks;
    }

    /// <summary>Tests that make sense for it, and the one that stands there.</summary>
    public static IEnumerable<string> Tests(Asked? asked, string now)
    {
        string[] some = asked switch
        {
            { Type: "boolean" } => ["is", "isNot", "filled", "empty"],
            { Type: "integer" or "money" or "rows" } => ["is", "isNot", "atLeast", "atMost", "more", "less"],
            { Choices.Count: > 0 } => ["is", "isNot", "oneOf", "noneOf", "filled", "empty"],
            _ => ["filled", "empty", "is", "isNot"],
        };
        return some.Contains(now) ? some : [.. some, now];
    }

    /// <summary>What a literal says in the field: money in yuan.</summary>
    public static string Show(Asked? asked, string literal) =>
        asked?.Type == "money" && long.TryParse(literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var fen) ? FieldText.Yuan(fen) : PickedCondition.Plain(literal);

    /// <returns>A literal; null: no number was typed where one is needed.</returns>
    public static string? Read(Asked? asked, string typed) => asked?.Type switch
    {
        "money" => FieldText.ReadFen(typed)?.ToString(CultureInfo.InvariantCulture),
        "integer" or "rows" => long.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : null,
        _ => PickedCondition.Literal(typed),
    };

    private static Asked Of(JsonObject field, string group, string section, bool anyRow, IStringLocalizer<FormTexts> texts)
    {
        var type = field["type"].Text() ?? "text";
        IReadOnlyList<(string, string)> choices = type switch
        {
            "boolean" => [("true", texts["Yes"].Value), ("false", texts["No"].Value)],
            "choice" => [.. field["options"].Parts().Select(o => (PickedCondition.Literal(o["value"].Text() ?? ""), Title(o["label"])))],
            _ => [],
        };
        return new Asked(group, Title(field["label"]), section, field["id"].Text() ?? "", type, anyRow, choices);
    }

    private static string Name(string section, string field, bool anyRow) => $"{section}{(anyRow ? "[]" : "")}.{field}";

    internal static string Title(JsonNode? words) => (words as JsonObject)?[Languages.IsEnglish ? "en" : "zh"].Text() ?? "";
}
