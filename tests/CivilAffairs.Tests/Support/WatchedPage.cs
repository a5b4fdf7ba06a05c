using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Support;

/// <summary>
/// A browser page under watch: errors of the console and of scripts, violations of the content security policy, requests
/// to elsewhere and failed ones are noted all the time; <see cref="LookAsync"/> also looks at how the page is made.
/// </summary>
internal sealed partial class WatchedPage
{
    private static readonly int[] Widths = [360, 1440];
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private readonly ConcurrentQueue<string> faults = new();
    private readonly string? pictures;
    private readonly string home;
    private readonly bool english;

    /// <param name="page">Fresh: what it did before is not known.</param>
    /// <param name="home">The product's address.</param>
    /// <param name="pictures">Begin of the screenshots' names; null: pages are not looked at in both widths.</param>
    /// <param name="english">The reader chose English: no Chinese may be left over.</param>
    public WatchedPage(IPage page, string home, string? pictures = null, bool english = false)
    {
        (Page, this.home, this.pictures, this.english) = (page, home, pictures, english);
        // Patient: two browsers and a database on a busy machine are slow, not wrong.
        page.SetDefaultTimeout(90_000);
        page.Console += (_, message) => { if (message.Type is "error" or "warning") Note($"console: {message.Text}"); };
        page.PageError += (_, error) => Note($"script: {error}");
        page.Request += (_, request) => { if (!IsHome(request.Url)) Note($"request to elsewhere: {request.Url}"); };
        page.Response += (_, response) => { if (response.Status >= 400) Note($"answer {response.Status}: {response.Url}"); };
    }

    public IPage Page { get; }

    /// <summary>What was seen so far, with the page it was seen on; empty is good.</summary>
    public IReadOnlyCollection<string> Faults => faults;

    /// <summary>Both widths: a picture for people, nothing wider than the window, no violation of WCAG 2.1 AA; in English no Chinese.</summary>
    /// <param name="name">Of the pictures in <c>artifacts/screenshots</c>.</param>
    public async Task LookAsync(string name)
    {
        if (english) foreach (var text in await ChineseAsync()) Note($"{name}: not in English: {text}");
        if (pictures is null) return;
        foreach (var width in Widths)
        {
            await Page.SetViewportSizeAsync(width, 900);
            // The desk's drawer notices the new width a moment later; on a phone it lies over the page until then.
            await Page.WaitForFunctionAsync("() => innerWidth > 960 || !document.querySelector('.mud-drawer--open')");
            await Browser.SettledAsync(Page);
            await Browser.PictureAsync(Page, $"{pictures}-{name}-{width}");
            if (await Browser.OverflowAsync(Page) is > 0 and var over) Note($"{name} at {width} px: {over} px too wide");
            foreach (var violation in await ViolationsAsync()) Note($"{name} at {width} px: {violation}");
        }
    }

    /// <summary>What axe finds against WCAG 2.1 AA. The script stays in the page for the next look.</summary>
    private async Task<string[]> ViolationsAsync()
    {
        if (!await Page.EvaluateAsync<bool>("'axe' in window")) await Page.EvaluateAsync(Axe);
        return await Page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"] }))
              .violations.map(v => `${v.id}: ${v.help} ${v.nodes.slice(0, 3).map(n => n.html).join(" ")}`)
            """);
    }

    /// <summary>Chinese on the page that nobody typed: outside of what is marked as Chinese, and of the bureau's document numbers.</summary>
    public async Task<IReadOnlyList<string>> ChineseAsync()
    {
        var texts = await Page.EvaluateAsync<string[]>("""
            () => {
              const found = [document.title];
              const visit = node => {
                if (node.nodeType === Node.TEXT_NODE) found.push(node.data);
                if (node.nodeType !== Node.ELEMENT_NODE || ["SCRIPT", "STYLE", "NOSCRIPT"].includes(node.tagName)) return;
                if (node.getAttribute("lang")?.startsWith("zh")) return;
                for (const name of ["aria-label", "title", "placeholder", "alt", "label"]) if (node.hasAttribute(name)) found.push(node.getAttribute(name));
                node.childNodes.forEach(visit);
              };
              visit(document.body);
              return found;
            }
            """);
        return [.. texts.Select(t => TestAccounts.GivenName().Replace(DocumentNumber().Replace(t, ""), "")).Where(t => Cjk().IsMatch(t)).Select(t => t.Trim()).Distinct()];
    }

    private bool IsHome(string url) => url.StartsWith(home, StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal) || url.StartsWith("blob:", StringComparison.Ordinal)
        || url.StartsWith(home.Replace("http", "ws", StringComparison.Ordinal), StringComparison.Ordinal);

    private void Note(string what) => faults.Enqueue($"{Page.Url.Replace(home, "/", StringComparison.Ordinal)}: {what}");

    [GeneratedRegex(@"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")] private static partial Regex Cjk();
    [GeneratedRegex(@"[\u4e00-\u9fff]+\d+〔\d{4}〕\d+")] private static partial Regex DocumentNumber();
}
