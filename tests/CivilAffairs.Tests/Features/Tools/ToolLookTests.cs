using CivilAffairs.Tests.Support;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;

namespace CivilAffairs.Tests.Features.Tools;

/// <summary>Somebody without an account works things out on a phone and at a desk, with scripts switched off.</summary>
public sealed class ToolLookTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task From_the_first_page_to_an_estimate_a_limit_and_the_standards(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var plain = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString(), javaScript: false);
        await plain.GotoAsync("/");
        await plain.GetByRole(AriaRole.Link, new() { Name = "算一算、查一查" }).FollowAsync();
        await plain.GetByRole(AriaRole.Link, new() { Name = "农村最低生活保障" }).FollowAsync();
        await plain.FillAsync("#a-members-0-wages", "5000");
        await plain.GetByRole(AriaRole.Button, new() { Name = "再加一项：家庭成员" }).FollowAsync();
        // Enter works it out, and takes nothing away.
        await plain.FillAsync("#a-members-1-wages", "3000");
        await plain.PressAsync("#a-members-1-wages", "Enter");
        await Assertions.Expect(plain.Locator(".found .amount")).ToContainTextAsync("¥834.00");
        await Assertions.Expect(plain.Locator("fieldset.row")).ToHaveCountAsync(2);

        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await page.GotoAsync("/tools");
        await LookAsync(page, $"tools-{width}");
        await page.GotoAsync("/tools/estimate/rural-dibao");
        await page.FillAsync("#a-members-0-wages", "5000");
        await page.GetByRole(AriaRole.Button, new() { Name = "计算" }).Last.FollowAsync();
        await LookAsync(page, $"tool-estimate-{width}");
        await page.GotoAsync("/tools/deadline");
        await page.FillAsync("#a-start", "2026-03-02");
        await page.FillAsync("#a-count", "多");
        await page.GetByRole(AriaRole.Button, new() { Name = "计算" }).FollowAsync();
        await LookAsync(page, $"tool-fault-{width}");
        await page.FillAsync("#a-count", "60");
        await page.GetByLabel("日", new() { Exact = true }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "计算" }).FollowAsync();
        await LookAsync(page, $"tool-deadline-{width}");
        await page.GotoAsync("/standards");
        await LookAsync(page, $"standards-{width}");
        await page.GotoAsync("/standards/dibao.rural.standard");
        await LookAsync(page, $"standard-{width}");
        await page.GotoAsync("/matters/rural-dibao");
        await LookAsync(page, $"guide-{width}");
    }
}
