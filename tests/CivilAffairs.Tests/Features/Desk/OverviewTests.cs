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

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Re_verifications_that_nobody_began_are_those_past_their_day_whether_their_case_is_open_or_not(string kind)
    {
        await using var app = await Databases.StartAsync(kind, new StoppedClock(new DateTimeOffset(2026, 9, 15, 1, 0, 0, TimeSpan.Zero)));
        var (today, names, recused, officer) = (new DateOnly(2026, 9, 15), new Dictionary<Guid, string>(), Guid.Empty, Guid.NewGuid());
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            PlannedReverification Plan(string name, int days, Case? opened, bool settled, string township = "341299101")
            {
                var origin = Filed("2026-03-01T09:00:00+08:00", township);
                var plan = new PlannedReverification { CaseId = origin.Id, Benefit = "dibao", Workflow = "reverify", DueOn = today.AddDays(days), SettledAt = settled ? DateTimeOffset.UnixEpoch : null, OpenedCaseId = opened?.Id };
                names[plan.Id] = name;
                if (opened is not null) (opened.OriginId, opened.Channel) = (origin.Id, Channel.Office);
                db.AddRange(origin, plan);
                return plan;
            }
            Case Open(string name, int days, bool closed = false, string township = "341299101", params (TaskState State, Guid? Holder)[] tasks)
            {
                var opened = Filed("2026-09-01T07:00:00+08:00", township);
                if (closed) opened.ClosedAt = DateTimeOffset.UnixEpoch;
                db.Add(opened);
                foreach (var (state, holder) in tasks)
                    db.Add(new WorkTask { CaseId = opened.Id, InstanceId = Guid.NewGuid(), BookmarkId = "b", ActivityId = "reVisit", Role = Roles.Investigator, Division = township, TitleZh = "入户复核", TitleEn = "Visit", Outcomes = "[]", FinishLimit = "10wd", State = state, HolderId = holder });
                Plan(name, days, opened, settled: true, township);
                return opened;
            }
            Plan("waits, yesterday", -1, null, settled: false);
            Plan("waits, long ago", -90, null, settled: false, "341299102");
            Plan("waits, today", 0, null, settled: false);
            Plan("waits, a month", 30, null, settled: false);
            Plan("waits, later", 31, null, settled: false);
            Plan("not needed", -1, null, settled: true);
            (TaskState, Guid?) free = (TaskState.Open, null), cancelled = (TaskState.Cancelled, null);
            Open("open, untouched", -2, tasks: [free, free, cancelled]);
            Open("open, untouched, ahead", 3, tasks: [free]);
            Open("open, one taken", -2, tasks: [free, (TaskState.Open, officer)]);
            Open("open, one answered", -2, tasks: [free, (TaskState.Done, officer)]);
            Open("open, ended by itself", -2, closed: true, tasks: [cancelled]);
            Open("open, untouched, elsewhere", -3, township: "341299102", tasks: [free]);
            recused = Open("open, untouched, of a relative", -4, tasks: [free]).Id;
            return Task.FromResult(0);
        });
        var due = app.Services.GetRequiredService<ReverificationsDueQuery>();
        var leader = CaseStory.Officer("ldr-r", Roles.Leader, "341299");
        async Task<List<string>> ListAsync(Viewer who, ReverificationsDueFilter only)
        {
            var (rows, page) = (new List<string>(), 0);
            ReverificationsDueView view;
            do
            {
                view = (await due.ReadAsync(who, only, ++page, 2))!;
                Assert.All(view.Rows, r => Assert.Equal((Math.Max(0, today.DayNumber - r.DueOn.DayNumber), names[r.PlanId].StartsWith("open", StringComparison.Ordinal)), (r.DaysLate, r.Opened)));
                rows.AddRange(view.Rows.Select(r => names[r.PlanId]));
            }
            while (page < view.Pages);
            Assert.Equal(view.Total, rows.Count);
            return rows;
        }
        string[] late = ["waits, long ago", "open, untouched, of a relative", "open, untouched, elsewhere", "open, untouched", "waits, yesterday"], soon = ["waits, today", "open, untouched, ahead", "waits, a month"];
        Assert.Equal(late, await ListAsync(leader, new()));
        Assert.Equal(soon, await ListAsync(leader, new(Soon: true)));
        Assert.Equal(["waits, long ago", "open, untouched, elsewhere"], await ListAsync(leader, new("341299102")));
        Assert.Equal([new LateIn("341299101", 3), new LateIn("341299102", 2)], (await due.ReadAsync(leader, new("341299102"), 1))!.Places);
        Assert.Equal(["waits, long ago", "open, untouched, elsewhere"], await ListAsync(CaseStory.Officer("sup-r", Roles.Supervisor, "341299102"), new()));
        Assert.Null(await due.ReadAsync(CaseStory.Officer("inv-r", Roles.Investigator, "341299102"), new(), 1));
        var figures = app.Services.GetRequiredService<OverviewQuery>();
        async Task<(int, int)> FiguresAsync() { var view = (await figures.ReadAsync(leader))!; return (view.LateReverifications, view.SoonReverifications); }
        Assert.Equal((late.Length, soon.Length), await FiguresAsync());
        // Figure and list are the same question: whoever is recused from one counts it in neither.
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.Add(new CaseRecusal { CaseId = recused, AccountId = leader.AccountId, Reason = "近亲属" })));
        Assert.Equal(late.Where(n => !n.EndsWith("relative", StringComparison.Ordinal)), await ListAsync(leader, new()));
        Assert.Equal((late.Length - 1, soon.Length), await FiguresAsync());
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
        Assert.Equal(2, (await Support.Scale.Statements.OfAsync(app.Services, () => app.Services.GetRequiredService<ReverificationsDueQuery>().ReadAsync(leader, new(), 1))).Count);
    }

    private static Case Filed(string at, string township = "341299101") => new()
    {
        Matter = "rural-dibao", Revision = "r", Status = "Submitted", County = "341299", Township = township, Number = $"341299-2026-{Interlocked.Increment(ref numbers):000000}",
        SubmittedAt = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture).ToUniversalTime(),
    };

    private static int numbers;

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
        // One that nobody began: its day has passed, and its case is open.
        var again = new CaseStory(app);
        var granted = await again.PlayAsync("granted", new DateTimeOffset(2026, 3, 31, 12, 0, 0, TimeSpan.FromHours(8)));
        Guid plan;
        await using (var db = again.Open()) plan = (await db.Set<PlannedReverification>().SingleAsync(p => p.CaseId == granted)).Id;
        await again.ReverifyAsync(plan, "reverify-continues", until: DateTimeOffset.MinValue);
        await SignInAsync(page, leader.UserName!, "/desk/overview");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "工作概览" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("figure.bars").First).ToBeVisibleAsync();
        await LookAsync(page, $"overview-{width}");
        await page.Locator("dl.figures a[href='/desk/reverifications']").ClickAsync();
        await Assertions.Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("[data-rows] tbody tr")).ToContainTextAsync("已启动，无人领取");
        await LookAsync(page, $"reverifications-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "查看一个月内到期的复核" }).ClickAsync();
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("一个月内没有");
        await LookAsync(page, $"reverifications-soon-{width}");
        await page.GotoAsync("/desk/overview");
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
