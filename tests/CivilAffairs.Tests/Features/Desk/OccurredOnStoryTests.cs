using System.Globalization;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;

namespace CivilAffairs.Tests.Features.Desk;

/// <summary>An approver records a decision that was signed on paper before, reads on what its limit rests, and finds it in the register, in a real browser.</summary>
public sealed class OccurredOnStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_decision_signed_earlier_is_recorded_with_its_day(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("relative", story.Revision.Examples["relative.json"].Answers["confirm"][0].At!.Value.AddMinutes(-1));
        await using var db = story.Open();
        var task = await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open);
        var approver = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.CountyApprover, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());

        await SignInAsync(page, approver.UserName!, $"/desk/cases/{caseId}");
        // The limit is told with the law it rests on, as it was when the task was opened.
        await Assertions.Expect(page.Locator(".law")).ToContainTextAsync("《最低生活保障审核确认办法》第 20 条（法定）");
        await Assertions.Expect(page.Locator(".law")).ToContainTextAsync("本步骤依据：《最低生活保障审核确认办法》第 20 条");
        await page.ClickAsync(".claim");
        await page.Locator(".outcomes label").First.ClickAsync();
        await Assertions.Expect(page.Locator("#field-occurredOn")).ToHaveValueAsync(Iso(BureauTime.Day(DateTimeOffset.UtcNow)));
        await page.FillAsync("#field-occurredOn", "2099-01-01");
        await DecideAsync(page);
        await Assertions.Expect(page.Locator("#field-occurredOn-fault")).ToHaveTextAsync("日期不能晚于今天。");
        await Assertions.Expect(page.Locator("#field-occurredOn")).ToHaveValueAsync("2099-01-01");
        await LookAsync(page, $"occurred-fault-{width}");
        await TypeAsync(page, Iso(task.OpenedOn.AddDays(-1)));
        await DecideAsync(page);
        await Assertions.Expect(page.Locator("#field-occurredOn-fault")).ToContainTextAsync("日期不能早于这项任务开始的日期");
        await TypeAsync(page, Iso(task.OpenedOn));
        await DecideAsync(page);
        await Assertions.Expect(page.Locator(".decisions")).ToContainTextAsync(task.OpenedOn.ToString("yyyy年M月d日", CultureInfo.InvariantCulture));
        await page.GotoAsync($"/desk/cases/{caseId}?tab=tasks");
        await Assertions.Expect(page.Locator(".task-list")).ToContainTextAsync($"发生日期：{task.OpenedOn.ToString("yyyy年M月d日", CultureInfo.InvariantCulture)}");
        await LookAsync(page, $"occurred-done-{width}");
        Assert.Equal(new DateOnly(task.OpenedOn.Year, task.OpenedOn.Month, 1).AddMonths(1), (await db.Set<Grant>().SingleAsync(g => g.CaseId == caseId)).FirstMonth);

        await page.GotoAsync("/desk/benefits");
        await page.Locator("[data-rows] a[href^='/desk/benefits/']").First.ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("农村低保标准（元/人·年）");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("（本地规定）");
        await LookAsync(page, $"benefit-detail-{width}");
        await page.GotoAsync("/desk/registers/relatives");
        await Assertions.Expect(page.Locator("[data-rows]")).ToContainTextAsync("起长期");
        await LookAsync(page, $"register-valid-{width}");
    }

    private static async Task TypeAsync(IPage page, string day)
    {
        await page.FillAsync("#field-occurredOn", day);
        // What was wrong goes once something else is typed; the button moves up with it.
        await Assertions.Expect(page.Locator("#field-occurredOn-fault")).ToHaveCountAsync(0);
    }

    private static async Task DecideAsync(IPage page)
    {
        await page.Locator("button.decide").ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "予以确认" }).ClickAsync();
        await Assertions.Expect(page.Locator(".mud-dialog")).ToHaveCountAsync(0);
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
