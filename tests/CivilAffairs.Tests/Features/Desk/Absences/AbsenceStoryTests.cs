using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk.Absences;

/// <summary>A clerk goes away and names a deputy, who works in her name until she is back early, in a real browser.</summary>
public sealed class AbsenceStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_deputy_works_in_the_absent_clerk_s_name_until_she_is_back(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted", (await story.PrepareAsync("granted")).At);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        // Of the same role for the whole county: her posting covers the township, and gives her none of its tasks.
        var deputy = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, deputy.UserName!, "/desk");
        await Assertions.Expect(page.GetByText("现在没有待办。")).ToBeVisibleAsync();

        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, clerk.UserName!, $"/desk/cases/{caseId}");
        await page.ClickAsync(".claim");
        await Assertions.Expect(page.Locator(".decision form")).ToBeVisibleAsync();
        await page.GotoAsync("/desk/absences");
        await Assertions.Expect(page.GetByText("近期没有登记请假。")).ToBeVisibleAsync();
        await page.ClickAsync("#absence-do");
        await Assertions.Expect(page.GetByText("请选择代理人。")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("请填写日期。")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#absence-form [aria-invalid=true]").First).ToBeVisibleAsync();
        foreach (var wrong in await page.Locator("#absence-form [aria-invalid=true]").AllAsync())
            await Assertions.Expect(page.Locator($"#{await wrong.GetAttributeAsync("aria-describedby")}")).ToBeVisibleAsync();
        await LookAsync(page, $"absence-missing-{width}");
        await page.FillAsync("#absence-to", BureauTime.Iso(BureauTime.Day(DateTimeOffset.UtcNow).AddDays(2)));
        await page.SelectOptionAsync("#absence-deputy", new SelectOptionValue { Label = deputy.DisplayName });
        await page.ClickAsync("#absence-do");
        await Assertions.Expect(page.Locator("[data-rows]")).ToContainTextAsync("代理中");
        await LookAsync(page, $"absence-recorded-{width}");

        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, deputy.UserName!, "/desk");
        await Assertions.Expect(page.Locator("#content tbody")).ToContainTextAsync($"代 {clerk.DisplayName}");
        await LookAsync(page, $"absence-queue-{width}");
        await page.Locator("#content tbody a.number").First.ClickAsync();
        await Assertions.Expect(page.Locator(".decision")).ToContainTextAsync(clerk.DisplayName);
        await LookAsync(page, $"absence-task-{width}");

        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, clerk.UserName!, "/desk/absences");
        await page.GetByRole(AriaRole.Button, new() { Name = "提前结束" }).ClickAsync();
        await LookAsync(page, $"absence-end-{width}");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "提前结束" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-rows]")).ToContainTextAsync("已提前结束");

        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, deputy.UserName!, "/desk");
        await Assertions.Expect(page.GetByText("现在没有待办。")).ToBeVisibleAsync();
        await using var db = story.Open();
        Assert.Equal(clerk.Id, (await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open)).HolderId);
    }
}
