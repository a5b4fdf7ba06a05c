using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Cases.Words;

/// <summary>A stored answer as the desk shows it: in words, and masked by its field's class until somebody asks for all of it.</summary>
public sealed class FieldDisplay(DivisionDirectory divisions, IStringLocalizer<SharedTexts> shared)
{
    /// <summary>Empty where there is no answer.</summary>
    /// <param name="full">True once the full view was asked for and written down.</param>
    public string Show(FormField field, JsonNode? value, bool full)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (value is null) return "";
        var text = InWords(field, value);
        return full || text.Length == 0 ? text : field.Mask switch
        {
            "name" => Mask.Name(text),
            "id" => Mask.Id(text),
            "phone" => Mask.Phone(text),
            "account" => Mask.Account(text),
            "address" => Mask.Address(text),
            "email" => Mask.Email(text),
            "health" => "****",
            _ => text,
        };
    }

    /// <summary>A computed fact: money, yes or no, a date, a number or a code.</summary>
    public string Fact(FormFact fact, JsonNode? value)
    {
        ArgumentNullException.ThrowIfNull(fact);
        return value is null ? "" : fact.Type switch
        {
            "fen" => CaseWords.Money(value.GetValue<long>()),
            "boolean" => YesNo(value.GetValue<bool>()),
            "date" => Day(value.ToString()),
            _ => value.ToString(),
        };
    }

    private string InWords(FormField field, JsonNode value) => field.Type switch
    {
        "money" when value.GetValueKind() == JsonValueKind.Number => CaseWords.Money(value.GetValue<long>()),
        "boolean" when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => YesNo(value.GetValue<bool>()),
        "choice" => Option(field, value.ToString()),
        "choices" when value is JsonArray list => string.Join(Languages.IsEnglish ? ", " : "、", list.Select(v => Option(field, v!.ToString()))),
        "date" => Day(value.ToString()),
        "division" => divisions.Name(value.ToString(), Languages.IsEnglish),
        _ => value.ToString(),
    };

    private string YesNo(bool yes) => yes ? shared["Yes"] : shared["No"];

    private static string Option(FormField field, string value) =>
        field.Options.FirstOrDefault(o => o.Value == value)?.Label.In(Languages.IsEnglish ? "en" : "zh") ?? value;

    private static string Day(string iso) => IsoDay.Read(iso) is { } day ? CaseWords.Day(day) : iso;
}
