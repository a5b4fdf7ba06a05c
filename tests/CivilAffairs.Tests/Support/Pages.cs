using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Support;

/// <summary>What every story in the browser does: come in, and look at a page as a person and as a screen reader would.</summary>
internal static class Pages
{
    /// <summary>Signs in by the page and waits for the one it leads to.</summary>
    public static async Task SignInAsync(IPage page, string userName, string to = "/desk")
    {
        await page.GotoAsync($"/sign-in?returnUrl={Uri.EscapeDataString(to)}");
        await page.FillAsync("#UserName", userName);
        await page.FillAsync("#Password", TestAccounts.Password);
        await page.ClickAsync("main form button[type=submit]");
        // The sign-in page has a heading too: it goes with its form.
        await Assertions.Expect(page.Locator("#UserName")).ToHaveCountAsync(0);
        await page.Locator("main h1").First.WaitForAsync();
    }

    /// <summary>Takes the picture; nothing is wider than the screen, and axe finds nothing serious.</summary>
    public static async Task LookAsync(IPage page, string name)
    {
        await Browser.SettledAsync(page);
        await Browser.PictureAsync(page, name);
        Assert.Equal(0, await Browser.OverflowAsync(page));
        var found = await page.RunAxe();
        Assert.Empty(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Help} {string.Join(" ", v.Nodes.Select(n => n.Html))}"));
    }
}
