using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>Between what people type and what form data stores. Money is typed in yuan and stored in fen.</summary>
public static class FieldText
{
    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands;

    /// <summary>Reads one typed text. Blank is null; a wrong text is kept out and told.</summary>
    /// <param name="field">Its type decides; <c>choices</c> come as one value a call.</param>
    /// <param name="typed">As the browser sent it.</param>
    public static (JsonNode? Value, LocalText? Fault) Read(FormField field, string? typed)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (string.IsNullOrWhiteSpace(typed)) return (null, null);
        var text = typed.Trim();
        switch (field.Type)
        {
            case "integer":
                return long.TryParse(Half(text), Plain, CultureInfo.InvariantCulture, out var number) ? (JsonValue.Create(number), null) : (null, Wrong("value.integer", field));
            case "money":
                return ReadFen(text) is { } fen ? (JsonValue.Create(fen), null) : (null, Wrong("value.money", field));
            case "boolean":
                return text switch
                {
                    "true" or "on" or "yes" or "1" => (JsonValue.Create(true), null),
                    "false" or "off" or "no" or "0" => (JsonValue.Create(false), null),
                    _ => (null, Wrong("value.boolean", field)),
                };
            case "date":
                return ReadDay(text) is { } day ? (JsonValue.Create(BureauTime.Iso(day)), null) : (null, Wrong("value.date", field));
            case "idNumber" or "disabilityCard" or "uscc" or "phone" or "account":
                return (JsonValue.Create(Typed.Number(text)), null);
            default:
                return (JsonValue.Create(text.ReplaceLineEndings("\n")), null);
        }
    }

    /// <summary>A stored value as an input field shows it again; a mask or a label is the page's business.</summary>
    public static string Write(FormField field, JsonNode? value)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (value is not JsonValue single) return "";
        if (field.Type == "money" && single.TryGetValue<long>(out var fen)) return Yuan(fen);
        if (single.TryGetValue<bool>(out var yes)) return yes ? "true" : "false";
        return single.ToString();
    }

    /// <summary>Yuan from fen without trailing zeros: 120000 → 1200, 120050 → 1200.50.</summary>
    public static string Yuan(long fen) => (fen / 100m).ToString(fen % 100 == 0 ? "0" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>1,200 or 1200.5 or １２００元; null where it is no amount, or has more than two decimals.</summary>
    public static long? ReadFen(string typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        var text = Half(typed).TrimStart('¥', '￥').TrimEnd('元').Trim();
        if (!decimal.TryParse(text, Plain | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var yuan) || Math.Abs(yuan) > 1_000_000_000_000m) return null;
        var fen = yuan * 100;
        return fen == decimal.Truncate(fen) ? (long)fen : null;
    }

    /// <summary>2026-02-11, 2026/2/11, 2026.2.11, 2026年2月11日 or 20260211.</summary>
    public static DateOnly? ReadDay(string typed)
    {
        string[] formats = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日", "yyyyMMdd"];
        return DateOnly.TryParseExact(Half(typed), formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
    }

    private static string Half(string text) => text.Normalize(NormalizationForm.FormKC).Trim();

    private static LocalText Wrong(string key, FormField field) => MatterMessages.Text(key, field.Label);
}
