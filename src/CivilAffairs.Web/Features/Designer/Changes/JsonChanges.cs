using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Designer.Changes;

/// <summary>
/// <c>matter.json</c> and <c>form.json</c>: properties by their names, lists by what tells their items apart, each change said
/// with the things that it lies in: 栏目“申请人”的问题“手机号”：必填由“否”改为“是”.
/// </summary>
internal static class JsonChanges
{
    /// <summary>What tells the items of a list apart, the first that all of them have.</summary>
    private static readonly string[] Keys = ["id", "key", "kind", "code", "file", "category", "role", "rule", "value", "variable", "register", "before"];

    public static IEnumerable<MatterChange> Of(string file, JsonObject before, JsonObject after, ChangeNames names) => Objects(new Place(file, null, names), before, after);

    /// <param name="Within">The things around, outermost first; null: the file itself.</param>
    private sealed record Place(string File, LocalText? Within, ChangeNames Names)
    {
        public Place In(LocalText thing) => this with { Within = Within is null ? thing : DesignerMessages.Text("change.within", Within, thing) };

        public MatterChange Say(ChangeKind kind, LocalText what) => new(File, kind, Within is null ? DesignerMessages.Text("change.plain", what) : DesignerMessages.Text("change.inside", Within, what));
    }

    private static IEnumerable<MatterChange> Objects(Place place, JsonObject before, JsonObject after) =>
        before.Select(p => p.Key).Union(after.Select(p => p.Key)).Where(p => p != "$schema").SelectMany(p => Property(place, p, before[p], after[p]));

    private static IEnumerable<MatterChange> Property(Place place, string name, JsonNode? before, JsonNode? after)
    {
        if (JsonNode.DeepEquals(before, after)) return [];
        if (IsListOrNone(before) && IsListOrNone(after) && (IsList(before) || IsList(after)) && KeyOf([.. Items(before), .. Items(after)]) is { } key)
            return Lists(place, name, key, Items(before), Items(after));
        if (ChangeNames.IsMap(name)) return Maps(place, name, before as JsonObject, after as JsonObject);
        if (before is JsonObject old && after is JsonObject now && !ChangeNames.IsWords(old) && !ChangeNames.IsWords(now)) return Objects(place.In(ChangeNames.Property(name)), old, now);
        return [place.Say(Kind(before, after), Told(place, name, before, after))];
    }

    /// <summary>One property from–to; a flag is said in words.</summary>
    private static LocalText Told(Place place, string name, JsonNode? before, JsonNode? after)
    {
        var called = ChangeNames.Property(name);
        if (before is null) return DesignerMessages.Text("change.set", called, place.Names.Value(name, after));
        return after is null ? DesignerMessages.Text("change.unset", called, place.Names.Value(name, before)) : DesignerMessages.Text("change.fromTo", called, place.Names.Value(name, before), place.Names.Value(name, after));
    }

    private static IEnumerable<MatterChange> Lists(Place place, string list, string key, List<JsonObject> before, List<JsonObject> after)
    {
        var (old, now) = (ByKey(before, key), ByKey(after, key));
        foreach (var (id, item) in old.Where(i => !now.ContainsKey(i.Key))) yield return place.Say(ChangeKind.Removed, DesignerMessages.Text("change.removed", place.Names.Item(list, item, id)));
        foreach (var (id, item) in now.Where(i => !old.ContainsKey(i.Key))) yield return place.Say(ChangeKind.Added, DesignerMessages.Text("change.added", place.Names.Item(list, item, id)));
        foreach (var (id, item) in now)
            if (old.TryGetValue(id, out var earlier))
                foreach (var change in Objects(place.In(place.Names.Item(list, earlier, id)), earlier, item)) yield return change;
        if (old.Keys.Where(now.ContainsKey).SequenceEqual(now.Keys.Where(old.ContainsKey))) yield break;
        yield return place.Say(ChangeKind.Changed, DesignerMessages.Text("change.order", ChangeNames.Property(list)));
    }

    /// <summary>Things under names of their own: outcomes, states, forms of tasks, workflows.</summary>
    private static IEnumerable<MatterChange> Maps(Place place, string map, JsonObject? before, JsonObject? after)
    {
        foreach (var id in (before ?? []).Select(p => p.Key).Union((after ?? []).Select(p => p.Key)))
        {
            var (old, now) = (before?[id], after?[id]);
            if (JsonNode.DeepEquals(old, now)) continue;
            if (old is JsonObject a && now is JsonObject b) foreach (var change in Objects(place.In(place.Names.Item(map, a, id)), a, b)) yield return change;
            else if (old is null) yield return place.Say(ChangeKind.Added, DesignerMessages.Text("change.added", place.Names.Item(map, now, id)));
            else if (now is null) yield return place.Say(ChangeKind.Removed, DesignerMessages.Text("change.removed", place.Names.Item(map, old, id)));
            else yield return place.Say(ChangeKind.Changed, DesignerMessages.Text("change.fromTo", place.Names.Item(map, null, id), place.Names.Value(map, old), place.Names.Value(map, now)));
        }
    }

    private static Dictionary<string, JsonObject> ByKey(List<JsonObject> items, string key)
    {
        var found = new Dictionary<string, JsonObject>();
        foreach (var item in items)
        {
            // Two rules of one kind on one field: told apart by their order.
            var id = ChangeNames.Plain(item[key]);
            for (var i = 2; !found.TryAdd(id, item); i++) id = $"{ChangeNames.Plain(item[key])} ({i})";
        }
        return found;
    }

    private static string? KeyOf(List<JsonObject> items) => Keys.FirstOrDefault(k => items.TrueForAll(i => i[k]?.GetValueKind() is JsonValueKind.String));

    private static bool IsList(JsonNode? node) => node is JsonArray { Count: > 0 } list && list.All(i => i is JsonObject o && !ChangeNames.IsWords(o));

    // What holds anything else besides is compared as a whole, so that it is said.
    private static bool IsListOrNone(JsonNode? node) => node is null or JsonArray { Count: 0 } || IsList(node);

    private static List<JsonObject> Items(JsonNode? node) => node is JsonArray list ? [.. list.OfType<JsonObject>()] : [];

    private static ChangeKind Kind(JsonNode? before, JsonNode? after) => before is null ? ChangeKind.Added : after is null ? ChangeKind.Removed : ChangeKind.Changed;
}
