using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace CivilAffairs.Web.Features.Mail.Office;

/// <summary>The HTML part of a letter as it may stand in a page of ours: paragraphs, emphasis, lists, breaks and links, and nothing else.</summary>
internal static class MailHtml
{
    private static readonly string[] Kept = ["P", "STRONG", "B", "EM", "UL", "OL", "LI", "BR", "H1", "H2", "H3", "TABLE", "TBODY", "THEAD", "TR", "TD", "TH"];

    internal static string Words(string html)
    {
        var text = new StringBuilder();
        foreach (var node in new HtmlParser().ParseDocument(html).Body!.ChildNodes) Write(text, node);
        return text.ToString();
    }

    private static void Write(StringBuilder text, INode node)
    {
        switch (node)
        {
            case IText words:
                text.Append(WebUtility.HtmlEncode(words.Data));
                break;
            case IElement { TagName: "SCRIPT" or "STYLE" }:
                break;
            case IElement element:
                var link = element.TagName == "A" && element.GetAttribute("href") is { } href && (href.StartsWith("https://", StringComparison.Ordinal) || href.StartsWith("http://", StringComparison.Ordinal)) ? href : null;
                var tag = link is not null ? "a" : Kept.Contains(element.TagName) ? element.TagName.ToLowerInvariant() : null;
                if (tag is not null) text.Append('<').Append(tag).Append(link is null ? "" : $" href=\"{WebUtility.HtmlEncode(link)}\" rel=\"noreferrer\"").Append('>');
                foreach (var child in element.ChildNodes) Write(text, child);
                if (tag is not null and not "br") text.Append("</").Append(tag).Append('>');
                break;
        }
    }
}
