using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>Drafts: who saves over whom, what is refused, and that publishing happens once.</summary>
public sealed class MatterDraftTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_draft_is_published_once_and_only_new_cases_go_under_it(string kind)
    {
        var (app, kit) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var id = await kit.PublishedAsync(by);
        var first = kit.Library.Find(id)!;
        var applicant = Applicant();
        var drafts = app.Services.GetRequiredService<DraftCommands>();
        var older = await drafts.StartAsync(applicant, id, DraftKit.Key());

        var saved = await kit.RenameAsync(by, id, "村规民约备案（新）", 0);
        Assert.Same(first, kit.Library.Find(id));
        Assert.DoesNotContain(kit.Drafts.Check((await kit.Drafts.FindAsync(id))!).Faults, f => f.IsError);
        var key = DraftKit.Key();
        var published = await kit.Drafts.PublishAsync(by, id, "改了名称", saved.Version, key);
        Assert.Equal((2, "村规民约备案（新）"), (published.Number, kit.Library.Find(id)!.Matter.Name.Zh));
        // The answer got lost; the request comes again.
        Assert.Equal(published, await kit.Drafts.PublishAsync(by, id, "改了名称", saved.Version, key));
        await Assert.ThrowsAsync<StaleVersionException>(() => kit.Drafts.PublishAsync(by, id, "改了名称", saved.Version, DraftKit.Key()));
        Assert.Null(await kit.Drafts.FindAsync(id));

        var newer = await drafts.StartAsync(applicant, id, DraftKit.Key());
        await using var db = kit.Open();
        Assert.Equal(first.Hash, (await db.Set<Case>().SingleAsync(c => c.Id == older)).Revision);
        Assert.Equal(published.Hash, (await db.Set<Case>().SingleAsync(c => c.Id == newer)).Revision);
        var versions = await kit.VersionsAsync(id);
        Assert.Equal([(1, false), (2, true)], versions.Select(v => (v.Number, v.Current)));
        Assert.Equal((by.AccountId, "改了名称", first.Hash, RevisionOrigin.Draft), (versions[1].PublishedById!.Value, versions[1].Comment, versions[1].BasedOn, versions[1].Origin));
        Assert.Equal(1, await db.Set<AuditEntry>().CountAsync(a => a.Chain == AuditTrail.Matters && a.Action == "matter.published" && a.Details.Contains(published.Hash)));
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_second_of_two_managers_is_told_who_saved_and_when(string kind)
    {
        var (_, kit) = await StartAsync(kind);
        var (one, two) = (await kit.ManagerAsync(), await kit.ManagerAsync());
        var id = await kit.PublishedAsync(one);
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var saved = await kit.RenameAsync(one, id, "甲改的", 0);
        var refused = await Assert.ThrowsAsync<StaleVersionException>(() => kit.RenameAsync(two, id, "乙改的", 0));
        Assert.Equal(one.Name, refused.By);
        Assert.InRange(refused.At, before, DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Contains("甲改的", (await kit.Drafts.FindAsync(id))!.Bundle, StringComparison.Ordinal);
        var second = await kit.RenameAsync(two, id, "乙改的", saved.Version);
        Assert.Equal(saved.Version + 1, second.Version);
        // The first one's editor is still open at the version before.
        Assert.Equal(two.Name, (await Assert.ThrowsAsync<StaleVersionException>(() => kit.RenameAsync(one, id, "甲再改", saved.Version))).By);
        // The draft goes and another begins: an editor of the old one does not write into the new one.
        await kit.Drafts.DiscardAsync(two, id, second.Version, DraftKit.Key());
        Assert.Equal(two.Name, (await Assert.ThrowsAsync<StaleVersionException>(() => kit.RenameAsync(one, id, "甲再改", second.Version))).By);
        var third = await kit.RenameAsync(two, id, "重新开始", 0);
        Assert.True(third.Version > second.Version);
        await Assert.ThrowsAsync<StaleVersionException>(() => kit.RenameAsync(one, id, "甲再改", saved.Version));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Of_many_at_once_one_saves_and_one_publication_comes_of_it(string kind)
    {
        var (_, kit) = await StartAsync(kind);
        var managers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => kit.ManagerAsync()));
        var id = await kit.PublishedAsync(managers[0]);
        var saves = await Task.WhenAll(managers.Select((m, i) => Record.ExceptionAsync(() => kit.RenameAsync(m, id, $"第 {i} 位", 0))));
        Assert.Equal(1, saves.Count(e => e is null));
        Assert.Equal(5, saves.Count(e => e is StaleVersionException));
        var draft = (await kit.Drafts.FindAsync(id))!;
        var key = DraftKit.Key();
        var published = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => kit.Drafts.PublishAsync(managers[0], id, "一起点的", draft.Version, key)));
        Assert.Single(published.Distinct());
        Assert.Equal(2, (await kit.VersionsAsync(id)).Count);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_faulty_draft_is_kept_and_not_published(string kind)
    {
        var (_, kit) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var id = await kit.PublishedAsync(by);
        var files = MatterBundle.Read(kit.Library.Find(id)!.Bundle);
        var saved = await kit.Drafts.SaveFilesAsync(by, id, new Dictionary<string, string?>
        {
            ["templates/granted.mail"] = null, ["apply.workflow.json"] = files["apply.workflow.json"].Replace("\"CAP\"", "\"NOBODY\"", StringComparison.Ordinal),
        }, 0, DraftKit.Key());
        var refused = await Assert.ThrowsAsync<InvalidAnswersException>(() => kit.Drafts.PublishAsync(by, id, "试试", saved.Version, DraftKit.Key()));
        Assert.Contains(refused.Faults, f => f.Path.StartsWith("apply.workflow.json decide", StringComparison.Ordinal) && f.Zh.Contains("NOBODY", StringComparison.Ordinal) && f.En.Contains("NOBODY", StringComparison.Ordinal));
        Assert.Contains(refused.Faults, f => f.Path.Contains("tellGranted", StringComparison.Ordinal));
        Assert.Equal(saved.Version, (await kit.Drafts.FindAsync(id))!.Version);
        Assert.Single(await kit.VersionsAsync(id));
        Assert.Equal(["comment"], (await Assert.ThrowsAsync<InvalidAnswersException>(() => CommentAsync(kit, by, " "))).Faults.Select(f => f.Path));
        Assert.Equal(["comment"], (await Assert.ThrowsAsync<InvalidAnswersException>(() => CommentAsync(kit, by, new string('长', 501)))).Faults.Select(f => f.Path));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Files_that_no_matter_has_are_told_by_their_paths(string kind)
    {
        var (_, kit) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var id = await kit.PublishedAsync(by);
        foreach (var path in new[] { "../matter.json", "/etc/passwd", "a\\b", "templates/.hidden", "a//b", "", "a/b/c/d/e", "c:x", "a\nb", "trailing.", new string('a', 200) })
            Assert.Equal(path, Assert.Single((await Assert.ThrowsAsync<InvalidAnswersException>(() => kit.Drafts.SaveFileAsync(by, id, path, "x", 0, DraftKit.Key()))).Faults).Path);
        foreach (var text in new[] { "\0", "\ud800", new string('x', MatterBundle.LongestFile + 1) })
            Assert.Equal("a.txt", Assert.Single((await Assert.ThrowsAsync<InvalidAnswersException>(() => kit.Drafts.SaveFileAsync(by, id, "a.txt", text, 0, DraftKit.Key()))).Faults).Path);
        Assert.Null(await kit.Drafts.FindAsync(id));
        Assert.True(MatterBundle.IsPath("templates/告知书 (2).html"));
        // What changes nothing begins nothing.
        Assert.Equal(0, (await kit.Drafts.SaveFileAsync(by, id, "matter.json", MatterBundle.Read(kit.Library.Find(id)!.Bundle)["matter.json"], 0, DraftKit.Key())).Version);
        await Assert.ThrowsAsync<UnknownCaseException>(() => kit.Drafts.SaveFileAsync(by, "no-such-matter", "a.txt", "x", 0, DraftKit.Key()));
    }

    [Theory]
    [InlineData("{\"root\": 5}")]
    [InlineData("{\"root\": {\"id\": 7, \"type\": [], \"activities\": {\"id\": 1, \"type\": 2}}}")]
    [InlineData("{\"id\": \"a\", \"id\": \"b\", \"root\": {\"id\": \"x\", \"id\": \"y\", \"type\": \"Elsa.Flowchart\"}}")]
    [InlineData("[1, 2")]
    [InlineData("null")]
    [InlineData("{\"root\": {\"id\": \"r\", \"type\": \"Elsa.Flowchart\", \"activities\": [{\"id\": \"t\", \"type\": \"CivilAffairs.HumanTask\", \"role\": {\"expression\": {\"type\": 3, \"value\": {}}}, \"outcomes\": 4}], \"connections\": [1, {\"source\": 2}]}}")]
    public async Task Whatever_a_draft_holds_the_check_says_so(string json)
    {
        var (_, kit) = await StartAsync(Databases.Sqlite);
        var by = await kit.ManagerAsync();
        var id = await kit.PublishedAsync(by);
        foreach (var file in new[] { "apply.workflow.json", "matter.json", "form.json" })
        {
            var files = MatterBundle.Read(kit.Library.Find(id)!.Bundle);
            var before = new Dictionary<string, string>(files);
            files[file] = json;
            var found = kit.Drafts.Check(new MatterDraft { Matter = id, Bundle = MatterBundle.Write(files) });
            Assert.Contains(found.Faults, f => f.IsError);
            Assert.NotEmpty(CivilAffairs.Web.Features.Designer.Changes.MatterChanges.Compare(before, files));
        }
    }

    [Fact]
    public async Task The_check_takes_any_value_in_any_place()
    {
        var (_, kit) = await StartAsync(Databases.Sqlite);
        var id = DraftKit.NewId();
        var files = NewMatter.Empty(id, new Words { Zh = "村规民约备案", En = "Village rules" });
        JsonNode?[] odd = [null, JsonValue.Create(7), JsonValue.Create("x"), new JsonArray(), new JsonObject()];
        foreach (var file in files.Keys.Where(f => f.EndsWith(".json", StringComparison.Ordinal)).ToList())
        {
            var places = Places(JsonNode.Parse(files[file])!).Count();
            for (var i = 0; i < places; i += Step)
            {
                var json = JsonNode.Parse(files[file])!;
                var at = Places(json).ElementAt(i);
                var (path, value) = (at.GetPath(), odd[i / Step % odd.Length]);
                if (at.Parent is JsonArray list) list[at.GetElementIndex()] = value?.DeepClone();
                else at.Parent!.AsObject()[at.GetPropertyName()] = value?.DeepClone();
                var changed = new Dictionary<string, string>(files) { [file] = json.ToJsonString() };
                var failure = Record.Exception(() =>
                {
                    kit.Drafts.Check(new MatterDraft { Matter = id, Bundle = MatterBundle.Write(changed) });
                    CivilAffairs.Web.Features.Designer.Changes.MatterChanges.Compare(files, changed);
                });
                Assert.True(failure is null, $"{file} {path} as {value?.ToJsonString() ?? "null"}: {failure}");
            }
        }
    }

    /// <summary>Prime to the number of odd values, so that each comes to each kind of place.</summary>
    private const int Step = 7;

    private static IEnumerable<JsonNode> Places(JsonNode node) => (node switch
    {
        JsonObject map => map.Select(p => p.Value),
        JsonArray list => list,
        _ => [],
    }).OfType<JsonNode>().SelectMany(n => Places(n).Prepend(n));

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nobody_but_a_manager_of_the_county_changes_anything(string kind)
    {
        var (_, kit) = await StartAsync(kind);
        var id = await kit.PublishedAsync(await kit.ManagerAsync());
        foreach (var held in Roles.All.Select(r => new HeldRole(r, DraftKit.County)).Append(new HeldRole(Roles.Manager, "341299101")).Where(h => h != new HeldRole(Roles.Manager, DraftKit.County)))
        {
            var who = new Viewer(Guid.NewGuid(), "干部", AccountKind.Officer, [held]);
            foreach (var attempt in new Func<Task>[]
            {
                () => kit.RenameAsync(who, id, "x", 0), () => kit.Drafts.NewAsync(who, DraftKit.NewId(), new Words { Zh = "a", En = "a" }, null, DraftKit.Key()), () => kit.Drafts.DiscardAsync(who, id, 0, DraftKit.Key()),
                () => kit.Drafts.SubmitAsync(who, id, "x", 0, DraftKit.Key()), () => kit.Drafts.PublishAsync(who, id, "x", 0, DraftKit.Key()), () => kit.Drafts.RetireAsync(who, id, "x", 1, DraftKit.Key()),
                () => kit.Drafts.RollBackAsync(who, id, kit.Library.Find(id)!.Hash, "x", DraftKit.Key()), () => kit.Drafts.RestoreAsync(who, id, kit.Library.Find(id)!.Hash, 0, DraftKit.Key()), () => kit.Drafts.RebaseAsync(who, id, 0, DraftKit.Key()),
            })
                Assert.Equal("designer.managersOnly", (await Assert.ThrowsAsync<NotAllowedException>(attempt)).Reason);
            await Assert.ThrowsAsync<UnknownCaseException>(() => kit.Drafts.ExportAsync(who, id, kit.Library.Find(id)!.Hash));
        }
    }

    private static async Task CommentAsync(DraftKit kit, Viewer by, string comment)
    {
        var id = await kit.PublishedAsync(by);
        var saved = await kit.RenameAsync(by, id, "新名", 0);
        await kit.Drafts.PublishAsync(by, id, comment, saved.Version, DraftKit.Key());
    }

    private static Viewer Applicant() => new(Guid.NewGuid(), "甲", AccountKind.Applicant, []);

    private async Task<(TestApp App, DraftKit Kit)> StartAsync(string kind)
    {
        var app = await databases.GetAsync(kind);
        return (app, new DraftKit(app));
    }
}
