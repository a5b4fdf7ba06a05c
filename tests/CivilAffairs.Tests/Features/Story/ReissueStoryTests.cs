using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Tests.Features.Desk.Counter;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>补领: a lost certificate is asked for at the counter, looked up and issued again at once, or refused; and what the applicant sees of it.</summary>
public sealed class ReissueStoryTests(Browser browser) : IClassFixture<Browser>
{
    /// <summary>In Chinese on the embedded default with a look at every page; in English on PostgreSQL, where one is.</summary>
    public static TheoryData<string, bool> Readers => new() { { Databases.Sqlite, false }, { Databases.Kinds[^1], true } };

    [BrowserTheory, MemberData(nameof(Readers))]
    public async Task A_lost_marriage_certificate_is_issued_again_with_a_number_of_its_own(string kind, bool english)
    {
        await using var county = await County.OpenAsync(browser, kind, english ? null : "reissue", english, matter: "marriage-reissue");
        var example = await county.PrepareAsync("marriage");
        await county.BeforeAsync("marriage", "registered");
        var former = (await DocumentsAsync(county)).Single().Number;
        var (he, she) = (await AccountAsync(county, example, "applicant"), await AccountAsync(county, example, "spouse"));

        var registrar = await county.BrowseAsync();
        var seat = new Seat(registrar, county.Form);
        await ApplyAsync(registrar, seat, county, example);
        await seat.DecideHereAsync("examine", county.Answer(example, "examine"));
        await Paper.OpenAsync(registrar);
        var document = (await DocumentsAsync(county)).Single(d => d.Number != former);
        Assert.Matches(@"^BJ341299-\d{4}-000001$", document.Number);
        // One for each of the two, whoever came; both name the certificate that it stands for.
        string[] said = [document.Number, $"原证字号：{former}"];
        await registrar.LookAsync("certificate");
        await Paper.SaysAsync(registrar, copies: 2, pages: 2, said);
        await RegisterAsync(registrar, document.Number, former);

        var (his, hers) = (await county.BrowseAsync(), await county.BrowseAsync());
        await Pages.SignInAsync(his.Page, he.UserName!, "/my");
        await his.LookAsync("my");
        await his.Page.Locator(".rows a").First.ClickAsync();
        await his.LookAsync("my-case");
        await his.Page.Locator(".rows a[href*='/documents/']").First.ClickAsync();
        await Paper.SaysAsync(his, copies: 2, pages: 2, said);
        await his.LookAsync("my-certificate");
        // It is his application: she has the one of their wedding, and no other.
        await Pages.SignInAsync(hers.Page, she.UserName!, "/my");
        await Assertions.Expect(hers.Page.Locator("main .rows li")).ToHaveCountAsync(1);
        await NothingInPublicAsync(county, document, example);
        await LetterAsync(county);
        county.AssertFaultless();
    }

    [BrowserTheory, MemberData(nameof(Readers))]
    public async Task Who_married_the_same_person_again_gets_no_divorce_certificate_even_if_the_registrar_says_so(string kind, bool english)
    {
        await using var county = await County.OpenAsync(browser, kind, english ? null : "reissue-refused", english, matter: "marriage-reissue");
        var example = await county.PrepareAsync("remarried");
        await county.BeforeAsync("marriage", "remarried");
        var before = (await DocumentsAsync(county)).Select(d => d.Id).ToHashSet();
        var he = await AccountAsync(county, example, "applicant");

        var registrar = await county.BrowseAsync();
        var seat = new Seat(registrar, county.Form);
        await ApplyAsync(registrar, seat, county, example);
        // What the register says stands before the decision; who decides against it finds out at the second look.
        await seat.DecideHereAsync("examine", county.Answer(county.Story.Revision.Examples["divorce.json"], "examine"));
        Assert.All(await DocumentsAsync(county), d => Assert.Contains(d.Id, before));
        await registrar.Page.ReloadAsync();
        await registrar.Page.Locator(".claim").ClickAsync();
        await registrar.LookAsync("second-look");
        await seat.DecideHereAsync("refuse", new JsonObject { ["outcome"] = "Refuse", ["grounds"] = new JsonArray("remarried"), ["evidence"] = county.Answer(example, "examine")["evidence"]!.DeepClone() });
        await Paper.OpenAsync(registrar);
        var refusal = Assert.Single(await DocumentsAsync(county), d => !before.Contains(d.Id));
        await registrar.LookAsync("refusal");
        await Paper.SaysAsync(registrar, copies: 1, pages: 2, refusal.Number, "双方没有复婚", "申请行政复议", "六个月内依法向人民法院提起行政诉讼");

        var his = await county.BrowseAsync();
        await Pages.SignInAsync(his.Page, he.UserName!, "/my");
        await his.Page.Locator(".rows a").First.ClickAsync();
        await his.LookAsync("my-case");
        await his.Page.Locator(".rows a[href*='/documents/']").First.ClickAsync();
        await Paper.SaysAsync(his, copies: 1, pages: 2, refusal.Number);
        await his.LookAsync("my-refusal");
        await LetterAsync(county);
        county.AssertFaultless();
    }

    /// <summary>His card is read, hers is typed, the rest is asked; the examination comes next.</summary>
    private static async Task ApplyAsync(WatchedPage registrar, Seat seat, County county, ExampleFile example)
    {
        var page = registrar.Page;
        await seat.SignInAsync(await county.OfficerAsync(Roles.MarriageRegistrar));
        await page.GotoAsync("/desk/counter");
        await page.Locator("#content button", new() { HasText = county.Story.Revision.Matter.Name.In(await page.Locator("html").GetAttributeAsync("lang") is "en" ? "en" : "zh") }).ClickAsync();
        await page.FillAsync("#identify", (string)example.Form["applicant"]!["idNumber"]!);
        await page.PressAsync("#identify", "Enter");
        // The registers are asked at once: what stands there of him decides what he can be given.
        await Assertions.Expect(page.Locator("#s-identify .known-entry").First).ToBeVisibleAsync();
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

    /// <summary>The register has the new line in force; the former one is told as followed by a new certificate, not as an ended marriage.</summary>
    private static async Task RegisterAsync(WatchedPage registrar, string number, string former)
    {
        await registrar.Page.GotoAsync("/desk/registers/marriages");
        ILocator Line(string certificate) => registrar.Page.Locator("[data-rows] tbody tr", new() { Has = registrar.Page.GetByText(certificate, new() { Exact = true }) });
        await Assertions.Expect(Line(number).Locator(".status")).ToHaveTextAsync(new Regex("^(有效|In force)$"));
        await Assertions.Expect(Line(former).Locator(".status")).ToHaveTextAsync(new Regex("^(已补领新证|Certificate reissued)$"));
        await registrar.LookAsync("register");
    }

    /// <summary>Who scans the code learns that it is genuine, and nothing about the two (domain §13).</summary>
    private static async Task NothingInPublicAsync(County county, IssuedDocument document, ExampleFile example)
    {
        var anybody = await county.BrowseAsync();
        await anybody.Page.GotoAsync($"/verify/{document.VerifyCode}");
        await Assertions.Expect(anybody.Page.Locator("main")).ToContainTextAsync(document.Number);
        foreach (var party in new[] { "applicant", "spouse" }) Assert.DoesNotContain((string)example.Form[party]!["name"]!, await anybody.Page.ContentAsync(), StringComparison.Ordinal);
    }

    /// <summary>The applicant is told to sign in; the letter does not say what it is about.</summary>
    private static async Task LetterAsync(County county)
    {
        // No job ran before: what was played of last summer would have been overtaken by the limits of today.
        await county.App.Services.GetRequiredService<JobRunner>().NowAsync("mail", default);
        var watched = await county.BrowseAsync();
        await watched.Page.GotoAsync("/dev/mailbox");
        var letter = watched.Page.Locator("article.letter", new() { HasText = "he@people.example" }).First;
        Assert.DoesNotMatch("婚|补领|divorce|marri|reissue", await letter.InnerTextAsync());
        await watched.LookAsync("mailbox");
    }

    private static async Task<List<IssuedDocument>> DocumentsAsync(County county)
    {
        await using var db = county.Story.Open();
        return await db.Set<IssuedDocument>().OrderBy(d => d.IssuedAt).ToListAsync();
    }

    /// <summary>The bureau has known them since the wedding; an account is what they lacked.</summary>
    private static Task<Account> AccountAsync(County county, ExampleFile example, string party) => TestAccounts.OfPersonAsync(county.App, (string)example.Form[party]!["idNumber"]!);
}
