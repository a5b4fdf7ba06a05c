using System.Globalization;
using AngleSharp.Dom;

namespace CivilAffairs.Web.Platform.Documents.Markup;

/// <summary>The checked HTML as blocks for the layouter.</summary>
internal sealed class ContentReader(RenderBudget budget, Pictures pictures)
{
    private readonly List<Block> _blocks = [];
    private readonly List<Block> _foot = [];

    public static Content Read(string html, RenderBudget budget, Pictures pictures)
    {
        var body = Subset.Read(html, withLines: false);
        var reader = new ContentReader(budget, pictures);
        reader.Children(body, reader._blocks, null, Role.Body);
        return new Content(reader._blocks, reader._foot, WebHtml.Write(body, pictures));
    }

    private void Children(IElement parent, List<Block> into, Align? align, Role role)
    {
        budget.Check();
        var loose = new List<INode>();
        foreach (var node in parent.ChildNodes)
        {
            if (node is IText || (node is IElement inline && inline.LocalName is "strong" or "em" or "br")) { loose.Add(node); continue; }
            Loose(loose, into, align, role);
            if (node is IElement element) Read(element, into, align, role);
        }
        Loose(loose, into, align, role);
    }

    /// <summary>Text that stands directly in a div is a paragraph of its own.</summary>
    private static void Loose(List<INode> nodes, List<Block> into, Align? align, Role role)
    {
        var runs = InlineReader.Read(nodes);
        nodes.Clear();
        if (runs.Count > 0) into.Add(new Paragraph(role, runs, align, role == Role.Body));
    }

    private void Read(IElement element, List<Block> into, Align? align, Role role)
    {
        switch (element.LocalName)
        {
            case "h1": into.Add(new Paragraph(Role.Title, Text(element))); break;
            case "h2": into.Add(new Paragraph(Role.Heading, Text(element))); break;
            case "p": into.Add(Paragraph(element, align, role)); break;
            case "hr": into.Add(new Rule()); break;
            case "ul" or "ol": List(element, into, role, 0); break;
            case "table": into.Add(new TableReader(budget).Read(element)); break;
            case "img" when element.ClassList.Contains("photo"): into.Add(new Photo(pictures.Find(element.GetAttribute("data-image")))); break;
            case "img": into.Add(new QrCode(element.GetAttribute("data-url") is { Length: > 0 } url ? url : throw new DocumentTemplateException(null, "BadAttribute", "data-url"))); break;
            default: Div(element, into, align, role); break;
        }
    }

    private void Div(IElement div, List<Block> into, Align? align, Role role)
    {
        if (div.ClassList.Contains("title")) into.Add(new Paragraph(Role.Title, Text(div)));
        else if (div.ClassList.Contains("number")) into.Add(new Paragraph(Role.Number, Text(div)));
        else if (div.ClassList.Contains("signature")) into.Add(new Signature(Text(div)));
        else if (div.ClassList.Contains("page-break")) into.Add(new PageBreak());
        else if (div.ClassList.Contains("seal")) into.Add(new Seal(Lines(div)));
        else if (div.ClassList.Contains("foot")) Children(div, _foot, Align.Left, Role.Foot);
        else Children(div, into, div.ClassList.Contains("right") ? Align.Right : div.ClassList.Contains("center") ? Align.Center : align, role);
    }

    private List<Paragraph> Lines(IElement div)
    {
        var blocks = new List<Block>();
        Children(div, blocks, Align.Center, Role.Body);
        return [.. blocks.OfType<Paragraph>()];
    }

    private static Paragraph Paragraph(IElement p, Align? align, Role role)
    {
        var own = p.ClassList.Contains("right") ? Align.Right : p.ClassList.Contains("center") ? Align.Center : align;
        var small = role == Role.Body && p.ClassList.Contains("small") ? Role.Small : role;
        return new Paragraph(small, Text(p), own, own is null && role != Role.Foot && !p.ClassList.Contains("noindent"));
    }

    private static void List(IElement list, List<Block> into, Role role, int depth)
    {
        var number = 0;
        foreach (var item in list.Children)
        {
            number++;
            var marker = list.LocalName == "ol" ? number.ToString(CultureInfo.InvariantCulture) + "." : "•";
            var text = InlineReader.Read(item.ChildNodes.Where(n => n is not IElement { LocalName: "ul" or "ol" }));
            into.Add(new Paragraph(role == Role.Foot ? Role.Foot : Role.Item, text, Marker: marker, Depth: depth));
            foreach (var inner in item.Children.Where(c => c.LocalName is "ul" or "ol")) List(inner, into, role, depth + 1);
        }
    }

    private static IReadOnlyList<Run> Text(IElement element)
    {
        foreach (var child in element.Children.Where(c => c.LocalName is not ("strong" or "em" or "br")))
            throw new DocumentTemplateException(null, "Misplaced", child.LocalName, element.LocalName);
        return InlineReader.Read(element.ChildNodes);
    }
}
