using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk.Recusal;

/// <summary>An officer keeps off a case, and the supervisor finds somebody else, in a real browser.</summary>
public sealed class RecusalStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_clerk_keeps_off_a_case_and_the_supervisor_gives_it_to_another(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted", (await story.PrepareAsync("granted")).At);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        var supervisor = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, clerk.UserName!, $"/desk/cases/{caseId}?tab=tasks");
        await page.ClickAsync(".claim");
        await page.ClickAsync("#recusal-declare");
        await page.GetByRole(AriaRole.Button, new() { Name = "登记回避" }).ClickAsync();
        await Assertions.Expect(page.GetByText("请选择理由。")).ToBeVisibleAsync();
        await LookAsync(page, $"recusal-declare-{width}");
        await page.GetByLabel("与当事人有近亲属关系").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "登记回避" }).ClickAsync();
        await Assertions.Expect(page.GetByText("现在没有待办。")).ToBeVisibleAsync();
        await page.GotoAsync($"/desk/cases/{caseId}");
        await Assertions.Expect(page.Locator("#content h1")).ToHaveTextAsync("没有找到这个案件");

        var other = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, supervisor.UserName!, "/desk/stranded");
        await LookAsync(page, $"recusal-stranded-{width}");
        await page.Locator("a.number").ClickAsync();
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("机关内无人可办");
        await page.GetByRole(AriaRole.Button, new() { Name = "改派" }).ClickAsync();
        await page.SelectOptionAsync("#reassign-officer", new SelectOptionValue { Label = other.DisplayName });
        await page.GetByLabel("原办理人回避").CheckAsync();
        await LookAsync(page, $"recusal-reassign-{width}");
        await page.GetByRole(AriaRole.Button, new() { Name = "改派任务" }).ClickAsync();
        await Assertions.Expect(page.Locator(".task-list")).ToContainTextAsync(other.DisplayName);
        await LookAsync(page, $"recusal-done-{width}");
        await using var db = story.Open();
        Assert.Equal(other.Id, (await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open)).HolderId);
    }
}
