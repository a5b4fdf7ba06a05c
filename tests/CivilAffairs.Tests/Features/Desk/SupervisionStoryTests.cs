using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Supervision;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk;

/// <summary>A supervision order 督办 from both sides, in a real browser: issued, found first in the queue, answered, closed.</summary>
public sealed class SupervisionStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_supervisor_orders_a_clerk_answers_and_the_order_is_closed(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted", (await story.PrepareAsync("granted")).At);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        var supervisor = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());

        // The form is open for who comes from the list of overdue steps; without a word it says so by the field.
        await SignInAsync(page, supervisor.UserName!, $"/desk/cases/{caseId}?supervise=true");
        await page.ClickAsync("#order-send");
        await Assertions.Expect(page.Locator("#order-text-fault")).ToBeVisibleAsync();
        await LookAsync(page, $"supervision-missing-{width}");
        await page.FillAsync("#order-text", "群众反映受理太慢，请查明原因，尽快办理。");
        await page.ClickAsync("#order-send");
        await Assertions.Expect(page.Locator(".supervision .status")).ToHaveTextAsync("待反馈");
        await Assertions.Expect(page.Locator(".mud-dialog")).ToHaveCountAsync(0);
        await LookAsync(page, $"supervision-issued-{width}");
        await page.GotoAsync("/desk/supervision");
        await Assertions.Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        await LookAsync(page, $"supervision-list-{width}");

        // At the front of the clerk's queue.
        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, clerk.UserName!, "/desk");
        await Assertions.Expect(page.Locator("section.supervision h2")).ToContainTextAsync("1");
        await LookAsync(page, $"supervision-queue-{width}");
        await page.Locator("section.supervision a").First.ClickAsync();
        await page.ClickAsync("#order-answer");
        await page.FillAsync("#order-text", "材料已收齐，今天受理；已电话告知当事人。");
        await LookAsync(page, $"supervision-answer-{width}");
        await page.ClickAsync("#order-send");
        await Assertions.Expect(page.Locator(".supervision .status")).ToHaveTextAsync("已反馈，待确认");
        await page.GotoAsync("/desk");
        await page.Locator("#content tbody tr").First.WaitForAsync();
        await Assertions.Expect(page.Locator("section.supervision")).ToHaveCountAsync(0);

        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, supervisor.UserName!, $"/desk/cases/{caseId}");
        await LookAsync(page, $"supervision-answered-{width}");
        // Meanwhile the clerk adds something: told in the dialog, with what was typed still there; then it is closed.
        await page.ClickAsync("#order-close");
        await page.FillAsync("#order-text", "同意办结。");
        await using (var look = story.Open())
        {
            var order = await look.Set<SupervisionOrder>().SingleAsync(o => o.CaseId == caseId);
            await app.Services.GetRequiredService<SupervisionCommands>().AnswerAsync(new Viewer(clerk.Id, clerk.DisplayName, AccountKind.Officer, [new HeldRole(Roles.Clerk, story.Township)]), order.Id, "补充：已送达。", 2, "more");
        }
        await page.ClickAsync("#order-send");
        await Assertions.Expect(page.Locator("#order-refusal")).ToContainTextAsync("反馈");
        await Assertions.Expect(page.Locator("#order-missed")).ToContainTextAsync("补充：已送达。");
        await Assertions.Expect(page.Locator("#order-text")).ToHaveValueAsync("同意办结。");
        await LookAsync(page, $"supervision-missed-{width}");
        await page.ClickAsync("#order-send");
        await Assertions.Expect(page.Locator("details.supervision summary")).ToBeVisibleAsync();
        await page.Locator("details.supervision summary").ClickAsync();
        await LookAsync(page, $"supervision-closed-{width}");
        await using var db = story.Open();
        Assert.Equal(SupervisionState.Closed, (await db.Set<SupervisionOrder>().SingleAsync(o => o.CaseId == caseId)).State);
    }
}
