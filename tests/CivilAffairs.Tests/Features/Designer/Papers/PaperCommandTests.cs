using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Designer.Papers;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer.Papers;

/// <summary>Templates of a draft: file and line change together, what is used stays, what nobody knows is kept.</summary>
public sealed class PaperCommandTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_template_is_added_written_copied_and_taken_out(string kind)
    {
        var (papers, kit, open) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var id = await kit.PublishedAsync(by);
        var key = DraftKit.Key();
        var added = await papers.AddAsync(by, id, new NewPaper("filing-receipt", "document", "备案回执", "Filing receipt"), 0, key);
        // The answer got lost; the request comes again, though the file is there by now.
        Assert.Equal(added, await papers.AddAsync(by, id, new NewPaper("filing-receipt", "document", "备案回执", "Filing receipt"), 0, key));
        var matter = (await open.FindAsync(by, id))!;
        var paper = Paper.Of(matter, []).Single(p => p.File == "filing-receipt.html");
        Assert.Equal(("document", "备案回执"), (paper.Kind, paper.Name.Zh));
        Assert.Contains("<h1>备案回执</h1>", paper.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(kit.Drafts.Check((await kit.Drafts.FindAsync(id))!).Faults, f => f.IsError);

        var saved = await papers.SaveAsync(by, id, "granted.mail", new PaperContent("已备案", "Filed", true, "已备案\n--- text\n好\n--- html\n<p>好</p>\n", "Filed\n--- text\nDone\n--- html\n<p>Done</p>\n"), added.Version, DraftKit.Key());
        var copied = await papers.AddAsync(by, id, new NewPaper("filed-again", "document", "再次备案", "Filed again", "granted.mail"), saved.Version, DraftKit.Key());
        var copy = Paper.Of((await open.FindAsync(by, id))!, []).Single(p => p.File == "filed-again.mail");
        Assert.Equal(("mail", true, "再次备案"), (copy.Kind, copy.Optional, copy.Name.Zh));
        Assert.StartsWith("Filed\n", copy.English, StringComparison.Ordinal);
        Assert.Empty(copy.Uses);

        await papers.RemoveAsync(by, id, "filed-again.mail", copied.Version, DraftKit.Key());
        var left = (await open.FindAsync(by, id))!;
        Assert.DoesNotContain(left.Files.Keys, f => f.Contains("filed-again", StringComparison.Ordinal));
        Assert.DoesNotContain("filed-again", left.Files["matter.json"], StringComparison.Ordinal);
        // A document that is called like a letter goes without the letter's English text.
        var namesake = await papers.AddAsync(by, id, new NewPaper("granted", "document", "同名", "Namesake"), left.Draft, DraftKit.Key());
        await papers.RemoveAsync(by, id, "granted.html", namesake.Version, DraftKit.Key());
        left = (await open.FindAsync(by, id))!;
        Assert.True(left.Files.ContainsKey("templates/granted.en.mail"));
        // An English text that is emptied goes; the Chinese one may not.
        await papers.SaveAsync(by, id, "granted.mail", new PaperContent("已备案", "Filed", false, copy.Text!, ""), left.Draft, DraftKit.Key());
        var last = (await open.FindAsync(by, id))!;
        Assert.False(last.Files.ContainsKey("templates/granted.en.mail"));
        Assert.DoesNotContain("optional", last.Files["matter.json"], StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<InvalidAnswersException>(() => papers.SaveAsync(by, id, "granted.mail", new PaperContent("", "Filed", false, " ", null), last.Draft, DraftKit.Key()));
        Assert.Equal(["nameZh", "text"], refused.Faults.Select(f => f.Path));
        await Assert.ThrowsAsync<UnknownCaseException>(() => papers.SaveAsync(by, id, "../matter.json", new PaperContent("a", "b", false, "{}"), last.Draft, DraftKit.Key()));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_is_used_is_not_taken_out_and_every_place_is_named(string kind)
    {
        var (papers, kit, open) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var refused = await Assert.ThrowsAsync<InvalidAnswersException>(() => papers.RemoveAsync(by, "rural-dibao", "refusal-decision.html", 0, DraftKit.Key()));
        var fault = Assert.Single(refused.Faults);
        Assert.Equal("file", fault.Path);
        Assert.Contains("流程“apply”的步骤“", fault.Zh, StringComparison.Ordinal);
        Assert.Contains("流程“review”的步骤“", fault.Zh, StringComparison.Ordinal);
        Assert.Null(await kit.Drafts.FindAsync("rural-dibao"));

        // Reminders name letters too; another name that only ends alike is no use.
        var id = await kit.PublishedAsync(by, m => m["reminders"] = JsonNode.Parse("""{"task": [{"stage": "amber", "to": ["holder"], "template": "withdrawn.mail"}]}"""));
        var uses = Paper.Of((await open.FindAsync(by, id))!, []).Single(p => p.File == "withdrawn.mail").Uses;
        Assert.Equal([("apply.workflow.json", "tellWithdrawn"), ("matter.json", null)], uses.Select(u => (u.File, u.Activity)).Order());
        Assert.Empty(PaperUses.Of(new Dictionary<string, string> { ["a.workflow.json"] = """{"id": "a", "type": "X", "template": "not-granted.mail"}""" }, ["granted.mail"])["granted.mail"]);
        Assert.Single(PaperUses.Of(new Dictionary<string, string> { ["a.workflow.json"] = """{"id": "a", "type": "X", "script": "return ok ? 'granted.mail' : ''"}""" }, ["granted.mail"])["granted.mail"]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_saves_second_is_told_and_what_nobody_knows_is_kept(string kind)
    {
        var (papers, kit, open) = await StartAsync(kind);
        var (one, two) = (await kit.ManagerAsync(), await kit.ManagerAsync());
        var id = await kit.PublishedAsync(one, m =>
        {
            m["x-county"] = JsonNode.Parse("""{"figure": 1.50, "big": 12345678901234567890, "list": [null, "<&>"]}""");
            m["templates"]![0]!["x-owner"] = "办公室";
        });
        var before = JsonNode.Parse((await open.FindAsync(one, id))!.Files["matter.json"])!;
        var text = (await open.FindAsync(one, id))!.Files["templates/granted.mail"];
        var saved = await papers.SaveAsync(one, id, "granted.mail", new PaperContent("同意备案", "Approved", false, text), 0, DraftKit.Key());
        var stale = await Assert.ThrowsAsync<StaleVersionException>(() => papers.SaveAsync(two, id, "granted.mail", new PaperContent("乙", "B", false, text), 0, DraftKit.Key()));
        Assert.Equal(one.Name, stale.By);

        var file = (await open.FindAsync(one, id))!.Files["matter.json"];
        Assert.Contains("1.50", file, StringComparison.Ordinal);
        Assert.Contains("12345678901234567890", file, StringComparison.Ordinal);
        var after = JsonNode.Parse(file)!;
        Assert.Equal("办公室", (string?)after["templates"]![0]!["x-owner"]);
        (before["templates"]![0]!["name"]!["zh"], after["templates"]![0]!["name"]!["zh"]) = (null, null);
        Assert.True(JsonNode.DeepEquals(before, after));
        Assert.Equal(before.AsObject().Select(p => p.Key), after.AsObject().Select(p => p.Key));
        // Saved as it is: to the byte, and no version more.
        Assert.Equal(saved, await papers.SaveAsync(one, id, "granted.mail", new PaperContent("同意备案", "Approved", false, text), saved.Version, DraftKit.Key()));
        await kit.Drafts.SaveFileAsync(one, id, "matter.json", "{\"id\": [", saved.Version, DraftKit.Key());
        var unread = await Assert.ThrowsAsync<InvalidAnswersException>(() => papers.AddAsync(one, id, new NewPaper("a", "document", "甲", "A"), saved.Version + 1, DraftKit.Key()));
        Assert.Equal("matter.json", Assert.Single(unread.Faults).Path);
        Assert.Contains("第1行", unread.Faults[0].Zh, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Filing", "document", "甲", "A", "file")]
    [InlineData("a.en", "mail", "甲", "A", "file")]
    [InlineData("granted", "mail", "甲", "A", "file")]
    [InlineData("new", "sms", "甲", "A", "kind")]
    [InlineData("new", "mail", "", "A", "nameZh")]
    [InlineData("new", "mail", "甲", "A", "copyOf")]
    public async Task What_cannot_be_added_is_refused_by_its_field(string file, string type, string zh, string en, string field)
    {
        var (papers, kit, _) = await StartAsync(Databases.Sqlite);
        var by = await kit.ManagerAsync();
        var id = await kit.PublishedAsync(by);
        var refused = await Assert.ThrowsAsync<InvalidAnswersException>(() => papers.AddAsync(by, id, new NewPaper(file, type, zh, en, field == "copyOf" ? "gone.mail" : null), 0, DraftKit.Key()));
        Assert.Equal([field], refused.Faults.Select(f => f.Path));
        var stranger = new Viewer(Guid.NewGuid(), "甲", AccountKind.Officer, [new HeldRole(Roles.Manager, "341299101")]);
        await Assert.ThrowsAsync<NotAllowedException>(() => papers.AddAsync(stranger, id, new NewPaper("new", "mail", "甲", "A"), 0, DraftKit.Key()));
        await Assert.ThrowsAsync<NotAllowedException>(() => papers.SaveAsync(stranger, id, "granted.mail", new PaperContent("甲", "A", false, "x"), 0, DraftKit.Key()));
        await Assert.ThrowsAsync<NotAllowedException>(() => papers.RemoveAsync(stranger, id, "granted.mail", 0, DraftKit.Key()));
    }

    private async Task<(PaperCommands Papers, DraftKit Kit, OpenMatters Open)> StartAsync(string kind)
    {
        var app = await databases.GetAsync(kind);
        return (app.Services.GetRequiredService<PaperCommands>(), new DraftKit(app), app.Services.GetRequiredService<OpenMatters>());
    }
}
