using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>A manager begins a matter, publishes, is told of a colleague's save, compares, rolls back and retires, in a real browser.</summary>
public sealed class DesignerStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_manager_keeps_a_matter_through_its_life(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var kit = new DraftKit(app);
        var (account, colleague) = (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, DraftKit.County)), await kit.ManagerAsync());
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, account.UserName!, "/desk/matters");
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("农村最低生活保障");
        await LookAsync(page, $"matters-{width}");

        // Faults stand by their fields, and what was typed stays.
        await page.ClickAsync("#to-new");
        await page.FillAsync("#m-who-zh", "村民委员会的经办人");
        await page.FillAsync("#m-id", "Village Rules");
        await page.FillAsync("#m-zh", "村规民约备案");
        await page.ClickAsync("#m-new");
        await Assertions.Expect(page.Locator(".entry-field.wrong")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("#m-zh")).ToHaveValueAsync("村规民约备案");
        await page.FillAsync("#m-id", "village-rules");
        await page.FillAsync("#m-en", "Village rules");
        await page.FillAsync("#m-who-en", "The handler of the villagers' committee");
        await page.ClickAsync("#m-new");
        await Assertions.Expect(page.Locator("#check-good")).ToBeVisibleAsync();
        await page.ClickAsync("#publish");
        await Assertions.Expect(page.Locator(".entry-field.wrong")).ToContainTextAsync("请填写理由");
        await page.FillAsync("#m-comment", "新开事项，皖民发〔2027〕1号");
        await DoAsync(page, "#publish", "发布草稿", "已发布为第 1 版");

        // A colleague saves while this page is open.
        var saved = await kit.RenameAsync(colleague, "village-rules", "村规民约备案登记", 0);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#publish")).ToBeEnabledAsync();
        await LookAsync(page, $"matter-draft-{width}");
        await kit.EditAsync(colleague, "village-rules", m => m["roles"] = "none", saved.Version);
        await page.FillAsync("#m-comment", "改名称");
        await page.ClickAsync("#publish");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "发布草稿" }).ClickAsync();
        await Assertions.Expect(page.Locator("p.fault").First).ToContainTextAsync(colleague.Name);
        await Assertions.Expect(page.Locator("#m-comment")).ToHaveValueAsync("改名称");
        // What the colleague saved cannot be published, and the page says why.
        await Assertions.Expect(page.Locator("section.paper h3").First).ToContainTextAsync("处错误");
        await Assertions.Expect(page.Locator("#publish")).ToBeDisabledAsync();
        await LookAsync(page, $"matter-faulty-{width}");
        var broken = (await kit.Drafts.FindAsync("village-rules"))!;
        await kit.Drafts.RestoreAsync(colleague, "village-rules", kit.Library.Find("village-rules")!.Hash, broken.Version, DraftKit.Key());
        await kit.RenameAsync(colleague, "village-rules", "村规民约备案登记", broken.Version + 1);
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "草稿改了什么" }).First.ClickAsync();
        await Assertions.Expect(page.Locator(".changes")).ToContainTextAsync("名称由“村规民约备案”改为“村规民约备案登记”。");
        Assert.Equal(0, await page.Locator("[data-sketch-pair]").CountAsync());
        await LookAsync(page, $"matter-compare-{width}");
        await page.Locator(".crumbs a").Last.ClickAsync();
        await page.FillAsync("#m-comment", "改名称");
        await DoAsync(page, "#publish", "发布草稿", "已发布为第 2 版");
        await page.FillAsync("#m-comment", "叫法不对，退回");
        await page.GetByRole(AriaRole.Button, new() { Name = "退回到这一版" }).Last.ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "退回到这一版" }).ClickAsync();
        await Assertions.Expect(page.GetByText("已发布为第 3 版")).ToBeVisibleAsync();
        await page.FillAsync("#m-comment", "依据废止");
        await DoAsync(page, "#retire", "停用事项", "已停用。");
        await LookAsync(page, $"matter-retired-{width}");
        Assert.Null(kit.Library.FindOffered("village-rules"));
        Assert.Equal("村规民约备案", kit.Library.Find("village-rules")!.Matter.Name.Zh);
    }

    private static async Task DoAsync(IPage page, string button, string yes, string done)
    {
        await page.ClickAsync(button);
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = yes }).ClickAsync();
        await Assertions.Expect(page.GetByText(done)).ToBeVisibleAsync();
    }
}
