using System.Globalization;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Parameters;

/// <summary>An administrator plans a value and takes it back, in a real browser.</summary>
public sealed class ParameterStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task An_administrator_plans_a_value_and_takes_it_back(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var story = new CaseStory(app);
        await story.PrepareAsync("granted");
        var admin = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Administrator, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await page.GotoAsync($"/sign-in?returnUrl={Uri.EscapeDataString("/desk/parameters")}");
        await page.FillAsync("#UserName", admin.UserName!);
        await page.FillAsync("#Password", TestAccounts.Password);
        await page.ClickAsync("main form button[type=submit]");
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("农村低保标准");
        await LookAsync(page, $"parameters-{width}");
        // Many matters have such a figure: found by words, and by the matter.
        await Assertions.Expect(page.GetByText("第一年龄段标准")).ToHaveCountAsync(1);
        await page.FillAsync("#parameter-term", "没有这样的");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("没有符合的参数");
        await page.FillAsync("#parameter-term", "农村最低生活保障");
        await Assertions.Expect(page.GetByText("第一年龄段标准")).ToHaveCountAsync(0);
        await LookAsync(page, $"parameters-found-{width}");
        await page.GetByRole(AriaRole.Region, new() { Name = "农村最低生活保障", Exact = true }).GetByRole(AriaRole.Link, new() { Name = "公示天数（自然日）" }).ClickAsync();

        await page.FillAsync("#p-value", "5");
        await page.ClickAsync("#p-add");
        await Assertions.Expect(page.Locator(".entry-field.wrong")).ToHaveCountAsync(4);
        await Assertions.Expect(page.Locator(".entry-field.wrong").First).ToContainTextAsync("不能少于 7（DB 19）");
        await Assertions.Expect(page.Locator("#p-value")).ToHaveValueAsync("5");
        await LookAsync(page, $"parameter-faults-{width}");
        var from = BureauTime.Day(DateTimeOffset.UtcNow).AddDays(30);
        await page.FillAsync("#p-value", "10");
        await page.FillAsync("#p-from", from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await page.FillAsync("#p-source", "皖民发〔2027〕1号");
        await page.FillAsync("#p-reason", "延长公示时间");
        await page.ClickAsync("#p-add");
        await Assertions.Expect(page.Locator(".mud-dialog")).ToContainTextAsync("由 7 改为 10");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "登记新值" }).ClickAsync();
        await Assertions.Expect(page.GetByText("延长公示时间")).ToBeVisibleAsync();
        await LookAsync(page, $"parameter-planned-{width}");
        await using var db = story.Open();
        Assert.Equal("10", (await db.Set<ParameterValue>().SingleAsync(p => p.Key == "dibao.notice.days" && p.Scope == "")).Value);
        await page.GetByRole(AriaRole.Button, new() { Name = "撤回计划" }).ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "撤回计划" }).ClickAsync();
        await Assertions.Expect(page.GetByText("延长公示时间")).ToHaveCountAsync(0);
        Assert.False(await db.Set<ParameterValue>().AnyAsync(p => p.Key == "dibao.notice.days" && p.Scope == ""));
    }
}
