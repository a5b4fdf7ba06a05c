using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>A manager tries the rural allowance out in a real browser: from an example to the grant, time jumping over the notice, and a step back.</summary>
public sealed class TryOutStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_manager_tries_a_matter_out(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        // A township in which nobody is posted yet.
        await new CaseStory(app).PrepareAsync("granted");
        var manager = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, manager.UserName!, "/desk/matters/health");
        await Assertions.Expect(page.Locator("[data-matter=rural-dibao] h3").First).ToBeVisibleAsync();
        await LookAsync(page, $"matter-health-{width}");
        await page.GotoAsync("/desk/matters/rural-dibao/try");
        await page.Locator("#from-example").WaitForAsync();
        await LookAsync(page, $"try-start-{width}");

        await page.SelectOptionAsync("#example", "granted.json");
        await page.ClickAsync(".from-example");
        await page.Locator(".send-form").WaitForAsync();
        await LookAsync(page, $"try-form-{width}");
        await page.ClickAsync(".send-form");

        // The clerk accepts, as the example suggests.
        var accept = page.Locator("[data-activity=accept]");
        await accept.Locator(".play-part").ClickAsync();
        await Assertions.Expect(accept.Locator("form")).ToBeVisibleAsync();
        await LookAsync(page, $"try-task-{width}");
        await accept.Locator("button.decide").ClickAsync();
        await Assertions.Expect(page.Locator("[data-activity=visit]")).ToBeVisibleAsync();

        // A step back, and once more by the example.
        await page.ClickAsync(".step-back");
        await Assertions.Expect(accept).ToBeVisibleAsync();
        for (var left = 6; left > 0 && await page.Locator("[data-activity] .object").CountAsync() == 0; left--)
        {
            var story = await page.Locator(".try-story > li").CountAsync();
            await page.ClickAsync(".play-next");
            await page.WaitForFunctionAsync("n => document.querySelectorAll('.try-story > li').length > n", story);
        }
        await Assertions.Expect(page.Locator("[data-activity] .object")).ToBeVisibleAsync();
        await LookAsync(page, $"try-notice-{width}");

        // Nobody objects: time jumps to the end of the notice.
        var before = await page.Locator("#try-now").TextContentAsync();
        await page.Locator(".jump").First.ClickAsync();
        await Assertions.Expect(page.Locator("#try-now")).Not.ToHaveTextAsync(before!);
        await Assertions.Expect(page.Locator("[data-activity] .object")).ToHaveCountAsync(0);
        await page.ClickAsync(".play-all");
        await Assertions.Expect(page.Locator("#try-status")).ToContainTextAsync("发放");
        await page.Locator(".try-papers button").Last.ClickAsync();
        await Assertions.Expect(page.Locator(".try-paper")).ToBeVisibleAsync();
        await page.Locator(".try-papers > li", new() { HasText = "确认" }).First.Locator("button").First.ClickAsync();
        await Assertions.Expect(page.Locator(".try-document svg").First).ToBeVisibleAsync();
        await LookAsync(page, $"try-granted-{width}");
        Assert.StartsWith("data:application/json", await page.Locator("a[download]").GetAttributeAsync("href"));

        await page.GotoAsync("/desk/matters/rural-dibao/what-if");
        await page.ClickAsync(".compare");
        await Assertions.Expect(page.Locator(".empty")).ToBeVisibleAsync();
        await LookAsync(page, $"what-if-{width}");
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(0, await db.Set<Case>().CountAsync());
    }
}
