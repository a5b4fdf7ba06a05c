using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>Who did what to a draft since it began, told from the audit.</summary>
public sealed class DraftHistoryTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Each_step_of_the_draft_is_told_with_who_when_and_what(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (kit, history) = (new DraftKit(app), app.Services.GetRequiredService<DraftHistory>());
        var (one, two) = (await kit.ManagerAsync(), await kit.ManagerAsync());
        var id = await kit.PublishedAsync(one);
        Assert.Empty((await history.ReadAsync(one, id))!);
        // Another matter's draft, whose id begins alike, is not told here.
        var other = await kit.PublishedAsync(two);
        await kit.RenameAsync(two, other, "别的事项", 0);

        var saved = await kit.RenameAsync(one, id, "一", 0);
        saved = await kit.RenameAsync(one, id, "二", saved.Version);
        saved = await kit.Drafts.SaveFileAsync(two, id, "templates/granted.mail", "x", saved.Version, DraftKit.Key());
        saved = await kit.Drafts.RestoreAsync(two, id, kit.Library.Find(id)!.Hash, saved.Version, DraftKit.Key());
        saved = await kit.RenameAsync(one, id, "三", saved.Version);
        await kit.Drafts.SubmitAsync(one, id, "请复核", saved.Version, DraftKit.Key());

        var steps = (await history.ReadAsync(two, id))!;
        Assert.Equal([("submitted", one.Name, 1), ("saved", one.Name, 1), ("restored", two.Name, 1), ("saved", two.Name, 1), ("saved", one.Name, 2)], steps.Select(s => (s.What, s.By, s.Times)));
        Assert.Equal(["matter.json"], steps[4].Files);
        Assert.Equal(("事项", "matter"), (steps[4].Parts[0].Zh, steps[4].Parts[0].En));
        Assert.Contains("granted.mail", steps[3].Parts[0].Zh, StringComparison.Ordinal);
        Assert.True(steps[4].Since <= steps[4].At && steps[4].At <= steps[0].At);
        // The next draft begins anew, and so does what is told of it.
        await kit.Drafts.DiscardAsync(one, id, (await kit.Drafts.FindAsync(id))!.Version, DraftKit.Key());
        Assert.Empty((await history.ReadAsync(one, id))!);
        await kit.RenameAsync(two, id, "四", 0);
        Assert.Equal([("saved", two.Name)], (await history.ReadAsync(one, id))!.Select(s => (s.What, s.By)));
        Assert.Null(await history.ReadAsync(one, "no-such-matter"));
        Assert.Null(await history.ReadAsync(new Viewer(one.AccountId, one.Name, AccountKind.Officer, [new HeldRole(Roles.Supervisor, DraftKit.County)]), id));
    }
}
