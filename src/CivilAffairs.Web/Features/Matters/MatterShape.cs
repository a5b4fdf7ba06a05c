using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>
/// Where a file of a matter holds another kind of value than it must, in words: by its line, by the question or part that it concerns, with what
/// is expected and what stands there. Asked only of a file that could not be read: the reader stops at the first place, and speaks of types.
/// </summary>
internal sealed class MatterShape
{
    /// <summary>So many are told of one file.</summary>
    public const int Most = 100;
    private const int Longest = 40;
    private static readonly string[] Titles = ["label", "title", "name", "does", "itemTitle"], Ids = ["id", "key", "code", "kind", "file", "value", "rule", "activity"];

    // Where a text is one of few, these are named at once.
    private static readonly Dictionary<(Type, string), Func<IEnumerable<string>>> Known = new()
    {
        [(typeof(FormField), "type")] = () => Forms.FieldTypes.All, [(typeof(RegisterField), "type")] = () => Forms.FieldTypes.All, [(typeof(FormField), "mask")] = () => Forms.FieldTypes.Masks,
        [(typeof(MatterFile), "family")] = () => MatterCheck.Families, [(typeof(MatterRole), "level")] = () => MatterCheck.Levels, [(typeof(MatterParameter), "type")] = () => ParameterRules.Types,
        [(typeof(MatterParameter), "mark")] = () => ["S", "L"], [(typeof(MatterTemplate), "kind")] = () => TemplateFaults.Kinds, [(typeof(BenefitKind), "paid")] = () => ["month", "once"],
        [(typeof(Retention), "from")] = () => ["end", "decision"], [(typeof(ApplicantRules), "where")] = () => ["hukou", "event", "any", "county"],
    };

    private readonly string file;
    private readonly JsonPlaces places;
    private readonly List<MatterFault> faults = [];

    private MatterShape(string file, JsonPlaces places) => (this.file, this.places) = (file, places);

    /// <param name="shape">What the file is read as.</param>
    /// <returns>At least one.</returns>
    public static IReadOnlyList<MatterFault> Faults(string file, string json, Type shape)
    {
        var places = JsonPlaces.Read(json);
        if (places.Fault is { } noJson) return [new MatterFault(file, places.FaultPath, noJson)];
        var found = new MatterShape(file, places);
        found.Value(JsonNode.Parse(json), shape, new Spot("$", null, null, IsNullable: false));
        return found.faults.Count switch
        {
            0 => [new MatterFault(file, "$", MatterMessages.Text("shape.unread"))],
            <= Most => found.faults,
            _ => [.. found.faults.Take(Most), new MatterFault(file, "$", MatterMessages.Text("shape.more", found.faults.Count - Most))],
        };
    }

    /// <param name="Part">The innermost part with a name of its own, in quotation marks; null: the file.</param>
    /// <param name="Name">The property, or the position in a list, in words; null: the file.</param>
    private sealed record Spot(string Path, LocalText? Part, LocalText? Name, bool IsNullable, IEnumerable<string>? OneOf = null);

    private void Value(JsonNode? node, Type type, Spot spot)
    {
        var shape = Nullable.GetUnderlyingType(type) ?? type;
        if (node is null)
        {
            if (!spot.IsNullable && shape != typeof(JsonElement) && shape != typeof(JsonNode)) Wrong(node, shape, spot);
            return;
        }
        if (shape == typeof(JsonNode) || shape == typeof(JsonElement)) return;
        var info = shape == typeof(JsonObject) ? null : MatterJson.Options.GetTypeInfo(shape);
        switch (info?.Kind)
        {
            case null when node is JsonObject: break;
            case JsonTypeInfoKind.Object when node is JsonObject map:
                Properties(map, info!, spot);
                break;
            case JsonTypeInfoKind.Enumerable when node is JsonArray list:
                foreach (var (item, i) in list.Select((item, i) => (item, i)))
                    Value(item, info!.ElementType!, new Spot($"{spot.Path}[{i}]", spot.Part, MatterMessages.Text("shape.item", Name(spot), i + 1), IsNullable: false));
                break;
            case JsonTypeInfoKind.Dictionary when node is JsonObject map:
                foreach (var (key, value) in map)
                    Value(value, info!.ElementType!, new Spot($"{spot.Path}.{key}", spot.Part, Quoted(key), IsNullable: false));
                break;
            case JsonTypeInfoKind.None when Fits(node, shape): break;
            default:
                Wrong(node, shape, spot);
                break;
        }
    }

    private void Properties(JsonObject map, JsonTypeInfo info, Spot spot)
    {
        // What both languages' texts are of is what holds them.
        var part = info.Type == typeof(Words) ? spot.Part : Called(map) ?? spot.Part;
        foreach (var property in info.Properties.Where(p => p.Set is not null && !p.IsExtensionData))
        {
            var inner = new Spot($"{spot.Path}.{property.Name}", part, info.Type == typeof(Words) ? MatterMessages.Text("shape.of", Name(spot), property.Name) : Quoted(property.Name), property.IsSetNullable, Known.GetValueOrDefault((info.Type, property.Name))?.Invoke());
            if (map.ContainsKey(property.Name)) Value(map[property.Name], property.PropertyType, inner);
            else if (property.IsRequired) Add(spot.Path, MatterMessages.Text("shape.missing", Where(inner with { Path = spot.Path }), Expected(property.PropertyType, inner.OneOf)));
        }
    }

    /// <summary>As the reader itself decides.</summary>
    private static bool Fits(JsonNode node, Type type)
    {
        try
        {
            node.Deserialize(type, MatterJson.Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Wrong(JsonNode? node, Type type, Spot spot) => Add(spot.Path, MatterMessages.Text("shape.wrong", Where(spot), Expected(type, spot.OneOf), Found(node)));

    private void Add(string path, LocalText text) => faults.Add(new MatterFault(file, path, places.IsOneLine ? text : MatterMessages.Text("shape.line", places.LineOf(path), text)));

    private static LocalText Where(Spot spot) => spot.Part is { } part ? MatterMessages.Text("shape.where", part, Name(spot)) : Name(spot);

    private static LocalText Name(Spot spot) => spot.Name ?? MatterMessages.Text("shape.file");

    private static LocalText Expected(Type type, IEnumerable<string>? oneOf)
    {
        var kind = Nullable.GetUnderlyingType(type) ?? type;
        if (oneOf is not null) return MatterMessages.Text("shape.oneOf", string.Join(" | ", oneOf));
        return MatterMessages.Text(kind switch
        {
            _ when kind == typeof(string) => "shape.text", _ when kind == typeof(bool) => "shape.yesNo", _ when kind == typeof(int) || kind == typeof(long) => "shape.whole",
            _ when kind == typeof(DateOnly) => "shape.day", _ when kind == typeof(DateTimeOffset) => "shape.instant", _ when kind == typeof(Condition) => "shape.condition", _ when kind == typeof(Words) => "shape.words",
            _ when kind == typeof(JsonElement) || kind == typeof(JsonNode) => "shape.any",
            _ when kind != typeof(JsonObject) && MatterJson.Options.GetTypeInfo(kind).Kind == JsonTypeInfoKind.Enumerable => "shape.list", _ => "shape.object",
        });
    }

    private static LocalText Found(JsonNode? node) => node switch
    {
        null => MatterMessages.Text("shape.found.null"), JsonArray => MatterMessages.Text("shape.found.list"), JsonObject => MatterMessages.Text("shape.found.object"),
        _ when node.GetValueKind() == JsonValueKind.String => MatterMessages.Text("shape.found.text", Cut(Plain(node))),
        _ when node.GetValueKind() == JsonValueKind.Number => MatterMessages.Text("shape.found.number", Cut(node.ToJsonString())),
        _ => MatterMessages.Text("shape.found.yesNo", node.ToJsonString()),
    };

    private static LocalText? Called(JsonObject map)
    {
        foreach (var title in Titles)
            if (map[title] is JsonObject words && Plain(words["zh"]) is { Length: > 0 } zh) return Quoted(Cut(zh), Plain(words["en"]) is { Length: > 0 } en ? Cut(en) : Cut(zh));
        return Ids.Select(id => Plain(map[id])).FirstOrDefault(id => id.Length > 0) is { } own ? Quoted(Cut(own)) : null;
    }

    private static LocalText Quoted(string zh, string? en = null) => new($"“{zh}”", $"“{en ?? zh}”");

    /// <summary>A text; empty where it is none, or holds half of a character.</summary>
    private static string Plain(JsonNode? node)
    {
        try
        {
            return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static string Cut(string text) => text.Length <= Longest ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest), "…");
}
