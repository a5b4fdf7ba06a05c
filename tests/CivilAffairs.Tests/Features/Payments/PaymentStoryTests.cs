using System.Text;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Payments;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;

namespace CivilAffairs.Tests.Features.Payments;

/// <summary>A month's payments in a real browser: made, checked by a colleague, sent, the bank's answer with a returned line, and next month it is paid again.</summary>
public sealed class PaymentStoryTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly Encoding Gb = CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!;

    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_batch_goes_from_its_maker_to_the_bank_and_what_came_back_is_paid_next_month(int width)
    {
        var clock = new StandingClock();
        await using var app = new TestApp(clock: clock);
        app.UseKestrel(0);
        app.StartServer();
        var town = await PayTown.MakeAsync(app);
        clock.Put(At(town.FirstMonth));
        var (maker, checker) = (await town.AccountAsync("maker"), await town.AccountAsync("checker"));
        var payees = app.Services.GetRequiredService<PayeeCommands>();
        await payees.EnterAsync(Of(maker.Id), town.Second, PayeeCommands.Card, "6228480438123456792", "李四", "青河农商行", "见银行卡复印件", "enter");
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());

        // Nothing is there yet, and it says how it comes.
        await SignInAsync(page, maker.UserName, "/desk/payments");
        await Assertions.Expect(page.Locator(".empty")).ToBeVisibleAsync();
        await LookAsync(page, $"payments-empty-{width}");
        await page.ClickAsync("#make");
        await page.ClickAsync("#preview");
        await Assertions.Expect(page.Locator("#make-benefit-fault")).ToBeVisibleAsync();
        await page.SelectOptionAsync("#make-benefit", "rural-dibao/rural-dibao");
        await page.ClickAsync("#preview");
        await Assertions.Expect(page.Locator("#preview-figures")).ToContainTextAsync("¥2,000.00");
        await LookAsync(page, $"payments-preview-{width}");
        await page.ClickAsync("#make-do");
        await Assertions.Expect(page.Locator("#lines tbody tr")).ToHaveCountAsync(3);
        await LookAsync(page, $"payments-draft-{width}");
        await page.ClickAsync("#submit");
        await Assertions.Expect(page.Locator("#roster-said")).ToBeVisibleAsync();
        // The maker cannot check it, and is told why.
        await page.ClickAsync("#approve");
        await Assertions.Expect(page.Locator("#roster-refusal")).ToContainTextAsync("不能是同一人");
        var roster = await town.RosterAsync(town.FirstMonth);

        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, checker.UserName, $"/desk/payments/{roster}");
        await page.ClickAsync("#approve");
        await Assertions.Expect(page.Locator("#send")).ToBeVisibleAsync();
        await page.SelectOptionAsync("#layout", "rural-commercial");
        await LookAsync(page, $"payments-approved-{width}");
        await page.ClickAsync("#send");
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#bank-file"));
        var sent = Gb.GetString(await File.ReadAllBytesAsync((await download.PathAsync())!)).Split("\r\n")[1..3].Select(l => l.Split('|')).ToList();

        // The bank answers: one paid, one back, one line of another world.
        string Row(string[] l) => $"{l[0]}|{l[1]}|{l[2]}|{l[3]}|{l[5]}|{(l[3] == "李四" ? "1003" : "0000")}|{town.FirstMonth.AddDays(8):yyyyMMdd}";
        await page.SetInputFilesAsync("#result-file", new FilePayload { Name = "result.txt", MimeType = "text/plain", Buffer = Gb.GetBytes($"S\r\n{string.Join("\r\n", sent.Select(Row))}\r\n9|1|1||1.00|0000|20260101\r\n") });
        await Assertions.Expect(page.Locator("#result-paid")).ToHaveTextAsync("1");
        await Assertions.Expect(page.Locator("#result-refused")).ToHaveTextAsync("1");
        await LookAsync(page, $"payments-result-{width}");
        await page.ClickAsync("#result-apply");
        await Assertions.Expect(page.Locator("#close")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#lines")).ToContainTextAsync("账户已销户");
        await LookAsync(page, $"payments-settled-{width}");
        await page.ClickAsync("#close");
        await Assertions.Expect(page.Locator(".head .status")).ToHaveTextAsync("已办结");

        // The account is entered anew on the holder's page, whose ledger tells what waits.
        clock.Put(At(town.FirstMonth.AddMonths(1)));
        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, maker.UserName, $"/desk/payments/grants/{town.Second}");
        await Assertions.Expect(page.Locator("#ledger")).ToContainTextAsync("银行退回");
        await page.ClickAsync("#enter-account summary");
        await page.ClickAsync("#account-save");
        await Assertions.Expect(page.Locator("#account-number-fault")).ToBeVisibleAsync();
        await page.FillAsync("#account-number", "6228480438123456800");
        await page.FillAsync("#account-holder", "李四");
        await page.FillAsync("#account-bank", "青河农商行");
        await page.FillAsync("#account-reason", "见新卡复印件");
        await LookAsync(page, $"payments-payee-{width}");
        await page.ClickAsync("#account-save");
        await Assertions.Expect(page.Locator("#payee-said")).ToBeVisibleAsync();
        await page.GotoAsync("/desk/payments/new");
        await page.SelectOptionAsync("#make-benefit", "rural-dibao/rural-dibao");
        await page.ClickAsync("#preview");
        await page.ClickAsync("#make-do");
        await Assertions.Expect(page.Locator("#lines")).ToContainTextAsync("退回重发");
        await LookAsync(page, $"payments-again-{width}");
        await page.GotoAsync("/desk/payments");
        await Assertions.Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        await page.GotoAsync("/desk/payments?only=All");
        await Assertions.Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(2);
        await LookAsync(page, $"payments-list-{width}");
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(1, await db.Set<PayLine>().CountAsync(l => l.GrantId == town.Second && l.Kind == PayKind.Repaid && l.State == PayLineState.Payable));

        Viewer Of(Guid id) => new(id, "测试", AccountKind.Officer, [new HeldRole(Roles.Payments, town.County)]);
    }

    private static DateTimeOffset At(DateOnly month) => new(month.AddDays(8).ToDateTime(new TimeOnly(1, 0)), TimeSpan.Zero);
}
