using System.Net;
using System.Text;
using AngleSharp.Dom;

namespace CivilAffairs.Web.Platform.Documents.Markup;

/// <summary>The checked content as flowing HTML for a web page: known elements and classes only, texts encoded, QR codes as SVG.</summary>
internal static class WebHtml
{
    public static string Write(IElement body)
    {
        var text = new StringBuilder();
        foreach (var node in body.ChildNodes) Write(node, text);
        return text.ToString();
    }

    private static void Write(INode node, StringBuilder text)
    {
        if (node is IText plain) text.Append(WebUtility.HtmlEncode(plain.Data));
        if (node is not IElement element) return;
        var name = element.LocalName;
        if (name == "img") { text.Append(QrCodes.Svg(element.GetAttribute("data-url") ?? "")); return; }
        text.Append('<').Append(name);
        if (element.ClassList.Length > 0) text.Append(" class=\"").Append(string.Join(' ', element.ClassList.Select(c => "doc-" + c))).Append('"');
        foreach (var attribute in element.Attributes.Where(a => a.Name is "colspan" or "width"))
            text.Append(' ').Append(attribute.Name).Append("=\"").Append(WebUtility.HtmlEncode(attribute.Value)).Append('"');
        text.Append('>');
        if (name is "br" or "hr") return;
        foreach (var child in element.ChildNodes) Write(child, text);
        text.Append("</").Append(name).Append('>');
    }
}
