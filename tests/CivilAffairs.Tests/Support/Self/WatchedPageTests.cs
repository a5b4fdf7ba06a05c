using Microsoft.Playwright;

namespace CivilAffairs.Tests.Support.Self;

/// <summary>The watch over pages is shown to see each kind of fault: a guard nobody has seen fail guards nothing.</summary>
public sealed class WatchedPageTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task It_sees_what_a_page_does_wrong_and_nothing_on_a_good_one()
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var home = app.ClientOptions.BaseAddress.ToString();
        var watched = new WatchedPage(await browser.PageAsync(1440, home), home, "self");
        var page = watched.Page;
        await page.GotoAsync("/");
        await watched.LookAsync("good");
        Assert.Empty(watched.Faults);

        await page.EvaluateAsync("""
            () => {
              console.error("an error of the console");
              const inline = document.createElement("script");
              inline.textContent = "window.stolen = true";
              document.head.append(inline);
              setTimeout(() => { throw new Error("an error of a script"); });
            }
            """);
        await page.EvaluateAsync("fetch('/not-there').catch(() => {})");
        await page.EvaluateAsync("document.querySelector('main').append(document.createElement('img'))");
        await watched.LookAsync("bad");
        await Assert.ThrowsAsync<PlaywrightException>(() => page.GotoAsync("http://127.0.0.2:9/elsewhere"));
        foreach (var seen in new[] { "an error of the console", "Content Security Policy", "an error of a script", "answer 404", "request to elsewhere: http://127.0.0.2:9/elsewhere", "image-alt" })
            Assert.Contains(watched.Faults, f => f.Contains(seen, StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task It_sees_a_page_that_is_too_wide_and_Chinese_among_English()
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var home = app.ClientOptions.BaseAddress.ToString();
        var watched = new WatchedPage(await browser.PageAsync(1440, home), home, "self-english", english: true);
        await watched.Page.GotoAsync("/");
        await watched.Page.Locator("form.language button").FollowAsync();
        await watched.LookAsync("good");
        Assert.Empty(watched.Faults);
        await watched.Page.EvaluateAsync("""
            () => {
              const left = document.createElement("p");
              left.textContent = "公示 stays";
              left.setAttribute("title", "材料");
              left.style.width = "3000px";
              document.querySelector("main").append(left);
            }
            """);
        await watched.LookAsync("bad");
        foreach (var seen in new[] { "not in English: 公示 stays", "not in English: 材料", "px too wide" })
            Assert.Contains(watched.Faults, f => f.Contains(seen, StringComparison.Ordinal));
    }
}
