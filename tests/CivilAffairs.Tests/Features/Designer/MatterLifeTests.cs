using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Designer;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>Versions: the second person, retiring, rolling back, new matters, the product's folders, other nodes.</summary>
public sealed class MatterLifeTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly Words Name = new() { Zh = "村规民约备案", En = "Village rules" };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Where_the_published_version_says_so_a_second_person_publishes(string kind)
    {
        var (_, kit) = await StartAsync(kind);
        var (one, two) = (await kit.ManagerAsync(), await kit.ManagerAsync());
        // Switching it on takes one: what counts is what is published.
        var id = await kit.PublishedAsync(one, m => m["publishing"] = new JsonObject { ["secondPerson"] = true });
        // A draft that switches it off does not count for itself.
        var saved = await kit.EditAsync(one, id, m => m.Remove("publishing"), 0);
        Assert.Equal("designer.submitFirst", await RefusedAsync(() => kit.Drafts.PublishAsync(one, id, "换回一人", saved.Version, DraftKit.Key())));
        var submitted = await kit.Drafts.SubmitAsync(one, id, "换回一人", saved.Version, DraftKit.Key());
        Assert.Equal("designer.secondPerson", await RefusedAsync(() => kit.Drafts.PublishAsync(one, id, "换回一人", submitted.Version, DraftKit.Key())));
        // What was submitted is what is published: a later save, by whomever, has to be submitted again.
        var changed = await kit.RenameAsync(two, id, "夹带", submitted.Version);
        Assert.Equal("designer.submitFirst", await RefusedAsync(() => kit.Drafts.PublishAsync(two, id, "夹带", changed.Version, DraftKit.Key())));
        await Assert.ThrowsAsync<StaleVersionException>(() => kit.Drafts.PublishAsync(two, id, "夹带", submitted.Version, DraftKit.Key()));
        submitted = await kit.Drafts.SubmitAsync(two, id, "夹带", changed.Version, DraftKit.Key());
        Assert.Equal("designer.secondPerson", await RefusedAsync(() => kit.Drafts.PublishAsync(two, id, "夹带", submitted.Version, DraftKit.Key())));
        await kit.Drafts.PublishAsync(one, id, "看过了", submitted.Version, DraftKit.Key());
        var last = (await kit.VersionsAsync(id))[^1];
        Assert.Equal((one.AccountId, two.AccountId), (last.PublishedById!.Value, last.SecondById!.Value));
        // From now on one is enough.
        saved = await kit.RenameAsync(one, id, "又改", 0);
        Assert.Equal(3, (await kit.Drafts.PublishAsync(one, id, "一人", saved.Version, DraftKit.Key())).Number);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nobody_rolls_back_alone_where_two_publish(string kind)
    {
        var (_, kit) = await StartAsync(kind);
        var (one, two) = (await kit.ManagerAsync(), await kit.ManagerAsync());
        var id = await kit.PublishedAsync(one);
        var first = kit.Library.Find(id)!.Hash;
        var saved = await kit.EditAsync(one, id, m => m["publishing"] = new JsonObject { ["secondPerson"] = true }, 0);
        await kit.Drafts.PublishAsync(one, id, "须经两人", saved.Version, DraftKit.Key());
        Assert.Equal("designer.restoreFirst", await RefusedAsync(() => kit.Drafts.RollBackAsync(one, id, first, "退回", DraftKit.Key())));
        saved = await kit.Drafts.RestoreAsync(one, id, first, 0, DraftKit.Key());
        Assert.Equal("designer.submitFirst", await RefusedAsync(() => kit.Drafts.PublishAsync(one, id, "退回", saved.Version, DraftKit.Key())));
        saved = await kit.Drafts.SubmitAsync(one, id, "退回", saved.Version, DraftKit.Key());
        var back = await kit.Drafts.PublishAsync(two, id, "退回", saved.Version, DraftKit.Key());
        Assert.Equal((3, first), (back.Number, back.Hash));
        Assert.Equal(RevisionOrigin.Rollback, (await kit.VersionsAsync(id))[^1].Origin);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_retired_matter_takes_no_new_case_and_can_be_opened_again(string kind)
    {
        var (app, kit) = await StartAsync(kind);
        var (by, applicant) = (await kit.ManagerAsync(), new Viewer(Guid.NewGuid(), "甲", AccountKind.Applicant, []));
        var id = await kit.PublishedAsync(by);
        var drafts = app.Services.GetRequiredService<DraftCommands>();
        var begun = await drafts.StartAsync(applicant, id, DraftKit.Key());
        Assert.Equal("comment", Assert.Single((await Assert.ThrowsAsync<InvalidAnswersException>(() => kit.Drafts.RetireAsync(by, id, "", 1, DraftKit.Key()))).Faults).Path);
        await Assert.ThrowsAsync<StaleVersionException>(() => kit.Drafts.RetireAsync(by, id, "依据废止", 7, DraftKit.Key()));
        var key = DraftKit.Key();
        var retired = await kit.Drafts.RetireAsync(by, id, "依据废止", 1, key);
        Assert.Equal(retired, await kit.Drafts.RetireAsync(by, id, "依据废止", 1, key));
        Assert.Equal("designer.alreadyRetired", await RefusedAsync(() => kit.Drafts.RetireAsync(by, id, "再停", 1, DraftKit.Key())));
        Assert.Null(kit.Library.FindOffered(id));
        Assert.DoesNotContain(kit.Library.Offered, r => r.Matter.Id == id);
        // Its cases, grants and registers go on: it is still known.
        Assert.NotNull(kit.Library.Find(id));
        await Assert.ThrowsAsync<UnknownCaseException>(() => drafts.StartAsync(applicant, id, DraftKit.Key()));
        Assert.Equal("matter.retired", await RefusedAsync(() => drafts.SubmitAsync(applicant, begun, DraftKit.Key())));
        var again = await kit.Drafts.RollBackAsync(by, id, retired.Hash, "恢复", DraftKit.Key());
        Assert.Equal((2, retired.Hash), (again.Number, again.Hash));
        Assert.NotEqual(Guid.Empty, await drafts.StartAsync(applicant, id, DraftKit.Key()));
        var versions = await kit.VersionsAsync(id);
        Assert.Equal(("依据废止", by.AccountId, false), (versions[0].RetireComment, versions[0].RetiredById!.Value, versions[0].Current));
        Assert.Null(versions[1].RetiredAt);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_earlier_version_is_published_again_under_a_new_number(string kind)
    {
        var (_, kit) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var id = await kit.PublishedAsync(by);
        var first = kit.Library.Find(id)!.Hash;
        var saved = await kit.RenameAsync(by, id, "改坏了", 0);
        await kit.Drafts.PublishAsync(by, id, "改", saved.Version, DraftKit.Key());
        var open = await kit.RenameAsync(by, id, "还在改", 0);
        var key = DraftKit.Key();
        var back = await kit.Drafts.RollBackAsync(by, id, first, "改坏了，退回", key);
        Assert.Equal(back, await kit.Drafts.RollBackAsync(by, id, first, "改坏了，退回", key));
        Assert.Equal((3, first, 3), (back.Number, back.Hash, (await kit.VersionsAsync(id)).Count));
        Assert.Equal("designer.unchanged", await RefusedAsync(() => kit.Drafts.RollBackAsync(by, id, first, "再退", DraftKit.Key())));
        await Assert.ThrowsAsync<UnknownCaseException>(() => kit.Drafts.RollBackAsync(by, id, kit.Library.Find("rural-dibao")!.Hash, "别的事项", DraftKit.Key()));
        Assert.Equal(first, (await kit.Library.RevisionAsync(back.Hash)).Hash);
        // The draft began from what was rolled back: it is not published over that unseen.
        Assert.Equal("designer.otherBase", await RefusedAsync(() => kit.Drafts.PublishAsync(by, id, "继续", open.Version, DraftKit.Key())));
        open = await kit.Drafts.RebaseAsync(by, id, open.Version, DraftKit.Key());
        Assert.Equal(4, (await kit.Drafts.PublishAsync(by, id, "对照过了", open.Version, DraftKit.Key())).Number);
        await using var db = kit.Open();
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_new_matter_and_a_copy_pass_the_check(string kind)
    {
        var (_, kit) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var id = DraftKit.NewId();
        await kit.Drafts.NewAsync(by, id, Name, null, DraftKit.Key());
        Assert.Empty(kit.Drafts.Check((await kit.Drafts.FindAsync(id))!).Faults.Select(f => f.ToString()));
        Assert.Equal("id", Assert.Single((await Assert.ThrowsAsync<InvalidAnswersException>(() => kit.Drafts.NewAsync(by, id, Name, null, DraftKit.Key()))).Faults).Path);
        // Its page would lie behind another's.
        Assert.Equal("id", Assert.Single((await Assert.ThrowsAsync<InvalidAnswersException>(() => kit.Drafts.NewAsync(by, "health", Name, null, DraftKit.Key()))).Faults).Path);
        Assert.Equal(["id", "nameZh", "copyOf"], (await Assert.ThrowsAsync<InvalidAnswersException>(() => kit.Drafts.NewAsync(by, "Big Id", new Words { Zh = " ", En = "x" }, "none", DraftKit.Key()))).Faults.Select(f => f.Path));
        foreach (var of in new[] { "rural-dibao", "divorce", "marriage-reissue" })
        {
            var copy = DraftKit.NewId();
            await kit.Drafts.NewAsync(by, copy, Name, of, DraftKit.Key());
            var draft = (await kit.Drafts.FindAsync(copy))!;
            Assert.Empty(kit.Drafts.Check(draft).Faults.Where(f => f.IsError).Select(f => f.ToString()));
            Assert.DoesNotContain($"\"definitionId\": \"{of}-", draft.Bundle.Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
            await kit.Drafts.DiscardAsync(by, copy, draft.Version, DraftKit.Key());
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_changed_folder_is_offered_and_never_published_over_a_managers_work(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var kit = new DraftKit(app);
        var (by, offers) = (await kit.ManagerAsync(), app.Services.GetRequiredService<FolderOffers>());
        Assert.Empty(await offers.ListAsync(by));
        var shipped = kit.Library.Find("divorce")!;
        var saved = await kit.RenameAsync(by, "divorce", "离婚登记（本县）", 0);
        await kit.Drafts.PublishAsync(by, "divorce", "本县叫法", saved.Version, DraftKit.Key());
        var folder = Folder(shipped, "离婚登记（新版）");
        try
        {
            await kit.Library.PublishFoldersAsync(folder, default);
            Assert.Equal("离婚登记（本县）", kit.Library.Find("divorce")!.Matter.Name.Zh);
            // A matter that came from a folder follows its folder, where folders are published at all.
            Folder(kit.Library.Find("marriage-reissue")!, "补领（新版）", folder);
            Assert.Empty(await kit.Library.PublishFoldersAsync(folder, default));
            Assert.Equal("补领（新版）", kit.Library.Find("marriage-reissue")!.Matter.Name.Zh);
            // In production even that is left to a manager: only what the store does not have.
            Folder(kit.Library.Find("marriage")!, "结婚（新版）", folder);
            Assert.Empty(await kit.Library.PublishAsync(MatterLibrary.ReadFolders(folder), onlyNew: true, default));
            Assert.Equal("结婚登记", kit.Library.Find("marriage")!.Matter.Name.Zh);
            // And what the store does not have is published there, once.
            var unknown = MatterFolder.FromFiles(NewMatter.Empty("from-a-folder", Name)).Revision!;
            Folder(unknown, "新事项", folder);
            Assert.Empty(await kit.Library.PublishAsync(MatterLibrary.ReadFolders(folder), onlyNew: true, default));
            Folder(unknown, "新事项（新版）", folder);
            Assert.Empty(await kit.Library.PublishAsync(MatterLibrary.ReadFolders(folder), onlyNew: true, default));
            Assert.Equal((1, "新事项"), (Assert.Single(await kit.VersionsAsync("from-a-folder")).Number, kit.Library.Find("from-a-folder")!.Matter.Name.Zh));
            // A manager published a moment ago, after this node had looked: the folder's revision steps back.
            await kit.Library.PublishAsync(MatterFolder.Load(Path.Combine(folder, "divorce")).Revision!, default);
            Assert.Equal(2, (await kit.VersionsAsync("divorce")).Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        // The reissue's folder of the product is known to the store; nothing is offered that was published once.
        Assert.Empty(await offers.ListAsync(by));
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Set<PublishedRevision>().Where(r => r.Matter == "divorce" && r.Hash == shipped.Hash).ExecuteUpdateAsync(s => s.SetProperty(r => r.Hash, new string('0', 64)), cancel));
        Assert.Equal(["divorce"], (await offers.ListAsync(by)).Keys);
        Assert.Empty(await offers.ListAsync(new Viewer(Guid.NewGuid(), "干部", AccountKind.Officer, [new HeldRole(Roles.Administrator, DraftKit.County)])));
        saved = await kit.Drafts.TakeFolderAsync(by, "divorce", (await offers.FindAsync(by, "divorce"))!, 0, DraftKit.Key());
        Assert.Empty(await offers.ListAsync(by));
        saved = await kit.RenameAsync(by, "divorce", "离婚登记（合并）", saved.Version);
        await kit.Drafts.PublishAsync(by, "divorce", "并入新版", saved.Version, DraftKit.Key());
        // Changed and published, it is taken over all the same.
        Assert.Empty(await offers.ListAsync(by));
        Assert.Equal([null, null, shipped.Hash], (await kit.VersionsAsync("divorce")).Select(v => v.FolderHash));
        // An earlier version as the draft knows nothing of it.
        saved = await kit.Drafts.RestoreAsync(by, "divorce", (await kit.VersionsAsync("divorce"))[1].Hash, 0, DraftKit.Key());
        Assert.Null((await kit.Drafts.FindAsync("divorce"))!.FolderHash);
    }

    [PostgresFact]
    public async Task Another_node_learns_of_it_within_seconds()
    {
        var connection = await Databases.FreshAsync(Databases.Postgres);
        await using var one = new TestApp(connection);
        await using var two = new TestApp(connection, settings: new Dictionary<string, string> { ["Matters:WatchSeconds"] = "0.2" });
        var kit = new DraftKit(one);
        var (by, there) = (await kit.ManagerAsync(), new DraftKit(two).Library);
        var id = await kit.PublishedAsync(by);
        await UntilAsync(() => there.FindOffered(id) is not null);
        await kit.Drafts.RetireAsync(by, id, "停用", 1, DraftKit.Key());
        await UntilAsync(() => there.FindOffered(id) is null);
        Assert.NotNull(there.Find(id));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Managers_see_matters_with_who_when_and_why_and_others_nothing(string kind)
    {
        var (app, kit) = await StartAsync(kind);
        var (by, query) = (await kit.ManagerAsync(), app.Services.GetRequiredService<DesignerQuery>());
        var id = await kit.PublishedAsync(by);
        var saved = await kit.RenameAsync(by, id, "新名字", 0);
        var line = (await query.ListAsync(by)).Single(l => l.Id == id);
        Assert.Equal((1, by.Name, DraftState.Open, 0), (line.Number!.Value, line.PublishedBy, line.Draft!.Value, line.Errors!.Value));
        var life = (await query.FindAsync(by, id))!;
        Assert.Equal(("新开事项", saved.Version, true), (life.Current!.Comment, life.Draft!.Version, life.Draft.FollowsCurrent));
        Assert.Equal("名称由“村规民约备案”改为“新名字”。", Assert.Single((await query.CompareAsync(by, id, "1", "draft"))!).Text.Zh);
        foreach (var other in new[] { new Viewer(Guid.NewGuid(), "干部", AccountKind.Officer, [new HeldRole(Roles.Administrator, DraftKit.County)]), new Viewer(Guid.NewGuid(), "甲", AccountKind.Applicant, []) })
        {
            Assert.Empty(await query.ListAsync(other));
            Assert.Null(await query.FindAsync(other, id));
            Assert.Null(await query.FilesAsync(other, id, "1"));
            Assert.Null(await query.FilesAsync(other, id, "draft"));
            Assert.Null(await query.CompareAsync(other, id, "1", "draft"));
            Assert.Null(await query.HashAsync(other, id, 1));
        }
    }

    private static async Task<string> RefusedAsync(Func<Task> attempt) => (await Assert.ThrowsAsync<NotAllowedException>(attempt)).Reason;

    private static async Task UntilAsync(Func<bool> holds)
    {
        var end = DateTimeOffset.UtcNow.AddSeconds(15);
        while (!holds() && DateTimeOffset.UtcNow < end) await Task.Delay(100);
        Assert.True(holds());
    }

    /// <summary>The revision as a folder, under another name.</summary>
    private static string Folder(MatterRevision revision, string name, string? root = null)
    {
        root ??= Directory.CreateTempSubdirectory("folders-").FullName;
        foreach (var (path, text) in MatterBundle.Read(revision.Bundle))
        {
            var file = Path.Combine(root, revision.Matter.Id, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var matter = path == "matter.json" ? JsonNode.Parse(text)!.AsObject() : null;
            if (matter is not null) matter["name"]!["zh"] = name;
            File.WriteAllText(file, matter?.ToJsonString() ?? text);
        }
        return root;
    }

    private async Task<(TestApp App, DraftKit Kit)> StartAsync(string kind)
    {
        var app = await databases.GetAsync(kind);
        return (app, new DraftKit(app));
    }
}
