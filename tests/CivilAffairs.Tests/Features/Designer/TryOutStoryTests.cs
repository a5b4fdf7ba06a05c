using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

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
        // A township in which nobody is posted, a case that ended there, and a draft that gives the decision more time.
        var played = await new CaseStory(app).PlayAsync("granted");
        var drafter = new Viewer(Guid.NewGuid(), "策划", AccountKind.Officer, [new HeldRole(Roles.Manager, "341299")]);
        var files = MatterBundle.Read(app.Services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!.Bundle);
        var changed = files["apply.workflow.json"].Replace("getParameter('dibao.limit.countyReview')", "'9wd'", StringComparison.Ordinal);
        await app.Services.GetRequiredService<MatterDrafts>().SaveFileAsync(drafter, "rural-dibao", "apply.workflow.json", changed, 0, Guid.NewGuid().ToString("N"));
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

        // The same from the ended case, without anybody's name in it; and the draft keeps the play.
        await page.GotoAsync("/desk/matters/rural-dibao/try?of=draft");
        await page.ClickAsync(".from-past");
        await Assertions.Expect(page.Locator("#e-applicant-name")).ToHaveValueAsync("甲某");
        await page.Locator(".send-form").WaitForAsync();
        await LookAsync(page, $"try-past-{width}");
        await page.ClickAsync(".send-form");
        await page.ClickAsync(".keep");
        await Assertions.Expect(page.Locator("p.notice")).ToContainTextAsync("examples/tried-1.json");

        await page.GotoAsync("/desk/matters/rural-dibao/what-if?of=draft");
        await page.ClickAsync(".compare");
        await Assertions.Expect(page.Locator("#kind-deadline")).ToBeVisibleAsync();
        await page.Locator("section[aria-labelledby=kind-deadline] summary").First.ClickAsync();
        await LookAsync(page, $"what-if-{width}");
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal([played], await db.Set<Case>().Select(c => c.Id).ToListAsync());
    }
}
