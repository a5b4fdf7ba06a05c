using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.Definitions;

namespace CivilAffairs.Engine.Expressions;

/// <summary>
/// Values of variables and inputs, and Elsa's conversions between them. At run time a value is null, bool, int, long,
/// float, double, decimal, string, DateTime, DateTimeOffset, TimeSpan, Guid, JsonObject or JsonArray. A failed conversion gives
/// the type's default, silently: that is Elsa's contract, and definitions rely on it.
/// </summary>
internal static partial class Values
{
    /// <summary>
    /// As SetVariable and inputs convert. A text that is no number, date… gives the type's default; a number too large
    /// for the type, a JSON text where a single value is wanted, or anything but an object for a dictionary is a fault.
    /// </summary>
    /// <exception cref="ExpressionException">The value cannot be had as that type at all.</exception>
    internal static object? Convert(object? value, string typeName, bool isArray)
    {
        var type = Simple(typeName);
        if (value is null) return null;
        if (isArray || type.EndsWith("[]", StringComparison.Ordinal) || type.StartsWith("List<", StringComparison.Ordinal)
            || type is "ICollection" or "IEnumerable" or "JsonArray")
            return ToArray(value);
        var text = value as string;
        if (text is not null && string.IsNullOrWhiteSpace(text) && type is not ("String" or "Object" or "DateTime" or "DateTimeOffset")) return null;
        return type switch
        {
            "String" => Text(value),
            "Int32" or "Int" or "Integer" => (int)Whole(value, int.MinValue, int.MaxValue, "an Int32"),
            "Int16" or "Short" => (int)Whole(value, short.MinValue, short.MaxValue, "an Int16"),
            "Int64" or "Long" => Whole(value, long.MinValue, long.MaxValue, "an Int64"),
            "Double" => Floating(value) ?? 0d,
            "Single" or "Float" => (float)(Floating(value) ?? 0d),
            "Decimal" => Exact(Single(value, type)),
            "Boolean" or "Bool" => Truth(value),
            "DateTime" => Instant(Single(value, type))?.DateTime ?? default,
            "DateTimeOffset" => Instant(Single(value, type))?.Offset ?? default,
            "DateOnly" => Instant(Single(value, type))?.DateTime.Date ?? default,
            "TimeSpan" => value is TimeSpan span ? span : Duration(Single(value, type) as string) ?? TimeSpan.Zero,
            "Guid" => value is Guid id ? id : Guid.TryParse(Single(value, type) as string, out var parsed) ? parsed : Guid.Empty,
            "JsonObject" or "JsonNode" or "JsonElement" or "JSON" or "ExpandoObject" => Members(value, type),
            "ObjectDictionary" or "StringDictionary" or "ObjectMap" or "StringMap" or "Dictionary" or "IDictionary" =>
                Members(value, type) ?? throw new ExpressionException($"A {type} cannot be made from '{Text(value)}'."),
            _ => value,
        };
    }

    /// <summary>The value with which a variable begins; a blank default is none.</summary>
    internal static object? FromDefault(VariableDefinition variable) =>
        FromJson(variable.Default) is var value && value is string text && string.IsNullOrWhiteSpace(text) ? null : ConvertOrNull(value, variable.TypeName, variable.IsArray);

    /// <summary>The value of a variable as the state of an instance keeps it.</summary>
    internal static object? FromStore(JsonNode? stored, VariableDefinition variable)
    {
        // A decimal keeps all its digits, an object remembers where it comes from.
        if (stored is JsonValue number && Simple(variable.TypeName) == "Decimal" && number.TryGetValue<decimal>(out var exact)) return exact;
        if (stored is JsonObject && Simple(variable.TypeName) == "Object") return ConvertOrNull(stored.Options is null ? Stored(stored) : stored, variable.TypeName, variable.IsArray);
        // Single values bear no mark.
        return ConvertOrNull(FromJson(stored is JsonValue ? stored : Plain(stored)), variable.TypeName, variable.IsArray);
    }

    /// <summary>For defaults and stored values: null where <see cref="Convert"/> would fault.</summary>
    internal static object? ConvertOrNull(object? value, string typeName, bool isArray)
    {
        try { return Convert(value, typeName, isArray); }
        catch (ExpressionException) { return null; }
    }

    /// <summary>A result that is bound to a typed variable never faults the instance that waited for it: the type's default, or what came.</summary>
    internal static object? ConvertResult(object? value, string typeName, bool isArray)
    {
        try { return Convert(value, typeName, isArray); }
        catch (ExpressionException) { return ConvertOrNull("no value", typeName, isArray) ?? value; }
    }

    /// <summary>What WriteLine prints and what a String takes: invariant, objects as JSON.</summary>
    internal static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "True" : "False",
        DateTime time => time == DateTime.MinValue ? "" : time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "MM/dd/yyyy HH:mm:ss", CultureInfo.InvariantCulture),
        DateTimeOffset time => time == DateTimeOffset.MinValue ? "" : time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd zzz" : "MM/dd/yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture),
        // An object of the type JsonObject, or one that came back from the store, prints as JsonNode does.
        JsonObject { Options: not null } stored => stored.ToString(),
        JsonNode node => node.ToJsonString(Json.Printed),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    internal static bool Truth(object? value) => value switch
    {
        bool flag => flag,
        string text => bool.TryParse(text.Trim(), out var parsed) && parsed,
        null or DateTime => false,
        IConvertible number => number.ToDouble(CultureInfo.InvariantCulture) != 0,
        _ => false,
    };

    /// <summary>A time span <c>[d.]hh:mm[:ss[.fffffff]]</c> or a number of days. Hours above 23 are hours (.NET reads "72:00:00" as 72 days).</summary>
    internal static TimeSpan? Duration(string? text)
    {
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var read) && !LongHours().IsMatch(text)) return read;
        var match = LongHours().Match(text ?? "");
        if (!match.Success) return null;
        int Part(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture) : 0;
        var total = new TimeSpan(Part("h"), Part("m"), Part("s"));
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
            JsonValueKind.String => value.TryGetValue<string>(out var text) ? text : value.TryGetValue<DateTime>(out var time) ? time : value.ToString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => Number(value),
            _ => null,
        };
    }

    /// <summary>A literal as typed: <c>1.0</c> and long numbers keep their digits.</summary>
    internal static object? FromLiteral(JsonNode? node) =>
        FromJson(node) is double and var number ? node is JsonValue value && value.TryGetValue<decimal>(out var exact) ? exact : number : FromJson(node);

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
        float number => float.IsFinite(number) ? JsonValue.Create(number) : null,
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

    /// <summary>What System.Text.Json would read a text beginning like an object or a list as: no single value.</summary>
    private static object Single(object value, string type) => value is string text && text.TrimStart() is ['{' or '[', ..]
        ? throw new ExpressionException($"Failed to deserialize {text} to {type}") : value;

    /// <summary>An object with members; null for what is none.</summary>
    private static JsonObject? Members(object value, string type)
    {
        var members = value as JsonObject;
        if (value is string text && text.TrimStart() is ['{' or '[', ..])
            members = Parse(text) as JsonObject ?? throw new ExpressionException($"Failed to deserialize {text} to {type}");
        return members is null || type is not "JsonObject" || members.Options is not null ? members : Stored(members) as JsonObject;
    }

    /// <summary>The same content without a mark: what the serializer reads has one.</summary>
    internal static JsonNode? Plain(JsonNode? node) => node is null ? null : JsonNode.Parse(node.ToJsonString());

    /// <summary>The same content, marked as stored: it prints as JsonNode does.</summary>
    internal static JsonNode? Stored(JsonNode node) => JsonNode.Parse(node.ToJsonString(), new JsonNodeOptions());

    private static long Whole(object value, long min, long max, string type)
    {
        if (value is string text)
        {
            if (Hexadecimal().Match(text.Trim()) is { Success: true } hex)
                return long.TryParse(hex.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits) && bits >= min && bits <= max ? bits : 0;
            if (!WholeNumber().IsMatch(text)) return 0;
            return long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) && parsed >= min && parsed <= max ? parsed : throw TooLarge(type);
        }
        if (value is long or int) return System.Convert.ToInt64(value, CultureInfo.InvariantCulture) is var whole && whole >= min && whole <= max ? whole : throw TooLarge(type);
        if (Floating(value) is not { } number) return 0;
        var rounded = Math.Round(number, MidpointRounding.ToEven);
        return rounded >= min && rounded <= max && rounded < 9.2233720368547758E18 ? (long)rounded : throw TooLarge(type);
    }

    private static ExpressionException TooLarge(string type) => new($"Value was either too large or too small for {type}.");

    private static double? Floating(object value) => value switch
    {
        string text => double.TryParse(text.Trim(), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var parsed) ? parsed : null,
        DateTime or DateTimeOffset or TimeSpan or Guid or JsonNode => null,
        IConvertible number => number.ToDouble(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static decimal Exact(object value)
    {
        switch (value)
        {
            case decimal exact: return exact;
            case int or long: return System.Convert.ToDecimal(value, CultureInfo.InvariantCulture);
            case string text: return decimal.TryParse(text.Trim(), NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0m;
        }
        try { return Floating(value) is { } number ? (decimal)number : 0m; }
        catch (OverflowException) { throw TooLarge("a Decimal"); }
    }

    private static (DateTime DateTime, DateTimeOffset Offset)? Instant(object value)
    {
        switch (value)
        {
            case DateTime time: return (time, new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)));
            case DateTimeOffset offset: return (offset.UtcDateTime, offset);
        }
        if (value is not string text || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read)) return null;
        var withKind = DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        return (withKind.Kind == DateTimeKind.Local ? read.UtcDateTime : withKind, read);
    }

    [GeneratedRegex(@"^\s*(?<n>-)?(?<h>\d{2,8}):(?<m>[0-5]?\d)(?::(?<s>[0-5]?\d))?\s*$")]
    private static partial Regex LongHours();

    [GeneratedRegex(@"^(?:#|0[xX]|&[hH])([0-9a-fA-F]+)$")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^\s*[+-]?\d+\s*$")]
    private static partial Regex WholeNumber();
}
