using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Health;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>What a year's cases say of the definitions, on both databases.</summary>
public sealed class MatterHealthTests
{
    private static readonly Viewer Manager = new(Guid.NewGuid(), "策划", AccountKind.Officer, [new HeldRole(Roles.Manager, "341299")]);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Late_steps_unused_ways_and_empty_posts_are_told(string kind)
    {
        var clock = new StoppedClock(new DateTimeOffset(2026, 9, 1, 1, 0, 0, TimeSpan.Zero));
        await using var app = await Databases.StartAsync(kind, clock);
        _ = app.Server;
        var query = app.Services.GetRequiredService<HealthQuery>();
        var story = new CaseStory(app);
        for (var n = 1; n < HealthQuery.LeastCases; n++) await new CaseStory(app).PlayAsync("not-accepted");

        // One too few: nothing is said yet of ways and limits.
        var few = await query.ReadAsync(Manager, "rural-dibao");
        Assert.Equal((HealthQuery.LeastCases - 1, 0, 0), (few.Cases, few.Late.Count, few.Unused.Count));
        await story.PlayAsync("not-accepted");
        var health = await query.ReadAsync(Manager, "rural-dibao");
        Assert.Equal(HealthQuery.LeastCases, health.Cases);
        // The example's clerk answers the day after the last one, each time.
        Assert.Equal([new LateStep("accept", HealthQuery.LeastCases, HealthQuery.LeastCases)], health.Late);
        Assert.Contains(new UnusedBranch("apply", "accept", "Correct", HealthQuery.LeastCases), health.Unused);
        Assert.DoesNotContain(health.Unused, u => u is { Activity: "accept", Port: "NotAccept" });
        // What no case came to is not told way by way.
        Assert.DoesNotContain(health.Unused, u => u.Activity == "confirm");

        var clerks = health.Vacant.Single(v => v.Role == Roles.Clerk);
        Assert.Equal("township", clerks.Level);
        Assert.Contains(story.Township, clerks.Divisions);
        await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        var staffed = (await query.ReadAsync(Manager, "rural-dibao")).Vacant.Single(v => v.Role == Roles.Clerk);
        Assert.DoesNotContain(story.Township, staffed.Divisions);
        Assert.Equal(clerks.Divisions.Count - 1, staffed.Divisions.Count);

        // A year later they count no more.
        clock.Forward(TimeSpan.FromDays(366));
        Assert.Equal(0, (await query.ReadAsync(Manager, "rural-dibao")).Cases);
        await Assert.ThrowsAsync<NotAllowedException>(() => query.ReadAsync(CaseStory.Officer("adm", Roles.Administrator, "341299"), "rural-dibao"));
        await Assert.ThrowsAsync<UnknownCaseException>(() => query.ReadAsync(Manager, "no-such-matter"));
        Assert.Equal(0, (await query.ReadAsync(Manager with { Held = [new HeldRole(Roles.Manager, "341298")] }, "rural-dibao")).Cases);
    }
}
