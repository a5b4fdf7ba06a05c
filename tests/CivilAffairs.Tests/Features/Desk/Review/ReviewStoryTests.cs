using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk.Review;

/// <summary>A supervisor has a refusal reviewed, another approver decides anew, and the applicant reads it, in a real browser.</summary>
public sealed class ReviewStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_refusal_is_reopened_and_superseded(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("refused");
        var applicant = await TestAccounts.ApplicantAsync(app);
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Set<Case>().Where(c => c.Id == caseId).ExecuteUpdateAsync(s => s.SetProperty(c => c.ApplicantAccountId, applicant.Id), cancel));
        var supervisor = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299"));
        var approver = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.CountyApprover, "341299"));
        var reviewer = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.TownshipReviewer, story.Township));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());

        // Who oversees the township sees the decision, and no way to reopen it.
        await SignInAsync(page, reviewer.UserName!, $"/desk/cases/{caseId}");
        await Assertions.Expect(page.Locator(".decisions")).ToContainTextAsync("第 1 次决定：不予确认");
        await Assertions.Expect(page.Locator("#review-reopen")).ToHaveCountAsync(0);

        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, supervisor.UserName!, $"/desk/cases/{caseId}");
        await LookAsync(page, $"review-decided-{width}");
        await page.ClickAsync("#review-reopen");
        await page.GetByRole(AriaRole.Button, new() { Name = "开始重新审查" }).ClickAsync();
        await Assertions.Expect(page.GetByText("请选择重新审查的依据。")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("请填写文书编号或者理由。")).ToBeVisibleAsync();
        await page.GetByLabel("行政复议决定").CheckAsync();
        await page.FillAsync("#review-reference", "测复决字〔2026〕3号");
        await page.FillAsync("#review-on", "2099-01-01");
        await page.GetByRole(AriaRole.Button, new() { Name = "开始重新审查" }).ClickAsync();
        await Assertions.Expect(page.GetByText("日期不能晚于今天。")).ToBeVisibleAsync();
        // What was typed is still there.
        await Assertions.Expect(page.Locator("#review-reference")).ToHaveValueAsync("测复决字〔2026〕3号");
        await LookAsync(page, $"review-reopen-{width}");
        await page.FillAsync("#review-on", DateOnly.FromDateTime(DateTime.UtcNow.AddHours(8)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await page.GetByRole(AriaRole.Button, new() { Name = "开始重新审查" }).ClickAsync();
        await Assertions.Expect(page.Locator(".decisions")).ToContainTextAsync("正在复查");
        await Assertions.Expect(page.Locator(".case-head .status")).ToHaveTextAsync("复查中");
        await LookAsync(page, $"review-running-{width}");

        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, applicant.UserName!, $"/my/cases/{caseId}");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("正在重新审查");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("现在有效的决定：不予确认");
        await LookAsync(page, $"review-applicant-{width}");

        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, approver.UserName!, $"/desk/cases/{caseId}");
        await page.ClickAsync(".claim");
        // Who decided before does not review, also where that was another workflow's step.
        await Assertions.Expect(page.Locator(".decision details.law")).ToContainTextAsync("办理过“确认并核定金额”、“不予确认的决定”");
        await page.GetByLabel("维持原决定").CheckAsync();
        await page.GetByLabel("复查认定的事实和理由").FillAsync("原决定认定的事实清楚。");
        await LookAsync(page, $"review-decide-{width}");
        await page.Locator("button.decide").ClickAsync();
        await Assertions.Expect(page.Locator(".decisions")).ToContainTextAsync("已被第 2 次决定取代");
        await LookAsync(page, $"review-superseded-{width}");

        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, applicant.UserName!, $"/my/cases/{caseId}");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("第 2 次决定，取代了此前的决定");
        await LookAsync(page, $"review-applicant-after-{width}");
        await using var db = story.Open();
        Assert.Equal([null, approver.Id], (await db.Set<CaseDecision>().Where(d => d.CaseId == caseId).OrderBy(d => d.Number).ToListAsync()).Select(d => d.SupersedesId is null ? null : d.ActorId));
    }

    /// <summary>A benefit that a review took away is not told as granted any more, in either language.</summary>
    [BrowserTheory]
    [InlineData(360, "待遇发放到 2026年6月为止", "现在有效的决定：不予确认")]
    [InlineData(1440, "Paid until June 2026", "Decision in force: Refused")]
    public async Task An_applicant_reads_that_a_benefit_ended(int width, string ended, string decision)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted");
        await story.ReviewAsync(caseId, "review-grant-revoked");
        var applicant = await TestAccounts.ApplicantAsync(app);
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Set<Case>().Where(c => c.Id == caseId).ExecuteUpdateAsync(s => s.SetProperty(c => c.ApplicantAccountId, applicant.Id), cancel));
        var supervisor = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        var english = width == 1440;
        await SignInAsync(page, applicant.UserName!, $"/my/cases/{caseId}");
        if (english) await page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(ended);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync(decision);
        await Assertions.Expect(page.Locator("main .note.green")).ToHaveCountAsync(0);
        await LookAsync(page, $"review-revoked-applicant-{width}");
        // The session alone: the language stays.
        await page.Context.ClearCookiesAsync(new() { Name = "civilaffairs" });
        await SignInAsync(page, supervisor.UserName!, $"/desk/cases/{caseId}?tab=papers");
        await Assertions.Expect(page.Locator(".decisions")).ToContainTextAsync(english ? "Superseded by decision 2" : "已被第 2 次决定取代");
        await LookAsync(page, $"review-revoked-desk-{width}");
    }
}
