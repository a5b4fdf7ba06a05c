using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.Definitions;

namespace CivilAffairs.Engine.Expressions;

/// <summary>
/// Values of variables and inputs, and Elsa's conversions between them. At run time a value is null, bool, int, long,
/// double, decimal, string, DateTime, DateTimeOffset, TimeSpan, Guid, JsonObject or JsonArray. A failed conversion gives
/// the type's default, silently: that is Elsa's contract, and definitions rely on it.
/// </summary>
internal static partial class Values
{
    internal static object? Convert(object? value, string typeName, bool isArray)
    {
        var type = Simple(typeName);
        if (value is null) return null;
        if (isArray || type.EndsWith("[]", StringComparison.Ordinal) || type.StartsWith("List<", StringComparison.Ordinal)
            || type is "ICollection" or "IEnumerable" or "JsonArray")
            return ToArray(value);
        if (value is string { Length: 0 } && type is not ("String" or "Object")) return null;
        try
        {
            return type switch
            {
                "String" => Text(value),
                "Int32" or "Int" or "Integer" => Whole(value, int.MinValue, int.MaxValue) is { } n ? (int)n : 0,
                "Int16" or "Short" => Whole(value, short.MinValue, short.MaxValue) is { } n ? (int)n : 0,
                "Int64" or "Long" => Whole(value, long.MinValue, long.MaxValue) ?? 0L,
                "Double" => Floating(value) ?? 0d,
                "Single" or "Float" => (double)(float)(Floating(value) ?? 0d),
                "Decimal" => Exact(value) ?? 0m,
                "Boolean" or "Bool" => Truth(value),
                "DateTime" => Instant(value)?.DateTime ?? default,
                "DateTimeOffset" => Instant(value)?.Offset ?? default,
                "DateOnly" => Instant(value)?.DateTime.Date ?? default,
                "TimeSpan" => value is TimeSpan span ? span : Duration(Text(value)) ?? TimeSpan.Zero,
                "Guid" => value is Guid id ? id : Guid.TryParse(Text(value), out var parsed) ? parsed : Guid.Empty,
                "ObjectDictionary" or "JsonObject" or "JsonNode" or "JsonElement" or "ExpandoObject" or "Dictionary" or "IDictionary"
                    => value is string json ? Parse(json) : value,
                _ => value,
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException)
        {
            return null;
        }
    }

    /// <summary>What WriteLine prints and what a String takes: invariant, objects as JSON.</summary>
    internal static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "True" : "False",
        DateTime time => time.ToString("MM/dd/yyyy HH:mm:ss", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("MM/dd/yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture),
        JsonNode node => Json.Write(node),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    internal static bool Truth(object? value) => value switch
    {
        bool flag => flag,
        string text => bool.TryParse(text.Trim(), out var parsed) && parsed,
        null => false,
        IConvertible number => number.ToDouble(CultureInfo.InvariantCulture) != 0,
        _ => false,
    };

    /// <summary>A time span <c>[d.]hh:mm[:ss[.fffffff]]</c>. Hours above 23 are hours (.NET reads "72:00:00" as 72 days).</summary>
    internal static TimeSpan? Duration(string? text)
    {
        var match = DurationPattern().Match(text?.Trim() ?? "");
        if (!match.Success) return null;
        double Part(string name) => match.Groups[name].Success ? double.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture) : 0;
        var total = TimeSpan.FromDays((int)Part("d")) + TimeSpan.FromHours((int)Part("h")) + TimeSpan.FromMinutes((int)Part("m")) + TimeSpan.FromSeconds((int)Part("s"));
        if (match.Groups["f"].Success) total += TimeSpan.FromTicks(long.Parse(match.Groups["f"].Value.PadRight(7, '0')[..7], CultureInfo.InvariantCulture));
        return match.Groups["n"].Success ? -total : total;
    }

    internal static JsonNode? Parse(string json)
    {
        try { return JsonNode.Parse(json); }
        catch (JsonException) { return null; }
    }

    /// <summary>A run-time value from JSON as it stands in files, states and answers.</summary>
    internal static object? FromJson(JsonNode? node)
    {
        if (node is not JsonValue value) return node;
        return value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => Number(value),
            _ => null,
        };
    }

    private static object Number(JsonValue value)
    {
        if (value.TryGetValue<int>(out var i)) return i;
        if (value.TryGetValue<long>(out var l)) return l;
        if (value.TryGetValue<double>(out var d)) return d;
        return double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
    }

    /// <summary>JSON for states and answers. NaN and infinities, which JSON lacks, become null.</summary>
    internal static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number => double.IsFinite(number) ? JsonValue.Create(number) : null,
        decimal number => JsonValue.Create(number),
        DateTime time => JsonValue.Create(time),
        DateTimeOffset time => JsonValue.Create(time),
        TimeSpan span => JsonValue.Create(span.ToString("c", CultureInfo.InvariantCulture)),
        Guid id => JsonValue.Create(id.ToString("D")),
        _ => JsonValue.Create(Text(value)),
    };

    internal static string Simple(string typeName)
    {
        var name = typeName.Split(',')[0].Trim();
        var generic = name.IndexOf('<', StringComparison.Ordinal);
        var dot = name.LastIndexOf('.', generic < 0 ? name.Length - 1 : generic);
        return dot < 0 ? name : name[(dot + 1)..];
    }

    private static JsonArray ToArray(object value) => value switch
    {
        JsonArray array => (JsonArray)array.DeepClone(),
        string text when text.TrimStart().StartsWith('[') && Parse(text) is JsonArray parsed => parsed,
        JsonNode node => new JsonArray(node.DeepClone()),
        IEnumerable list and not string => new JsonArray([.. list.Cast<object?>().Select(ToJson)]),
        _ => new JsonArray(ToJson(value)),
    };

    private static long? Whole(object value, long min, long max)
    {
        if (value is string text)
            return long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) && parsed >= min && parsed <= max ? parsed : null;
        if (value is long or int) return System.Convert.ToInt64(value, CultureInfo.InvariantCulture) is var whole && whole >= min && whole <= max ? whole : null;
        if (Floating(value) is not { } number || double.IsNaN(number)) return null;
        var rounded = Math.Round(number, MidpointRounding.ToEven);
        return rounded >= min && rounded <= max && rounded < 9.2233720368547758E18 ? (long)rounded : null;
    }

    private static double? Floating(object value) => value switch
    {
        string text => double.TryParse(text.Trim(), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var parsed) ? parsed : null,
        DateTime or DateTimeOffset or TimeSpan or Guid or JsonNode => null,
        IConvertible number => number.ToDouble(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static decimal? Exact(object value) => value switch
    {
        decimal exact => exact,
        string text => decimal.TryParse(text.Trim(), NumberStyles.Number, CultureInfo.InvariantCulture, out var parsed) ? parsed : null,
        _ => Floating(value) is { } number && double.IsFinite(number) ? (decimal)number : null,
    };

    private static (DateTime DateTime, DateTimeOffset Offset)? Instant(object value)
    {
        switch (value)
        {
            case DateTime time: return (time, new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)));
            case DateTimeOffset offset: return (offset.UtcDateTime, offset);
        }
        if (!DateTimeOffset.TryParse(Text(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read)) return null;
        var withKind = DateTime.Parse(Text(value)!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        return (withKind.Kind == DateTimeKind.Local ? read.UtcDateTime : withKind, read);
    }

    [GeneratedRegex(@"^(?<n>-)?(?:(?<d>\d{1,8})\.)?(?<h>\d{1,8}):(?<m>\d{1,2})(?::(?<s>\d{1,2})(?:\.(?<f>\d{1,7}))?)?$")]
    private static partial Regex DurationPattern();
}
