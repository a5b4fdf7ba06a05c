using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;

namespace CivilAffairs.Tests.Features.Jobs;

/// <summary>The pages of jobs and of the digest in a real browser, on a phone and on a desk, in both languages.</summary>
public sealed class JobBoardStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360, false)]
    [InlineData(1440, false)]
    [InlineData(1440, true)]
    public async Task An_administrator_runs_a_job_and_reads_what_went_wrong(int width, bool english)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var admin = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Administrator, "341299"));
        if (english) await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Users.Where(a => a.Id == admin.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Language, "en").SetProperty(a => a.DisplayName, "Officer"), cancel));
        await app.Services.GetRequiredService<JobRunner>().NowAsync("calendar-limits", default);
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Set<JobRun>().ExecuteUpdateAsync(s => s.SetProperty(r => r.LastError, "IOException"), cancel));

        // Single things: of a case and of something that is gone by now; neither is an administrator's to see.
        var at = new DateTimeOffset(2026, 8, 3, 1, 0, 0, TimeSpan.Zero);
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.AddRange(new FailedItem { Job = "reverifications", SubjectId = Guid.CreateVersion7(), CaseId = Guid.CreateVersion7(), Error = "KeyNotFoundException", FirstAt = at, LastAt = at.AddHours(2), Times = 3 },
                new FailedItem { Job = "certificate-expiry", SubjectId = Guid.CreateVersion7(), Error = "DbUpdateException", FirstAt = at.AddHours(1), LastAt = at.AddHours(1), Times = 1 });
            return Task.FromResult(0);
        });

        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, admin.UserName!, "/jobs");
        if (english)
        {
            await page.Locator("form[action='/language'] button").First.ClickAsync();
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Jobs of the system");
        }
        var items = page.Locator("section[aria-labelledby=failed-items] li");
        await Assertions.Expect(items).ToHaveCountAsync(2);
        await Assertions.Expect(items.First).ToContainTextAsync(english ? "a case (its number is not shown to administrators)" : "一件案件（编号对系统管理员不显示）");
        if (english) Assert.DoesNotMatch(@"[\u4e00-\u9fff]", await items.First.InnerTextAsync());
        await LookAsync(page, $"jobs-{(english ? "en-" : "")}{width}");
        await page.Locator("form:has(input[value='notices-down']) button").ClickAsync();
        await Assertions.Expect(page.Locator(".note.green")).ToContainTextAsync(english ? "has run" : "运行完了");
        await page.GotoAsync("/jobs?job=notices-down#history");
        await Assertions.Expect(page.Locator("#history")).ToBeVisibleAsync();
        await LookAsync(page, $"jobs-history-{(english ? "en-" : "")}{width}");
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Users.Where(a => a.Id == admin.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Email, "admin@bureau.example"), cancel));
        await page.GotoAsync("/digest");
        await LookAsync(page, $"digest-{(english ? "en-" : "")}{width}");
        if (english) Assert.DoesNotMatch(@"[\u4e00-\u9fff]", await page.Locator("main").InnerTextAsync());
    }
}
