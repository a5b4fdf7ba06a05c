using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Designer;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>
/// A matter that did not exist: a manager makes 村规民约备案 in the browser from the small one, publishes it, and its first case is
/// filed, accepted, reviewed and answered with a receipt, without a file and without a restart.
/// </summary>
public sealed class VillageRulesStoryTests(Browser browser) : IClassFixture<Browser>
{
    private const string Comment = "村委会组织法修订后由乡镇备案";

    [BrowserFact]
    public async Task A_new_matter_takes_its_first_case()
    {
        await using var county = await County.OpenAsync(browser, Databases.Sqlite, "village-rules");
        var places = await county.PrepareAsync("granted");
        await DesignAsync(county);
        var published = county.App.Services.GetRequiredService<MatterLibrary>().FindOffered(VillageRules.Id)!;

        var watched = await county.BrowseAsync();
        var applicant = places.Form["applicant"]!.DeepClone().AsObject();
        applicant["village"] = county.Story.Village;
        var today = Web.Platform.Time.BureauTime.Day(DateTimeOffset.UtcNow);
        var committee = new Household(watched, published.Form, new JsonObject { ["applicant"] = applicant, ["rules"] = new JsonObject { ["title"] = "青山村村规民约", ["adoptedOn"] = $"{today.AddDays(-3):yyyy-MM-dd}", ["present"] = 86 } });
        await committee.RegisterAsync();
        var number = await committee.ApplyAsync(VillageRules.Id, "rules.pdf");
        await watched.Page.Locator("main a.primary").FollowAsync();
        await watched.LookAsync("sent");

        await DecideAsync(county, published, Roles.Clerk, number, "accept", new JsonObject { ["outcome"] = "Accept" });
        await DecideAsync(county, published, Roles.TownshipReviewer, number, "review", new JsonObject { ["outcome"] = "File", ["opinion"] = "内容合法，程序完备" });

        await committee.SignInAsync();
        await watched.Page.Locator(".rows a").First.ClickAsync();
        await Assertions.Expect(watched.Page.Locator("main")).ToContainTextAsync("已备案");
        await watched.LookAsync("filed");
        await watched.Page.Locator(".rows a[href*='/documents/']").First.ClickAsync();
        await watched.LookAsync("receipt-page");
        await Paper.SaysAsync(watched, copies: 1, pages: 1, $"村规备{county.Story.Township}〔{today.Year}〕00001", "《青山村村规民约》", "内容合法，程序完备", "予以备案");
        county.AssertFaultless();
    }

    /// <summary>Begins, words, numbers, checks and publishes it; the form and the definition come over the API, as another page and the Studio send them.</summary>
    private static async Task DesignAsync(County county)
    {
        var manager = await TestAccounts.OfficerAsync(county.App, null, new HeldRole(Roles.Manager, DraftKit.County));
        var watched = await county.BrowseAsync();
        var page = watched.Page;
        await Pages.SignInAsync(page, manager.UserName!, "/desk/matters");
        await page.ClickAsync("#to-new");
        await page.FillAsync("#m-id", VillageRules.Id);
        await page.FillAsync("#m-zh", "村规民约备案");
        await page.FillAsync("#m-en", "Filing of village rules");
        await page.SelectOptionAsync("#m-office", "township");
        await page.FillAsync("#m-who-zh", "村民委员会，由经办人报送");
        await page.FillAsync("#m-who-en", "The villagers' committee, by its handler");
        await watched.LookAsync("new");
        await page.ClickAsync("#m-new");
        await Assertions.Expect(page.Locator("#check-good")).ToBeVisibleAsync();
        await watched.LookAsync("begun");

        // As another page and the Studio send them: over the API, within the manager's own session.
        const string at = $"/api/v1/designer/matters/{VillageRules.Id}";
        var files = JsonNode.Parse(await SendAsync(page, "GET", $"{at}/files?version=draft"))!;
        await SendAsync(page, "PATCH", $"{at}/draft", new JsonObject { ["files"] = new JsonObject { ["form.json"] = VillageRules.Form((string)files["form.json"]!), ["matter.json"] = VillageRules.Matter((string)files["matter.json"]!) } }.ToJsonString(), 1);
        await SendAsync(page, "PUT", $"{at}/workflows/apply", VillageRules.Workflow((string)files["apply.workflow.json"]!), 2);

        await SettingsAsync(watched);
        await PapersAsync(watched);
        await page.GotoAsync($"/desk/matters/{VillageRules.Id}");
        await Assertions.Expect(page.Locator("#check-good")).ToBeVisibleAsync();
        await page.FillAsync("#m-comment", Comment);
        await page.ClickAsync("#publish");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "发布草稿" }).ClickAsync();
        await Assertions.Expect(page.GetByText("已发布为第 1 版")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".versions")).ToContainTextAsync(Comment);
        await page.Context.CloseAsync();
    }

    private static async Task SettingsAsync(WatchedPage watched)
    {
        var page = watched.Page;
        await page.GotoAsync($"/desk/matters/{VillageRules.Id}/settings");
        await page.ClickAsync("#add-number");
        await page.FillAsync("#s-numbering-0-nameZh", "备案回执");
        await page.FillAsync("#s-numbering-0-nameEn", "Filing receipts");
        await page.FillAsync("#s-numbering-0-kind", "receipt");
        await page.FillAsync("#s-numbering-0-prefix", "村规备");
        await Assertions.Expect(page.Locator(".next-number")).ToContainTextAsync("村规备341299");
        await page.ClickAsync("#add-tag");
        await page.FillAsync("#s-statistics-0", "village rules");
        await page.FillAsync("#s-law-0-zh", "《中华人民共和国村民委员会组织法》第二十七条");
        await page.FillAsync("#s-law-0-en", "Organic Law of Villagers' Committees, article 27");
        await page.ClickAsync("#settings-save");
        // A tag that is none: told beside its field, and nothing else is lost.
        await Assertions.Expect(page.Locator(".entry-field.wrong")).ToContainTextAsync("标签由字母开头");
        await Assertions.Expect(page.Locator("#s-numbering-0-prefix")).ToHaveValueAsync("村规备");
        await page.FillAsync("#s-statistics-0", "villageRules.filed");
        await watched.LookAsync("settings");
        await page.ClickAsync("#settings-save");
        await Assertions.Expect(page.GetByText("已保存")).ToBeVisibleAsync();
    }

    private static async Task PapersAsync(WatchedPage watched)
    {
        var page = watched.Page;
        await page.GotoAsync($"/desk/matters/{VillageRules.Id}/papers");
        await page.Locator("[data-paper='granted.mail'] .copy").ClickAsync();
        await page.FillAsync("#p-zh", "退回补正");
        await page.FillAsync("#p-en", "Return for correction");
        await page.FillAsync("#p-file", "correction");
        await page.ClickAsync("#p-add");
        await Assertions.Expect(page.Locator("#paper-text")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("--- html"));
        await page.FillAsync("#paper-text", "您的备案材料需要补正（{{ case.number }}）\n--- text\n您好：\n\n请在{{ case.correctionDueOn | zh_date }}前补正。\n{{ url }}\n--- html\n<p>您好：</p>\n<p>请在{{ case.correctionDueOn | zh_date }}前<a href=\"{{ url }}\">补正</a>。</p>");
        await Assertions.Expect(page.Locator("#paper-plain")).ToContainTextAsync("前补正。");
        await Assertions.Expect(page.Locator("#paper-subject")).ToContainTextAsync("需要补正（");
        await watched.LookAsync("mail-editor");
        await SaveAsync(page);

        // What a step needs may not go.
        await page.GotoAsync($"/desk/matters/{VillageRules.Id}/papers");
        await page.Locator("[data-paper='correction.mail'] .remove").ClickAsync();
        await Assertions.Expect(page.Locator("p.fault")).ToContainTextAsync("通知：退回补正");
        await page.FillAsync("#p-zh", "备案回执");
        await page.FillAsync("#p-en", "Filing receipt");
        await page.FillAsync("#p-file", "filing-receipt");
        await watched.LookAsync("papers");
        await page.ClickAsync("#p-add");
        await Assertions.Expect(page.Locator("#paper-preview svg")).ToContainTextAsync("备案回执");
        // A slip is told with its line while it is typed, and the old picture stays until it is put right.
        await page.FillAsync("#paper-text", VillageRules.ReceiptText.Replace("rules.title", "rules.titel", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("#paper-fault")).ToContainTextAsync("第 4 行");
        await watched.LookAsync("paper-fault");
        await page.Locator("#paper-fault button").ClickAsync();
        Assert.Contains("titel", await page.EvaluateAsync<string>("() => { const t = document.getElementById('paper-text'); return t.value.slice(t.selectionStart, t.selectionEnd); }"), StringComparison.Ordinal);
        await page.FillAsync("#paper-text", VillageRules.ReceiptText.Replace("{{ form.rules.title }}", "", StringComparison.Ordinal));
        await page.EvaluateAsync("() => { const t = document.getElementById('paper-text'), at = t.value.indexOf('《》') + 1; t.setSelectionRange(at, at); }");
        await page.Locator("#paper-names summary", new() { HasText = "申请表" }).ClickAsync();
        await page.Locator("[data-insert='{{ form.rules.title }}']").ClickAsync();
        await Assertions.Expect(page.Locator("#paper-text")).ToHaveValueAsync(VillageRules.ReceiptText);
        await Assertions.Expect(page.Locator("#paper-preview svg")).ToContainTextAsync("村规备341299");
        await watched.LookAsync("paper-editor");
        await SaveAsync(page);
    }

    /// <returns>The answer's body; one that refuses fails the story.</returns>
    private static Task<string> SendAsync(IPage page, string method, string path, string? body = null, int version = 0) => page.EvaluateAsync<string>("""
        async ({ method, path, body, version, key }) => {
          const headers = { "Content-Type": "application/json", "If-Match": `"${version}"`, "Idempotency-Key": key };
          if (method !== "GET") headers.RequestVerificationToken = (await (await fetch("/api/v1/session")).json()).requestToken;
          const answer = await fetch(path, { method, headers, body: body ?? undefined });
          const text = await answer.text();
          if (!answer.ok) throw new Error(`${answer.status} ${text}`);
          return text;
        }
        """, new { method, path, body, version, key = DraftKit.Key() });

    private static async Task SaveAsync(IPage page)
    {
        await page.ClickAsync("#paper-save");
        await Assertions.Expect(page.GetByText("已保存")).ToBeVisibleAsync();
    }

    private static async Task DecideAsync(County county, MatterRevision matter, string role, string number, string task, JsonObject result)
    {
        var page = await county.BrowseAsync();
        var seat = new Seat(page, matter.Form);
        await seat.SignInAsync(await county.OfficerAsync(role));
        await seat.DecideAsync(number, task, result);
        await page.Page.Context.CloseAsync();
    }
}
