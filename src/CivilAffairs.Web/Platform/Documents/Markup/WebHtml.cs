using System.Net;
using System.Text;
using AngleSharp.Dom;

namespace CivilAffairs.Web.Platform.Documents.Markup;

/// <summary>The checked content as flowing HTML for a web page: known elements and classes only, texts encoded, QR codes as SVG, photographs as data.</summary>
internal static class WebHtml
{
    public static string Write(IElement body, Pictures pictures)
    {
        var text = new StringBuilder();
        foreach (var node in body.ChildNodes) Write(node, pictures, text);
        return text.ToString();
    }

    private static void Write(INode node, Pictures pictures, StringBuilder text)
    {
        if (node is IText plain) text.Append(WebUtility.HtmlEncode(plain.Data));
        if (node is not IElement element) return;
        var name = element.LocalName;
        if (name == "img" && element.ClassList.Contains("photo"))
        {
            text.Append("<img class=\"doc-photo\" alt=\"").Append(WebUtility.HtmlEncode(element.GetAttribute("alt") ?? "")).Append("\" src=\"").Append(Pictures.Address(pictures.Find(element.GetAttribute("data-image")))).Append("\">");
            return;
        }
        if (name == "img") { text.Append(QrCodes.Svg(element.GetAttribute("data-url") ?? "")); return; }
        text.Append('<').Append(name);
        if (element.ClassList.Length > 0) text.Append(" class=\"").Append(string.Join(' ', element.ClassList.Select(c => "doc-" + c))).Append('"');
        foreach (var attribute in element.Attributes.Where(a => a.Name is "colspan" or "width"))
            text.Append(' ').Append(attribute.Name).Append("=\"").Append(WebUtility.HtmlEncode(attribute.Value)).Append('"');
        text.Append('>');
        if (name is "br" or "hr") return;
        foreach (var child in element.ChildNodes) Write(child, pictures, text);
        text.Append("</").Append(name).Append('>');
    }
}
