using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk.Review;

/// <summary>A reduction is meant: the household reads the notice and answers, the township records the hearing, in a real browser.</summary>
public sealed class ReverificationStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_household_is_heard_before_its_benefit_is_reduced(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var story = new CaseStory(app);
        var origin = await story.PlayAsync("granted");
        var applicant = await TestAccounts.ApplicantAsync(app);
        var reviewer = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.TownshipReviewer, story.Township));
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Set<Case>().Where(c => c.Id == origin).ExecuteUpdateAsync(s => s.SetProperty(c => c.ApplicantAccountId, applicant.Id), cancel));
        await using var db = story.Open();
        var plan = await db.Set<PlannedReverification>().Where(p => p.CaseId == origin).Select(p => p.Id).SingleAsync();
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());

        // The reviewer's opinion asks for the figures only where something changed, and for the category always.
        var caseId = await story.ReverifyAsync(plan, "reverify-lowered", until: new DateTimeOffset(2026, 9, 16, 9, 0, 0, TimeSpan.FromHours(8)));
        await SignInAsync(page, reviewer.UserName!, $"/desk/cases/{caseId}");
        await Assertions.Expect(page.GetByText("提出复核意见").First).ToBeVisibleAsync();
        // Nobody applied and nothing is accepted: neither the clock of an application nor its receipt is spoken of.
        await Assertions.Expect(page.GetByText("自受理之日起算")).ToHaveCountAsync(0);
        await LookAsync(page, $"reverify-opinion-{width}");
        await page.Context.ClearCookiesAsync();

        var opinion = await db.Set<WorkTask>().Where(t => t.CaseId == caseId && t.ActivityId == "reOpinion").Select(t => t.Id).SingleAsync();
        var found = story.Revision.Examples["reverify-lowered.json"].Answers["reOpinion"][0].Result!.DeepClone().AsObject();
        found.Remove("outcome");
        await app.Services.GetRequiredService<TaskCommands>().CompleteAsync(CaseStory.Officer("trv-1", Roles.TownshipReviewer, story.Township), opinion, "Submit", found, "opinion");
        await SignInAsync(page, applicant.UserName!, $"/my/cases/{caseId}");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "定期复核" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "回执" })).ToHaveCountAsync(0);
        await LookAsync(page, $"reverify-applicant-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "现在答复" }).ClickAsync();
        // What is answered stands above the question.
        await Assertions.Expect(page.Locator("article.document")).ToContainTextAsync("800");
        await LookAsync(page, $"reverify-hear-{width}");
        await page.GetByLabel("有异议").CheckAsync();
        // Without JavaScript the reason is asked for once the answer is known.
        await page.ClickAsync("main form button.primary");
        await page.FillAsync("textarea", "去年的务工收入今年没有了。");
        await page.ClickAsync("main form button.primary");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "现在答复" })).ToHaveCountAsync(0);

        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, reviewer.UserName!, $"/desk/cases/{caseId}");
        await Assertions.Expect(page.GetByText("听取意见并记录").First).ToBeVisibleAsync();
        await LookAsync(page, $"reverify-hearing-{width}");
    }
}
