using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>
/// A household from application to grant in the browser alone, from both sides, on the real product: whoever plays it
/// plays every officer, and moves the product's clock over the days of notice.
/// </summary>
public sealed class GrantStoryTests(Browser browser) : IClassFixture<Browser>
{
    /// <summary>In Chinese on the embedded default with a look at every page; in English on PostgreSQL, where one is.</summary>
    public static TheoryData<string, bool> Readers => new() { { Databases.Sqlite, false }, { Databases.Kinds[^1], true } };

    [BrowserTheory, MemberData(nameof(Readers))]
    public async Task A_household_is_granted_the_allowance(string kind, bool english)
    {
        await using var county = await County.OpenAsync(browser, kind, english ? null : "story", english, jobs: true);
        var example = await county.PrepareAsync("granted");
        var watched = await county.BrowseAsync();
        var household = new Household(watched, county.Form, example.Form);
        await household.RegisterAsync();
        var number = await household.ApplyAsync();
        await watched.Page.Locator("main a.primary").FollowAsync();
        await watched.LookAsync("case-sent");
        var home = new Uri(watched.Page.Url).AbsolutePath;

        JsonObject Of(string task, int seat = 0) => county.Answer(example, task, seat);
        await county.DecideAsync(Roles.Clerk, number, "accept", Of("accept"));
        await county.DecideAsync(Roles.Investigator, number, "visit", Of("visit"));
        await county.DecideAsync(Roles.Investigator, number, "visit", Of("visit", 1));
        await county.DecideAsync(Roles.VillageWorker, number, "neighbours", Of("neighbours"));
        await county.DecideAsync(Roles.Checker, number, "check", Of("check"));
        await county.DecideAsync(Roles.TownshipReviewer, number, "opinion", Of("opinion"));
        await NoticeAsync(await county.BrowseAsync(), number);
        await county.DecideAsync(Roles.CountyClerk, number, "countyReview", Of("countyReview"));
        await county.DecideAsync(Roles.CountyApprover, number, "confirm", Of("confirm"));

        await household.SignInAsync();
        await watched.LookAsync("my");
        await watched.Page.Locator(".rows a").First.ClickAsync();
        await Assertions.Expect(watched.Page.Locator(".amount")).ToContainTextAsync("¥1,200.00");
        await watched.LookAsync("case-granted");
        await DocumentAsync(county, watched, home);
        await LettersAsync(watched, number);
        await TabsAsync(county, number);
        county.AssertFaultless();
    }

    /// <summary>What the village reads; then seven days pass.</summary>
    private static async Task NoticeAsync(WatchedPage anybody, string number)
    {
        var page = anybody.Page;
        await page.GotoAsync("/notices");
        await anybody.LookAsync("notices");
        await page.Locator(".rows a").First.ClickAsync();
        await anybody.LookAsync("notice");
        await page.ClickAsync("footer a[href='/dev/clock']");
        await anybody.LookAsync("clock");
        await page.Locator("tr", new() { HasText = number }).Locator("button").ClickAsync();
        await Assertions.Expect(page.Locator(".note.green")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".clock-moved")).ToBeVisibleAsync();
        await anybody.LookAsync("clock-moved");
        await page.Context.CloseAsync();
    }

    /// <summary>The decision: on the page, as a PDF, and confirmed to anybody who scans its code.</summary>
    private static async Task DocumentAsync(County county, WatchedPage watched, string home)
    {
        await watched.Page.Locator(".rows a[href*='/documents/']").First.ClickAsync();
        await watched.LookAsync("document");
        var download = await watched.Page.RunAndWaitForDownloadAsync(() => watched.Page.ClickAsync("a[href$='/pdf']"));
        var pdf = await File.ReadAllBytesAsync(await download.PathAsync());
        Assert.Equal("%PDF"u8.ToArray(), pdf[..4]);
        await using var db = county.Story.Open();
        var caseId = Guid.Parse(home.Split('/')[^1]);
        var document = await db.Set<IssuedDocument>().Where(d => d.CaseId == caseId).OrderByDescending(d => d.IssuedAt).FirstAsync();
        await watched.Page.GotoAsync($"/verify/{document.VerifyCode}");
        await Assertions.Expect(watched.Page.Locator(".keyfacts")).ToContainTextAsync(document.Number);
        await watched.LookAsync("verify");
    }

    private static async Task LettersAsync(WatchedPage watched, string number)
    {
        var letters = watched.Page.Locator("article.letter", new() { HasText = number });
        for (var i = 0; i < 60 && await letters.CountAsync() < 2; i++)
        {
            await Task.Delay(250);
            await watched.Page.GotoAsync("/dev/mailbox");
        }
        Assert.Equal(2, await letters.CountAsync());
        await watched.LookAsync("mailbox");
    }

    /// <summary>What the desk shows of the case afterwards: every part of its page, the board, the register, the search.</summary>
    private static async Task TabsAsync(County county, string number)
    {
        var clerk = await county.BrowseAsync();
        var page = clerk.Page;
        await new Seat(clerk, county.Form).SignInAsync(await county.OfficerAsync(Roles.TownshipReviewer));
        await clerk.LookAsync("desk-queue-empty");
        await page.GotoAsync("/desk/search");
        await page.FillAsync("#term", number);
        await page.PressAsync("#term", "Enter");
        await page.Locator("#content a.number").WaitForAsync();
        await clerk.LookAsync("desk-search");
        await page.Locator("#content a.number").ClickAsync();
        await page.Locator(".tabs").WaitForAsync();
        foreach (var tab in new[] { "form", "papers", "story", "tasks", "notices" })
        {
            await page.Locator($".tabs a{(tab == "form" ? ":not([href*='tab='])" : $"[href*='tab={tab}']")}").ClickAsync();
            await page.Locator($".tabs a[aria-current]{(tab == "form" ? "" : $"[href*='tab={tab}']")}").WaitForAsync();
            await clerk.LookAsync($"desk-case-{tab}");
            if (tab != "tasks") continue;
            // Five wrote something personal: both investigators are among them.
            await Assertions.Expect(page.Locator(".task-list li", new() { Has = page.Locator("dl") }).Filter(new() { HasText = "****" })).ToHaveCountAsync(5);
        }
        foreach (var (path, name) in new[] { ("/desk/notices", "desk-notices"), ("/desk/benefits", "desk-benefits") })
        {
            await page.GotoAsync(path);
            await page.Locator("#content tbody tr").First.WaitForAsync();
            await clerk.LookAsync(name);
        }
    }
}
