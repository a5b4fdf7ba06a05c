using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>What else may happen to an application, in the browser: correction and withdrawal; and the applicant's side without JavaScript.</summary>
public sealed class SideExitTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task An_applicant_without_JavaScript_applies_corrects_what_is_asked_and_withdraws()
    {
        await using var county = await County.OpenAsync(browser, Databases.Sqlite);
        var example = await county.PrepareAsync("corrected");
        var watched = await county.BrowseAsync(javaScript: false);
        var page = watched.Page;
        var household = new Household(watched, county.Form, example.Form);
        await household.RegisterAsync();
        var number = await household.ApplyAsync();
        await page.Locator("main a.primary").FollowAsync();
        var home = page.Url;
        await county.DecideAsync(Roles.Clerk, number, "accept", new JsonObject { ["outcome"] = "Correct", ["defects"] = "收入说明看不清。" });

        // Asked at the top of the case, with the day; what is asked stands on the page that mends it.
        await page.GotoAsync(home);
        await Assertions.Expect(page.Locator(".note.amber")).ToBeVisibleAsync();
        await page.Locator(".note.amber a.primary").FollowAsync();
        await Assertions.Expect(page.Locator(".note.amber")).ToContainTextAsync("收入说明看不清。");
        await page.Locator(".tasks a[href$='/reason']").ClickAsync();
        await page.FillAsync("#a-text", "补充：家中有慢性病人，收入不足以维持基本生活。");
        await page.Locator("button[name=go][value=leave]").FollowAsync();
        await page.Locator(".actions a.primary").FollowAsync();
        await page.FillAsync("#a-note", "已重新说明。");
        await page.Locator("form.send button[type=submit]").FollowAsync();
        await county.DecideAsync(Roles.Clerk, number, "acceptAgain", new JsonObject { ["outcome"] = "Accept", ["relative"] = false }, asks: "accept");

        await page.GotoAsync(home);
        await Assertions.Expect(page.Locator(".line .now strong")).ToHaveTextAsync("调查核对");
        await page.ClickAsync("a[href$='/withdraw']");
        await page.ClickAsync("main button.stop");
        await Assertions.Expect(page.Locator(".line .now strong")).ToHaveTextAsync("已撤回");
        await Assertions.Expect(page.Locator("a[href$='/withdraw']")).ToHaveCountAsync(0);

        // Nothing is left to do at the desk, and its page says why.
        var clerk = await county.BrowseAsync();
        await new Seat(clerk, county.Form).SignInAsync(await county.OfficerAsync(Roles.Investigator));
        await Assertions.Expect(clerk.Page.Locator("#content .empty")).ToBeVisibleAsync();
        county.AssertFaultless();
    }

    [BrowserFact]
    public async Task A_page_of_the_application_and_a_decision_of_the_desk_need_no_mouse()
    {
        await using var county = await County.OpenAsync(browser, Databases.Sqlite);
        var example = await county.PrepareAsync("granted");
        var account = await TestAccounts.ApplicantAsync(county.App);
        var watched = await county.BrowseAsync();
        var page = watched.Page;
        await new Household(watched, county.Form, example.Form).SignInAsync(account.UserName, TestAccounts.Password);
        await page.GotoAsync("/my/apply/rural-dibao");
        await ToAsync(page, "main button[type=submit]");
        await page.Keyboard.PressAsync("Enter");
        await page.AtAsync("my/drafts/*");
        await ToAsync(page, ".tasks a[href$='/reason']");
        await page.Keyboard.PressAsync("Enter");
        await page.AtAsync("reason");
        await ToAsync(page, "#a-code");
        await page.Keyboard.PressAsync("ArrowDown");
        await ToAsync(page, "#a-text");
        await page.Keyboard.TypeAsync("家中有慢性病人。");
        await ToAsync(page, "button[value=leave]");
        await page.Keyboard.PressAsync("Enter");
        await page.AtAsync("my/drafts/*");
        await Assertions.Expect(page.Locator(".tasks li", new() { Has = page.Locator("a[href$='/reason']") }).Locator(".state.done")).ToBeVisibleAsync();

        await county.Story.PlayAsync("granted", (await county.Story.PrepareAsync("granted")).At);
        var clerk = await county.BrowseAsync();
        var desk = clerk.Page;
        await new Seat(clerk, county.Form).SignInAsync(await county.OfficerAsync(Roles.Clerk));
        await desk.Locator("a.number").First.WaitForAsync();
        // The desk's own key for the next row, then only Tab, Space and Enter.
        await desk.Keyboard.PressAsync("j");
        await desk.Keyboard.PressAsync("Enter");
        await desk.Locator(".claim").WaitForAsync();
        await ToAsync(desk, ".claim");
        await desk.Keyboard.PressAsync("Enter");
        await desk.Locator(".outcomes").WaitForAsync();
        await ToAsync(desk, ".outcomes input");
        await desk.Keyboard.PressAsync("Space");
        await desk.Locator("[name=field-relative]").First.WaitForAsync();
        await ToAsync(desk, "[name=field-relative]");
        await desk.Keyboard.PressAsync("ArrowDown");
        await ToAsync(desk, "button.decide");
        await desk.Keyboard.PressAsync("Enter");
        await desk.Locator(".decision .done").WaitForAsync();
        county.AssertFaultless();
    }

    /// <summary>Tab by Tab, and what has the focus shows it.</summary>
    private static async Task ToAsync(IPage page, string selector)
    {
        for (var i = 0; i < 80; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (!await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector)) continue;
            Assert.True(await page.EvaluateAsync<bool>("""
                () => { const at = document.activeElement; return [at, at.closest("label")].some(e => e && getComputedStyle(e).outlineStyle !== "none"); }
                """), $"{selector} has the focus and does not show it");
            return;
        }
        Assert.Fail($"{selector} cannot be reached by Tab on {page.Url}");
    }
}
