using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Designer.Studio;

/// <summary>What an activity asks, gives and ends with reaches the Studio under its declared name in Chinese, and is shown so.</summary>
public sealed class StudioLabelTests(BothDatabases databases, Browser browser) : IClassFixture<BothDatabases>, IClassFixture<Browser>
{
    private const float Patience = 120_000;

    // Names of languages and of a notation are the same in both.
    private static readonly string[] Names = ["JavaScript", "Liquid", "JSON", "Cron"];

    [Fact]
    public async Task Every_input_output_and_outcome_of_every_activity_is_sent_with_its_Chinese_label()
    {
        using var manager = await StudioKit.AsAsync(await databases.GetAsync(Databases.Sqlite), Roles.Manager);
        var items = (await manager.GetAsync("/matters/rural-dibao/descriptors/activities"))["items"]!.AsArray().ToDictionary(i => (string)i!["typeName"]!, i => i!);
        var outcomes = await OutcomesAsync(manager);
        Assert.All(StockActivities.All.Select(s => s.Declaration).Concat(CaseActivityCatalogue.Declarations), d =>
        {
            var item = items[d.Type];
            Assert.Equal((d.Name.Zh, d.Help.Zh), ((string)item["displayName"]!, (string)item["description"]!));
            var inputs = item["inputs"]!.AsArray();
            Assert.Equal(d.Inputs.Select(i => (i.Name, i.Label.Zh + (i.Required ? " *" : ""), i.Label.Zh)), inputs.Select(i => ((string)i!["name"]!, (string)i["displayName"]!, (string)i["description"]!)));
            Assert.Equal(d.Output is null ? [] : [d.Output], item["outputs"]!.AsArray().Select(o => (string)o!["name"]!));
            foreach (var shown in inputs.Concat(item["outputs"]!.AsArray()).Append(item).Select(p => (string)p!["displayName"]!)) AssertChinese(d.Type, shown);
            // What is chosen from a fixed list is chosen in words.
            foreach (var choice in inputs.SelectMany(i => (i!["uiSpecifications"]?["dropdown"]?["selectList"]?["items"] as JsonArray ?? [])).Where(c => (string)c!["value"]! is { Length: > 0 })) AssertChinese(d.Type, (string)choice!["text"]!);
            // The port keeps its code, beside which the page writes the word.
            foreach (var outcome in d.Outcomes.Append("Done")) AssertChinese($"{d.Type} {outcome}", (string?)outcomes[outcome] ?? outcome);
        });
    }

    /// <summary>The real Studio: each activity of our own is put onto the sheet, and its fields are read.</summary>
    [BrowserFact]
    public async Task Each_activity_of_ours_shows_its_fields_in_Chinese()
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var manager = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, "341299"));
        var page = await browser.PageAsync(1440, app.ClientOptions.BaseAddress.ToString());
        await page.GotoAsync($"/sign-in?returnUrl={Uri.EscapeDataString("/studio/edit/rural-dibao/apply")}");
        await page.FillAsync("#UserName", manager.UserName!);
        await page.FillAsync("#Password", TestAccounts.Password);
        await page.ClickAsync("main form button[type=submit]");
        await page.WaitForFunctionAsync("() => document.body.dataset.drawn === 'true'", null, new() { Timeout = Patience });
        await page.Locator("#studio .mud-expand-panel-header", new() { HasText = "民政业务" }).ClickAsync();
        var fields = page.Locator("#studio .rz-splitter-vertical > .rz-splitter-pane:last-child");
        var wrong = new List<string>();
        foreach (var activity in CaseActivityCatalogue.Declarations)
        {
            var item = page.Locator("#studio [draggable=true]", new() { HasTextRegex = new Regex($@"^\s*{Regex.Escape(activity.Name.Zh)}\s*$") }).First;
            await item.ScrollIntoViewIfNeededAsync();
            await item.DragToAsync(page.Locator(".x6-graph"), new() { TargetPosition = new() { X = 420, Y = 200 } });
            var wanted = activity.Inputs.Select(i => i.Label.Zh).ToList();
            IReadOnlyList<string> shown = [];
            for (var tries = 0; tries < 60; tries++)
            {
                shown = [.. (await fields.Locator("label, .mud-input-label, .mud-checkbox").AllInnerTextsAsync()).Select(t => t.TrimEnd('*', ' ', '\n').Trim())];
                if (wanted.TrueForAll(shown.Contains)) break;
                await Task.Delay(250);
            }
            if (!wanted.TrueForAll(shown.Contains)) wrong.Add($"{activity.Type}: {string.Join("、", wanted.Except(shown))} – {string.Join("、", shown)}");
            if (activity.Type == "CivilAffairs.SetStatus") await Browser.PictureAsync(page, "studio-set-status-1440");
        }
        Assert.Empty(wrong);
        await page.Context.CloseAsync();
    }

    private static void AssertChinese(string of, string text) => Assert.True(Regex.IsMatch(text, @"[\u4e00-\u9fff]") || Names.Contains(text.TrimEnd('*', ' ')), $"{of}: {text}");

    private static async Task<JsonObject> OutcomesAsync(StudioKit manager)
    {
        var html = await manager.Client.GetStringAsync(new Uri("/studio/edit/rural-dibao/apply", UriKind.Relative));
        return JsonNode.Parse(WebUtility.HtmlDecode(Regex.Match(html, "data-outcomes=\"([^\"]*)\"").Groups[1].Value))!.AsObject();
    }
}
