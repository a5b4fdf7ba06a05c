using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;

namespace CivilAffairs.Tests.Features.Apply;

/// <summary>An applicant answers an appointment and signs in a real browser without JavaScript, the second half in large type.</summary>
public sealed class ApplicantTaskStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task An_appointment_is_kept_and_an_agreement_signed_in_large_type(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var (caseId, name, userName) = await ApplicantTaskTests.FileAsync(app);
        var day = DateOnly.FromDateTime(DateTime.UtcNow.AddDays(9)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await ApplicantTaskTests.InviteAsync(app, caseId, day, "镇政府一楼二号窗口");
        // axe itself is a script, so looking needs one; the pages are driven by links and forms alone.
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        var faults = new List<string>();
        page.Console += (_, message) => { if (message.Type == "error") faults.Add(message.Text); };

        await SignInAsync(page, userName, $"/my/cases/{caseId}");
        await LookAsync(page, $"applicant-task-case-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "查看并答复预约" }).ClickAsync();
        await Assertions.Expect(page.Locator("article.document")).ToContainTextAsync("镇政府一楼二号窗口");
        await LookAsync(page, $"applicant-appointment-{width}");
        await page.GetByLabel("另约时间").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "提交答复" }).ClickAsync();
        await Assertions.Expect(page.Locator("#a-wished")).ToBeVisibleAsync();
        await LookAsync(page, $"applicant-appointment-moved-{width}");
        await page.GetByLabel("确认，按时到场").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "提交答复" }).ClickAsync();

        // Large type: chosen by a button of the page, kept from page to page.
        await page.GetByRole(AriaRole.Button, new() { Name = "大字版" }).ClickAsync();
        Assert.Equal("22px", await page.EvaluateAsync<string>("getComputedStyle(document.body).fontSize"));
        await LookAsync(page, $"applicant-large-case-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "阅读并签署" }).ClickAsync();
        Assert.Equal("22px", await page.EvaluateAsync<string>("getComputedStyle(document.body).fontSize"));
        await page.GetByLabel("签署", new() { Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "提交答复" }).ClickAsync();
        await Assertions.Expect(page.Locator("#a-signature")).ToBeVisibleAsync();
        await LookAsync(page, $"applicant-large-sign-{width}");
        await page.FillAsync("#a-signature", "李四");
        await page.GetByRole(AriaRole.Button, new() { Name = "提交答复" }).ClickAsync();
        await Assertions.Expect(page.Locator(".summary")).ToContainTextAsync("签名要与申请人的姓名一致");
        await LookAsync(page, $"applicant-large-sign-faults-{width}");
        await page.FillAsync("#a-signature", name);
        await page.Locator("#a-read").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "提交答复" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("服务协议");
        await page.GotoAsync("/");
        await LookAsync(page, $"home-large-{width}");
        await page.GetByRole(AriaRole.Button, new() { Name = "标准字号" }).ClickAsync();
        Assert.Equal("18px", await page.EvaluateAsync<string>("getComputedStyle(document.body).fontSize"));
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal("Registered", (await db.Set<Case>().SingleAsync(c => c.Id == caseId)).Status);
        Assert.Empty(faults);
    }
}
