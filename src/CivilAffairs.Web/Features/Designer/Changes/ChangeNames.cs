using System.Globalization;
using System.Resources;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Changes;

/// <summary>What the parts of a matter are called in sentences about changes.</summary>
internal sealed class ChangeNames(IReadOnlyDictionary<string, string> from, IReadOnlyDictionary<string, string> to)
{
    private const int Longest = 120;
    private static readonly string[] Titles = ["title", "label", "name", "does"];
    private static readonly ResourceManager Catalogue = new(typeof(DesignerMessages)), Roles = new(typeof(RoleTexts)), Cases = new(typeof(CaseTexts));
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN"), English = CultureInfo.GetCultureInfo("en");
    private static readonly string[] Limited = ["finishWithin", "startWithin", "limit", "value", "after", "keep", "min", "max", "validFor", "countFrom", "leastDays"];
    private readonly MatterFile? matter = Read(to) ?? Read(from);

    /// <summary>A file as managers speak of it: 流程“apply”, 模板“granted.mail”.</summary>
    public LocalText File(string path)
    {
        if (path is "matter.json" or "form.json") return DesignerMessages.Text($"file.{path}");
        if (path.EndsWith(".workflow.json", StringComparison.Ordinal)) return DesignerMessages.Text("file.workflow", matter?.Workflows.FirstOrDefault(w => w.Value == path).Key ?? path);
        if (path.StartsWith("templates/", StringComparison.Ordinal) && path["templates/".Length..] is var name)
            return DesignerMessages.Text("file.template", matter?.Templates.FirstOrDefault(t => t.File == name)?.Name is { } words ? new LocalText($"{words.Zh}（{name}）", $"{words.En} ({name})") : name);
        return path.StartsWith("examples/", StringComparison.Ordinal) ? DesignerMessages.Text("file.example", path["examples/".Length..]) : DesignerMessages.Text("file.other", path);
    }

    /// <summary>A property in words; its name where there are none.</summary>
    public static LocalText Property(string name) => In(Catalogue, $"p.{name}") ?? new LocalText($"“{name}”", $"“{name}”");

    /// <summary>Objects whose properties are things, not settings.</summary>
    public static bool IsMap(string name) => name is "outcomes" or "statuses" or "taskForms" or "workflows";

    /// <summary>One of a list: what it is, and what it is called.</summary>
    public LocalText Item(string list, JsonNode? item, string id)
    {
        var noun = In(Catalogue, $"one.{list}") ?? Property(list);
        var called = Titles.Select(p => (item as JsonObject)?[p]).OfType<JsonObject>().FirstOrDefault(IsWords) is { } words
            ? new LocalText(Plain(words["zh"]), Plain(words["en"])) : list is "roles" ? Role(id) : list is "outcomes" ? Outcome(id) : new LocalText(id, id);
        return DesignerMessages.Text("change.item", noun, called);
    }

    /// <summary>A value as people read it: limits, roles, outcomes and flags in words.</summary>
    public LocalText Value(string name, JsonNode? value)
    {
        if (value is JsonObject words && IsWords(words)) return new LocalText(Cut(Plain(words["zh"])), Cut(Plain(words["en"])));
        if (value?.GetValueKind() is JsonValueKind.True) return DesignerMessages.Text("value.yes");
        if (value?.GetValueKind() is JsonValueKind.False) return DesignerMessages.Text("value.no");
        if (value is JsonArray list && list.All(i => i is JsonValue)) return Joined(list.Select(i => Value(name, i)));
        if (value is JsonArray { Count: > 0 } texts && texts.All(i => i is JsonObject o && IsWords(o))) return Joined(texts.Select(i => Value(name, i)));
        var text = Plain(value);
        if (name is "role" or "roles" or "counterRoles" or "readers" or "code" && Roles.GetString(text, Chinese) is not null) return Role(text);
        if (name is "outcomes" or "outcome") return Outcome(text);
        if (name is "status" && In(Cases, $"Status.{text}") is { } status) return status;
        if (Limited.Contains(name) && Limits.TryParse(text, out var span)) return Span(span);
        return new LocalText(Cut(text), Cut(text));
    }

    /// <summary>What an activity is told; null: nothing.</summary>
    public LocalText? Input(string name, JsonNode? input)
    {
        if (input is null) return null;
        if (input is not JsonObject wrapped) return Value(name, input);
        if (wrapped["expression"] is not JsonObject expression) return wrapped["memoryReference"] is { } variable ? Value(name, Plain(variable["id"])) : Value(name, input);
        var value = expression["value"];
        // A list is written as JSON text.
        if (Plain(expression["type"]) == "Object" && TryParse(Plain(value)) is { } list) return Value(name, list);
        return Value(name, value);
    }

    public LocalText Outcome(string code) => matter?.Outcomes.GetValueOrDefault(code)?.Name is { } own ? new LocalText(own.Zh, own.En) : In(Cases, $"Outcome.{code}") ?? In(Catalogue, $"port.{code}") ?? new LocalText(code, code);

    public static bool IsWords(JsonObject map) => map.Count == 2 && map.ContainsKey("zh") && map.ContainsKey("en");

    /// <summary>A JSON text's text, other JSON as it is written.</summary>
    public static string Plain(JsonNode? node) => node is null ? "" : node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node.ToJsonString(MatterJson.Options).ReplaceLineEndings(" ");

    private static LocalText Role(string code) => In(Roles, code) ?? new LocalText(code, code);

    private static LocalText Span(LimitSpan limit) => limit.Unit == LimitUnit.None ? DesignerMessages.Text("limit.none")
        : DesignerMessages.Text(limit.Unit switch { LimitUnit.WorkDays => "limit.wd", LimitUnit.Days => "limit.d", LimitUnit.PlainDays => "limit.p", LimitUnit.Months => "limit.M", _ => "limit.y" }, limit.Count);

    private static LocalText Joined(IEnumerable<LocalText> texts)
    {
        var all = texts.ToList();
        return all.Count == 0 ? DesignerMessages.Text("value.none") : new LocalText(Cut(string.Join("、", all.Select(t => t.Zh))), Cut(string.Join(", ", all.Select(t => t.En))));
    }

    private static LocalText? In(ResourceManager catalogue, string key) => catalogue.GetString(key, Chinese) is { } zh ? new LocalText(zh, catalogue.GetString(key, English) ?? zh) : null;

    private static string Cut(string text) => text.Length <= Longest ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest), "…");

    private static JsonNode? TryParse(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static MatterFile? Read(IReadOnlyDictionary<string, string> files) => files.TryGetValue("matter.json", out var json) ? MatterJson.Read<MatterFile>("matter.json", json, []) : null;
}
