using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Web.Features.Designer.Diagram;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>Two versions of a workflow drawn beside each other: what differs is marked on the side where it stands, and nothing else is.</summary>
public sealed class SketchPairsTests
{
    private const string File = "apply.workflow.json";
    private static readonly MatterRevision Dibao = ShippedMatters.Load("rural-dibao").Revision!;

    [Fact]
    public void The_same_and_what_was_only_moved_are_not_drawn()
    {
        Assert.Empty(Draw(_ => { }));
        Assert.Empty(Draw(w => Step(w, "confirm")["metadata"]!["designer"]!["position"]!["x"] = 9000));
    }

    [Fact]
    public void A_new_step_between_two_is_marked_after_and_its_way_on_both_sides()
    {
        var pair = Assert.Single(Draw(w =>
        {
            var (steps, ways) = (w["root"]!["activities"]!.AsArray(), w["root"]!["connections"]!.AsArray());
            var second = Step(w, "confirm").DeepClone();
            second["id"] = "second";
            second["metadata"]!["displayText"] = "二次审核";
            steps.Add(second);
            var way = ways.First(c => (string?)c!["target"]!["activity"] == "confirm")!;
            way["target"]!["activity"] = "second";
            ways.Add(new JsonObject { ["source"] = new JsonObject { ["activity"] = "second", ["port"] = "Approve" }, ["target"] = new JsonObject { ["activity"] = "confirm", ["port"] = "In" } });
        }));
        var added = Assert.Single(pair.After!.Steps, s => s.Mark != SketchMark.Same);
        Assert.Equal((SketchMark.Added, "二次审核"), (added.Mark, added.Label.Zh));
        Assert.All(pair.Before!.Steps, s => Assert.Equal(SketchMark.Same, s.Mark));
        Assert.Equal((1, 2), (pair.Before.Ways.Count(w => w.Mark == SketchMark.Removed), pair.After.Ways.Count(w => w.Mark == SketchMark.Added)));
        Assert.Equal(4, pair.Changes);
        // What stayed stands at the same place on both sheets.
        var places = pair.Before.Steps.ToDictionary(s => s.Id);
        Assert.All(pair.After.Steps.Where(s => s.Mark == SketchMark.Same), s => Assert.Equal((places[s.Id].X, places[s.Id].Y), (s.X, s.Y)));
    }

    [Fact]
    public void A_step_that_is_told_otherwise_is_marked_in_both_and_counted_once()
    {
        var pair = Assert.Single(Draw(w => Step(w, "confirm")["role"]!["expression"]!["value"] = "CCK"));
        foreach (var side in new[] { pair.Before!, pair.After! }) Assert.Equal("confirm", Assert.Single(side.Steps, s => s.Mark == SketchMark.Changed).Id);
        Assert.Equal(1, pair.Changes);
    }

    [Fact]
    public void What_changes_inside_a_step_marks_the_step_and_is_drawn_apart()
    {
        var pairs = Draw(w =>
        {
            var inside = Step(w, "examine")["activities"]!.AsArray().OfType<JsonObject>().First(s => (string?)s["type"] == "CivilAffairs.HumanTask");
            inside["metadata"]!["displayText"] = "换个叫法";
        });
        Assert.Equal([null, Dibao.Workflows["apply"] is var json ? (string?)Step((JsonObject)JsonNode.Parse(json)!, "examine")["metadata"]!["displayText"] : null], pairs.Select(p => p.Inside?.Zh));
        Assert.Equal(SketchMark.Changed, pairs[0].After!.Steps.Single(s => s.Id == "examine").Mark);
        Assert.True(pairs[0].After!.Steps.Single(s => s.Id == "examine").HasInside);
        Assert.Equal("换个叫法", Assert.Single(pairs[1].After!.Steps, s => s.Mark == SketchMark.Changed).Label.Zh);
    }

    [Fact]
    public void Every_shipped_workflow_is_drawn_whole()
    {
        foreach (var matter in ShippedMatters.Folders)
        {
            var files = MatterBundle.Read(ShippedMatters.Load(matter).Revision!.Bundle);
            var none = files.Where(f => !f.Key.EndsWith(".workflow.json", StringComparison.Ordinal)).ToDictionary();
            foreach (var pair in SketchPairs.Of(none, files).Where(p => p.Inside is null))
            {
                var root = JsonNode.Parse(files[pair.File])!["root"]!;
                Assert.Null(pair.Before);
                Assert.Equal((root["activities"]!.AsArray().Count, root["connections"]!.AsArray().Count), (pair.After!.Steps.Count, pair.After.Ways.Count));
                Assert.All(pair.After.Steps, s => Assert.Equal(SketchMark.Added, s.Mark));
                Assert.All(pair.After.Steps, s => Assert.False(string.IsNullOrWhiteSpace(s.Label.Zh) || string.IsNullOrWhiteSpace(s.Label.En)));
            }
        }
    }

    [Fact]
    public void A_definition_of_elsewhere_without_places_or_ports_is_drawn_in_a_row()
    {
        var drawn = Assert.Single(SketchPairs.Of(new Dictionary<string, string>(), new Dictionary<string, string>
        {
            ["x.workflow.json"] = """{"root":{"id":"r","type":"Elsa.Flowchart","activities":[{"id":"a","type":"Elsa.Start"},{"id":"b","type":"Other.Thing"}],"connections":[{"source":{"activity":"a"},"target":{"activity":"b"}},{"source":{"activity":"gone"},"target":{"activity":"b"}}]}}""",
        })).After!;
        Assert.Equal((2, 1), (drawn.Steps.Count, drawn.Ways.Count));
        Assert.True(drawn.Steps[1].X > drawn.Steps[0].X + drawn.Steps[0].Width);
        Assert.Equal("Other.Thing", drawn.Steps[1].Label.Zh);
    }

    private static List<SketchPair> Draw(Action<JsonObject> change)
    {
        var before = MatterBundle.Read(Dibao.Bundle);
        var after = new SortedDictionary<string, string>(before, StringComparer.Ordinal);
        var workflow = (JsonObject)JsonNode.Parse(before[File])!;
        change(workflow);
        after[File] = workflow.ToJsonString();
        return [.. SketchPairs.Of(before, after)];
    }

    private static JsonObject Step(JsonObject workflow, string id) => workflow["root"]!["activities"]!.AsArray().OfType<JsonObject>().First(s => (string?)s["id"] == id);
}
