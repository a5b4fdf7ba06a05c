using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Documents.Layout;

namespace CivilAffairs.Tests.Platform.Documents;

/// <summary>What a layout says, for assertions.</summary>
internal static class Text
{
    public static string Of(LaidOutDocument document) => string.Concat(Enumerable.Range(0, document.PageCount).Select(p => OfPage(document, p)));

    public static string OfPage(LaidOutDocument document, int page) => string.Concat(document.Pages[page].OfType<PlacedText>().Select(t => t.Text));

    /// <summary>The lines of a page from top to bottom, without its number.</summary>
    public static List<string> Lines(LaidOutDocument document, int page = 0) => [.. document.Pages[page].OfType<PlacedText>()
        .Where(t => t.Baseline < Typography.Bottom + 5).GroupBy(t => t.Baseline).OrderBy(g => g.Key).Select(g => string.Concat(g.Select(t => t.Text)))];
}
