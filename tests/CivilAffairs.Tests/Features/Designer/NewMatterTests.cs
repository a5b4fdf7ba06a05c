using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>A new matter says at its start who applies, of what family it is, and who handles it; whatever was said, it can be published as it is.</summary>
public sealed class NewMatterTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly Words Name = new() { Zh = "村规民约备案", En = "Village rules" }, Who = new() { Zh = "村民委员会的经办人", En = "The handler of the villagers' committee" };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_township_handles_a_matter_and_people_file_in_their_village(string kind)
    {
        var kit = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var id = DraftKit.NewId();
        var saved = await kit.Drafts.NewAsync(by, id, Name, null, new NewMatterStart("register", Who, "township"), DraftKit.Key());
        Assert.DoesNotContain(kit.Drafts.Check((await kit.Drafts.FindAsync(id))!).Faults, f => f.IsError);
        await kit.Drafts.PublishAsync(by, id, "新开事项", saved.Version, DraftKit.Key());
        // No restart: it is offered at once.
        var offered = kit.Library.FindOffered(id)!;
        Assert.Equal(("register", "村民委员会的经办人", "applicant.village"), (offered.Matter.Family, offered.Matter.Applicants.Who.Zh, offered.Form.Place));
        Assert.Equal(["TCK"], offered.Matter.Applicants.CounterRoles);
        Assert.DoesNotContain(offered.Matter.Roles, r => r.Code is "CCK" or "CAP");
        Assert.DoesNotContain("\"county\"", offered.Workflows["apply"], StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_copy_keeps_what_is_not_said(string kind)
    {
        var kit = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var (plain, said) = (DraftKit.NewId(), DraftKit.NewId());
        await kit.Drafts.NewAsync(by, plain, Name, "rural-dibao", DraftKit.Key());
        await kit.Drafts.NewAsync(by, said, Name, "rural-dibao", new NewMatterStart("register", Who), DraftKit.Key());
        var (first, second) = (kit.Drafts.Check((await kit.Drafts.FindAsync(plain))!), kit.Drafts.Check((await kit.Drafts.FindAsync(said))!));
        Assert.Equal(("relief", "register"), (first.Revision!.Matter.Family, second.Revision!.Matter.Family));
        Assert.Equal(ShippedMatters.Load("rural-dibao").Revision!.Matter.Applicants.Who, first.Revision.Matter.Applicants.Who);
        Assert.Equal("村民委员会的经办人", second.Revision.Matter.Applicants.Who.Zh);
        Assert.All((LoadedMatter[])[first, second], l => Assert.DoesNotContain(l.Faults, f => f.IsError));
    }

    [Theory]
    [InlineData("new", "register", "甲", null, null, "id")]
    [InlineData("village-rules", "other", "甲", null, null, "family")]
    [InlineData("village-rules", "register", " ", null, null, "whoZh")]
    [InlineData("village-rules", "register", "甲", "village", null, "office")]
    [InlineData("village-rules", "register", "甲", "township", "rural-dibao", "office")]
    public async Task What_is_said_wrong_is_told_by_its_field(string id, string family, string who, string? office, string? copy, string field)
    {
        var kit = await StartAsync(Databases.Sqlite);
        var refused = await Assert.ThrowsAsync<InvalidAnswersException>(async () => await kit.Drafts.NewAsync(await kit.ManagerAsync(), id, Name, copy, new NewMatterStart(family, new Words { Zh = who, En = "A" }, office), DraftKit.Key()));
        Assert.Equal([field], refused.Faults.Select(f => f.Path));
    }

    private async Task<DraftKit> StartAsync(string kind) => new(await databases.GetAsync(kind));
}
