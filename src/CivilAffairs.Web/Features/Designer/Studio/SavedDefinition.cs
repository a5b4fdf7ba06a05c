using System.Text.Json.Nodes;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>
/// What the editor sends, put over what is stored: what the editor can change is taken from it, what it does not know is kept. Refuses what would lose work silently.
/// </summary>
internal static class SavedDefinition
{
    // Who publishes says which version it is; the editor only repeats what it was told.
    private static readonly string[] Ours = ["$schema", "id", "definitionId", "version", "createdAt", "toolVersion", "isLatest", "isPublished", "isReadonly", "isSystem", "links", "root"];

    // What the editor clears by leaving it out; anything else that it leaves out it did not know.
    private static readonly string[] Clearable = ["value", "description", "displayName", "category"];
    private static readonly string[] Structure = ["activities", "connections", "body", "then", "else", "branches", "cases", "default", "start", "variables"];
    private static readonly string[] EditorsMetadata = ["displayText", "description", "showDescription", "designer"];

    /// <param name="stored">The definition as it is stored.</param>
    /// <param name="model">The editor's.</param>
    /// <returns>The new text, or why it is not taken.</returns>
    public static (string? Text, IReadOnlyList<LocalText> Faults) Merge(string stored, JsonObject model)
    {
        var old = DefinitionJson.Parse(stored);
        if (model["root"] is not JsonObject root || root["type"].Text() != "Elsa.Flowchart" || root["activities"] is not JsonArray)
            return (null, [new("送来的不是流程图，没有保存。请刷新页面后重试。", "What was sent is no flowchart and was not saved. Reload the page and try again.")]);
        if (Lost(old["root"], root) is { Count: > 0 } lost) return (null, lost);

        var saved = old.DeepClone().AsObject();
        foreach (var (key, value) in model)
        {
            if (Ours.Contains(key)) continue;
            saved[key] = key switch
            {
                "variables" => List(old[key], value, "id"),
                "inputs" or "outputs" => List(old[key], value, "name"),
                "customProperties" or "options" => Over(old[key], value),
                _ => value?.DeepClone() ?? old[key]?.DeepClone(),
            };
        }
        (saved["customProperties"] as JsonObject)?.Remove(DefinitionJson.Shown);
        saved["root"] = Kept(old["root"], root);
        var text = DefinitionJson.Text(saved);
        try
        {
            WorkflowDefinition.Parse(text);
        }
        catch (DefinitionException e)
        {
            return (null, [new($"这样的流程无法读取，没有保存。{e.Text.Zh}", $"Such a definition can’t be read and was not saved. {e.Text.En}")]);
        }
        return (text, []);
    }

    /// <summary>
    /// A save that lacks nodes looks like one in which they were deleted. So what nobody deletes by hand is refused: everything at once, and what the
    /// editor could not draw.
    /// </summary>
    private static List<LocalText> Lost(JsonNode? old, JsonObject root)
    {
        var (before, now) = (DefinitionJson.Activities(old).ToList(), DefinitionJson.Activities(root).ToList());
        var faults = new List<LocalText>();
        if (before.Count > 1 && now.Count <= 1)
            faults.Add(new("送来的流程图是空的，而原来的不是，没有保存。请刷新页面；确要重画，请先另存一份再逐步删除。", "The flowchart sent is empty and the stored one is not; it was not saved. Reload the page."));
        var ids = now.Select(a => a["id"].Text()).ToHashSet();
        foreach (var gone in before.Where(a => !StockActivities.Knows(a["type"].Text() ?? "") && !ids.Contains(a["id"].Text())))
            faults.Add(new($"“{ActivityNames.Of(gone).Zh}”（{gone["type"]}）是本系统不认识的活动，不能在这里删除，没有保存。请撤销这一步。", $"'{ActivityNames.Of(gone).En}' ({gone["type"]}) is of a type not known here and can't be deleted here; nothing was saved. Undo this step."));
        var known = before.Select(a => a["type"].Text()).ToHashSet();
        foreach (var strange in now.Where(a => a["type"].Text() is { } type && !StockActivities.Knows(type) && !known.Contains(type)).DistinctBy(a => a["type"].Text()))
            faults.Add(new($"不认识活动类型“{strange["type"]}”（{ActivityNames.Of(strange).Zh}），没有保存。请换成工具箱中的活动。", $"The activity type '{strange["type"]}' ({ActivityNames.Of(strange).En}) is not known; nothing was saved. Use one from the toolbox."));
        return faults;
    }

    /// <summary>The editor's activity with everything that it left out without knowing it, and so all that it holds.</summary>
    private static JsonObject Kept(JsonNode? old, JsonObject root)
    {
        var kept = root.DeepClone().AsObject();
        var before = DefinitionJson.Activities(old).Where(a => a["id"] is JsonValue).GroupBy(a => a["id"].Text()!).ToDictionary(g => g.Key, g => g.First());
        foreach (var activity in DefinitionJson.Activities(kept).ToList())
        {
            (activity["customProperties"] as JsonObject)?.Remove("notFoundConnections");
            if (!before.TryGetValue(activity["id"].Text()!, out var was) || was["type"].Text() != activity["type"].Text()) continue;
            var declared = Declared(activity["type"].Text()!);
            foreach (var (key, value) in was)
            {
                if (activity.ContainsKey(key))
                {
                    if (key is "metadata" or "customProperties" && activity[key] is JsonObject now && value is JsonObject then)
                        foreach (var (inner, kin) in then)
                            if (!now.ContainsKey(inner) && !(key == "metadata" && EditorsMetadata.Contains(inner))) now[inner] = kin?.DeepClone();
                }
                else if (!declared.Contains(key) && !Structure.Contains(key)) activity[key] = value?.DeepClone();
            }
        }
        return kept;
    }

    private static HashSet<string> Declared(string type)
    {
        var declaration = CaseActivityCatalogue.Find(type) ?? StockActivities.All.FirstOrDefault(s => s.Declaration.Type == type)?.Declaration;
        return declaration is null ? [] : [.. declaration.Inputs.Select(i => i.Property), .. declaration.Output is { } output ? (string[])[char.ToLowerInvariant(output[0]) + output[1..]] : []];
    }

    private static JsonArray List(JsonNode? old, JsonNode? now, string key) =>
        [.. (now as JsonArray ?? []).OfType<JsonObject>().Select(item => (JsonNode)Item((old as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(o => o[key].Text() == item[key].Text()), item))];

    private static JsonObject Item(JsonObject? old, JsonObject now)
    {
        var item = Over(old, now);
        foreach (var cleared in Clearable.Where(k => now[k] is null && item[k] is not null)) item[cleared] = null;
        return item;
    }

    private static JsonObject Over(JsonNode? old, JsonNode? now)
    {
        var over = old?.DeepClone() as JsonObject ?? [];
        foreach (var (key, value) in now as JsonObject ?? [])
            if (value is not null) over[key] = Same(over[key], value) ? over[key]?.DeepClone() : value.DeepClone();
        return over;
    }

    // The editor keeps a variable's value as text, whatever it was.
    private static bool Same(JsonNode? old, JsonNode now) => old is JsonValue && now is JsonValue && old.ToString() == now.ToString();
}
