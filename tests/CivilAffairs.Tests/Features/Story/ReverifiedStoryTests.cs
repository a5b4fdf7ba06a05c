using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>
/// What becomes of a benefit that was granted, in the browser from both sides: letters at a real mail server, whose links the
/// household follows, and every officer at the desk.
/// </summary>
public sealed partial class ReverifiedStoryTests(Browser browser) : IClassFixture<Browser>
{
    private const string Email = "household@people.example";

    /// <summary>In Chinese on the embedded default with a look at the pages.</summary>
    [BrowserFact]
    public async Task Continued_once_then_phased_out_because_somebody_found_work()
    {
        await using var mail = SmtpServer.Start();
        await using var county = await County.OpenAsync(browser, Databases.Sqlite, "reverified", clock: new StandingClock(), mail: mail);
        var town = await GrantAsync(county, mail);

        // Told thirty days before, and its village and township with it.
        var opens = await PlannedAsync(county, town.Origin);
        await county.MoveAsync(BureauTime.Start(opens.AddDays(-30), new TimeOnly(8, 0)));
        Assert.Equal([Email, town.Clerk, town.Worker], (await town.Letters.ComeAsync()).Where(l => !l.Subject!.Contains("今日", StringComparison.Ordinal)).Select(l => l.To.Mailboxes.Single().Address).Distinct().Order());
        var first = await OpenAsync(county, town, town.Origin, "opened");

        var kept = county.Story.Revision.Examples["reverify-continues.json"];
        await VisitAsync(county, first.Number, kept, looked: true);
        await county.DecideAsync(Roles.Checker, first.Number, "reCheck", county.Answer(kept, "reCheck"), look: async page =>
        {
            // Filled from what was found last time, which stands beside it.
            await Assertions.Expect(page.Locator("#field-incomeFen")).Not.ToHaveValueAsync("");
            await Assertions.Expect(page.Locator("p.before:not(.changed)").First).ToBeVisibleAsync();
        });
        await county.DecideAsync(Roles.TownshipReviewer, first.Number, "reOpinion", county.Answer(kept, "reOpinion"));
        await county.DecideAsync(Roles.CountyClerk, first.Number, "reReview", county.Answer(kept, "reReview"), looked: false);
        await county.DecideAsync(Roles.CountyApprover, first.Number, "reConfirm", county.Answer(kept, "reConfirm"));
        await DecidedAsync(town, "continued", "继续按每月");
        // What was published goes on being so.
        await BoardAsync(county, 1);

        // A year later there is work, and more than the line.
        await PlannedAsync(county, first.Id);
        var second = await OpenAsync(county, town, first.Id, null);
        var above = county.Story.Revision.Examples["reverify-phase-out.json"];
        await VisitAsync(county, second.Number, above, looked: false);
        await county.DecideAsync(Roles.Checker, second.Number, "reCheck", county.Answer(above, "reCheck"), look: async page =>
        {
            await page.FillAsync("#field-incomeFen", "36000");
            await page.Keyboard.PressAsync("Tab");
            await Assertions.Expect(page.Locator("p.before.changed")).ToHaveCountAsync(1);
        });
        await county.DecideAsync(Roles.TownshipReviewer, second.Number, "reOpinion", county.Answer(above, "reOpinion"));
        await AnswerAsync(town, "NoObjection", null, "渐退期");
        var heard = county.Story.Revision.Examples["reverify-lowered.json"];
        await county.DecideAsync(Roles.TownshipReviewer, second.Number, "hearing", county.Answer(heard, "hearing"));
        await county.DecideAsync(Roles.CountyClerk, second.Number, "reReview", county.Answer(above, "reReview"), looked: false);
        await county.DecideAsync(Roles.CountyApprover, second.Number, "reConfirm", county.Answer(above, "reConfirm"));
        await county.DecideAsync(Roles.TownshipReviewer, second.Number, "reServe", county.Answer(above, "reServe"), "serve", looked: false);
        await DecidedAsync(town, "phasing-out", "渐退期");
        await town.Home.Page.GotoAsync($"/my/cases/{second.Id}");
        // Stopped, and yet paid on: for six months from the month after it was found, and published as long.
        var last = second.OpenedOn.AddMonths(6);
        await Assertions.Expect(town.Home.Page.Locator("main .note").First).ToContainTextAsync($"{last.Year}年{last.Month}月为止");
        await Assertions.Expect(town.Home.Page.Locator("main")).Not.ToContainTextAsync("待遇已停发");
        await town.Home.LookAsync("my-phasing-out");
        await town.Home.Page.GotoAsync($"/my/cases/{town.Origin}");
        await Assertions.Expect(town.Home.Page.Locator("main")).ToContainTextAsync($"{last.Year}年{last.Month}月");
        await town.Home.LookAsync("my-benefit-phasing-out");
        var over = new DateOnly(last.Year, last.Month, 1).AddMonths(1);
        await county.MoveAsync(BureauTime.Start(over.AddDays(-1), new TimeOnly(8, 0)));
        await BoardAsync(county, 1);
        await county.MoveAsync(BureauTime.Start(over, new TimeOnly(8, 0)));
        await BoardAsync(county, 0);
        await Pages.SignInAsync(town.Home.Page, town.UserName, $"/my/cases/{town.Origin}");
        await Assertions.Expect(town.Home.Page.Locator("ol.line .now")).ToContainTextAsync("已终止");
        await town.Home.LookAsync("my-ended");
        await BenefitAsync(county, town.Origin);
        county.AssertFaultless();
    }

    /// <summary>In English on PostgreSQL, where one is: names are in Latin letters, so Chinese on a page is a fault of the page.</summary>
    [BrowserFact]
    public async Task Lowered_after_the_household_was_heard()
    {
        await using var mail = SmtpServer.Start();
        await using var county = await County.OpenAsync(browser, Databases.Kinds[^1], english: true, clock: new StandingClock(), mail: mail);
        var town = await GrantAsync(county, mail);
        await PlannedAsync(county, town.Origin);
        var opened = await OpenAsync(county, town, town.Origin, null);
        var lowered = county.Story.Revision.Examples["reverify-lowered.json"];
        await VisitAsync(county, opened.Number, lowered, looked: false);
        await county.DecideAsync(Roles.Checker, opened.Number, "reCheck", county.Answer(lowered, "reCheck"));
        await county.DecideAsync(Roles.TownshipReviewer, opened.Number, "reOpinion", county.Answer(lowered, "reOpinion"));
        await AnswerAsync(town, "Objection", "Grandmother is in hospital.", "800");
        await county.DecideAsync(Roles.TownshipReviewer, opened.Number, "hearing", county.Answer(lowered, "hearing"));
        await county.DecideAsync(Roles.CountyClerk, opened.Number, "reReview", county.Answer(lowered, "reReview"));
        await county.DecideAsync(Roles.CountyApprover, opened.Number, "reConfirm", county.Answer(lowered, "reConfirm"));
        await DecidedAsync(town, "lowered", "800");

        // The new result hangs in place of the one before, and the case that brought the benefit says what is paid now.
        await BoardAsync(county, 1, "800");
        await county.MoveAsync(BureauTime.Start(new DateOnly(opened.OpenedOn.Year, opened.OpenedOn.Month, 1).AddMonths(1), new TimeOnly(8, 0)));
        await Pages.SignInAsync(town.Home.Page, town.UserName, $"/my/cases/{town.Origin}");
        await Assertions.Expect(town.Home.Page.Locator(".amount")).ToContainTextAsync("¥800.00");
        county.AssertFaultless();
    }

    /// <summary>A household online whose allowance was granted, and who works in its township.</summary>
    private static async Task<Town> GrantAsync(County county, SmtpServer mail)
    {
        var example = await county.PrepareAsync("granted");
        var applicant = example.Form["applicant"]!;
        var account = await TestAccounts.ApplicantAsync(county.App, (string)applicant["idNumber"]!, (string)applicant["name"]!, (string)applicant["phone"]!, Email);
        var viewer = new Viewer(account.Id, account.DisplayName, AccountKind.Applicant, [], account.PersonId);
        var player = new StoryPlayer(county.App.Services, new StoryClock(example.At), (task, by) => CaseStory.Officer(by, task.Role, task.Division));
        var origin = await player.PlayAsync(county.Story.Revision, example, viewer, CaseStory.Forever);
        var (clerk, worker) = (await county.OfficerAsync(Roles.Clerk), await county.OfficerAsync(Roles.VillageWorker));
        foreach (var officer in new[] { clerk, worker })
            await county.App.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Users.Where(a => a.Id == officer.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Email, $"{officer.UserName}@bureau.example"), cancel));
        return new Town(origin, account.UserName!, await county.BrowseAsync(), new Letters(county.App, mail), $"{clerk.UserName}@bureau.example", $"{worker.UserName}@bureau.example");
    }

    /// <summary>Goes to two months before the re-verification that a case planned, where its day is given.</summary>
    private static async Task<DateOnly> PlannedAsync(County county, Guid caseId)
    {
        await using var db = county.Story.Open();
        var plan = await db.Set<PlannedReverification>().AsNoTracking().SingleAsync(p => p.CaseId == caseId);
        await county.MoveAsync(BureauTime.Start(new DateOnly(plan.DueOn.Year, plan.DueOn.Month, 1).AddMonths(-2), new TimeOnly(8, 0)));
        return (await db.Set<PlannedReverification>().AsNoTracking().SingleAsync(p => p.Id == plan.Id)).OpensOn!.Value;
    }

    /// <summary>Its day comes: a case opens by itself, and the letter about it leads the household there.</summary>
    private static async Task<Opened> OpenAsync(County county, Town town, Guid comesOf, string? look)
    {
        await using var db = county.Story.Open();
        var opens = await db.Set<PlannedReverification>().Where(p => p.CaseId == comesOf).Select(p => p.OpensOn!.Value).SingleAsync();
        await county.MoveAsync(BureauTime.Start(opens, new TimeOnly(9, 0)));
        var opened = await db.Set<Case>().Where(c => c.OriginId == comesOf).Select(c => new { c.Id, c.Number }).SingleAsync();
        await Letters.FollowAsync(town.Home.Page, Letters.To((await town.Letters.ComeAsync()).Where(l => l.Subject!.Contains(opened.Number!, StringComparison.Ordinal)), Email), town.UserName);
        Assert.EndsWith($"/my/cases/{opened.Id}", town.Home.Page.Url, StringComparison.Ordinal);
        if (look is not null) await town.Home.LookAsync($"my-{look}");
        return new Opened(opened.Id, opened.Number!, opens);
    }

    private static async Task VisitAsync(County county, string number, ExampleFile example, bool looked)
    {
        for (var seat = 0; seat < 2; seat++) await county.DecideAsync(Roles.Investigator, number, "reVisit", county.Answer(example, "reVisit", seat), looked: looked && seat == 0);
    }

    /// <summary>The household reads what is meant, by the letter's link, and says something to it.</summary>
    private static async Task AnswerAsync(Town town, string outcome, string? statement, string reads)
    {
        var page = town.Home.Page;
        await Letters.FollowAsync(page, Letters.To(await town.Letters.ComeAsync(), Email), town.UserName);
        await page.Locator("a[href*='/tasks/']").First.FollowAsync();
        await Assertions.Expect(page.Locator("article.document").First).ToContainTextAsync(reads);
        await page.CheckAsync($"input[name=outcome][value={outcome}]");
        if (statement is not null)
        {
            // The reason is asked for once the answer is known.
            await page.Locator("main form button.primary").FollowAsync();
            await page.FillAsync("textarea", statement);
        }
        await town.Home.LookAsync("my-answer");
        await page.ClickAsync("main form button.primary");
        await Assertions.Expect(page.Locator("main a[href*='/tasks/']")).ToHaveCountAsync(0);
    }

    /// <summary>The letter about the decision leads to the case, and there lies the document.</summary>
    private static async Task DecidedAsync(Town town, string look, string reads)
    {
        var page = town.Home.Page;
        await Letters.FollowAsync(page, Letters.To(await town.Letters.ComeAsync(), Email), town.UserName);
        await town.Home.LookAsync($"my-{look}");
        await page.Locator(".rows a[href*='/documents/']").First.ClickAsync();
        await Assertions.Expect(page.Locator("article.document")).ToContainTextAsync(reads);
        await town.Home.LookAsync($"document-{look}");
    }

    /// <summary>So many results anybody can read.</summary>
    private static async Task BoardAsync(County county, int hang, string? reads = null)
    {
        var anybody = await county.BrowseAsync(looked: false);
        await anybody.Page.GotoAsync("/notices");
        await Assertions.Expect(anybody.Page.Locator(".rows a")).ToHaveCountAsync(hang);
        if (reads is not null)
        {
            await anybody.Page.Locator(".rows a").ClickAsync();
            await Assertions.Expect(anybody.Page.Locator("main")).ToContainTextAsync(reads);
        }
        await anybody.Page.Context.CloseAsync();
    }

    /// <summary>The benefit at the desk: what was granted, each change with its reason, and the values that each rests on.</summary>
    private static async Task BenefitAsync(County county, Guid origin)
    {
        await using var db = county.Story.Open();
        var grant = await db.Set<Grant>().Where(g => g.CaseId == origin).Select(g => g.Id).SingleAsync();
        var reviewer = await county.BrowseAsync();
        await new Seat(reviewer, county.Form).SignInAsync(await county.OfficerAsync(Roles.TownshipReviewer));
        await reviewer.Page.GotoAsync($"/desk/benefits/{grant}");
        await Assertions.Expect(reviewer.Page.Locator("section[aria-labelledby=changes] dl")).Not.ToHaveCountAsync(0);
        await reviewer.LookAsync("desk-benefit");
        var changes = reviewer.Page.Locator("section[aria-labelledby=changes]");
        await Assertions.Expect(changes).ToContainTextAsync("渐退");
    }

    private sealed record Town(Guid Origin, string UserName, WatchedPage Home, Letters Letters, string Clerk, string Worker);

    /// <param name="OpenedOn">The day on which it opened.</param>
    private sealed record Opened(Guid Id, string Number, DateOnly OpenedOn);
}
