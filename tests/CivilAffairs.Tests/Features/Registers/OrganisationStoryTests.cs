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

/// <summary>Organisations in the browser, on both sides: a certificate that runs out and is renewed, one that ran out and is put right or listed, and the ledger they came from.</summary>
public sealed class OrganisationStoryTests(Browser browser) : IClassFixture<Browser>
{
    private const string Register = "/desk/registers/organisations";
    private static readonly DateOnly From = new(2021, 11, 20), To = new(2026, 11, 19);

    /// <summary>In Chinese on the embedded default with a look at every page; in English on PostgreSQL, where one is.</summary>
    public static TheoryData<string, bool> Readers => new() { { Databases.Sqlite, false }, { Databases.Kinds[^1], true } };

    [BrowserTheory, MemberData(nameof(Readers))]
    public async Task A_certificate_that_runs_out_is_renewed(string kind, bool english)
    {
        await using var town = await OrganisationTown.OpenAsync(browser, kind, "so-renewal", english ? null : "renewal", english);
        var of = await town.Organisations.EnterAsync(From, To, latin: english);
        // Sixty days before the end a letter goes out, and it says where to renew.
        await town.OnAsync("2026-09-20T08:00:00+08:00");
        await using (var db = town.Organisations.Open())
            Assert.Contains(await db.Set<OutboxMessage>().Where(m => m.SubjectId == of.SubjectId).Select(m => m.Contact).ToListAsync(), c => c == "holder");

        await town.OnAsync("2026-10-12T09:00:00+08:00");
        var representative = await town.BrowseAsync();
        var number = await ApplyAsync(town, representative, of, english);

        var visit = new JsonObject { ["outcome"] = "Conforms", ["atAddress"] = true, ["sealKept"] = true, ["found"] = english ? "As applied." : "与申请一致。" };
        await town.DecideAsync("2026-10-13T10:00:00+08:00", Roles.OrganisationClerk, number, "accept", new JsonObject { ["outcome"] = "Accept" }, async page =>
        {
            // What the register says otherwise stands beside the new answer.
            await Assertions.Expect(page.Locator(".changed").First).ToContainTextAsync(english ? "Willow Village 1" : "青河镇柳树村文化中心");
        });
        foreach (var hour in new[] { "10", "11" })
            await town.DecideAsync($"2026-10-20T{hour}:00:00+08:00", Roles.OrganisationClerk, number, "siteCheck", With(visit, "visitedOn", "2026-10-20"));
        await town.DecideAsync("2026-10-22T10:00:00+08:00", Roles.DepartmentHead, number, "review", new JsonObject { ["outcome"] = "Agree", ["reason"] = english ? "Agreed." : "同意。" });
        await town.DecideAsync("2026-10-26T10:00:00+08:00", Roles.CountyApprover, number, "confirm", new JsonObject { ["outcome"] = "Renew" });

        // The organisation has the new one, from the day after the old one's last.
        var page = representative.Page;
        await Pages.SignInAsync(page, of.UserName, "/my/organisations");
        await Assertions.Expect(page.Locator(".card .keyfacts")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".card")).ToContainTextAsync("2031");
        await representative.LookAsync("renewed");
        await page.GotoAsync("/my");
        await page.Locator(".rows a[href^='/my/cases/']").First.ClickAsync();
        await page.Locator(".rows a[href*='/documents/']:not([href$='/pdf'])").First.ClickAsync();
        await Assertions.Expect(page.Locator("article.document")).ToContainTextAsync(of.Uscc);
        await representative.LookAsync("certificate");

        // Everybody may see whether it is in force; nobody's number stands there.
        await using var read = town.Organisations.Open();
        var renewed = await read.Set<Certificate>().SingleAsync(c => c.RenewsId == of.CertificateId);
        var code = await read.Set<IssuedDocument>().Where(d => d.Id == renewed.DocumentId).Select(d => d.VerifyCode).SingleAsync();
        var anybody = await town.BrowseAsync();
        await anybody.Page.GotoAsync($"/verify/{code}");
        await Assertions.Expect(anybody.Page.Locator("main")).ToContainTextAsync(of.Name);
        await anybody.LookAsync("verify");
        Assert.DoesNotContain(of.IdNumber, await anybody.Page.ContentAsync(), StringComparison.Ordinal);
        town.AssertFaultless();
    }

    [BrowserFact]
    public async Task A_certificate_that_ran_out_is_put_right_or_the_organisation_is_listed()
    {
        await using var town = await OrganisationTown.OpenAsync(browser, Databases.Sqlite, "so-rectification", "rectification");
        var (rectified, listed) = (await town.Organisations.EnterAsync(From, To), await town.Organisations.EnterAsync(From, To, "52"));
        await town.OnAsync("2026-11-20T08:00:00+08:00");
        await using var db = town.Organisations.Open();
        async Task<string> NumberAsync(Organisation of) => await db.Set<Case>().Where(c => c.SubjectId == of.SubjectId).Select(c => c.Number!).SingleAsync();

        // The organisation sees why and until when, and reports.
        var representative = await town.BrowseAsync();
        var page = representative.Page;
        await Pages.SignInAsync(page, rectified.UserName, "/my/organisations");
        await representative.LookAsync("expired");
        await page.Locator(".rows a[href^='/my/cases/']").First.ClickAsync();
        await representative.LookAsync("ordered");
        await page.Locator("a[href*='/tasks/']").First.ClickAsync();
        await Assertions.Expect(page.Locator("article.document").First).ToContainTextAsync("责令");
        if (await page.Locator("input[name=outcome][value=Reported]:visible").CountAsync() > 0) await page.CheckAsync("input[name=outcome][value=Reported]");
        await page.FillAsync("#a-done", "已提交换证申请。");
        await representative.LookAsync("report");
        await page.ClickAsync(".actions button.primary");
        await page.WaitForURLAsync("**/my/cases/*");

        var found = new JsonObject { ["outcome"] = "Rectified", ["found"] = "已到现场复查。" };
        foreach (var hour in new[] { "10", "11" })
            await town.DecideAsync($"2026-12-03T{hour}:00:00+08:00", Roles.OrganisationClerk, await NumberAsync(rectified), "recheck", With(found, "checkedOn", "2026-12-03"));
        await Pages.SignInAsync(page, rectified.UserName, "/my/organisations");
        await Assertions.Expect(page.Locator(".rows a[href^='/my/cases/']")).ToHaveCountAsync(0);

        // The other one does nothing: two officers find so, their head decides, and the county may read it.
        found["outcome"] = "NotRectified";
        await town.OnAsync("2026-12-22T08:00:00+08:00");
        foreach (var hour in new[] { "10", "11" })
            await town.DecideAsync($"2026-12-23T{hour}:00:00+08:00", Roles.OrganisationClerk, await NumberAsync(listed), "recheck", With(found, "checkedOn", "2026-12-23"));
        await town.DecideAsync("2026-12-24T10:00:00+08:00", Roles.DepartmentHead, await NumberAsync(listed), "decide",
            new JsonObject { ["outcome"] = "List", ["reason"] = "期限届满未换发证书。", ["article"] = "社会组织信用信息管理办法第十一条" });
        var anybody = await town.BrowseAsync();
        await anybody.Page.GotoAsync("/notices");
        await Assertions.Expect(anybody.Page.Locator("main a[href*='/notices/']")).ToHaveCountAsync(1);
        await anybody.LookAsync("notices");
        await anybody.Page.Locator("main a[href*='/notices/']").First.ClickAsync();
        await Assertions.Expect(anybody.Page.Locator("main")).ToContainTextAsync(listed.Name);
        await anybody.LookAsync("notice");
        Assert.DoesNotContain(listed.IdNumber, await anybody.Page.ContentAsync(), StringComparison.Ordinal);
        var clerk = await town.SeatAsync(Roles.OrganisationClerk);
        await clerk.Page.GotoAsync($"{Register}/{listed.SubjectId}");
        await Assertions.Expect(clerk.Page.Locator("#content .status.late").First).ToHaveTextAsync("社会组织活动异常名录");
        await clerk.LookAsync("desk-organisation");
        await clerk.Page.GotoAsync("/desk/registers/so-abnormal");
        await Assertions.Expect(clerk.Page.Locator("#content")).ToContainTextAsync(listed.Name);
        await Assertions.Expect(clerk.Page.Locator("#content")).ToContainTextAsync("登记证书有效期届满未换证");
        await clerk.LookAsync("desk-list");
        town.AssertFaultless();
    }

    [BrowserFact]
    public async Task A_ledger_is_looked_through_taken_over_found_again_and_exported()
    {
        await using var town = await OrganisationTown.OpenAsync(browser, Databases.Sqlite, "so-renewal", "ledger");
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
        await page.Keyboard.PressAsync("Enter");
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

    /// <summary>From the certificate that runs out to the receipt: what the register knows is there already, and one answer is new.</summary>
    private static async Task<string> ApplyAsync(OrganisationTown town, WatchedPage representative, Organisation of, bool english)
    {
        var page = representative.Page;
        await Pages.SignInAsync(page, of.UserName, "/my");
        await page.ClickAsync("main a[href='/my/organisations']");
        await representative.LookAsync("organisations");
        await page.ClickAsync(".card form button.primary");
        await page.WaitForURLAsync("**/my/drafts/*");
        await representative.LookAsync("draft");
        var answers = new JsonObject
        {
            ["organisation"] = new JsonObject { ["address"] = english ? "Stone Bridge 2" : "青河镇石桥村新址" }, ["people"] = new JsonObject(), ["contact"] = new JsonObject(),
            ["standing"] = new JsonObject { ["inspection"] = "passed", ["changes"] = english ? "Moved." : "住所已变更。" }, ["declaration"] = new JsonObject { ["truthful"] = true, ["signature"] = of.Representative.Name },
        };
        var household = new Household(representative, town.Form, answers);
        await page.Locator(".tasks a").First.ClickAsync();
        foreach (var section in town.Form.Sections) await household.FillAsync(section, answers[section.Id]!.AsObject(), section.Id);
        await page.Locator(".actions a.primary").Or(page.Locator("button[name=go][value=on]")).First.ClickAsync();
        if (await page.Locator("form.send").CountAsync() == 0) await page.Locator(".actions a.primary").ClickAsync();
        await representative.LookAsync("check-answers");
        await page.ClickAsync("form.send button[type=submit]");
        await representative.LookAsync("receipt");
        return await page.Locator(".done-panel .number").InnerTextAsync();
    }

    private static JsonObject With(JsonObject result, string field, string value)
    {
        var more = result.DeepClone().AsObject();
        more[field] = value;
        return more;
    }
}
