using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Documents.Markup;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using UglyToad.PdfPig;
using Xunit;

namespace CivilAffairs.Tests.Platform.Documents;

/// <summary>How documents look on a page, in a browser: every shipped template on a phone, on a desk and on paper. Pictures and PDFs stay in <c>artifacts</c>.</summary>
public sealed class DocumentPageTests(Browser browser, DocumentPages pages) : IClassFixture<Browser>, IClassFixture<DocumentPages>
{
    public static TheoryData<string, int> Everything
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var kind in new[] { "paper", "flow" })
                foreach (var width in new[] { 360, 1440 }) data.Add(kind, width);
            return data;
        }
    }

    [BrowserTheory]
    [MemberData(nameof(Everything))]
    public async Task No_document_is_cut_off_or_has_to_be_scrolled_sideways(string kind, int width)
    {
        var page = await browser.PageAsync(width, pages.Address);
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        foreach (var (number, name) in DocumentPages.Names.Index())
        {
            await page.GotoAsync($"/{kind}/{number}");
            // As most people see it: sheets on a desk, running text on a phone.
            if ((kind, width) is ("paper", 1440) or ("flow", 360)) await Browser.PictureAsync(page, $"document-{kind}-{name}-{width}");
            Assert.Equal(name, string.Join(": ", [name, .. await CutOffAsync(page)]));
        }
        // What the Content-Security-Policy refuses is said there.
        Assert.Empty(complaints);
    }

    [BrowserTheory]
    [InlineData("<table><tbody><tr><td class=\"doc-right\">{0}</td></tr></tbody></table>")]
    public async Task The_guard_sees_what_is_cut_off(string content)
    {
        var page = await browser.PageAsync(360, pages.Address);
        await page.GotoAsync("/flow/0");
        await page.EvalOnSelectorAsync(".document", "(e, html) => e.innerHTML = html", string.Format(CultureInfo.InvariantCulture, content, new string('9', 60)));
        Assert.NotEmpty(await CutOffAsync(page));
    }

    [BrowserFact]
    public async Task A_sheet_has_the_shape_and_at_most_the_size_of_A4()
    {
        var page = await browser.PageAsync(1440, pages.Address);
        await page.GotoAsync("/paper/1");
        var sheets = new List<LocatorBoundingBoxResult>();
        foreach (var sheet in await page.Locator(".document-page").AllAsync()) sheets.Add((await sheet.BoundingBoxAsync())!);
        Assert.Equal(3, sheets.Count);
        Assert.All(sheets, s => Assert.Equal(297.0 / 210, s.Height / s.Width, tolerance: 0.01));
        Assert.All(sheets, s => Assert.Equal(210 / 25.4 * 96, s.Width, tolerance: 1.5));
        Assert.All(sheets.Zip(sheets.Skip(1)), pair => Assert.True(pair.Second.Y > pair.First.Y + pair.First.Height));
    }

    [BrowserFact]
    public async Task Printed_each_sheet_is_one_page_and_nothing_else_is_on_it()
    {
        var page = await browser.PageAsync(1440, pages.Address);
        await page.GotoAsync("/paper/1");
        using var pdf = PdfDocument.Open(await page.PdfAsync(new() { PreferCSSPageSize = true }));
        Assert.Equal(3, pdf.NumberOfPages);
        Assert.All(pdf.GetPages(), p => Assert.Equal((595, 842), ((int)Math.Round(p.Width), (int)Math.Round(p.Height))));
        Assert.All(pdf.GetPages(), p => Assert.DoesNotContain("民政事项办理", Letters(p.Letters), StringComparison.Ordinal));
        for (var number = 1; number <= 3; number++) Assert.Contains($"—{number}—", Letters(pdf.GetPage(number).Letters), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_notice_prints_with_the_head_of_its_table_on_each_page()
    {
        var page = await browser.PageAsync(360, pages.Address);
        await page.GotoAsync("/flow/1");
        var bytes = await page.PdfAsync(new() { PreferCSSPageSize = true });
        await File.WriteAllBytesAsync(Repository.Path("artifacts", "documents", "printed-notice.pdf"), bytes);
        using var pdf = PdfDocument.Open(bytes);
        Assert.InRange(pdf.NumberOfPages, 2, 3);
        Assert.All(pdf.GetPages().SkipLast(1), p => Assert.Contains("拟确认月保障金额", Letters(p.Letters), StringComparison.Ordinal));
        Assert.DoesNotContain("民政事项办理", Letters(pdf.GetPage(1).Letters), StringComparison.Ordinal);
    }

    [BrowserTheory]
    [InlineData("paper")]
    [InlineData("flow")]
    public async Task A_reader_with_a_screen_reader_or_weak_eyes_finds_no_barrier(string kind)
    {
        var page = await browser.PageAsync(360, pages.Address);
        // Barriers come of markup: all that there is stands in these.
        Assert.NotEmpty(pages.OneOfEachMarkup);
        foreach (var number in pages.OneOfEachMarkup)
        {
            var name = DocumentPages.Names[number];
            await page.GotoAsync($"/{kind}/{number}");
            var result = await page.RunAxe();
            Assert.True(result.Violations.Length == 0, $"{name}: {string.Join("; ", result.Violations.Select(v => $"{v.Id} {v.Nodes[0].Html}"))}");
        }
    }

    [BrowserFact]
    public async Task A_code_is_big_enough_for_a_camera_and_stands_beside_the_text()
    {
        var page = await browser.PageAsync(360, pages.Address);
        await page.GotoAsync("/flow/0");
        var code = (await page.Locator(".doc-foot .qr").BoundingBoxAsync())!;
        var text = (await page.Locator(".doc-foot p").First.BoundingBoxAsync())!;
        Assert.InRange(code.Width, 88, 120);
        Assert.True(text.X + text.Width <= code.X && text.Y < code.Y + code.Height);
    }

    [Fact]
    public void Every_class_that_a_template_may_use_has_a_style() => Assert.Empty(Unstyled(Subset.ClassNames));

    [Fact]
    public void The_guard_sees_a_class_without_a_style() => Assert.Equal(["unheard-of"], Unstyled(["foot", "unheard-of"]));

    private static IEnumerable<string> Unstyled(IEnumerable<string> classes)
    {
        var css = File.ReadAllText(Repository.Path("src", "CivilAffairs.Web", "wwwroot", "css", "document.css"));
        // A body is only a container; a QR code is drawn by its own SVG.
        return classes.Where(c => c is not ("body" or "qr") && !Regex.IsMatch(css, $@"\.doc-{c}\b"));
    }

    // Chromium writes some characters as the radicals that look the same.
    private static string Letters(IEnumerable<UglyToad.PdfPig.Content.Letter> letters) =>
        string.Concat(letters.Select(l => l.Value)).Normalize(NormalizationForm.FormKC).Replace(" ", "", StringComparison.Ordinal);

    /// <summary>Elements that are wider than the window or than the box they stand in.</summary>
    private static Task<string[]> CutOffAsync(IPage page) => page.EvaluateAsync<string[]>("""
        () => {
          const wide = e => e.scrollWidth > e.clientWidth + 1, edge = document.documentElement.clientWidth + 1;
          const boxes = [...document.querySelectorAll('html, .document, .document td, .document th, .document p, .document-preview')].filter(wide);
          const parts = [...document.querySelectorAll('main *:not(svg *)')].filter(e => e.getBoundingClientRect().right > edge);
          return [...boxes, ...parts].map(e => e.tagName + ' ' + e.textContent.slice(0, 30));
        }
        """);
}
