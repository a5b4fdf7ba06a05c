using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace CivilAffairs.Web.Features.Mail.Mailbox;

/// <summary>
/// Words or a link of a letter. A letter's HTML is never put into the page: only its words and web links are taken out,
/// and the page encodes them like any other text.
/// </summary>
/// <param name="Href">An http or https address; null: words.</param>
public sealed partial record LetterPiece(string Words, string? Href = null)
{
    private static readonly string[] Blocks = ["P", "DIV", "H1", "H2", "H3", "LI", "TR", "BR"];
    private static readonly string[] Silent = ["SCRIPT", "STYLE", "HEAD", "TEMPLATE", "IFRAME", "OBJECT"];

    internal static IReadOnlyList<LetterPiece> OfText(string text)
    {
        var pieces = new List<LetterPiece>();
        var at = 0;
        foreach (Match link in Link().Matches(text))
        {
            if (link.Index > at) pieces.Add(new(text[at..link.Index]));
            pieces.Add(new(link.Value, Safe(link.Value)));
            at = link.Index + link.Length;
        }
        if (at < text.Length) pieces.Add(new(text[at..]));
        return pieces;
    }

    internal static IReadOnlyList<LetterPiece> OfHtml(string html)
    {
        var pieces = new List<LetterPiece>();
        var words = new StringBuilder();
        if (new HtmlParser().ParseDocument(html).Body is { } body) Walk(body);
        Flush();
        return pieces;

        void Walk(INode node)
        {
            foreach (var child in node.ChildNodes)
                if (child is IText text) words.Append(Spaces().Replace(text.Data, " "));
                else if (child is IElement element && !Silent.Contains(element.TagName))
                {
                    if (element.TagName == "A" && Safe(element.GetAttribute("href")) is { } href)
                    {
                        Flush();
                        pieces.Add(new(element.TextContent.Trim(), href));
                        continue;
                    }
                    Walk(element);
                    if (Blocks.Contains(element.TagName)) words.Append('\n');
                }
        }

        void Flush()
        {
            var text = Lines().Replace(words.ToString(), "\n");
            if (pieces.Count == 0) text = text.TrimStart();
            if (text.Length > 0) pieces.Add(new(text));
            words.Clear();
        }
    }

    private static string? Safe(string? href) =>
        Uri.TryCreate(href, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") ? uri.AbsoluteUri : null;

    [GeneratedRegex(@"https?://[^\s<>""，。；、（）]+")]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"[ ]*\n\s*")]
    private static partial Regex Lines();
}
