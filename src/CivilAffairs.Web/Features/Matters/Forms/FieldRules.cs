using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>What one stored value must be: its type's rule, then the field's own validators.</summary>
internal static class FieldRules
{
    private const int LongestText = 4_000;

    /// <returns>Null where the value fits.</returns>
    public static LocalText? CheckType(FormField field, JsonNode value, DateOnly today)
    {
        var fits = field.Type switch
        {
            "integer" or "money" => IsWhole(value),
            "boolean" => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "choices" => value is JsonArray list && list.All(item => item?.GetValueKind() == JsonValueKind.String),
            _ => value.GetValueKind() == JsonValueKind.String,
        };
        if (!fits) return Message(TypeKey(field.Type), field);
        if (field.Type is "integer" or "money" or "boolean") return null;
        if (field.Type is "choice" or "choices") return CheckChoice(field, value);
        var text = value.GetValue<string>();
        if (text.Length > LongestText) return Message("value.tooLong", field, LongestText);
        return field.Type switch
        {
            "date" => IsoDay.Read(text) is null ? Message("value.date", field) : null,
            "idNumber" => Fault(IdNumber.Read(text, today).Fault, field),
            "disabilityCard" => Fault(DisabilityCard.Read(text, today).Fault, field),
            "uscc" => Fault(Uscc.Check(text), field),
            "phone" => Fault(Mobile.Check(text), field),
            "account" => Fault(Account.CheckPassbook(text), field),
            "division" => text.Length is 6 or 9 or 12 && text.All(char.IsAsciiDigit) ? null : Message("value.division", field),
            "personName" => text.Length <= 60 && !text.Any(c => char.IsDigit(c) || char.IsControl(c)) ? null : Message("value.personName", field),
            "email" => Platform.Mail.MailAddress.Like(text) ? null : Message("value.email", field),
            "textarea" => text.Any(c => char.IsControl(c) && c != '\n') ? Message("value.text", field) : null,
            _ => text.Any(char.IsControl) ? Message("value.text", field) : null,
        };
    }

    /// <summary>One validator that needs no script; <c>unique</c> and <c>js</c> are the evaluator's.</summary>
    public static LocalText? CheckRule(FormField field, FieldValidator rule, JsonNode value, DateOnly today)
    {
        var fits = rule.Rule switch
        {
            "min" => Whole(value) >= Number(rule),
            "max" => Whole(value) <= Number(rule),
            "minLength" => Length(value) >= Number(rule),
            "maxLength" => Length(value) <= Number(rule),
            "pattern" => Regex.IsMatch(Text(value), rule.Value!.Value.GetString()!, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(100)),
            "notFuture" => FieldText.ReadDay(Text(value)) is not { } day || day <= today,
            "notPast" => FieldText.ReadDay(Text(value)) is not { } day || day >= today,
            "bankCard" => Account.CheckCard(Text(value)) is null,
            "passbook" => Account.CheckPassbook(Text(value)) is null,
            "mustBeTrue" => value.GetValueKind() == JsonValueKind.True,
            _ => true,
        };
        if (fits) return null;
        if (rule.Message is { } own) return new LocalText(own.Zh, own.En);
        return rule.Rule switch
        {
            "bankCard" => Fault(Account.CheckCard(Text(value)), field),
            "passbook" => Fault(Account.CheckPassbook(Text(value)), field),
            "min" or "max" when field.Type == "money" => Message($"rule.{rule.Rule}", field, FieldText.Yuan(Number(rule))),
            _ => Message($"rule.{rule.Rule}", field, rule.Value?.ToString()),
        };
    }

    /// <summary>Null where the pattern can be used.</summary>
    public static string? PatternError(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(100));
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    public static LocalText Message(string key, FormField field, object? argument = null) => MatterMessages.Text(key, field.Label, argument);

    private static LocalText? CheckChoice(FormField field, JsonNode value)
    {
        var chosen = value is JsonArray list ? list.Select(i => i!.GetValue<string>()) : [value.GetValue<string>()];
        return chosen.All(c => field.Options.Any(o => o.Value == c)) ? null : Message("value.choice", field);
    }

    private static LocalText? Fault(RuleFault? fault, FormField field) => fault is null ? null : Message(fault.Key, field, fault.Detail);

    private static string TypeKey(string type) => type switch
    {
        "integer" or "money" or "boolean" => $"value.{type}",
        "choices" => "value.choice",
        _ => "value.text",
    };

    private static bool IsWhole(JsonNode value) => value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
    private static long Whole(JsonNode value) => long.Parse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    private static long Number(FieldValidator rule) => rule.Value!.Value.GetInt64();
    private static string Text(JsonNode value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
    private static int Length(JsonNode value) => value is JsonArray list ? list.Count : new StringInfo(Text(value)).LengthInTextElements;
}
