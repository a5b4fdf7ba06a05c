using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Designer.Studio;

/// <summary>The real Studio in a real browser: a manager changes the diagram of 农村低保, loses the session and goes on; others only look.</summary>
public sealed class StudioStoryTests(Browser browser) : IClassFixture<Browser>
{
    // WebAssembly starts in some seconds, on a busy machine in many.
    private const float Patience = 120_000;

    [BrowserFact]
    public async Task A_manager_moves_a_step_and_goes_on_after_the_session_was_lost()
    {
        await using var app = Start();
        var manager = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, "341299"));
        var (page, watched, calls) = await OpenAsync(app, 1440);
        await SignInAsync(page, manager.UserName!, "/studio/edit/rural-dibao/apply");
        await DrawnAsync(page);
        await Assertions.Expect(page.Locator("#studio .x6-node")).ToHaveCountAsync(41, new() { Timeout = Patience });
        await Assertions.Expect(page.Locator("#studio")).ToContainTextAsync("民政业务");
        await page.Locator(".mud-icon-button:has(path[d^='M6,16h12'])").ClickAsync();
        await Browser.PictureAsync(page, "studio-edit-1440");
        // All of the Studio's own texts are Chinese.
        Assert.Empty(await EnglishAsync(page));

        await MoveAsync(page);
        await Assertions.Expect(page.Locator("#studio-state")).ToHaveTextAsync("草稿已保存", new() { Timeout = Patience });
        await Assertions.Expect(page.Locator("#studio-version")).ToContainTextAsync("草稿");
        var first = await DraftAsync(app);
        var original = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Repository.Path("workflows/rural-dibao/apply.workflow.json")));
        var differences = SavedDefinitionTests.Difference(Ordered(original), Ordered(first.Definition)).Split("; ", StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(differences);
        Assert.All(differences, d => Assert.Matches(@"^\$\.root\.activities\[\d+\]\.metadata\.designer\.|^\$\.root\.connections\[\d+\]\.vertices", d));

        // The session ends behind the editor's back; the change stays on the page until the same person is there again.
        await page.Context.ClearCookiesAsync();
        await MoveAsync(page);
        await Assertions.Expect(page.Locator("#lost-session")).ToContainTextAsync("登录已失效", new() { Timeout = Patience });
        var popup = await page.RunAndWaitForPopupAsync(() => page.Locator("#lost-session button").ClickAsync());
        await popup.FillAsync("#UserName", manager.UserName!);
        await popup.FillAsync("#Password", TestAccounts.Password);
        await popup.ClickAsync("main form button[type=submit]");
        await Assertions.Expect(page.Locator("#lost-session")).ToHaveCountAsync(0, new() { Timeout = Patience });
        await Assertions.Expect(page.Locator("#studio-state")).ToHaveTextAsync("草稿已保存", new() { Timeout = Patience });
        Assert.True((await DraftAsync(app)).Version > first.Version);

        Assert.NotEmpty(calls);
        // What the page itself held back while nobody was signed in is the only answer that is no success.
        Assert.All(calls.Where(c => c.Status != 401), c => Assert.True(c.Status is >= 200 and < 300, $"{c.Status} {c.Url}"));
        Assert.Empty(Faults(watched));
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task An_officer_looks_and_changes_nothing_and_a_phone_is_told_so()
    {
        await using var app = Start();
        var officer = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.CountyClerk, "341299"));
        var (page, watched, calls) = await OpenAsync(app, 1440);
        await SignInAsync(page, officer.UserName!, "/studio/edit/rural-dibao/apply");
        await DrawnAsync(page);
        await Assertions.Expect(page.Locator("#studio-read-only")).ToHaveTextAsync("只能查看");
        await Assertions.Expect(page.Locator("#studio")).ToContainTextAsync("当前为只读，不能修改");
        await Browser.PictureAsync(page, "studio-read-only-1440");
        Assert.All(calls, c => Assert.Equal(200, c.Status));
        Assert.DoesNotContain(calls, c => c.Url.EndsWith("/workflow-definitions", StringComparison.Ordinal));
        Assert.Empty(Faults(watched));

        await page.SetViewportSizeAsync(360, 800);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".studio-small")).ToContainTextAsync("换用电脑");
        await Pages.LookAsync(page, "studio-edit-360");
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task The_case_s_diagram_shows_where_it_stands()
    {
        await using var app = Start();
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted", story.Revision.Examples["granted.json"].At.AddDays(3));
        var supervisor = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299"));
        var (page, watched, calls) = await OpenAsync(app, 1440);
        await Pages.SignInAsync(page, supervisor.UserName!, $"/desk/cases/{caseId}");
        await page.Locator("#case-diagram").FollowAsync();
        await DrawnAsync(page);
        await Assertions.Expect(page.Locator("#story-now li").First).ToBeVisibleAsync();
        await InSightAsync(page, await page.Locator("#story-now [data-step]").Last.GetAttributeAsync("data-step") ?? "");
        await Browser.PictureAsync(page, "studio-case-1440");
        await page.Locator("#story-happened [data-step='intake'] button").First.ClickAsync();
        await Assertions.Expect(page.Locator(".x6-node[data-cell-id='intake'] .elsa-activity")).ToHaveCSSAsync("outline-color", "rgb(11, 92, 173)");
        await InSightAsync(page, "intake");
        await page.Locator("#studio-details").ClickAsync();
        await Assertions.Expect(page.Locator("#studio .rz-splitter-pane").First).ToBeVisibleAsync();
        await InSightAsync(page, "intake");
        await Browser.PictureAsync(page, "studio-case-details-1440");
        Assert.All(calls, c => Assert.True(c.Status is >= 200 and < 300, $"{c.Status} {c.Url}"));
        Assert.True(!Faults(watched).Any(), string.Join("\n", Faults(watched)));
        await page.SetViewportSizeAsync(360, 800);
        await page.ReloadAsync();
        await Pages.LookAsync(page, "studio-case-360");
        await page.Context.CloseAsync();
    }

    /// <summary>The step comes near the middle of what a person sees of the diagram, and stays there although the Studio arranges itself anew.</summary>
    private static async Task InSightAsync(IPage page, string step)
    {
        var held = 0;
        for (var over = DateTime.UtcNow.AddMilliseconds(Patience); held < 10 && DateTime.UtcNow < over; await Task.Delay(200))
        {
            var node = await page.Locator($".x6-node[data-cell-id='{step}']").BoundingBoxAsync();
            var sheet = await page.Locator(".x6-graph").BoundingBoxAsync();
            held = node is not null && sheet is not null
                && Math.Abs(node.X + node.Width / 2 - (sheet.X + Math.Min(sheet.Width, page.ViewportSize!.Width - sheet.X) / 2)) < 60
                && Math.Abs(node.Y + node.Height / 2 - (sheet.Y + Math.Min(sheet.Height, page.ViewportSize.Height - sheet.Y) / 2)) < 60 ? held + 1 : 0;
        }
        Assert.True(held == 10, $"The step '{step}' is not in the middle.");
    }

    private static TestApp Start()
    {
        var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        return app;
    }

    private async Task<(IPage Page, WatchedPage Watched, ConcurrentQueue<(int Status, string Url)> Calls)> OpenAsync(TestApp app, int width)
    {
        var home = app.ClientOptions.BaseAddress.ToString();
        var page = await browser.PageAsync(width, home);
        var watched = new WatchedPage(page, home);
        var calls = new ConcurrentQueue<(int, string)>();
        page.Response += (_, answer) => { if (answer.Url.Contains("/elsa/api", StringComparison.Ordinal)) calls.Enqueue((answer.Status, answer.Url)); };
        return (page, watched, calls);
    }

    /// <summary>The editor puts what was touched last at the end: the order of steps and lines says nothing.</summary>
    private static System.Text.Json.Nodes.JsonNode Ordered(System.Text.Json.Nodes.JsonNode? definition)
    {
        var ordered = definition!.DeepClone();
        foreach (var (list, key) in new (string, Func<System.Text.Json.Nodes.JsonNode, string>)[] { ("activities", a => (string)a["id"]!), ("connections", c => $"{c["source"]!["activity"]} {c["source"]!["port"]} {c["target"]!["activity"]}") })
            ordered["root"]![list] = new System.Text.Json.Nodes.JsonArray([.. ordered["root"]![list]!.AsArray().OrderBy(i => key(i!), StringComparer.Ordinal).Select(i => i!.DeepClone())]);
        return ordered;
    }

    /// <summary>The Studio's page has its heading in its own header.</summary>
    private static async Task SignInAsync(IPage page, string userName, string to)
    {
        await page.GotoAsync($"/sign-in?returnUrl={Uri.EscapeDataString(to)}");
        await page.FillAsync("#UserName", userName);
        await page.FillAsync("#Password", TestAccounts.Password);
        await page.ClickAsync("main form button[type=submit]");
        await page.Locator(".studio-head h1").WaitForAsync();
    }

    private static Task<IJSHandle> DrawnAsync(IPage page) => page.WaitForFunctionAsync("() => document.body.dataset.drawn === 'true'", null, new() { Timeout = Patience });

    /// <summary>Drags a step that lies in the middle of the canvas.</summary>
    private static async Task MoveAsync(IPage page)
    {
        await Task.Delay(1500);
        foreach (var node in await page.Locator("#studio .x6-node").AllAsync())
            if (await node.BoundingBoxAsync() is { X: > 300 and < 850, Y: > 250 and < 560 } box)
            {
                await page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + box.Height / 2);
                await page.Mouse.DownAsync();
                await page.Mouse.MoveAsync(box.X + box.Width / 2 + 25, box.Y + box.Height / 2 + 15, new() { Steps = 8 });
                await page.Mouse.UpAsync();
                return;
            }
        Assert.Fail("No step lies in the middle.");
    }

    private static async Task<(int Version, System.Text.Json.Nodes.JsonNode Definition)> DraftAsync(TestApp app)
    {
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var draft = await db.Set<MatterDraft>().AsNoTracking().SingleAsync(d => d.Matter == "rural-dibao");
        return (draft.Version, System.Text.Json.Nodes.JsonNode.Parse(MatterBundle.Read(draft.Bundle)["apply.workflow.json"])!);
    }

    // What the Studio itself says in the console: how its router draws a line that has no room, and that a step went out of sight before it was drawn;
    // and the answer 401 is what the story is about.
    private static readonly string[] Itself = ["manhattan", "Could not find wrapper element", "401"];

    private static IEnumerable<string> Faults(WatchedPage watched) => watched.Faults.Where(f => !Itself.Any(w => f.Contains(w, StringComparison.Ordinal)));

    /// <summary>Words of English in the Studio's own frame: not in the drawing, not in code, not in what a manager names.</summary>
    private static async Task<IReadOnlyList<string>> EnglishAsync(IPage page)
    {
        var texts = await page.EvaluateAsync<string[]>("""
            () => {
              const found = new Set(), walk = document.createTreeWalker(document.querySelector("#studio"), NodeFilter.SHOW_TEXT);
              while (walk.nextNode()) {
                const node = walk.currentNode, parent = node.parentElement;
                if (!parent.closest("style, script, svg, .x6-graph, .monaco-editor, td span, td code") && parent.offsetParent) found.add(node.data.trim());
              }
              return [...found];
            }
            """);
        return [.. texts.Where(t => Regex.IsMatch(t, "[A-Za-z]{3}") && !Regex.IsMatch(t, @"[\u4e00-\u9fff]"))];
    }
}
