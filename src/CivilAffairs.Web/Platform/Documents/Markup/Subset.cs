using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace CivilAffairs.Web.Platform.Documents.Markup;

/// <summary>
/// The HTML a document may be made of. The template itself is checked, branches that this time do not run included,
/// so that a fault is found when the matter is checked and has the line the author sees.
/// </summary>
internal static class Subset
{
    private static readonly string[] Blocks = ["h1", "h2", "p", "div", "table", "ul", "ol", "hr", "img"];
    private static readonly string[] Inline = ["strong", "em", "br"];

    // Element → what may stand directly in it. Text is allowed where strong is.
    private static readonly Dictionary<string, string[]> Children = new(StringComparer.Ordinal)
    {
        ["body"] = Blocks, ["div"] = [.. Blocks, .. Inline], ["h1"] = Inline, ["h2"] = Inline, ["p"] = Inline, ["strong"] = Inline, ["em"] = Inline,
        ["ul"] = ["li"], ["ol"] = ["li"], ["li"] = [.. Inline, "ul", "ol"], ["table"] = ["thead", "tbody"], ["thead"] = ["tr"], ["tbody"] = ["tr"],
        ["tr"] = ["th", "td"], ["th"] = Inline, ["td"] = Inline, ["hr"] = [], ["br"] = [], ["img"] = [],
    };

    private static readonly Dictionary<string, string[]> Classes = new(StringComparer.Ordinal)
    {
        ["div"] = ["title", "number", "body", "right", "center", "seal", "signature", "foot", "page-break"],
        ["p"] = ["noindent", "right", "center", "small"], ["table"] = ["small"], ["img"] = ["qr", "photo"],
        ["th"] = ["right", "center", "left"], ["td"] = ["right", "center", "left"],
    };

    /// <summary>Every class that a template may give to an element.</summary>
    internal static IEnumerable<string> ClassNames => Classes.Values.SelectMany(c => c).Distinct();

    private static readonly Dictionary<string, string[]> Attributes = new(StringComparer.Ordinal)
    {
        ["th"] = ["colspan", "width"], ["td"] = ["colspan", "width"], ["img"] = ["data-url", "data-image", "alt"],
    };

    /// <summary>The body of the HTML, with every element known to be allowed where it stands.</summary>
    /// <param name="html">Markup; line numbers of errors are lines of this text.</param>
    /// <param name="withLines">False for the output of Liquid, whose lines mean nothing to the author.</param>
    public static IElement Read(string html, bool withLines)
    {
        var parser = new HtmlParser(new HtmlParserOptions { IsKeepingSourceReferences = true, IsStrictMode = true });
        try
        {
            var body = parser.ParseDocument("<!DOCTYPE html><html><head></head><body>" + html + "</body></html>").Body!;
            Check(body, withLines);
            return body;
        }
        catch (HtmlParseException fault)
        {
            throw new DocumentTemplateException(withLines ? fault.Position.Line : null, "Markup", fault.Message);
        }
    }

    private static void Check(IElement parent, bool withLines)
    {
        var allowed = Children[parent.LocalName];
        foreach (var child in parent.ChildNodes)
        {
            if (child is IText text && !allowed.Contains("strong") && !string.IsNullOrWhiteSpace(text.Data))
                throw new DocumentTemplateException(Line(parent, withLines), "TextOutside", parent.LocalName == "body" ? "html" : parent.LocalName);
            if (child is not IElement element) continue;
            var line = Line(element, withLines);
            if (!Children.ContainsKey(element.LocalName)) throw new DocumentTemplateException(line, "UnknownElement", element.LocalName);
            if (!allowed.Contains(element.LocalName)) throw new DocumentTemplateException(line, "Misplaced", element.LocalName, parent.LocalName);
            CheckAttributes(element, line);
            Check(element, withLines);
        }
    }

    private static void CheckAttributes(IElement element, int? line)
    {
        var name = element.LocalName;
        foreach (var attribute in element.Attributes)
        {
            if (attribute.Name != "class" && !Attributes.GetValueOrDefault(name, []).Contains(attribute.Name))
                throw new DocumentTemplateException(line, "UnknownAttribute", name, attribute.Name);
        }
        foreach (var item in element.ClassList)
        {
            if (!Classes.GetValueOrDefault(name, []).Contains(item)) throw new DocumentTemplateException(line, "UnknownClass", name, item);
        }
    }

    private static int? Line(IElement element, bool withLines) => withLines ? element.SourceReference?.Position.Line : null;
}
