using System.Globalization;
using System.Text;
using System.Text.Json;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>What a parameter's value must be: of its type, one of its choices, and within the room that the law leaves.</summary>
public static class ParameterRules
{
    /// <summary>The words of <c>type</c>.</summary>
    internal static IReadOnlyList<string> Types { get; } = ["fen", "integer", "percent", "boolean", "code", "codes", "limit"];

    /// <returns>Null where the value may be used.</returns>
    public static LocalText? Check(MatterParameter parameter, JsonElement value)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!Fits(parameter, value)) return Wrong(parameter);
        // What has a limit may be given another, not be freed of it: a task without one needs a reason, which a parameter does not have.
        if (parameter.Type == "limit" && IsNone(value) && !IsNone(parameter.Value)) return MatterMessages.Text("parameter.none", parameter.Name);
        if (parameter.Min is { } min && Compare(parameter, value, min) is not >= 0) return MatterMessages.Text("parameter.min", parameter.Name, Write(parameter, min), parameter.Source);
        if (parameter.Max is { } max && Compare(parameter, value, max) is not <= 0) return MatterMessages.Text("parameter.max", parameter.Name, Write(parameter, max), parameter.Source);
        return null;
    }

    /// <summary>Reads what somebody typed: money in yuan, yes or no as <c>true</c> and <c>false</c>. Exactly one of the two results is null.</summary>
    public static (JsonElement? Value, LocalText? Fault) Read(MatterParameter parameter, string? typed)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        var text = (typed ?? "").Normalize(NormalizationForm.FormKC).Trim();
        if (text.Length == 0) return (null, MatterMessages.Text("required.fill", parameter.Name));
        object? value = parameter.Type switch
        {
            "fen" => FieldText.ReadFen(text),
            "integer" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
            "percent" => decimal.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) ? percent : null,
            "boolean" => bool.TryParse(text, out var yes) ? yes : null,
            _ => text,
        };
        if (value is null) return (null, Wrong(parameter));
        var element = JsonSerializer.SerializeToElement(value);
        return Check(parameter, element) is { } fault ? (null, fault) : (element, null);
    }

    /// <summary>As <see cref="Read"/> takes it again: money in yuan.</summary>
    public static string Write(MatterParameter parameter, JsonElement value)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Type == "fen" && value.TryGetInt64(out var fen) ? FieldText.Yuan(fen) : value.ValueKind switch
        {
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => value.ToString(),
        };
    }

    internal static bool Fits(MatterParameter parameter, JsonElement value) => parameter.Type switch
    {
        "fen" or "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "percent" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var percent) && percent is >= 0 and <= 1000,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ when value.ValueKind != JsonValueKind.String => false,
        "limit" => Limits.TryParse(value.GetString(), out _),
        "code" => parameter.Choices.Count == 0 || parameter.Choices.Contains(value.GetString()!),
        _ => true,
    };

    private static bool IsNone(JsonElement value) => Limits.TryParse(value.GetString(), out var span) && span.Unit == LimitUnit.None;

    /// <summary>Below, equal or above; null where the two cannot be compared: a limit in another unit, or none.</summary>
    internal static int? Compare(MatterParameter parameter, JsonElement value, JsonElement bound)
    {
        if (parameter.Type != "limit") return value.GetDecimal().CompareTo(bound.GetDecimal());
        return Limits.TryParse(value.GetString(), out var a) && Limits.TryParse(bound.GetString(), out var b) && a.Unit == b.Unit ? a.Count.CompareTo(b.Count) : null;
    }

    private static LocalText Wrong(MatterParameter parameter) => MatterMessages.Text($"parameter.type.{parameter.Type}", parameter.Name, string.Join(", ", parameter.Choices));
}
