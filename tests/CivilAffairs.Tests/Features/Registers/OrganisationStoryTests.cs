using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Story;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using MiniExcelLibs;

namespace CivilAffairs.Tests.Features.Registers;

/// <summary>Organisations in the browser, on both sides: a certificate that runs out and is renewed, and the ledger they came from.</summary>
public sealed class OrganisationStoryTests(Browser browser) : IClassFixture<Browser>
{
    private const string Register = "/desk/registers/organisations";
    private static readonly DateOnly From = new(2021, 11, 20), To = new(2026, 11, 19);

    /// <summary>In Chinese on the embedded default with a look at every page; in English on PostgreSQL, where one is.</summary>
    public static TheoryData<string, bool> Readers => new() { { Databases.Sqlite, false }, { Databases.Kinds[^1], true } };

    [BrowserTheory, MemberData(nameof(Readers))]
    public async Task A_certificate_that_runs_out_is_renewed_from_the_letter_to_the_code_on_the_new_one(string kind, bool english)
    {
        await using var town = await OrganisationTown.OpenAsync(browser, kind, english ? null : "renewal", english);
        // Renewed five years before, so that the one that runs out bears a code too; in Latin letters it comes from a ledger.
        var of = english ? await town.Organisations.EnterAsync(To.AddDays(1), To.AddYears(5), latin: true) : await town.Organisations.EnterAsync(From, To);
        if (!english) await town.Organisations.RenewAsync("granted", of);
        await town.OnAsync("2031-08-20T08:00:00+08:00");
        await town.OfficerAsync(Roles.OrganisationClerk, "clerk@bureau.example");
        await town.Letters.ComeAsync();

        // Ninety days before the end a letter comes to the organisation, to the unit above it and to the clerk.
        await town.OnAsync("2031-08-21T08:00:00+08:00");
        var letters = await town.Letters.ComeAsync();
        Assert.Equal(["clerk@bureau.example", "culture@example.invalid", "tea@example.invalid"], letters.Select(l => l.To.Mailboxes.Single().Address).Order());
        Assert.All(letters, l => Assert.Matches("2031年11月19日|19 November 2031", l.TextBody));
        var representative = await town.BrowseAsync();
        var page = representative.Page;
        await Letters.FollowAsync(page, Letters.To(letters, "tea@example.invalid"), of.UserName);
        await Assertions.Expect(page.Locator(".card .keyfacts .state.going")).ToContainTextAsync("90");
        var number = await town.ApplyAsync(representative, of);
        var clerk = await town.SeatAsync(Roles.OrganisationClerk);
        await clerk.Page.GotoAsync(Letters.Link(Letters.To(letters, "clerk@bureau.example")));
        await Assertions.Expect(clerk.Page.Locator("tbody tr .status.waits")).ToContainTextAsync("90");

        // What the register says otherwise stands beside the new answer.
        await town.RenewAsync(number, ["2031-08-22", "2031-08-25", "2031-08-26", "2031-08-27"], desk => Assertions.Expect(desk.Locator(".changed").First).ToContainTextAsync(english ? "Willow Village 1" : "青河镇柳树村文化中心"));
        // Accepted, and granted.
        var granted = (await town.Letters.ComeAsync()).Last(l => l.To.Mailboxes.Single().Address == "tea@example.invalid");

        // The letter leads to the new one, whose code anybody reads with a telephone.
        await Letters.FollowAsync(page, granted, of.UserName);
        await page.Locator(".rows a[href*='/documents/']:not([href$='/pdf'])").First.ClickAsync();
        await Assertions.Expect(page.Locator("article.document")).ToContainTextAsync(of.Uscc);
        await representative.LookAsync("certificate");
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("a[href$='/pdf']"));
        var code = Assert.Single(PdfCodes.Of(await File.ReadAllBytesAsync(await download.PathAsync())).Distinct());
        Assert.StartsWith(town.Home, code, StringComparison.Ordinal);
        var anybody = await town.BrowseAsync();
        await ReadsAsync(anybody, code, of, english ? "Not in force yet" : "尚未生效");
        // From the day after the old one's last it is the new one that counts, and nobody was reminded again.
        await town.OnAsync("2031-11-20T08:00:00+08:00");
        Assert.Empty(await town.Letters.ComeAsync());
        await ReadsAsync(anybody, code, of, english ? "In force" : "有效");
        await anybody.LookAsync("verify");
        await using var db = town.Organisations.Open();
        var old = await db.Set<Certificate>().Where(c => c.SubjectId == of.SubjectId && c.DocumentId != null).OrderBy(c => c.ValidFrom).Select(c => c.DocumentId).FirstAsync();
        if (!english)
        {
            await ReadsAsync(anybody, $"/verify/{await db.Set<IssuedDocument>().Where(d => d.Id == old).Select(d => d.VerifyCode).SingleAsync()}", of, "已换发新证书");
            await anybody.LookAsync("verify-replaced");
        }
        await Pages.SignInAsync(page, of.UserName, "/my/organisations");
        await Assertions.Expect(page.Locator(".card .keyfacts")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".card")).ToContainTextAsync("2036");
        // What else it can apply for begins from here: every matter about an organisation, but the renewal, which the certificate offers.
        var services = Matters.ShippedMatters.Folders.Select(f => Matters.ShippedMatters.Load(f).Revision!).Count(r => r.Form.Subject is not null && r.Matter.Applicants.Channels.Contains("online") && r.Matter.Id != "so-renewal");
        await Assertions.Expect(page.Locator(".services li")).ToHaveCountAsync(services);
        await representative.LookAsync("renewed");
        town.AssertFaultless();
    }

    /// <summary>The public page says this of the certificate, and nothing of a person.</summary>
    private static async Task ReadsAsync(WatchedPage anybody, string address, Organisation of, string state)
    {
        await anybody.Page.GotoAsync(address);
        await Assertions.Expect(anybody.Page.Locator("main")).ToContainTextAsync(of.Name);
        await Assertions.Expect(anybody.Page.Locator(".keyfacts .state")).ToHaveTextAsync(state);
        Assert.DoesNotContain(of.IdNumber, await anybody.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_ledger_is_looked_through_taken_over_found_again_and_exported()
    {
        await using var town = await OrganisationTown.OpenAsync(browser, Databases.Sqlite, "ledger");
        await town.OnAsync("2026-09-20T08:00:00+08:00");
        var clerk = await town.SeatAsync(Roles.OrganisationClerk);
        var page = clerk.Page;
        await page.GotoAsync(Register);
        await page.Locator("#content .empty").WaitForAsync();
        await clerk.LookAsync("empty");
        await page.ClickAsync("a[href$='/import']");
        await page.Locator("#ledger").WaitForAsync();
        await clerk.LookAsync("send");
        var template = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("a[href$='template.xlsx']"));
        var headers = (await MiniExcel.QueryAsync(await template.PathAsync(), excelType: ExcelType.XLSX)).Cast<IDictionary<string, object?>>().First().Values.Select(v => (string)v!).ToList();

        // One row is refused, with the reason; the others are taken over.
        var known = Row("51", "临河县剪纸协会");
        await page.Locator("#ledger").SetInputFilesAsync(await LedgerAsync(headers, known, Row("52", "临河县康乐养老院"), Row("51", "临河县灯会", code: "51341299MJ0A12345A")));
        await Assertions.Expect(page.Locator("#count-new")).ToHaveTextAsync("2");
        await Assertions.Expect(page.Locator("#count-refused")).ToHaveTextAsync("1");
        await clerk.LookAsync("checked");
        await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("a[href$='report.xlsx']"));
        await page.ClickAsync("#apply");
        await Assertions.Expect(page.Locator("#import-done")).ToBeVisibleAsync();
        await clerk.LookAsync("applied");

        await page.ClickAsync("#import-done a");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await clerk.LookAsync("register");
        await page.FillAsync("#subject-term", "剪纸");
        await page.PressAsync("#subject-term", "Enter");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.ClickAsync("#export");
        await page.Locator(".mud-dialog input[value=supervise]").CheckAsync();
        await clerk.LookAsync("export-asked");
        await page.Locator(".mud-dialog button").Last.ClickAsync();
        var workbook = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#export-file"));
        var exported = (await MiniExcel.QueryAsync(await workbook.PathAsync(), useHeaderRow: true, excelType: ExcelType.XLSX)).Cast<IDictionary<string, object?>>().Single();
        Assert.Contains("临河县剪纸协会", exported.Values.Select(v => v?.ToString()));
        Assert.Contains(known["法定代表人身份证号"], exported.Values.Select(v => v?.ToString()));

        await page.Locator("tbody a").First.ClickAsync();
        await page.Locator("#versions-title").WaitForAsync();
        Assert.DoesNotContain(known["法定代表人身份证号"], await page.ContentAsync(), StringComparison.Ordinal);
        await clerk.LookAsync("organisation");
        town.AssertFaultless();

        Dictionary<string, string> Row(string begin, string name, string? code = null) => new()
        {
            ["统一社会信用代码"] = code ?? Codes.Next(begin), ["名称"] = name, ["类型"] = begin == "51" ? "社会团体" : "民办非企业单位", ["住所所在乡镇或村（社区）"] = "青河镇", ["法定代表人身份证号"] = TestAccounts.IdNumber(),
        };
    }

    private static async Task<FilePayload> LedgerAsync(List<string> headers, params Dictionary<string, string>[] rows)
    {
        using var bytes = new MemoryStream();
        var filled = rows.Select((row, i) => headers.ToDictionary(h => h, h => (object?)(row.GetValueOrDefault(h, Told(h, i)))));
        await bytes.SaveAsAsync(filled);
        return new FilePayload { Name = "ledger.xlsx", MimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Buffer = bytes.ToArray() };
    }

    private static string Told(string header, int row) => header switch
    {
        "住所" => "青河镇文化路1号", "业务范围" => "章程规定的活动。", "法定代表人" => "童心悦", "证书编号" => string.Create(CultureInfo.InvariantCulture, $"社证〔2022〕{row + 1:00000}"),
        "有效期自" => "2022-11-20", "有效期至" => "2026-11-19", _ => "",
    };
}
