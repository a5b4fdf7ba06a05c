using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Story;

// A benefit that is stopped, without the household having been heard.
public sealed partial class ReverifiedStoryTests
{
    /// <summary>
    /// The household reads on its phone that the benefit is to stop, lets its days pass and is not heard; the record of that has its own
    /// number, and whoever decides has read what it brings. What comes before is played by commands.
    /// </summary>
    [BrowserFact]
    public async Task Stopped_after_the_household_let_its_days_pass()
    {
        await using var mail = SmtpServer.Start();
        await using var county = await County.OpenAsync(browser, Databases.Sqlite, "stopped", clock: new StandingClock(), mail: mail);
        var town = await GrantAsync(county, mail);
        var opens = await PlannedAsync(county, town.Origin);
        await county.MoveAsync(BureauTime.Start(opens, new TimeOnly(9, 0)));
        await using var db = county.Story.Open();
        var opened = await db.Set<Case>().AsNoTracking().SingleAsync(c => c.OriginId == town.Origin);
        var example = county.Story.Revision.Examples["reverify-stopped.json"];
        var clock = new StoryClock(BureauTime.Start(opens, new TimeOnly(9, 0)));
        var player = new StoryPlayer(county.App.Services, clock, (task, by) => CaseStory.Officer(by, task.Role, task.Division));
        var before = example with { At = clock.GetUtcNow(), Answers = example.Answers.Where(a => a.Key is "reVisit" or "reCheck").ToDictionary(a => a.Key, a => (IReadOnlyList<ExampleAnswer>)[.. a.Value.Select(v => v with { At = null, Result = Today(v.Result!, opens) })]) };
        await player.GoOnAsync(opened.Id, before, new Viewer(Guid.NewGuid(), "x", AccountKind.Applicant, []), clock.GetUtcNow());
        await town.Letters.ComeAsync();

        // The township reads beside its button that the household is to be heard first, and what comes if everybody agrees.
        await county.DecideAsync(Roles.TownshipReviewer, opened.Number!, "reOpinion", county.Answer(example, "reOpinion"), entered: async page =>
        {
            await PreviewAsync(page, "Asked", "对拟降低或者停发的意见");
            await Assertions.Expect(page.Locator(".foreseen h4 ~ dl [data-group=Money]")).ToContainTextAsync("此后停发");
        });

        // On a phone: the notice is there to be read, and the days pass without an answer.
        var phone = town.Home.Page;
        await phone.SetViewportSizeAsync(360, 800);
        await Letters.FollowAsync(phone, Letters.To(await town.Letters.ComeAsync(), Email), town.UserName);
        await phone.Locator("a[href*='/tasks/']").First.FollowAsync();
        await Assertions.Expect(phone.Locator("article.document").First).ToContainTextAsync("拟停发");
        var hear = await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.CaseId == opened.Id && t.ActivityId == "hear");
        await county.MoveAsync(BureauTime.Start(hear.FinishBy!.Value.AddDays(1), new TimeOnly(9, 0)));
        await Pages.SignInAsync(phone, town.UserName, $"/my/cases/{opened.Id}");
        await Assertions.Expect(phone.Locator("main a[href*='/tasks/']")).ToHaveCountAsync(0);
        await town.Home.LookAsync("my-not-answered");

        // Told, and said nothing: recorded under a number of its own.
        await county.DecideAsync(Roles.TownshipReviewer, opened.Number!, "hearing", county.Answer(example, "hearing"), looked: false, entered: page => PreviewAsync(page, "Documents", "低保听"));
        var record = await db.Set<IssuedDocument>().AsNoTracking().SingleAsync(d => d.CaseId == opened.Id && d.Template == "hearing-record.html");
        Assert.Equal(($"低保听{county.Story.Township}〔{record.OccurredOn.Year}〕00001", false), (record.Number, record.Deliver));
        await county.DecideAsync(Roles.CountyClerk, opened.Number!, "reReview", county.Answer(example, "reReview"), looked: false);
        // Reminders that came meanwhile are read elsewhere.
        await town.Letters.ComeAsync();
        await county.DecideAsync(Roles.CountyApprover, opened.Number!, "reConfirm", county.Answer(example, "reConfirm"), entered: async page =>
        {
            await PreviewAsync(page, "Money", "发至");
            // What is typed after it makes it another.
            await page.FillAsync("#field-reason", "事实清楚，证据充分。");
            await page.Keyboard.PressAsync("Tab");
            await Assertions.Expect(page.Locator(".foreseen dl")).ToHaveCountAsync(0);
            await PreviewAsync(page, "Documents", "低保复");
        });
        await county.DecideAsync(Roles.TownshipReviewer, opened.Number!, "reServe", county.Answer(example, "reServe"), "serve", looked: false);

        await phone.SetViewportSizeAsync(360, 800);
        await Letters.FollowAsync(phone, Letters.To(await town.Letters.ComeAsync(), Email), town.UserName);
        await Assertions.Expect(phone.Locator("main")).ToContainTextAsync($"发放到 {opens.Year}年{opens.Month}月为止");
        await town.Home.LookAsync("my-stopped");
        county.AssertFaultless();
    }

    /// <summary>Asks what the entry would bring; nothing is sent by it.</summary>
    private static async Task PreviewAsync(IPage page, string group, string reads)
    {
        await page.Locator(".foreseen button").ClickAsync();
        await Assertions.Expect(page.Locator($".foreseen [data-group={group}]").First).ToContainTextAsync(reads);
    }

    private static JsonObject Today(JsonNode result, DateOnly today)
    {
        var written = result.DeepClone().AsObject();
        foreach (var day in written.Where(p => p.Value is JsonValue v && v.TryGetValue<string>(out var text) && DateOnly.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _)).Select(p => p.Key).ToList()) written[day] = BureauTime.Iso(today);
        return written;
    }
}
