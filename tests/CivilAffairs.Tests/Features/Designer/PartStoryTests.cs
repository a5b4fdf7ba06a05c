using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Designer.Papers;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>Two managers change the same template and the same settings: the second is told who and when, loses nothing, looks at the other's version and goes on.</summary>
public sealed class PartStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory, InlineData(1440)]
    public async Task Two_managers_change_one_template(int width)
    {
        await using var app = new TestApp();
        var (kit, page, colleague, id) = await StartAsync(app, width, id => $"/desk/matters/{id}/papers/granted.mail");
        var papers = app.Services.GetRequiredService<PaperCommands>();
        var before = (await kit.MatterAsync(colleague, id))!.Files["templates/granted.mail"];
        await page.FillAsync("#paper-text", before + "\n我加的一行");
        // Somebody saves another part: that is nobody's loss, and not told.
        var saved = await kit.EditAsync(colleague, id, m => m["summary"]!["zh"] = "对方写的简介", 0);
        await page.ClickAsync("#paper-save");
        await Assertions.Expect(page.GetByText("已保存，草稿序号")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#conflict")).ToHaveCountAsync(0);

        // Then this very template.
        var mine = before + "\n我又加的一行";
        await page.FillAsync("#paper-text", mine);
        var now = (await kit.MatterAsync(colleague, id))!;
        await papers.SaveAsync(colleague, id, "granted.mail", new PaperContent("准予通知", "Granted", false, now.Files["templates/granted.mail"] + "\n对方加的一行"), now.Draft, DraftKit.Key());
        await page.ClickAsync("#paper-save");
        await Assertions.Expect(page.Locator("#conflict")).ToContainTextAsync(colleague.Name);
        await Assertions.Expect(page.Locator("#conflict")).ToContainTextAsync("+ 对方加的一行");
        await Assertions.Expect(page.Locator("#paper-text")).ToHaveValueAsync(mine);
        await LookAsync(page, $"part-paper-{width}");
        // They keep theirs to look at, and theirs is what is stored until they say so.
        Assert.EndsWith("对方加的一行", (await kit.MatterAsync(colleague, id))!.Files["templates/granted.mail"], StringComparison.Ordinal);
        await page.ClickAsync("#keep-mine");
        await Assertions.Expect(page.Locator("#conflict")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByText("已保存，草稿序号")).ToBeVisibleAsync();
        Assert.EndsWith("我又加的一行", (await kit.MatterAsync(colleague, id))!.Files["templates/granted.mail"], StringComparison.Ordinal);
    }

    [BrowserTheory, InlineData(360)]
    public async Task Two_managers_change_the_same_setting(int width)
    {
        await using var app = new TestApp();
        var (kit, page, colleague, id) = await StartAsync(app, width, id => $"/desk/matters/{id}/settings");
        var field = page.GetByLabel("中文名称").First;
        await field.FillAsync("村规民约备案登记");
        await field.BlurAsync();
        // The other changes another setting in the same file, then the same one.
        var saved = await kit.EditAsync(colleague, id, m => m["summary"]!["zh"] = "对方写的简介", 0);
        saved = await kit.EditAsync(colleague, id, m => m["name"]!["zh"] = "村规民约审查", saved.Version);
        await page.ClickAsync("#settings-save");
        await Assertions.Expect(page.Locator("#conflict")).ToContainTextAsync(colleague.Name);
        await Assertions.Expect(page.Locator("#conflict")).ToContainTextAsync("村规民约审查");
        await Assertions.Expect(field).ToHaveValueAsync("村规民约备案登记");
        await LookAsync(page, $"part-settings-{width}");
        await page.ClickAsync("#keep-mine");
        await Assertions.Expect(page.GetByText("已保存，草稿序号")).ToBeVisibleAsync();
        var stored = JsonNode.Parse((await kit.MatterAsync(colleague, id))!.Files["matter.json"])!;
        Assert.Equal(("村规民约备案登记", "对方写的简介"), ((string?)stored["name"]!["zh"], (string?)stored["summary"]!["zh"]));
    }

    private async Task<(DraftKit Kit, IPage Page, Viewer Colleague, string Id)> StartAsync(TestApp app, int width, Func<string, string> at)
    {
        app.UseKestrel(0);
        app.StartServer();
        var kit = new DraftKit(app);
        var (account, colleague) = (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, DraftKit.County)), await kit.ManagerAsync());
        var id = await kit.PublishedAsync(colleague);
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, account.UserName!, at(id));
        return (kit, page, colleague, id);
    }
}
