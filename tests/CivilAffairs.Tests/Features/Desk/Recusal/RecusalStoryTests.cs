using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
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

        // Another case of another township that nobody there may do.
        var second = new CaseStory(app);
        var secondId = await second.PlayAsync("granted", (await second.PrepareAsync("granted")).At);
        var alone = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, second.Township));
        await app.Services.GetRequiredService<RecusalCommands>().DeclareAsync(new Viewer(alone.Id, alone.DisplayName, AccountKind.Officer, [new HeldRole(Roles.Clerk, second.Township)]), secondId, "relative", "alone");
        var other = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township), new HeldRole(Roles.Clerk, second.Township));
        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, supervisor.UserName!, "/desk/stranded");
        await Assertions.Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(2);
        await LookAsync(page, $"recusal-stranded-{width}");
        // Several are given out together; here the second alone, and the first from its own page.
        await page.CheckAsync("#stranded-all");
        await Assertions.Expect(page.Locator("[data-rows] tbody input:checked")).ToHaveCountAsync(2);
        await page.UncheckAsync("#stranded-all");
        await Assertions.Expect(page.Locator("[data-rows] tbody input:checked")).ToHaveCountAsync(0);
        await page.Locator($"[data-rows] tbody tr:has(a[href*='{secondId}']) input").CheckAsync();
        await page.ClickAsync("#stranded-do");
        await Assertions.Expect(page.Locator("#stranded-to-fault")).ToBeVisibleAsync();
        await LookAsync(page, $"recusal-stranded-missing-{width}");
        await page.SelectOptionAsync("#stranded-to", other.Id.ToString());
        await page.CheckAsync("input[name=stranded-reason][value=recusal]");
        await page.ClickAsync("#stranded-do");
        await Assertions.Expect(page.Locator("#stranded-report")).ToContainTextAsync($"已改派 1 件给 {other.DisplayName}");
        await Assertions.Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        await LookAsync(page, $"recusal-given-out-{width}");
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
        Assert.Equal(other.Id, (await db.Set<WorkTask>().SingleAsync(t => t.CaseId == secondId && t.State == TaskState.Open)).HolderId);
        Assert.Equal(other.Id, (await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open)).HolderId);
    }
}
