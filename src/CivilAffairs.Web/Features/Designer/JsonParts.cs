using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>The top-level properties of a JSON object as what one person changes while another changes others.</summary>
internal static class JsonParts
{
    /// <summary>Names of those that differ, gone and new ones included.</summary>
    public static IReadOnlyList<string> Changed(JsonObject before, JsonObject after) =>
        [.. before.Select(p => p.Key).Union(after.Select(p => p.Key)).Where(name => before.ContainsKey(name) != after.ContainsKey(name) || !JsonNode.DeepEquals(before[name], after[name]))];

    /// <summary>These alone, as a text that is the same where they are.</summary>
    public static string Of(JsonObject root, IEnumerable<string> names) =>
        new JsonObject(names.Where(root.ContainsKey).Select(name => KeyValuePair.Create(name, root[name]?.DeepClone()))).ToJsonString();

    /// <summary><paramref name="theirs"/> with these of <paramref name="mine"/> in it: gone where they are gone there.</summary>
    public static JsonObject Upon(JsonObject theirs, JsonObject mine, IEnumerable<string> names)
    {
        var both = theirs.DeepClone().AsObject();
        foreach (var name in names)
            if (mine.ContainsKey(name)) both[name] = mine[name]?.DeepClone();
            else both.Remove(name);
        return both;
    }
}
