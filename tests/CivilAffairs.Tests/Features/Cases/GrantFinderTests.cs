using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>A later case adjusts and ends what its household was granted before, here or in a ledger that was imported, and nobody else's.</summary>
public sealed class GrantFinderTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Another_case_adjusts_and_then_ends_the_household_s_grant(string kind)
    {
        var relief = await ReliefCases.InAsync(await databases.GetAsync(kind));
        string[] household = [ReliefCases.Somebody(), ReliefCases.Somebody()];
        var granted = await relief.DecideAsync("apply", household);
        // A member of the household applies this time, and then who applied first.
        var adjusted = await relief.DecideAsync("adjust", [household[1], household[0]]);
        var ended = await relief.DecideAsync("end", household);

        await using var db = relief.Open();
        var grant = await db.Set<Grant>().SingleAsync(g => g.CaseId == granted);
        Assert.Equal((30_000, new DateOnly(2026, 3, 1)), (grant.AmountFen, grant.LastMonth));
        var changes = await db.Set<GrantChange>().Where(c => c.GrantId == grant.Id).OrderBy(c => c.RecordedAt).ThenBy(c => c.AmountFen == null).ToListAsync();
        Assert.Equal([(adjusted, 5_000L, new DateOnly(2026, 4, 1)), (ended, null, new DateOnly(2026, 4, 1))], changes.Select(c => (c.CaseId!.Value, c.AmountFen, c.FromMonth)));
        Assert.All(changes, c => Assert.Equal(new DateOnly(2026, 3, 18), c.OccurredOn));
        Assert.Contains("test.amount", changes[0].Parameters, StringComparison.Ordinal);
        Assert.Empty(await db.Set<Grant>().Where(g => g.CaseId == adjusted || g.CaseId == ended).ToListAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_imported_grant_which_has_no_case_is_found_by_its_holder(string kind)
    {
        var app = await databases.GetAsync(kind);
        var relief = await ReliefCases.InAsync(app);
        var holder = ReliefCases.Somebody();
        var imported = await ImportAsync(app, holder);
        await relief.DecideAsync("end", [ReliefCases.Somebody(), holder]);
        await using var db = relief.Open();
        Assert.Equal(new DateOnly(2026, 3, 1), (await db.Set<Grant>().SingleAsync(g => g.Id == imported)).LastMonth);
    }

    /// <summary>None, several, another household's, an agent's own: each is a fault, and nothing of the decision stays.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_grant_that_is_not_this_household_s_is_never_touched(string kind)
    {
        var app = await databases.GetAsync(kind);
        var relief = await ReliefCases.InAsync(app);
        string[] strangers = [ReliefCases.Somebody(), ReliefCases.Somebody()];
        var theirs = await relief.DecideAsync("apply", strangers);

        await FaultsAsync(relief, await AcceptedAsync("end", [ReliefCases.Somebody()]), "has a grant");
        // Who only speaks for others does not bring their own household's grant into it.
        await FaultsAsync(relief, await AcceptedAsync("end", [ReliefCases.Somebody()], agent: strangers[0]), "has a grant");

        // The definition itself names the stranger's grant.
        await using var db = relief.Open();
        var strange = await db.Set<Grant>().SingleAsync(g => g.CaseId == theirs);
        await app.Services.GetRequiredService<IWriter>().WriteAsync((d, _) => Task.FromResult(d.Add(new ParameterValue { Key = "test.stranger", Value = $"\"{strange.Id}\"", ValidFrom = new(2026, 1, 1), Source = "x" })));
        var named = await AcceptedAsync("other", [ReliefCases.Somebody()]);
        await FaultsAsync(relief, named, "none of this case's household");
        // The same definition may end it for the household itself.
        await relief.CloseAsync(await AcceptedAsync("other", [strangers[1]]));
        Assert.Equal(new DateOnly(2026, 3, 1), (await db.Set<Grant>().AsNoTracking().SingleAsync(g => g.Id == strange.Id)).LastMonth);

        // Two: nobody chooses for them.
        var holder = ReliefCases.Somebody();
        Guid[] two = [await ImportAsync(app, holder), await ImportAsync(app, holder)];
        await FaultsAsync(relief, await AcceptedAsync("end", [holder]), "several grants");
        Assert.All(await db.Set<Grant>().AsNoTracking().Where(g => two.Contains(g.Id)).ToListAsync(), g => Assert.Null(g.LastMonth));
        Assert.Empty((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults);

        async Task<Guid> AcceptedAsync(string wish, string[] people, string? agent = null)
        {
            var id = await relief.FileAsync(wish, people, agent);
            await relief.CloseAsync(id);
            return id;
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_opened_about_a_grant_ends_that_one_though_the_household_has_two(string kind)
    {
        var app = await databases.GetAsync(kind);
        var relief = await ReliefCases.InAsync(app);
        var holder = ReliefCases.Somebody();
        var granted = await relief.DecideAsync("apply", [holder]);
        var other = await ImportAsync(app, holder);
        await using var db = relief.Open();
        var grant = await db.Set<Grant>().AsNoTracking().SingleAsync(g => g.CaseId == granted);
        var opened = await db.Set<Case>().SingleAsync(c => c.OriginId == granted);
        Assert.Equal((grant.Id, new DateOnly(2026, 3, 18), "341299102201", "341299101201"), (opened.GrantId, opened.ReceivedOn, opened.HukouDivision, opened.EventDivision));
        await relief.CloseAsync(opened.Id);
        var after = await db.Set<Grant>().AsNoTracking().Where(g => g.Id == grant.Id || g.Id == other).ToDictionaryAsync(g => g.Id, g => g.LastMonth);
        Assert.Equal((new DateOnly(2026, 3, 1), null), (after[grant.Id], after[other]));
        Assert.Equal(opened.Id, (await db.Set<GrantChange>().SingleAsync(c => c.GrantId == grant.Id)).CaseId);
    }

    private static async Task FaultsAsync(ReliefCases relief, Guid caseId, string said)
    {
        Assert.Contains(said, (await Assert.ThrowsAsync<CaseFaultedException>(() => relief.CloseAsync(caseId))).Message, StringComparison.Ordinal);
        await using var db = relief.Open();
        Assert.Equal(("Accepted", 0), ((await db.Set<Case>().SingleAsync(c => c.Id == caseId)).Status, await db.Set<GrantChange>().CountAsync(c => c.CaseId == caseId)));
    }

    /// <summary>A line of an old ledger: its holder is a person the bureau knows, and there is no case.</summary>
    private static Task<Guid> ImportAsync(TestApp app, string holder) => app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
    {
        var (ring, cipher) = (app.Services.GetRequiredService<KeyRing>(), app.Services.GetRequiredService<FieldCipher>());
        var person = await db.FindPersonAsync(ring, holder, cancel);
        if (person is null) db.Add(person = Persons.New(ring, cipher, holder, "乙", DateTimeOffset.UnixEpoch));
        var grant = new Grant { Matter = ReliefMatter.Id, Benefit = "relief", PersonId = person.Id, HolderName = "乙", County = "341299", Township = "341299101", AmountFen = 100, Parameters = "[]", FirstMonth = new(2024, 1, 1) };
        db.Add(grant);
        return grant.Id;
    });
}
