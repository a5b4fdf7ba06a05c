using System.Text;
using AngleSharp.Dom;

namespace CivilAffairs.Web.Platform.Documents.Markup;

/// <summary>Text and its weights out of a paragraph, white space treated the way Chinese source is written.</summary>
internal static class InlineReader
{
    public static IReadOnlyList<Run> Read(IEnumerable<INode> nodes)
    {
        var runs = new List<Run>();
        foreach (var node in nodes) Collect(node, false, runs);
        return Tidy(runs);
    }

    private static void Collect(INode node, bool bold, List<Run> runs)
    {
        if (node is IText text) runs.Add(new Run(text.Data.Replace("\r", "", StringComparison.Ordinal).Replace('\n', '\v'), bold));
        if (node is not IElement element) return;
        if (element.LocalName == "br") { runs.Add(new Run("\n", bold)); return; }
        foreach (var child in element.ChildNodes) Collect(child, bold || element.LocalName is "strong" or "em", runs);
    }

    /// <summary>
    /// White space becomes one space. A line end of the source (here <c>\v</c>) between two Chinese characters becomes
    /// nothing, since Chinese has no space between words; a forced line end swallows the space around it.
    /// </summary>
    private static List<Run> Tidy(List<Run> runs)
    {
        var result = new List<Run>();
        char last = '\n';
        bool space = false, lineEnd = false;
        foreach (var run in runs)
        {
            var text = new StringBuilder();
            foreach (var c in run.Text.Normalize(NormalizationForm.FormC))
            {
                if (c is ' ' or '\t' or '\v') { space = true; lineEnd |= c == '\v'; continue; }
                if (space && last != '\n' && c != '\n' && !(lineEnd && (IsChinese(last) || IsChinese(c)))) text.Append(' ');
                (space, lineEnd) = (false, false);
                // Control characters and variation selectors have no place on paper.
                if (c == '\n' || (!char.IsControl(c) && c is not (>= '\uFE00' and <= '\uFE0F'))) { text.Append(c); last = c; }
            }
            if (text.Length > 0) result.Add(new Run(text.ToString(), run.Bold));
        }
        return result;
    }

    private static bool IsChinese(char c) => c >= '\u2E80' || c is '“' or '”' or '‘' or '’' or '—' or '…';
}
