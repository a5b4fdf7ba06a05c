using System.Text.RegularExpressions;
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

    /// <summary>
    /// Clicks what leads to another document, and goes on when that one has come. A click alone may return while the old one
    /// still stands, and whoever then counts or reads its address decides by a page that is about to go.
    /// </summary>
    public static async Task FollowAsync(this ILocator leads)
    {
        var page = leads.Page;
        var come = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.FrameNavigated += Came;
        try
        {
            await leads.ClickAsync();
            await come.Task.WaitAsync(TimeSpan.FromSeconds(90));
            await ReadAsync(page);
        }
        finally
        {
            page.FrameNavigated -= Came;
        }

        void Came(object? sender, IFrame frame)
        {
            if (frame == page.MainFrame) come.TrySetResult();
        }
    }

    /// <summary>
    /// Waits until the window shows an address. Playwright's own wait for one misses, now and then, that the page has loaded
    /// while it asks: with two browsers on a busy machine a story then stood still until its time was over.
    /// </summary>
    /// <param name="glob">End of the address; <c>*</c> is a part of a path, <c>**</c> more than one.</param>
    public static async Task AtAsync(this IPage page, string glob)
    {
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"/{Regex.Escape(glob).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}$"));
        await ReadAsync(page);
    }

    /// <summary>The page has been read to its end.</summary>
    private static async Task ReadAsync(IPage page)
    {
        for (var tries = 0; tries < 3000; tries++)
        {
            try
            {
                if (await page.EvaluateAsync<bool>("document.readyState !== 'loading'")) return;
            }
            catch (PlaywrightException) when (tries < 2999)
            {
                // Asked of a document that was just leaving.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
        Assert.Fail($"{page.Url} does not end.");
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
