using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>An answer as a sentence part, for the summary before sending.</summary>
public static class AnswerText
{
    /// <param name="value">Stored; what was typed and could not be read comes back as it is.</param>
    /// <param name="yes">The word for true, and <paramref name="no"/> for false.</param>
    /// <returns>Empty where nothing was answered.</returns>
    public static string Of(FormField field, JsonNode? value, DivisionDirectory divisions, string yes, string no)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(divisions);
        return value switch
        {
            null => "",
            JsonArray list => string.Join(Languages.IsEnglish ? ", " : "、", list.Select(item => Label(field, (string?)item))),
            JsonValue single when single.GetValueKind() is JsonValueKind.True or JsonValueKind.False => single.GetValue<bool>() ? yes : no,
            JsonValue single when field.Type == "money" && single.TryGetValue<long>(out var fen) => Display.Money(fen),
            JsonValue single when single.TryGetValue<string>(out var text) => field.Type switch
            {
                "choice" => Label(field, text),
                "date" => FieldText.ReadDay(text) is { } day ? Display.Day(day) : text,
                "division" => Place(text, divisions),
                _ => text,
            },
            _ => value.ToString(),
        };
    }

    /// <summary>青河镇柳树村; Liushu Village, Qinghe Town.</summary>
    public static string Place(string code, DivisionDirectory divisions)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(divisions);
        var own = divisions.Name(code, Languages.IsEnglish);
        if (code.Length != 12) return own;
        var township = divisions.Name(code[..9], Languages.IsEnglish);
        return Languages.IsEnglish ? $"{own}, {township}" : township + own;
    }

    /// <summary>A text in the reader's language.</summary>
    public static string Now(this Words words) => (words ?? throw new ArgumentNullException(nameof(words))).In(Languages.IsEnglish ? "en" : "zh");

    /// <summary>A text in the reader's language.</summary>
    public static string Now(this FieldFault fault) => Languages.IsEnglish ? (fault ?? throw new ArgumentNullException(nameof(fault))).En : (fault ?? throw new ArgumentNullException(nameof(fault))).Zh;

    private static string Label(FormField field, string? value) => field.Options.FirstOrDefault(o => o.Value == value)?.Label.Now() ?? value ?? "";
}
