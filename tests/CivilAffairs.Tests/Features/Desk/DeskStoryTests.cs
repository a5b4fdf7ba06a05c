using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;

namespace CivilAffairs.Tests.Features.Desk;

/// <summary>A clerk's day in a real browser, against the real server.</summary>
public sealed class DeskStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_clerk_claims_and_accepts_a_case_and_sees_what_comes_of_it(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted", (await story.PrepareAsync("granted")).At);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        var faults = new List<string>();
        page.Console += (_, message) => { if (message.Type == "error") faults.Add(message.Text); };

        await SignInAsync(page, clerk.UserName!);
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("全部待办");
        await LookAsync(page, $"desk-queue-{width}");
        await page.Locator("a.number").First.ClickAsync();
        await Assertions.Expect(page.Locator(".decision h2")).ToHaveTextAsync("审查申请材料");
        await page.Locator(".claim").ClickAsync();

        await Assertions.Expect(page.GetByText("退回待认领")).ToBeVisibleAsync();
        // Nothing chosen: told beside the question, and nothing is sent.
        await page.Locator("button.decide").ClickAsync();
        await Assertions.Expect(page.GetByText("请选择办理结果。")).ToBeVisibleAsync();
        await page.GetByLabel("退回补正").CheckAsync();
        await Assertions.Expect(page.Locator("#field-defects")).ToBeVisibleAsync();
        await page.GetByLabel("受理申请").CheckAsync();
        await Assertions.Expect(page.Locator("#field-defects")).ToHaveCountAsync(0);
        await page.Locator("button.decide").ClickAsync();
        await Assertions.Expect(page.Locator(".task-field .fault")).ToBeVisibleAsync();
        await LookAsync(page, $"desk-case-{width}");
        await page.Locator(".task-field").GetByLabel("否").CheckAsync();
        await page.Locator("button.decide").ClickAsync();
        await Assertions.Expect(page.Locator(".decision .done h2")).ToContainTextAsync("已办理：受理");
        await LookAsync(page, $"desk-done-{width}");

        await using var db = story.Open();
        var task = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.ActivityId == "accept");
        Assert.Equal((TaskState.Done, "Accept", clerk.Id), (task.State, task.Outcome, task.ClosedById));
        Assert.Empty(faults);
    }

    [BrowserFact]
    public async Task Personal_data_is_masked_until_a_reason_is_written_down()
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var story = new CaseStory(app);
        var prepared = await story.PrepareAsync("granted");
        var caseId = await story.PlayAsync("granted", prepared.At);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        var page = await browser.PageAsync(1440, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, clerk.UserName!, $"/desk/cases/{caseId}");
        await Assertions.Expect(page.Locator("#s-applicant")).ToBeVisibleAsync();
        Assert.DoesNotContain((string)prepared.Form["applicant"]!["name"]!, await page.ContentAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "查看完整信息" }).ClickAsync();
        await page.GetByLabel("联系申请人或家庭成员").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "记录并查看" }).ClickAsync();
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync((string)prepared.Form["applicant"]!["name"]!);
        await using var db = story.Open();
        var line = await db.Set<CivilAffairs.Web.Platform.Audit.AuditEntry>().SingleAsync(a => a.Chain == caseId.ToString() && a.Action == "case.fullView");
        Assert.Equal(clerk.Id, line.ActorId);
        Assert.Contains("contact", line.Details, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Who_handles_no_cases_is_told_so()
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var manager = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, "341299"));
        var page = await browser.PageAsync(1440, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, manager.UserName!);
        await Assertions.Expect(page.Locator("#nothing-for-role")).ToContainTextAsync("流程管理员");
        await LookAsync(page, "desk-nothing-1440");
    }
}
