using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer;
using CivilAffairs.Web.Features.Designer.Pages;
using CivilAffairs.Web.Features.Designer.Settings;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>A page saves its part of a draft while others save: other parts are nobody's loss, the same part is told and never written over unasked.</summary>
public sealed class PartSaveTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_save_of_another_part_is_taken_along(string kind)
    {
        var (kit, mine, theirs, id, scope) = await StartAsync(kind);
        using var _ = scope;
        var (save, open) = (scope.ServiceProvider.GetRequiredService<PartSave>(), (await kit.MatterAsync(mine, id))!);
        await kit.EditAsync(theirs, id, m => m["summary"]!["zh"] = "对方写的简介", 0);
        Assert.True(await TagAsync(save, kit, mine, open, "我的标签"));
        Assert.Equal((null, null), (save.Message, save.Theirs));
        var matter = await MatterAsync(kit, mine, id);
        Assert.Equal(("对方写的简介", "我的标签"), ((string?)matter["summary"]!["zh"], (string?)matter["x-tag"]));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_same_part_is_told_with_who_and_when_and_saved_only_when_that_is_asked_for(string kind)
    {
        var (kit, mine, theirs, id, scope) = await StartAsync(kind);
        using var _ = scope;
        var (save, open) = (scope.ServiceProvider.GetRequiredService<PartSave>(), (await kit.MatterAsync(mine, id))!);
        await kit.EditAsync(theirs, id, m => m["x-tag"] = "对方的标签", 0);
        Assert.False(await TagAsync(save, kit, mine, open, "我的标签"));
        Assert.Contains(theirs.Name, save.Message, StringComparison.Ordinal);
        Assert.Equal("对方的标签", (string?)JsonNode.Parse(save.Theirs!.Files["matter.json"])!["x-tag"]);
        Assert.Equal("对方的标签", (string?)(await MatterAsync(kit, mine, id))["x-tag"]);
        Assert.False(save.Busy);
        // They go over it knowingly; yet not over what came after what they looked at.
        var seen = save.Theirs;
        await kit.EditAsync(theirs, id, m => m["x-tag"] = "对方又改了", seen.Draft);
        Assert.False(await TagAsync(save, kit, mine, seen, "我的标签"));
        Assert.True(await TagAsync(save, kit, mine, save.Theirs!, "我的标签"));
        Assert.Equal((null, "我的标签"), (save.Message, (string?)(await MatterAsync(kit, mine, id))["x-tag"]));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_is_refused_for_another_reason_is_told_as_such(string kind)
    {
        var (kit, mine, theirs, id, scope) = await StartAsync(kind);
        using var _ = scope;
        var (save, open) = (scope.ServiceProvider.GetRequiredService<PartSave>(), (await kit.MatterAsync(mine, id))!);
        // By field, after a save that somebody else made elsewhere.
        await kit.EditAsync(theirs, id, m => m["summary"]!["zh"] = "对方写的简介", 0);
        Assert.False(await save.SaveAsync(mine, open, _ => "", (m, key) => kit.Drafts.SaveFileAsync(mine, id, "../x", "", m.Draft, key)));
        Assert.Equal(("../x", null), (Assert.Single(save.Faults).Path, save.Message));
        // Not theirs to change at all.
        var officer = new Viewer(mine.AccountId, mine.Name, AccountKind.Officer, [new HeldRole(Roles.Manager, "341299101")]);
        Assert.False(await save.SaveAsync(officer, open, _ => "", (m, key) => kit.Drafts.SaveFileAsync(officer, id, "a.txt", "", m.Draft, key)));
        Assert.NotNull(save.Message);
        Assert.Empty(save.Faults);
        Assert.Null(save.Theirs);
        save.Clear();
        Assert.Null(save.Message);
    }

    [Fact]
    public void Settings_are_laid_upon_what_others_made_of_them_row_by_row()
    {
        var before = Read("""{"name": {"zh": "甲", "en": "A"}, "numbering": [{"kind": "one", "prefix": "一"}, {"kind": "two", "prefix": "二"}], "statistics": ["a.b"]}""");
        var mine = before with { NameZh = "我", Numbering = [before.Numbering[1] with { Prefix = "贰" }, new NumberRow(null, "three", "三", "", "", "")] };
        var there = Read("""{"name": {"zh": "甲", "en": "B"}, "numbering": [{"kind": "zero", "prefix": "零"}, {"kind": "one", "prefix": "一"}, {"kind": "two", "prefix": "二"}], "statistics": ["c.d"]}""");
        Assert.Equal(["NameZh", "Numbering"], mine.Changed(before));
        Assert.Equal(before.Part(["NameZh"]), there.Part(["NameZh"]));
        Assert.NotEqual(before.Part(["Numbering"]), there.Part(["Numbering"]));
        var both = mine.Upon(there, before, mine.Changed(before));
        Assert.Equal(("我", "B", "c.d"), (both.NameZh, both.NameEn, both.Statistics[0]));
        // A row names the place where it stands now, so that what nobody here knows of it stays with it.
        Assert.Equal([(2, "贰"), (null, "三")], both.Numbering.Select(n => (n.At, n.Prefix)));
    }

    [Fact]
    public void Top_level_parts_are_told_apart_and_laid_together()
    {
        JsonObject before = Tree("""{"a": 1, "b": {"x": 1}, "gone": 1}"""), mine = Tree("""{"a": 2, "b": {"x": 1}, "new": []}"""), theirs = Tree("""{"gone": 1, "b": {"x": 2}, "a": 1, "c": 3}""");
        Assert.Equal(["a", "gone", "new"], JsonParts.Changed(before, mine));
        Assert.Empty(JsonParts.Changed(before, before.DeepClone().AsObject()));
        Assert.Equal(JsonParts.Of(before, ["a", "gone", "new"]), JsonParts.Of(theirs, ["a", "gone", "new"]));
        Assert.Equal("""{"b":{"x":2},"a":2,"c":3,"new":[]}""", JsonParts.Upon(theirs, mine, ["a", "gone", "new"]).ToJsonString());
    }

    private static Task<bool> TagAsync(PartSave save, DraftKit kit, Viewer by, OpenMatter upon, string tag) =>
        save.SaveAsync(by, upon, m => (string?)JsonNode.Parse(m.Files["matter.json"])!["x-tag"] ?? "", (m, key) =>
        {
            var matter = JsonNode.Parse(m.Files["matter.json"])!;
            matter["x-tag"] = tag;
            return kit.Drafts.SaveFileAsync(by, m.Id, "matter.json", matter.ToJsonString(), m.Draft, key);
        });

    private static async Task<JsonNode> MatterAsync(DraftKit kit, Viewer by, string id) => JsonNode.Parse((await kit.MatterAsync(by, id))!.Files["matter.json"])!;

    private static JsonObject Tree(string json) => JsonNode.Parse(json)!.AsObject();

    private static MatterSettings Read(string json) => MatterSettings.Read(Tree(json));

    private async Task<(DraftKit Kit, Viewer Mine, Viewer Theirs, string Id, IServiceScope Scope)> StartAsync(string kind)
    {
        var app = await databases.GetAsync(kind);
        var kit = new DraftKit(app);
        var (mine, theirs) = (await kit.ManagerAsync(), await kit.ManagerAsync());
        return (kit, mine, theirs, await kit.PublishedAsync(mine), app.Services.CreateScope());
    }
}
