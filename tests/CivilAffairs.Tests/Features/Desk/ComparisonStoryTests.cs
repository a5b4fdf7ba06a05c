using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk;

/// <summary>An approver meets a household that gets the benefit already, says why it is granted all the same, and grants it.</summary>
public sealed class ComparisonStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task An_approver_is_stopped_says_why_and_grants(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var first = new CaseStory(app);
        await first.PlayAsync("granted");
        var second = new CaseStory(app, "rural-dibao", first.Number);
        var id = await second.PlayAsync("granted", new DateTimeOffset(2026, 3, 10, 15, 0, 0, TimeSpan.FromHours(8)));
        var approver = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.CountyApprover, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, approver.UserName!, $"/desk/cases/{id}");
        var compared = page.Locator("#compared");
        await Assertions.Expect(compared).ToContainTextAsync("一个人只能计入一个家庭");
        await Assertions.Expect(compared.GetByText("确需办理，说明理由")).ToHaveCountAsync(0);
        await page.Locator(".claim").ClickAsync();
        await page.GetByLabel("同意", new() { Exact = false }).First.CheckAsync();
        await page.Locator("button.decide").ClickAsync();
        await Assertions.Expect(page.Locator(".decision")).ToContainTextAsync("按规定不能同意");
        await LookAsync(page, $"compared-refused-{width}");
        await compared.GetByText("确需办理，说明理由").ClickAsync();
        await page.ClickAsync("#compared-send");
        await Assertions.Expect(page.Locator("#compared-reason-error")).ToContainTextAsync("请写明理由");
        await LookAsync(page, $"compared-reason-{width}");
        await page.FillAsync("#compared-reason", "两户已经合并，前一户本月停发。");
        await page.ClickAsync("#compared-send");
        await Assertions.Expect(compared).ToContainTextAsync("两户已经合并");
        await page.Locator("button.decide").ClickAsync();
        await Assertions.Expect(page.Locator(".decision .done")).ToBeVisibleAsync();
        await LookAsync(page, $"compared-granted-{width}");
        await using var db = second.Open();
        Assert.Equal(1, await db.Set<Grant>().CountAsync(g => g.CaseId == id));
    }
}
