using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>One shown field of one row: present if required, of its type, and within its validators. First fault only.</summary>
internal static class FieldCheck
{
    public static LocalText? Run(ShownField shown, ShownRow row, IReadOnlyList<ShownRow> all, FormScript script, DateOnly today)
    {
        var field = shown.Field;
        var value = row.Data[field.Id];
        if (IsEmpty(value)) return shown.Required ? FieldRules.Message(RequiredKey(field), field) : null;
        if (FieldRules.CheckType(field, value!, today) is { } wrongType) return wrongType;
        foreach (var rule in field.Validators)
        {
            if (rule.When is { } when && !script.Decide(when)) continue;
            var broken = rule.Rule switch
            {
                "js" => script.Decide(rule.Value!.Value.GetString()!) ? null : new LocalText(rule.Message!.Zh, rule.Message.En),
                "unique" => IsRepeated(field, row, all) ? FieldRules.Message("rule.unique", field) : null,
                _ => FieldRules.CheckRule(field, rule, value!, today),
            };
            if (broken is not null) return broken;
        }
        return null;
    }

    public static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        _ => value.GetValueKind() == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetValue<string>()),
    };

    private static bool IsRepeated(FormField field, ShownRow row, IReadOnlyList<ShownRow> all) =>
        all.Any(other => other.Index < row.Index && JsonNode.DeepEquals(other.Data[field.Id], row.Data[field.Id]));

    private static string RequiredKey(FormField field) =>
        field.Type == "boolean" && field.Validators.Any(v => v.Rule == "mustBeTrue") ? "required.tick"
        : field.Type is "choice" or "choices" or "boolean" or "division" ? "required.choose" : "required.fill";
}
