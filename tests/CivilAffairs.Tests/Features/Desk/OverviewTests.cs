using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Overview;
using CivilAffairs.Web.Features.Registers.Expiring;
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
        var view = (await late.ReadAsync(CaseStory.Officer("sup-o", Roles.Supervisor, here.Story.Township), new(), 1))!;
        Assert.All(view.Rows, r => Assert.Equal(here.CaseId, r.CaseId));
        Assert.Equal(view.Rows.Select(r => r.Step.LastDay).Order(), view.Rows.Select(r => r.Step.LastDay));
        Assert.Equal([new LateIn(here.Story.Township, view.Total)], view.Places);
        Assert.True(view.Total > 0);
        Assert.Equal(view.Total, view.Steps.Sum(s => s.Count));
        Assert.Equal((view.All, view.All, view.All), (view.Total, view.Matters.Sum(m => m.Count), view.Bands.Sum()));
        // A name in a chart leads to that part: as many lines as it says.
        var (overseer, graver) = (CaseStory.Officer("sup-o", Roles.Supervisor, here.Story.Township), view.Bands.Index().First(b => b.Item > 0));
        foreach (var (only, count) in new[] { (new OverdueFilter(Step: view.Steps[0].Step, Matter: view.Steps[0].Matter), view.Steps[0].Count), (new OverdueFilter(Band: graver.Index), graver.Item), (new OverdueFilter(Matter: "marriage"), 0) })
        {
            var part = (await late.ReadAsync(overseer, only, 1, 500))!;
            Assert.Equal((count, count, view.All), (part.Total, part.Rows.Count, part.All));
        }
        // The county's leader has both, and may look at one township.
        var leader = CaseStory.Officer("ldr-o", Roles.Leader, "341299");
        var county = (await late.ReadAsync(leader, new(), 1, 500))!;
        Assert.Contains(county.Rows, r => r.CaseId == there.CaseId);
        Assert.All((await late.ReadAsync(leader, new(there.Story.Township), 1, 500))!.Rows, r => Assert.Equal(there.CaseId, r.CaseId));
        Assert.Null(await late.ReadAsync(CaseStory.Officer("trv-o", Roles.TownshipReviewer, here.Story.Township), new(), 1));
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

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Certificates_that_run_out_are_counted_by_band_and_place_and_listed_the_earliest_first(string kind)
    {
        await using var app = await Databases.StartAsync(kind, new StoppedClock(new DateTimeOffset(2026, 9, 15, 1, 0, 0, TimeSpan.Zero)));
        var today = new DateOnly(2026, 9, 15);
        Certificate Of(string number, int days, string township = "341299101", string certificate = "so-certificate") =>
            new() { Matter = "so-renewal", Kind = certificate, Number = number, HolderName = number, County = "341299", Township = township, ValidFrom = today.AddYears(-4), ValidTo = today.AddDays(days) };
        var renewed = Of("renewed", 5);
        var (next, suspended) = (Of("next", 1500), Of("suspended", 6));
        next.RenewsId = renewed.Id;
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.AddRange(Of("long ago", -366), Of("a year ago", -365), Of("yesterday", -1), Of("today", 0), Of("a month", 30), Of("more", 31, "341299102"), Of("two months", 60), Of("three", 61), Of("last", 90), Of("later", 91), Of("unknown kind", 3, certificate: "x"), renewed, next, suspended);
            db.Add(new CertificateChange { CertificateId = suspended.Id, Action = "Suspended", FromDay = today });
            return Task.FromResult(0);
        });
        var expiring = app.Services.GetRequiredService<ExpiringQuery>();
        var leader = CaseStory.Officer("ldr-e", Roles.Leader, "341299");
        var view = (await expiring.ReadAsync(leader, new(), null, 3))!;
        Assert.Equal([2, 2, 2, 2], Enumerable.Range(0, 4).Select(b => view.Groups.Where(g => g.Band == b).Sum(g => g.Count)));
        Assert.Equal([("341299101", 7), ("341299102", 1)], view.Groups.GroupBy(g => g.Township).Select(g => (g.Key, g.Sum(c => c.Count))).OrderBy(g => g.Key));
        // Page by page, each line once.
        var (listed, after) = (view.Rows.ToList(), view.Next);
        while (after is not null)
        {
            var page = (await expiring.ReadAsync(leader, new(), after, 3))!;
            listed.AddRange(page.Rows);
            after = page.Next;
        }
        Assert.Equal(["a year ago", "yesterday", "today", "a month", "more", "two months", "three", "last"], listed.Select(r => r.Line.Number));
        Assert.Equal([-365, -1, 0, 30, 31, 60, 61, 90], listed.Select(r => r.DaysLeft));
        // A part is as many lines as its chart says; a township has its own; others nothing.
        foreach (var (only, numbers) in new (ExpiringFilter, string[])[] { (new(Band: 0), ["a year ago", "yesterday"]), (new(Band: 1), ["today", "a month"]), (new(Band: 2), ["more", "two months"]), (new(Band: 3), ["three", "last"]), (new(Division: "341299102"), ["more"]), (new(Kind: "x"), []) })
        {
            var part = (await expiring.ReadAsync(leader, only, null))!;
            Assert.Equal(numbers, part.Rows.Select(r => r.Line.Number));
            Assert.Equal(numbers.Length, part.Total);
        }
        Assert.Equal(["more"], (await expiring.ReadAsync(CaseStory.Officer("sup-e", Roles.Supervisor, "341299102"), new(), null))!.Rows.Select(r => r.Line.Number));
        Assert.Null(await expiring.ReadAsync(CaseStory.Officer("soc-e", Roles.OrganisationClerk, "341299"), new(), null));
    }

    /// <summary>However many months and bands there are: one question for each row of figures.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Figures_take_few_questions(string kind)
    {
        var app = await databases.GetAsync(kind);
        var leader = CaseStory.Officer("ldr-q", Roles.Leader, "341299");
        Assert.Equal(6, (await Support.Scale.Statements.OfAsync(app.Services, () => app.Services.GetRequiredService<OverviewQuery>().ReadAsync(leader))).Count);
        // Counts, the list, and what lines show beside: changes and cases.
        Assert.InRange((await Support.Scale.Statements.OfAsync(app.Services, () => app.Services.GetRequiredService<ExpiringQuery>().ReadAsync(leader, new(), null))).Count, 2, 4);
        Assert.Equal(2, (await Support.Scale.Statements.OfAsync(app.Services, () => app.Services.GetRequiredService<OverdueQuery>().ReadAsync(leader, new(), 1))).Count);
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
        var (organisations, today) = (await Registers.Organisations.InAsync(app), DateOnly.FromDateTime(DateTime.UtcNow.AddHours(8)));
        foreach (var days in new[] { -20, 12, 25, 50, 80 }) await organisations.EnterAsync(today.AddYears(-4), today.AddDays(days), seat: days % 2 == 0 ? "341299101201" : "341299102");
        var leader = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Leader, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, leader.UserName!, "/desk/overview");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "工作概览" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("figure.bars").First).ToBeVisibleAsync();
        await LookAsync(page, $"overview-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "查看超期环节" }).ClickAsync();
        await Assertions.Expect(page.Locator("table.desk-table tbody tr").First).ToBeVisibleAsync();
        await LookAsync(page, $"overdue-{width}");
        // From a chart to its part, and back to all.
        await page.Locator("figure.bars a[href*='band=']").Last.ClickAsync();
        await Assertions.Expect(page.Locator(".chosen")).ToContainTextAsync("超过 30 天");
        await LookAsync(page, $"overdue-band-{width}");
        await page.GotoAsync("/desk/expiring");
        await Assertions.Expect(page.Locator("figure.bars").First).ToBeVisibleAsync();
        await LookAsync(page, $"expiring-{width}");
        await page.Locator("figure.bars a[href*='band=0']").ClickAsync();
        await Assertions.Expect(page.Locator(".chosen")).ToContainTextAsync("已到期");
        await Assertions.Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        await LookAsync(page, $"expiring-band-{width}");
    }
}
