using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>A document that was issued, as whoever has it open sees it: the page, and what it saves.</summary>
internal static class Paper
{
    /// <summary>Opens it from the desk right after the decision: one click away, in a window of its own, and no reason is asked.</summary>
    public static async Task OpenAsync(WatchedPage officer)
    {
        var link = officer.Page.Locator(".decision .done a.button");
        Assert.Equal("_blank", await link.GetAttributeAsync("target"));
        await officer.Page.GotoAsync(await link.GetAttributeAsync("href") ?? "");
        await officer.Page.Locator("article.document").WaitForAsync();
    }

    /// <summary>The open document says all of this, as often as it has copies, and so does the PDF that it is saved as.</summary>
    /// <param name="copies">Copies 份: each has all of it.</param>
    /// <param name="pages">Of the PDF, all copies together: a certificate has one each, a decision as many as its reasons need.</param>
    public static async Task SaysAsync(WatchedPage reader, int copies, int pages, params string[] said)
    {
        var page = reader.Page;
        await page.Locator("article.document").WaitForAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("a[href$='/pdf']"));
        var pdf = await File.ReadAllBytesAsync(await download.PathAsync());
        Assert.Equal(pages, PdfText.Pages(pdf));
        foreach (var text in new[] { await page.Locator("article.document").InnerTextAsync(), PdfText.Of(pdf) })
            Assert.All(said, what => Assert.Equal(copies, Bare(text).Split(Bare(what)).Length - 1));
    }

    // Where a line ends is the layout's to say.
    private static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
