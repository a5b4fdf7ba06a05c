using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Designer.Studio;

namespace CivilAffairs.Tests.Features.Designer.Studio;

/// <summary>What the editor saves, put over what is stored: nothing is lost that it does not know, and nothing is lost silently.</summary>
public sealed class SavedDefinitionTests
{
    public static TheoryData<string> All => [.. Directory.EnumerateFiles(Repository.Path("workflows"), "*.workflow.json", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'))];

    [Theory, MemberData(nameof(All))]
    public void A_definition_that_nobody_changed_is_saved_unchanged(string file)
    {
        var text = File.ReadAllText(Repository.Path(file));
        var (saved, faults) = SavedDefinition.Merge(text, Sent(text));
        Assert.Empty(faults);
        Assert.Equal("", Difference(JsonNode.Parse(text), JsonNode.Parse(saved!)));
        // Saved once more it is the same text: nothing drifts.
        Assert.Equal(saved, SavedDefinition.Merge(saved!, Sent(saved!)).Text);
    }

    [Fact]
    public void The_guard_sees_a_difference() =>
        Assert.NotEqual("", Difference(JsonNode.Parse("""{"root":{"a":1,"b":[1,2]}}"""), JsonNode.Parse("""{"root":{"a":1,"b":[1]}}""")));

    [Fact]
    public void Keys_that_the_editor_does_not_know_stay_and_what_it_changed_is_taken()
    {
        var text = Stored(d =>
        {
            d["ourOwn"] = new JsonObject { ["kept"] = 1 };
            d["variables"]![0]!["ours"] = "x";
            Activity(d, "a")["ours"] = new JsonObject { ["deep"] = true };
            Activity(d, "a")["metadata"]!["ours"] = 7;
        });
        var sent = Sent(text);
        Activity(sent, "a").Remove("ours");
        Activity(sent, "a")["metadata"] = new JsonObject { ["displayText"] = "改过的名字", ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = 5, ["y"] = 6 } } };
        sent["variables"]![0]!["value"] = "42";
        sent["name"] = "新名称";
        var saved = JsonNode.Parse(SavedDefinition.Merge(text, sent).Text!)!.AsObject();
        Assert.Equal(1, (int)saved["ourOwn"]!["kept"]!);
        Assert.Equal(("x", "42"), ((string)saved["variables"]![0]!["ours"]!, (string)saved["variables"]![0]!["value"]!));
        Assert.True((bool)Activity(saved, "a")["ours"]!["deep"]!);
        Assert.Equal((7, "改过的名字"), ((int)Activity(saved, "a")["metadata"]!["ours"]!, (string)Activity(saved, "a")["metadata"]!["displayText"]!));
        Assert.Equal(("新名称", "own-id"), ((string)saved["name"]!, (string)saved["definitionId"]!));
        Assert.Null(saved["customProperties"]![DefinitionJson.Shown]);
    }

    [Fact]
    public void An_input_that_is_cleared_is_cleared()
    {
        var text = Stored(d => Activity(d, "a")["text"] = new JsonObject { ["typeName"] = "String" });
        var sent = Sent(text);
        Activity(sent, "a").Remove("text");
        Assert.Null(Activity(JsonNode.Parse(SavedDefinition.Merge(text, sent).Text!)!.AsObject(), "a")["text"]);
    }

    [Theory]
    [InlineData("empty", "流程图是空的")]
    [InlineData("unknown", "不认识活动类型“Acme.Magic”")]
    [InlineData("lostUnknown", "本系统不认识的活动")]
    [InlineData("noFlowchart", "不是流程图")]
    public void What_would_lose_work_is_refused(string how, string reason)
    {
        var text = Stored(d => Activity(d, "b")["type"] = how == "lostUnknown" ? "Acme.Old" : "Elsa.WriteLine");
        var sent = Sent(text);
        var activities = sent["root"]!["activities"]!.AsArray();
        if (how == "empty") activities.Clear();
        if (how == "unknown") activities.Add(new JsonObject { ["id"] = "z", ["nodeId"] = "Workflow1:r:z", ["type"] = "Acme.Magic", ["version"] = 1 });
        if (how == "lostUnknown") activities.RemoveAt(1);
        if (how == "noFlowchart") sent["root"] = new JsonObject { ["type"] = "Elsa.Sequence" };
        var (saved, faults) = SavedDefinition.Merge(text, sent);
        Assert.Null(saved);
        Assert.Contains(faults, f => f.Zh.Contains(reason, StringComparison.Ordinal) && f.En.Length > 10);
    }

    [Fact]
    public void An_activity_of_a_known_type_may_be_deleted_and_an_unknown_one_stays_where_it_is()
    {
        var text = Stored(d => Activity(d, "b")["type"] = "Acme.Old");
        var sent = Sent(text);
        sent["root"]!["activities"]!.AsArray().RemoveAt(0);
        var (saved, faults) = SavedDefinition.Merge(text, sent);
        Assert.Empty(faults);
        Assert.Equal("Acme.Old", (string)Assert.Single(JsonNode.Parse(saved!)!["root"]!["activities"]!.AsArray())!["type"]!);
    }

    private static string Stored(Action<JsonObject> change)
    {
        var definition = JsonNode.Parse("""
            {"id":"own-version","definitionId":"own-id","name":"甲","version":1,"variables":[{"id":"v","name":"V","typeName":"Int32","isArray":false,"value":"1"}],"inputs":[],"outputs":[],"outcomes":[],"customProperties":{},
             "root":{"id":"r","nodeId":"Workflow1:r","type":"Elsa.Flowchart","version":1,"customProperties":{},"metadata":{},"connections":[],"activities":[
              {"id":"a","nodeId":"Workflow1:r:a","type":"Elsa.WriteLine","version":1,"customProperties":{},"metadata":{"displayText":"一"}},
              {"id":"b","nodeId":"Workflow1:r:b","type":"Elsa.WriteLine","version":1,"customProperties":{},"metadata":{}}]}}
            """)!.AsObject();
        change(definition);
        return definition.ToJsonString();
    }

    private static JsonObject Sent(string text)
    {
        var shown = JsonNode.Parse(text)!.AsObject();
        (shown["customProperties"] ??= new JsonObject())[DefinitionJson.Shown] = "0/window";
        return StudioKit.AsEditor(shown);
    }

    private static JsonObject Activity(JsonObject definition, string id) => definition["root"]!["activities"]!.AsArray().Single(a => (string?)a!["id"] == id)!.AsObject();

    /// <summary>By meaning: what is null is as what is not there, a variable's value may have become text, and order within objects does not count.</summary>
    internal static string Difference(JsonNode? one, JsonNode? other, string path = "$")
    {
        if (one is null && other is null) return "";
        if (one is JsonObject a && other is JsonObject b)
            return string.Concat(a.Select(p => p.Key).Union(b.Select(p => p.Key)).Select(key => Difference(a[key], b[key], $"{path}.{key}")));
        if (one is JsonArray x && other is JsonArray y)
            return x.Count != y.Count ? $"{path}: {x.Count} and {y.Count} items; " : string.Concat(x.Select((item, i) => Difference(item, y[i], $"{path}[{i}]")));
        return one is not null && other is not null && (JsonNode.DeepEquals(one, other) || (path.EndsWith("].value", StringComparison.Ordinal) && one.ToString() == other.ToString())) ? "" : $"{path}: {one?.ToJsonString()} and {other?.ToJsonString()}; ";
    }
}
