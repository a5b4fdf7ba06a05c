using System.Text.RegularExpressions;
using CivilAffairs.Tests.Features.Desk.Counter;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>
/// One couple, from both sides and at the registry's counter: withdrawn by her in her account, by him at the counter, left
/// to lapse, and in the end divorced. Whoever plays it moves the product's clock over the days of waiting.
/// </summary>
public sealed partial class DivorceStoryTests(Browser browser) : IClassFixture<Browser>
{
    /// <summary>In Chinese on the embedded default with a look at every page; in English on PostgreSQL, where one is.</summary>
    public static TheoryData<string, bool> Readers => new() { { Databases.Sqlite, false }, { Databases.Kinds[^1], true } };

    [BrowserTheory, MemberData(nameof(Readers))]
    public async Task Withdrawn_twice_lapsed_once_and_divorced(string kind, bool english)
    {
        await using var county = await County.OpenAsync(browser, kind, english ? null : "divorce", english, jobs: true, matter: "divorce");
        var example = await county.PrepareAsync("last-day");
        var he = await AccountAsync(county, example, "applicant", "he@people.example");
        var she = await AccountAsync(county, example, "spouse", "she@people.example");

        await SheWithdrawsAsync(county, she, await ApplyAsync(county, example, looked: true));
        await HeWithdrawsAtTheCounterAsync(county, await ApplyAsync(county, example));
        await LapseAsync(county, he, await ApplyAsync(county, example));
        await CompleteAsync(county, example, he, she, await ApplyAsync(county, example));
        await LettersAsync(county);
        county.AssertFaultless();
    }

    /// <summary>Both come, the registrar accepts, and the receipt is printed.</summary>
    /// <returns>The case's number.</returns>
    private static async Task<string> ApplyAsync(County county, ExampleFile example, bool looked = false)
    {
        var registrar = await county.BrowseAsync();
        var (seat, page) = (new Seat(registrar, county.Form), registrar.Page);
        await seat.SignInAsync(await county.OfficerAsync(Roles.MarriageRegistrar));
        await page.GotoAsync("/desk/counter");
        await page.Locator("#content button", new() { HasText = county.Story.Revision.Matter.Name.In(await page.Locator("html").GetAttributeAsync("lang") is "en" ? "en" : "zh") }).ClickAsync();
        foreach (var (input, party) in new[] { ("#identify", "applicant"), ("#identify-spouse", "spouse") })
        {
            await page.FillAsync(input, (string)example.Form[party]!["idNumber"]!);
            await page.PressAsync(input, "Enter");
            await Assertions.Expect(page.Locator($"#s-{party} output")).ToHaveCountAsync(3);
        }
        await CounterForm.FillAsync(page, county.Form, example.Form);
        if (looked) await registrar.LookAsync("counter");
        await page.Locator("#check").ClickAsync();
        await Assertions.Expect(page.Locator("#check-title")).ToBeFocusedAsync();
        await page.Locator("#file").ClickAsync();
        await page.AtAsync("desk/cases/**");
        await seat.DecideHereAsync("accept", county.Answer(example, "accept"));
        var number = await page.Locator(".case-head .number").InnerTextAsync();
        // The days stand at the head of the case, and on the receipt that both take home.
        await Assertions.Expect(page.Locator(".case-head dd", new() { HasTextRegex = Dates() })).ToHaveCountAsync(4);
        if (looked)
        {
            await page.GotoAsync(await page.Locator(".decision .done a.button").GetAttributeAsync("href") ?? "");
            await page.Locator("article.document").WaitForAsync();
            await registrar.LookAsync("receipt");
        }
        await page.Context.CloseAsync();
        return number;
    }

    private static async Task SheWithdrawsAsync(County county, Account she, string number)
    {
        var watched = await HomeAsync(county, she, number);
        await watched.LookAsync("my-cooling");
        await watched.Page.ClickAsync("a[href$='/withdraw']");
        await watched.LookAsync("my-withdraw");
        await watched.Page.ClickAsync("button.stop");
        await Assertions.Expect(watched.Page.Locator("main a[href$='/withdraw']")).ToHaveCountAsync(0);
        await watched.LookAsync("my-withdrawn");
        await watched.Page.Context.CloseAsync();
    }

    private static async Task HeWithdrawsAtTheCounterAsync(County county, string number)
    {
        var registrar = await county.BrowseAsync();
        var page = registrar.Page;
        await OpenCaseAsync(registrar, county, number);
        await page.Locator("#withdraw").ClickAsync();
        // Who came in is asked, not presumed: said at the top, and at the question.
        await page.Locator("#withdraw-send").ClickAsync();
        await Assertions.Expect(page.Locator(".mud-dialog .fault")).ToHaveCountAsync(2);
        await registrar.LookAsync("desk-withdraw");
        await page.Locator("input[name=withdraw-party][value=applicant]").CheckAsync();
        await page.Locator("#withdraw-send").ClickAsync();
        await Assertions.Expect(page.Locator("#withdraw")).ToHaveCountAsync(0);
        await registrar.LookAsync("desk-withdrawn");
        await page.Context.CloseAsync();
    }

    /// <summary>Neither comes again: the day after the last one it counts as withdrawn.</summary>
    private static async Task LapseAsync(County county, Account he, string number)
    {
        for (var i = 0; i < 4; i++) await NextDayAsync(county, number, look: i == 0);
        var watched = await HomeAsync(county, he, number);
        await Assertions.Expect(watched.Page.Locator("main a[href$='/withdraw']")).ToHaveCountAsync(0);
        await watched.LookAsync("my-lapsed");
        await watched.Page.Context.CloseAsync();
    }

    /// <summary>Both come in the window, go home with a certificate each, and each finds it in their account.</summary>
    private static async Task CompleteAsync(County county, ExampleFile example, Account he, Account she, string number)
    {
        for (var i = 0; i < 2; i++) await NextDayAsync(county, number);
        var window = await HomeAsync(county, she, number);
        await Assertions.Expect(window.Page.Locator("main a[href$='/withdraw']")).ToHaveCountAsync(0);
        await window.LookAsync("my-window");
        await window.Page.Context.CloseAsync();

        var registrar = await county.BrowseAsync();
        var seat = new Seat(registrar, county.Form);
        await seat.SignInAsync(await county.OfficerAsync(Roles.MarriageRegistrar));
        await seat.DecideAsync(number, "issue", county.Answer(example, "issue"));
        await Paper.OpenAsync(registrar);
        await registrar.LookAsync("certificate");
        await using var db = county.Story.Open();
        var certificate = (await db.Set<IssuedDocument>().SingleAsync(d => d.Number.StartsWith("L341299"))).Number;
        Assert.Matches(@"^L341299-\d{4}-000001$", certificate);
        await Paper.SaysAsync(registrar, copies: 2, pages: 2, certificate);
        await registrar.Page.Context.CloseAsync();
        foreach (var account in new[] { she, he })
        {
            var watched = await HomeAsync(county, account, number);
            if (account == she) await watched.LookAsync("my-divorced");
            // The receipt of the application is there as well: the certificate is what came last.
            await watched.Page.Locator(".rows li", new() { HasText = certificate }).Locator("a").First.ClickAsync();
            await Paper.SaysAsync(watched, copies: 2, pages: 2, certificate);
            if (account == she) await watched.LookAsync("my-certificate");
            await watched.Page.Context.CloseAsync();
        }
    }

    /// <summary>The product's clock goes to what is due next in the case.</summary>
    private static async Task NextDayAsync(County county, string number, bool look = false)
    {
        var anybody = await county.BrowseAsync();
        await anybody.Page.GotoAsync("/dev/clock");
        if (look) await anybody.LookAsync("clock");
        await anybody.Page.Locator("tr", new() { HasText = number }).Locator("button").First.ClickAsync();
        await Assertions.Expect(anybody.Page.Locator(".note.green")).ToBeVisibleAsync();
        await anybody.Page.Context.CloseAsync();
    }

    /// <summary>Their case in their own account, in a browser of their own.</summary>
    private static async Task<WatchedPage> HomeAsync(County county, Account account, string number)
    {
        var watched = await county.BrowseAsync();
        await Pages.SignInAsync(watched.Page, account.UserName!, "/my");
        await watched.Page.Locator(".rows li, .rows > *", new() { HasText = number }).Locator("a").First.ClickAsync();
        await watched.Page.Locator("main h1").WaitForAsync();
        return watched;
    }

    private static async Task OpenCaseAsync(WatchedPage registrar, County county, string number)
    {
        await new Seat(registrar, county.Form).SignInAsync(await county.OfficerAsync(Roles.MarriageRegistrar));
        await registrar.Page.GotoAsync("/desk/search");
        await registrar.Page.FillAsync("#term", number);
        await registrar.Page.PressAsync("#term", "Enter");
        await registrar.Page.Locator("#content a.number").First.ClickAsync();
        await registrar.Page.Locator(".case-head").WaitForAsync();
    }

    /// <summary>Both got every letter, and none of them says what it is about.</summary>
    private static async Task LettersAsync(County county)
    {
        var watched = await county.BrowseAsync();
        // Accepted and withdrawn, twice; accepted, reminded, open, closing, lapsed; accepted, reminded, open, registered.
        const int each = 2 + 2 + 5 + 4;
        var letters = new List<string>();
        for (var i = 0; i < 80 && letters.Count < 2 * each; i++)
        {
            letters.Clear();
            for (var p = 1; p <= 3; p++)
            {
                await watched.Page.GotoAsync($"/dev/mailbox?p={p}");
                letters.AddRange(await watched.Page.Locator("article.letter").AllInnerTextsAsync());
            }
            await Task.Delay(250);
        }
        foreach (var address in new[] { "she@people.example", "he@people.example" }) Assert.Equal(each, letters.Count(l => Regex.IsMatch(l, $@"(^|[^s]){address}")));
        Assert.All(letters, letter => Assert.DoesNotMatch(Telling(), letter));
        await watched.LookAsync("mailbox");
    }

    private static Task<Account> AccountAsync(County county, ExampleFile example, string party, string email) =>
        TestAccounts.ApplicantAsync(county.App, (string)example.Form[party]!["idNumber"]!, (string)example.Form[party]!["name"]!, (string)example.Form[party]!["phone"]!, email);

    [GeneratedRegex(@"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2} \w{3,9} \d{4}|\w{3,9} \d{1,2}, \d{4}")] private static partial Regex Dates();
    [GeneratedRegex("婚|离|冷静|divorce|marri|cooling|spouse", RegexOptions.IgnoreCase)] private static partial Regex Telling();
}
