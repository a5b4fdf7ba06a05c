using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using MiniExcelLibs;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Registers;

/// <summary>A supervisor goes through the lists in a real browser: finds a benefit, opens it in full with a reason, exports, and looks back to a day before it was.</summary>
public sealed class LineStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task Lists_are_searched_opened_in_full_exported_and_read_as_they_were(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var (benefit, marriage) = (await new CaseStory(app).PlayAsync("granted"), await new CaseStory(app, "marriage").PlayAsync("registered"));
        await (await Organisations.InAsync(app)).EnterAsync(new(2022, 11, 20), new(2026, 12, 19));
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var grant = await db.Set<Grant>().SingleAsync(g => g.CaseId == benefit);
        var supervisor = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        // One place in the navigation; the first list has its own address.
        await SignInAsync(page, supervisor.UserName!, "/desk/registers");
        await page.AtAsync("desk/benefits");
        await page.FillAsync("#line-term", grant.HolderName[..1]);
        await page.PressAsync("#line-term", "Enter");
        await Assertions.Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        Assert.DoesNotContain(grant.HolderName, await page.ContentAsync(), StringComparison.Ordinal);
        await LookAsync(page, $"lines-benefits-{width}");
        // Before it was decided there was nothing: said so, and what was typed stands.
        await page.FillAsync("#line-day", "2020-01-01");
        await page.PressAsync("#line-day", "Enter");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("没有找到");
        Assert.Equal(grant.HolderName[..1], await page.InputValueAsync("#line-term"));
        await LookAsync(page, $"lines-none-{width}");
        await page.FillAsync("#line-day", $"{grant.OccurredOn:yyyy-MM-dd}");
        await page.PressAsync("#line-day", "Enter");
        await Assertions.Expect(page.Locator("[data-rows] .status")).ToHaveTextAsync("尚未生效");

        await page.ClickAsync("#export");
        await page.Locator(".mud-dialog input[value=supervise]").CheckAsync();
        await page.Locator(".mud-dialog button").Last.ClickAsync();
        var workbook = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("#export-file"));
        var exported = (await MiniExcel.QueryAsync(await workbook.PathAsync(), useHeaderRow: true, excelType: ExcelType.XLSX)).Cast<IDictionary<string, object?>>().Single();
        Assert.Equal((grant.HolderName, "尚未生效"), ((string?)exported["领取人"], (string?)exported["状态"]));

        await page.Locator("[data-rows] tbody a").First.ClickAsync();
        await page.Locator("#holders").WaitForAsync();
        Assert.DoesNotContain(grant.HolderName, await page.ContentAsync(), StringComparison.Ordinal);
        await page.Locator(".full-view button").ClickAsync();
        await page.Locator(".mud-dialog input[value=verify]").CheckAsync();
        await page.Locator(".mud-dialog button").Last.ClickAsync();
        await Assertions.Expect(page.Locator("#holders")).ToContainTextAsync((string)exported["身份证号"]!);
        await LookAsync(page, $"lines-full-{width}");

        await page.GotoAsync("/desk/registers/certificates");
        await Assertions.Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        await LookAsync(page, $"lines-certificates-{width}");
        await page.GotoAsync("/desk/registers/marriages");
        await Assertions.Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(1);
        await LookAsync(page, $"lines-marriages-{width}");
        await page.Locator("[data-rows] tbody a").First.ClickAsync();
        await Assertions.Expect(page.Locator("#holders dd")).ToHaveCountAsync(2);
        await LookAsync(page, $"lines-marriage-{width}");
        Assert.True(await db.Set<RegisterEntry>().AnyAsync(e => e.CaseId == marriage));
        // A list that has nothing says what will stand there.
        await page.GotoAsync("/desk/registers/divorces");
        await Assertions.Expect(page.Locator(".empty")).ToContainTextAsync("现在没有登记");
        await LookAsync(page, $"lines-empty-{width}");
    }
}
