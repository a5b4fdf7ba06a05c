using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Desk.Counter;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>Two people come to the registry and go home married: the counter, the decision, the certificates, and what each of them sees.</summary>
public sealed class MarriageStoryTests(Browser browser) : IClassFixture<Browser>
{
    /// <summary>In Chinese on the embedded default with a look at every page; in English on PostgreSQL, where one is.</summary>
    public static TheoryData<string, bool> Readers => new() { { Databases.Sqlite, false }, { Databases.Kinds[^1], true } };

    [BrowserTheory, MemberData(nameof(Readers))]
    public async Task Two_people_are_married_on_the_spot(string kind, bool english)
    {
        await using var county = await County.OpenAsync(browser, kind, english ? null : "marriage", english, jobs: true, matter: "marriage");
        var example = await county.PrepareAsync("registered");
        var (he, she) = (example.Form["applicant"]!, example.Form["spouse"]!);
        // Only she has an account, and is known by it; he came without one.
        var account = await TestAccounts.ApplicantAsync(county.App, (string)she["idNumber"]!, (string)she["name"]!, (string)she["phone"]!, "she@people.example");

        var registrar = await county.BrowseAsync();
        var seat = new Seat(registrar, county.Form);
        await seat.SignInAsync(await county.OfficerAsync(Roles.MarriageRegistrar));
        await CoupleAsync(registrar, county, example, he, she);
        await seat.DecideHereAsync("examine", county.Answer(example, "examine"));
        // The certificates are one click away, and need no reason: they are what was just decided.
        var paper = registrar.Page.Locator(".decision .done a.button");
        Assert.Equal("_blank", await paper.GetAttributeAsync("target"));
        await registrar.Page.GotoAsync(await paper.GetAttributeAsync("href") ?? "");
        await Assertions.Expect(registrar.Page.Locator("article.document")).ToContainTextAsync("结");
        Assert.Equal(2, await registrar.Page.Locator("article.document img.photo, article.document .doc-photo").CountAsync());
        await registrar.LookAsync("certificate");
        var download = await registrar.Page.RunAndWaitForDownloadAsync(() => registrar.Page.ClickAsync("a[href$='/pdf']"));
        Assert.Equal("%PDF"u8.ToArray(), (await File.ReadAllBytesAsync(await download.PathAsync()))[..4]);

        await using var db = county.Story.Open();
        var document = await db.Set<IssuedDocument>().SingleAsync();
        Assert.Matches(@"^J341299-\d{4}-000001$", document.Number);
        await HerSideAsync(county, account, document);
        await NothingInPublicAsync(county, document, (string)he["name"]!, (string)she["name"]!);
        county.AssertFaultless();
    }

    /// <summary>Both cards are read, the rest is typed, and the decision comes next.</summary>
    private static async Task CoupleAsync(WatchedPage registrar, County county, ExampleFile example, JsonNode he, JsonNode she)
    {
        var page = registrar.Page;
        await page.GotoAsync("/desk/counter");
        await page.Locator("#content button", new() { HasText = county.Story.Revision.Matter.Name.In(await page.Locator("html").GetAttributeAsync("lang") is "en" ? "en" : "zh") }).ClickAsync();
        await page.FillAsync("#identify", (string)he["idNumber"]!);
        await page.PressAsync("#identify", "Enter");
        // The second card is in hand already.
        await Assertions.Expect(page.Locator("#identify-spouse")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator("#e-applicant-idNumber")).ToHaveValueAsync((string)he["idNumber"]!);
        await page.FillAsync("#identify-spouse", (string)she["idNumber"]!);
        await page.PressAsync("#identify-spouse", "Enter");
        await Assertions.Expect(page.Locator("#s-spouse output")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("#s-identify .good, #s-identify-spouse .good")).ToHaveCountAsync(2);
        Assert.DoesNotContain((string)she["phone"]!, await page.ContentAsync(), StringComparison.Ordinal);
        await registrar.LookAsync("counter-known");
        await page.FillAsync("#contact-email", "he@people.example");
        await CounterForm.FillAsync(page, county.Form, example.Form);
        await page.Locator("input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = "photo.png", MimeType = "image/png", Buffer = SamplePicture.Png });
        await Assertions.Expect(page.Locator(".scan a[href*='/files/']")).ToHaveCountAsync(1);
        await registrar.LookAsync("counter");
        await page.Locator("#check").ClickAsync();
        await Assertions.Expect(page.Locator("#check-title")).ToBeFocusedAsync();
        await registrar.LookAsync("counter-check");
        await page.Locator("#file").ClickAsync();
        await page.AtAsync("desk/cases/**");
    }

    /// <summary>The case, its certificate and a letter are hers as well as his.</summary>
    private static async Task HerSideAsync(County county, Account account, IssuedDocument document)
    {
        var watched = await county.BrowseAsync();
        await Pages.SignInAsync(watched.Page, account.UserName!, "/my");
        await watched.LookAsync("my");
        await watched.Page.Locator(".rows a").First.ClickAsync();
        await watched.LookAsync("my-case");
        await watched.Page.Locator(".rows a[href*='/documents/']").First.ClickAsync();
        await Assertions.Expect(watched.Page.Locator("article.document")).ToContainTextAsync(document.Number);
        var letters = watched.Page.Locator("article.letter");
        for (var i = 0; i < 60 && await letters.CountAsync() < 2; i++)
        {
            await Task.Delay(250);
            await watched.Page.GotoAsync("/dev/mailbox");
        }
        await Assertions.Expect(letters.Filter(new() { HasText = "she@people.example" })).ToHaveCountAsync(1);
        await Assertions.Expect(letters.Filter(new() { HasText = "he@people.example" }).Filter(new() { HasNotText = "she@people.example" })).ToHaveCountAsync(1);
        await watched.LookAsync("mailbox");
    }

    /// <summary>Who scans the code learns that it is genuine, and nothing about the two (domain §13).</summary>
    private static async Task NothingInPublicAsync(County county, IssuedDocument document, params string[] names)
    {
        var anybody = await county.BrowseAsync();
        await anybody.Page.GotoAsync($"/verify/{document.VerifyCode}");
        await Assertions.Expect(anybody.Page.Locator("main")).ToContainTextAsync(document.Number);
        await anybody.LookAsync("verify");
        foreach (var name in names) Assert.DoesNotContain(name, await anybody.Page.ContentAsync(), StringComparison.Ordinal);
        await anybody.Page.GotoAsync("/notices");
        Assert.Equal(0, await anybody.Page.Locator("main .rows a").CountAsync());
    }
}
