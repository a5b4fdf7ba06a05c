using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk;

/// <summary>The queue and a case by keys alone: nothing is lost when what had the keyboard goes away.</summary>
public sealed class DeskKeyboardTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task A_case_is_found_opened_and_claimed_by_keys_alone()
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var story = new CaseStory(app);
        for (var i = 0; i < 3; i++)
        {
            // Three households of one township.
            var other = new CaseStory(app);
            await other.PlayAsync("granted", (await other.PrepareAsync("granted")).At);
            await MoveAsync(app, other.Township, story.Township);
        }
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        var page = await browser.PageAsync(1440, app.ClientOptions.BaseAddress.ToString());
        await page.GotoAsync("/sign-in?returnUrl=%2Fdesk");
        await page.FillAsync("#UserName", clerk.UserName!);
        await page.FillAsync("#Password", TestAccounts.Password);
        await page.Keyboard.PressAsync("Enter");
        var rows = page.Locator("[data-rows] a.number");
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("h1")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(rows.Nth(0)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(rows.Nth(2)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("k");
        await Assertions.Expect(rows.Nth(0)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".claim").PressAsync("Enter");
        // The button went; the keyboard is at the first thing to decide.
        await Assertions.Expect(page.Locator(".outcomes input").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(page.Locator("#bar-search")).ToBeFocusedAsync();
    }

    private static Task<int> MoveAsync(TestApp app, string from, string to) => app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
    {
        foreach (var @case in await db.Set<Case>().Where(c => c.Township == from).ToListAsync(cancel)) (@case.Township, @case.Village) = (to, to + "201");
        foreach (var task in await db.Set<WorkTask>().Where(t => t.Division == from).ToListAsync(cancel)) task.Division = to;
        return 0;
    });
}
