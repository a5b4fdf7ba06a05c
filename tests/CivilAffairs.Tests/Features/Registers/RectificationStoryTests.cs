using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Registers;

/// <summary>Certificates that ran out, in the browser on both sides: one renewed late and so put right, one listed and taken off the list again.</summary>
public sealed class RectificationStoryTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly DateOnly From = new(2021, 11, 20), To = new(2026, 11, 19);

    [BrowserFact]
    public async Task Renewed_late_it_is_closed_and_who_does_nothing_is_listed_until_it_is_put_right()
    {
        await using var town = await OrganisationTown.OpenAsync(browser, Databases.Sqlite, "rectification");
        var (late, listed) = (await town.Organisations.EnterAsync(From, To), await town.Organisations.EnterAsync(From, To, "52"));
        await town.OnAsync("2026-11-20T08:00:00+08:00");
        var letters = await town.Letters.ComeAsync();
        Assert.Equal(4, letters.Count);

        // The letter of the order leads to it: why, and until when.
        var (order, number) = await OrderAsync(town, late);
        var representative = await town.BrowseAsync();
        var page = representative.Page;
        Assert.Contains(letters, l => Letters.Link(l) == $"{town.Home}my/cases/{order}" && l.To.Mailboxes.Single().Address == "tea@example.invalid");
        await Pages.SignInAsync(page, late.UserName, "/my/organisations");
        await representative.LookAsync("expired");
        await page.Locator(".rows a[href^='/my/cases/']").First.ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("2026年12月21日");
        await representative.LookAsync("ordered");

        // It renews late, while the order runs.
        await page.GotoAsync("/my/organisations");
        var renewal = await town.ApplyAsync(representative, late);
        await town.RenewAsync(renewal, ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"], looked: false);
        await Pages.SignInAsync(page, late.UserName, $"/my/cases/{order}");
        await page.Locator("a[href*='/tasks/']").First.ClickAsync();
        await Assertions.Expect(page.Locator("article.document").First).ToContainTextAsync("责令");
        await page.FillAsync("#a-done", "已换发新证书。");
        await representative.LookAsync("report");
        await page.ClickAsync(".actions button.primary");
        await page.AtAsync("my/cases/*");

        // Two officers see the new certificate, and the order is closed.
        foreach (var hour in new[] { "10", "11" }) await town.DecideAsync($"2026-11-30T{hour}:00:00+08:00", Roles.OrganisationClerk, number, "recheck", Checked("Rectified", "2026-11-30"), looked: hour == "10");
        var closed = Letters.To((await town.Letters.ComeAsync()).Where(l => l.Subject!.Contains(number, StringComparison.Ordinal)), "tea@example.invalid");
        Assert.Equal($"{town.Home}my/cases/{order}", Letters.Link(closed));
        await Letters.FollowAsync(page, closed, late.UserName);
        await Assertions.Expect(page.Locator(".rows a[href*='/documents/']:not([href$='/pdf'])", new() { HasText = "整改完成通知书" })).ToHaveCountAsync(1);
        await representative.LookAsync("closed");
        await page.GotoAsync("/my/organisations");
        await Assertions.Expect(page.Locator(".card .keyfacts")).ToContainTextAsync("2026年11月26日 – 2031年11月25日");
        await Assertions.Expect(page.Locator(".card .rows a")).ToHaveCountAsync(0);

        await ListAsync(town, listed);
        await TakeOffAsync(town, listed, representative);
        town.AssertFaultless();
    }

    /// <summary>The other one does nothing: two officers find so, their head decides, and the county may read it.</summary>
    private static async Task ListAsync(OrganisationTown town, Organisation of)
    {
        var (_, number) = await OrderAsync(town, of);
        await town.OnAsync("2026-12-22T08:00:00+08:00");
        foreach (var hour in new[] { "10", "11" }) await town.DecideAsync($"2026-12-23T{hour}:00:00+08:00", Roles.OrganisationClerk, number, "recheck", Checked("NotRectified", "2026-12-23"), looked: false);
        await town.DecideAsync("2026-12-24T10:00:00+08:00", Roles.DepartmentHead, number, "decide",
            new JsonObject { ["outcome"] = "List", ["reason"] = "期限届满未换发证书。", ["article"] = "社会组织信用信息管理办法第十一条" });
        var anybody = await town.BrowseAsync();
        await anybody.Page.GotoAsync("/notices");
        await anybody.LookAsync("notices");
        await anybody.Page.Locator("main a[href*='/notices/']").ClickAsync();
        await Assertions.Expect(anybody.Page.Locator("main")).ToContainTextAsync(of.Name);
        await anybody.LookAsync("notice");
        Assert.DoesNotContain(of.IdNumber, await anybody.Page.ContentAsync(), StringComparison.Ordinal);
        var clerk = await town.SeatAsync(Roles.OrganisationClerk);
        await clerk.Page.GotoAsync($"/desk/registers/organisations/{of.SubjectId}");
        await Assertions.Expect(clerk.Page.Locator("#content .status.late").First).ToHaveTextAsync("社会组织活动异常名录");
        await clerk.LookAsync("desk-organisation");
        await clerk.Page.GotoAsync("/desk/registers/so-abnormal");
        await Assertions.Expect(clerk.Page.Locator("#content")).ToContainTextAsync(of.Name);
        await Assertions.Expect(clerk.Page.Locator("#content")).ToContainTextAsync("登记证书有效期届满未换证");
        await clerk.LookAsync("desk-list");
    }

    /// <summary>It asks to be taken off: refused while nothing changed, then granted, and what the county could read comes down.</summary>
    private static async Task TakeOffAsync(OrganisationTown town, Organisation of, WatchedPage representative)
    {
        var (order, number) = await OrderAsync(town, of);
        foreach (var (day, found, outcome) in new[] { ("2026-12-28", "NotRectified", "Keep"), ("2026-12-30", "Rectified", "Remove") })
        {
            var page = representative.Page;
            await page.Context.ClearCookiesAsync();
            await Pages.SignInAsync(page, of.UserName, $"/my/cases/{order}");
            if (outcome == "Remove") await Assertions.Expect(page.Locator(".rows a[href*='/documents/']", new() { HasText = "不予移出" }).First).ToBeVisibleAsync();
            await page.Locator("a[href*='/tasks/']").First.ClickAsync();
            await Assertions.Expect(page.Locator("article.document").First).ToContainTextAsync("列入活动异常名录决定书");
            await page.FillAsync("#a-done", "已着手整改。");
            await representative.LookAsync("ask-removal");
            await page.ClickAsync(".actions button.primary");
            await page.AtAsync("my/cases/*");
            foreach (var hour in new[] { "10", "11" }) await town.DecideAsync($"{day}T{hour}:00:00+08:00", Roles.OrganisationClerk, number, "removalCheck", Checked(found, day), looked: false, asks: "recheck");
            await town.DecideAsync($"{day}T15:00:00+08:00", Roles.DepartmentHead, number, "removalDecide", new JsonObject { ["outcome"] = outcome, ["reason"] = "复查属实。", ["article"] = "社会组织信用信息管理办法" }, looked: outcome == "Remove");
            Assert.Contains(await town.Letters.ComeAsync(), l => l.Subject!.Contains("移出", StringComparison.Ordinal) && Letters.Link(l) == $"{town.Home}my/cases/{order}");
            var anybody = await town.BrowseAsync();
            await anybody.Page.GotoAsync("/notices");
            await Assertions.Expect(anybody.Page.Locator("main a[href*='/notices/']")).ToHaveCountAsync(outcome == "Keep" ? 1 : 0);
            await anybody.Page.Context.CloseAsync();
        }
        await Pages.SignInAsync(representative.Page, of.UserName, $"/my/cases/{order}");
        await Assertions.Expect(representative.Page.Locator("ol.line .now")).ToContainTextAsync("整改完成");
        await representative.LookAsync("taken-off");
        var clerk = await town.SeatAsync(Roles.OrganisationClerk);
        await clerk.Page.GotoAsync($"/desk/registers/organisations/{of.SubjectId}");
        await clerk.Page.Locator("#versions-title").WaitForAsync();
        await Assertions.Expect(clerk.Page.Locator("#content .status.late", new() { HasText = "名录" })).ToHaveCountAsync(0);
        await clerk.Page.GotoAsync("/desk/registers/so-abnormal");
        await Assertions.Expect(clerk.Page.Locator("#content")).ToContainTextAsync("2026年12月29日");
        await clerk.LookAsync("desk-list-ended");
    }

    private static async Task<(Guid Case, string Number)> OrderAsync(OrganisationTown town, Organisation of)
    {
        await using var db = town.Organisations.Open();
        var found = await db.Set<Case>().Where(c => c.SubjectId == of.SubjectId && c.Matter == "so-rectification").Select(c => new { c.Id, c.Number }).SingleAsync();
        return (found.Id, found.Number!);
    }

    private static JsonObject Checked(string outcome, string day) => new() { ["outcome"] = outcome, ["checkedOn"] = day, ["found"] = "已到现场复查。" };
}
