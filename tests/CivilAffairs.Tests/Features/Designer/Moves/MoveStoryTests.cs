using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Designer.Moves;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static CivilAffairs.Tests.Support.Pages;

namespace CivilAffairs.Tests.Features.Designer.Moves;

/// <summary>A manager moves fifty running cases to a version with an extra review, in a real browser, and takes it back.</summary>
public sealed class MoveStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360, 8)]
    [InlineData(1440, 50)]
    public async Task A_manager_sees_where_each_case_would_stand_moves_them_and_takes_it_back(int width, int count)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var kit = new MoveKit(app);
        for (var i = 0; i < count; i++) await kit.PlayAsync(700 + i, MoveKit.Stages[i % MoveKit.Stages.Count]);
        var (account, _) = await Versions.ManagerAsync(app);
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, account.UserName!, "/desk/matters/rural-dibao/cases");
        await Assertions.Expect(page.Locator(".empty")).ToBeVisibleAsync();
        var target = await Versions.PublishAsync(app, kit.Shipped, j => Versions.WithReview(j));

        await page.GotoAsync("/desk/matters/rural-dibao/cases");
        await Assertions.Expect(page.Locator("#move-show")).ToBeEnabledAsync();
        await LookAsync(page, $"moves-versions-{width}");
        await page.SelectOptionAsync("#move-to", target.Hash);
        await page.ClickAsync("#move-show");
        await Assertions.Expect(page.Locator("#move-preview tbody tr")).ToHaveCountAsync(Math.Min(count, MoveQuery.PageSize));
        await LookAsync(page, $"moves-preview-{width}");
        // Without a reason nothing happens, and nothing typed is lost.
        await page.CheckAsync("#move-limits");
        await page.ClickAsync("#move-do");
        await Assertions.Expect(page.Locator("#move-preview .fault")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#move-limits")).ToBeCheckedAsync();
        await page.UncheckAsync("#move-limits");
        await page.FillAsync("#move-reason", "县局要求增加复审");
        await page.ClickAsync("#move-do");
        await ConfirmAsync(page, "迁移");
        await Assertions.Expect(page.Locator("#move-counts")).ToContainTextAsync($"已迁移 {count} 件，保持不动 0 件", new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("#move-undo")).ToBeEnabledAsync();
        await LookAsync(page, $"moves-done-{width}");
        await using var db = kit.Open();
        Assert.Equal(count, await db.Set<Case>().CountAsync(c => c.Revision == target.Hash));

        // One is decided upon; the rest goes back.
        var opinion = await db.Set<WorkTask>().Where(t => t.ActivityId == "opinion" && t.State == TaskState.Open).Select(t => t.CaseId).FirstAsync();
        await kit.GoOnAsync(opinion, "opinion", MoveKit.Review);
        await page.ClickAsync("#move-undo");
        await ConfirmAsync(page, "撤回迁移");
        await Assertions.Expect(page.Locator("#move-counts")).ToContainTextAsync($"已撤回 {count - 1} 件，不能撤回 1 件", new() { Timeout = 60_000 });
        await LookAsync(page, $"moves-undone-{width}");
        Assert.Equal(opinion, (await db.Set<Case>().SingleAsync(c => c.Revision == target.Hash)).Id);

        // Who is no manager sees none of it.
        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299700"))).UserName!, "/desk/matters/rural-dibao/cases");
        await Assertions.Expect(page.Locator(".empty")).ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator("#move-to").CountAsync());
    }

    private static Task ConfirmAsync(IPage page, string word) => page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = word, Exact = true }).ClickAsync();
}
