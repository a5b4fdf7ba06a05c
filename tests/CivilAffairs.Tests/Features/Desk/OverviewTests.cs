using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Overview;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk;

/// <summary>What leaders see: figures of the county, and late steps of their own jurisdiction.</summary>
public sealed class OverviewTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Late_steps_are_those_of_the_jurisdiction_the_longest_late_first(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (here, there) = (await LateAsync(app), await LateAsync(app));
        var late = app.Services.GetRequiredService<OverdueQuery>();
        var view = (await late.ReadAsync(CaseStory.Officer("sup-o", Roles.Supervisor, here.Story.Township), null, 1))!;
        Assert.All(view.Rows, r => Assert.Equal(here.CaseId, r.CaseId));
        Assert.Equal(view.Rows.Select(r => r.Step.LastDay).Order(), view.Rows.Select(r => r.Step.LastDay));
        Assert.Equal([new LateIn(here.Story.Township, view.Total)], view.Places);
        Assert.True(view.Total > 0);
        Assert.Equal(view.Total, view.Steps.Sum(s => s.Count));
        // The county's leader has both, and may look at one township.
        var leader = CaseStory.Officer("ldr-o", Roles.Leader, "341299");
        var county = (await late.ReadAsync(leader, null, 1, 500))!;
        Assert.Contains(county.Rows, r => r.CaseId == there.CaseId);
        Assert.All((await late.ReadAsync(leader, there.Story.Township, 1, 500))!.Rows, r => Assert.Equal(there.CaseId, r.CaseId));
        Assert.Null(await late.ReadAsync(CaseStory.Officer("trv-o", Roles.TownshipReviewer, here.Story.Township), null, 1));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Figures_count_by_the_bureau_s_months_and_only_for_the_county(string kind)
    {
        await using var app = await Databases.StartAsync(kind, new StoppedClock(new DateTimeOffset(2026, 9, 15, 1, 0, 0, TimeSpan.Zero)));
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            // 00:30 in Shanghai on 1 September is 31 August in UTC.
            db.AddRange(Filed("2026-09-01T00:30:00+08:00"), Filed("2026-08-31T23:30:00+08:00"), Filed("2025-09-30T12:00:00+08:00"));
            var old = Valid("a", new DateOnly(2026, 9, 14));
            var (soon, renewed) = (Valid("b", new DateOnly(2026, 9, 15)), Valid("c", new DateOnly(2026, 10, 1)));
            var next = Valid("d", new DateOnly(2030, 10, 1));
            next.RenewsId = renewed.Id;
            db.AddRange(old, soon, renewed, next);
            return Task.FromResult(0);
        });
        var query = app.Services.GetRequiredService<OverviewQuery>();
        var view = (await query.ReadAsync(CaseStory.Officer("ldr-f", Roles.Leader, "341299")))!;
        Assert.Equal([new MonthFigures(new DateOnly(2026, 8, 1), 1, 0), new MonthFigures(new DateOnly(2026, 9, 1), 1, 0)], view.Received.TakeLast(2));
        Assert.Equal(0, view.Received[0].Received);
        Assert.Equal([new MonthExpiries(new DateOnly(2026, 9, 1), 1, 0), new MonthExpiries(new DateOnly(2026, 10, 1), 1, 1)], view.Expiring.Take(2));
        Assert.Equal(3, view.Open.Sum(o => o.Count));
        Assert.Null(await query.ReadAsync(CaseStory.Officer("sup-f", Roles.Supervisor, "341299101")));
    }

    private static Case Filed(string at) => new()
    {
        Matter = "rural-dibao", Revision = "r", Status = "Submitted", County = "341299", Township = "341299101", Number = $"341299-2026-{Random.Shared.Next(1_000_000):000000}",
        SubmittedAt = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture).ToUniversalTime(),
    };

    private static Certificate Valid(string number, DateOnly to) => new() { Matter = "m", Kind = "k", Number = number, HolderName = "协会", County = "341299", ValidFrom = to.AddYears(-4), ValidTo = to };

    internal static async Task<(CaseStory Story, Guid CaseId)> LateAsync(TestApp app)
    {
        var story = new CaseStory(app);
        // Left alone since the spring: its open steps are late by now.
        return (story, await story.PlayAsync("granted", new DateTimeOffset(2026, 2, 12, 12, 0, 0, TimeSpan.FromHours(8))));
    }
}

/// <summary>The same in a real browser.</summary>
public sealed class OverviewPageTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_leader_sees_where_it_sticks(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        await OverviewTests.LateAsync(app);
        await OverviewTests.LateAsync(app);
        var leader = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Leader, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, leader.UserName!, "/desk/overview");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "工作概览" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("figure.bars").First).ToBeVisibleAsync();
        await LookAsync(page, $"overview-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "查看超期环节" }).ClickAsync();
        await Assertions.Expect(page.Locator("table.desk-table tbody tr").First).ToBeVisibleAsync();
        await LookAsync(page, $"overdue-{width}");
    }
}
