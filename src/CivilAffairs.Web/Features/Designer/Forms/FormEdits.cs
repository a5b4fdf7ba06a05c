using System.Globalization;
using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>What the editor does to form.json: each changes the tree and says what is chosen afterwards.</summary>
internal static class FormEdits
{
    /// <summary>A new section with one question, after the chosen one or last.</summary>
    public static FormSpot AddSection(JsonObject root, FormSpot? after)
    {
        var sections = List(root, FormSpot.Sections);
        var at = after is { Part: FormSpot.Sections } ? after.Index + 1 : sections.Count;
        sections.Insert(at, new JsonObject
        {
            ["id"] = FreeId(sections, "section"), ["title"] = Words("new.section"),
            ["fields"] = new JsonArray(Field([])),
        });
        return FormSpot.Section(at);
    }

    /// <summary>A new question after the chosen one, or last in its section.</summary>
    public static FormSpot AddField(JsonObject root, FormSpot at)
    {
        var whole = at.Whole.In(root)!;
        var fields = List(whole, "fields");
        var place = at.Field is { } field ? field + 1 : fields.Count;
        fields.Insert(place, Field(fields));
        return at with { Field = place };
    }

    public static FormSpot AddAttachment(JsonObject root, FormSpot? after)
    {
        var list = List(root, FormSpot.Attachments);
        var at = after is { Part: FormSpot.Attachments } ? after.Index + 1 : list.Count;
        list.Insert(at, new JsonObject
        {
            ["id"] = FreeId(list, "paper"), ["label"] = Words("new.attachment"), ["required"] = false,
            ["accept"] = new JsonArray("pdf", "jpg", "png"), ["max"] = 1, ["source"] = "L",
        });
        return FormSpot.Attachment(at);
    }

    public static FormSpot? Remove(JsonObject root, FormSpot spot)
    {
        if (spot.ListIn(root) is not { } list) return spot;
        list.RemoveAt(spot.Position);
        if (list.Count > 0) return spot.Moved(Math.Min(spot.Position, list.Count - 1));
        return spot.Field is null ? null : spot.Whole;
    }

    /// <param name="by">-1: up, 1: down. At an end it stays.</param>
    public static FormSpot Move(JsonObject root, FormSpot spot, int by)
    {
        if (spot.ListIn(root) is not { } list || spot.Position + by < 0 || spot.Position + by >= list.Count) return spot;
        var node = list[spot.Position];
        list.RemoveAt(spot.Position);
        list.Insert(spot.Position + by, node);
        return spot.Moved(spot.Position + by);
    }

    /// <summary>A copy behind it, under an id that is free.</summary>
    public static FormSpot Duplicate(JsonObject root, FormSpot spot)
    {
        if (spot.ListIn(root) is not { } list) return spot;
        var copy = spot.In(root)!.DeepClone().AsObject();
        copy["id"] = FreeId(list, copy["id"].Text() ?? "field");
        if (copy[spot.Field is null && spot.Part == FormSpot.Sections ? "title" : "label"] is JsonObject name)
        {
            var (zh, en) = (FormTexts.Text("copy", name["zh"].Text()), FormTexts.Text("copy", name["en"].Text()));
            (name["zh"], name["en"]) = (zh.Zh, en.En);
        }
        list.Insert(spot.Position + 1, copy);
        return spot.Moved(spot.Position + 1);
    }

    /// <summary>Makes a question part of another section, as its last.</summary>
    public static FormSpot MoveTo(JsonObject root, FormSpot spot, int section)
    {
        if (spot is not { Field: { } at, Part: FormSpot.Sections } || section == spot.Index || FormSpot.Section(section).In(root) is not { } target) return spot;
        var from = spot.ListIn(root)!;
        var node = from[at]!.AsObject();
        from.RemoveAt(at);
        var fields = List(target, "fields");
        if (fields.Parts().Any(f => f["id"].Text() == node["id"].Text())) node["id"] = FreeId(fields, node["id"].Text() ?? "field");
        fields.Add((JsonNode)node);
        return FormSpot.Section(section, fields.Count - 1);
    }

    private static JsonObject Field(JsonArray beside) => new() { ["id"] = FreeId(beside, "field"), ["type"] = "text", ["label"] = Words("new.field") };

    private static JsonObject Words(string key)
    {
        var words = FormTexts.Text(key);
        return new JsonObject { ["zh"] = words.Zh, ["en"] = words.En };
    }

    private static JsonArray List(JsonObject part, string property)
    {
        if (part[property] is JsonArray list) return list;
        var made = new JsonArray();
        part[property] = made;
        return made;
    }

    private static string FreeId(JsonArray beside, string wish)
    {
        var taken = beside.Parts().Select(p => p["id"].Text()).ToHashSet();
        var stem = wish.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return taken.Contains(wish) ? Enumerable.Range(2, taken.Count + 1).Select(n => string.Create(CultureInfo.InvariantCulture, $"{stem}{n}")).First(id => !taken.Contains(id)) : wish;
    }
}
