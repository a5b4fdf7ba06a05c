using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk.Handover;

/// <summary>A supervisor hands over what a clerk has in hand, in a real browser; the successor finds it at the desk.</summary>
public sealed class HandoverStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_supervisor_hands_over_and_the_successor_has_it_in_hand(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        CaseStory[] stories = [new(app), new(app)];
        HeldRole[] posts = [.. stories.Select(s => new HeldRole(Roles.Clerk, s.Township))];
        var (giver, heir) = (await TestAccounts.OfficerAsync(app, null, posts), await TestAccounts.OfficerAsync(app, null, posts));
        var supervisor = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, supervisor.UserName!, "/desk/handover");
        await Assertions.Expect(page.Locator(".empty")).ToBeVisibleAsync();
        await LookAsync(page, $"handover-empty-{width}");

        await using var db = stories[0].Open();
        var cases = new List<Guid>();
        foreach (var story in stories)
        {
            cases.Add(await story.PlayAsync("granted", (await story.PrepareAsync("granted")).At));
            var id = cases[^1];
            await app.Services.GetRequiredService<TaskCommands>().ClaimAsync(new Viewer(giver.Id, giver.DisplayName, AccountKind.Officer, posts), (await db.Set<WorkTask>().SingleAsync(t => t.CaseId == id && t.State == TaskState.Open)).Id);
        }
        // The successor keeps off one of them.
        await app.Services.GetRequiredService<RecusalCommands>().DeclareAsync(new Viewer(heir.Id, heir.DisplayName, AccountKind.Officer, posts), cases[0], "relative", "off");

        await page.GotoAsync("/desk/handover");
        await page.SelectOptionAsync("#handover-from", giver.Id.ToString());
        await Assertions.Expect(page.Locator("[data-rows] tbody tr")).ToHaveCountAsync(2);
        // On a phone too, where the table has no head.
        await page.UncheckAsync("#handover-all");
        await Assertions.Expect(page.Locator("[data-rows] tbody input:checked")).ToHaveCountAsync(0);
        await page.CheckAsync("#handover-all");
        await Assertions.Expect(page.Locator("[data-rows] tbody input:checked")).ToHaveCountAsync(2);
        await page.ClickAsync("#handover-do");
        await Assertions.Expect(page.Locator("#handover-to-fault")).ToBeVisibleAsync();
        await LookAsync(page, $"handover-missing-{width}");
        await page.SelectOptionAsync("#handover-to", heir.Id.ToString());
        await page.CheckAsync("input[name=handover-reason][value=handover]");
        await page.ClickAsync("#handover-do");
        // Told before anything changes: one goes, and why the other does not.
        await Assertions.Expect(page.Locator("#handover-stays li")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#handover-stays li")).ToContainTextAsync("已回避这个办件");
        await LookAsync(page, $"handover-preview-{width}");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "移交", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#handover-report")).ToContainTextAsync("已移交 1 件");
        await Assertions.Expect(page.Locator("#handover-report li")).ToHaveCountAsync(1);
        await LookAsync(page, $"handover-done-{width}");

        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, heir.UserName!, "/desk?mine=true");
        await Assertions.Expect(page.Locator("#content tbody tr")).ToHaveCountAsync(1);
        await LookAsync(page, $"handover-queue-{width}");
    }
}
