using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Documents.Fonts;
using CivilAffairs.Web.Platform.Documents.Layout;
using CivilAffairs.Web.Platform.Documents.Markup;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>
/// Documents 文书: template and data in, pages out. One layout serves the preview and the PDF, so what an officer approves
/// is what is sealed. Safe for concurrent use; knows no feature and no database.
/// </summary>
public sealed partial class DocumentRenderer(DocumentFonts fonts, TimeProvider time, ILogger<DocumentRenderer> log, DocumentLimits? limits = null)
{
    private readonly DocumentLimits _limits = limits ?? DocumentLimits.Default;
    private readonly TemplateText _liquid = new(limits ?? DocumentLimits.Default, time);

    /// <summary>Checks a template as written, without data: Liquid parses, markup is within the subset, also in branches that rarely run.</summary>
    /// <exception cref="DocumentTemplateException">Names the template line.</exception>
    public static void Check(string template) => TemplateCheck.Check(template);

    /// <summary>Lays a document out.</summary>
    /// <param name="template">Liquid over the HTML subset of <c>docs/document-templates.md</c>.</param>
    /// <param name="data">The names the template uses, as a JSON object: dates <c>yyyy-MM-dd</c>, money in fen.</param>
    /// <param name="culture">Language of the renderer's own few words (seal place) and of Liquid's number formats.</param>
    /// <param name="unhurried">It may take <see cref="DocumentLimits.Unhurried"/>.</param>
    /// <exception cref="DocumentTemplateException">The template is wrong, asks for a name the data lacks, or passes a limit.</exception>
    /// <exception cref="SlowRenderingException">It takes too long just now.</exception>
    public LaidOutDocument Render(string template, JsonNode data, CultureInfo culture, bool unhurried = false)
    {
        var (pages, content) = LayOut(template, data, culture, new RenderBudget(_limits, time, unhurried ? DocumentLimits.Unhurried : null));
        var missing = pages.Sum(p => p.OfType<PlacedBox>().Count());
        // Which characters is personal data: rare ones are names.
        if (missing > 0) Lacking(log, missing);
        return new LaidOutDocument(fonts, [.. pages.Select((p, i) => Numbered(p, $"— {i + 1} —"))], content.Html, missing, culture);
    }

    private (IReadOnlyList<IReadOnlyList<Placed>> Pages, Content Content) LayOut(string template, JsonNode data, CultureInfo culture, RenderBudget budget)
    {
        Check(template);
        var content = ContentReader.Read(_liquid.Render(template, data, culture, budget), budget, new Pictures(data));
        var blocks = new BlockLayout(fonts, budget, DocumentTexts.Get("SealPlace", culture));
        return (new Paginator(budget).Pages(blocks.Items(content.Blocks, Typography.Width), blocks.Foot(content.Foot)), content);
    }

    /// <summary>A message (e-mail, short text) from Liquid: same data and filters, values encoded for HTML or left as they are.</summary>
    /// <param name="asHtml">False for a subject or a plain text body.</param>
    /// <exception cref="DocumentTemplateException">As for <see cref="Render"/>.</exception>
    /// <exception cref="SlowRenderingException">It takes too long just now.</exception>
    public string RenderText(TextTemplate template, JsonNode data, CultureInfo culture, bool asHtml) =>
        _liquid.Render((template ?? throw new ArgumentNullException(nameof(template))).Liquid, template.Source, data, culture, asHtml ? null : Fluid.NullEncoder.Default);

    private List<Placed> Numbered(IReadOnlyList<Placed> page, string number)
    {
        var text = new LineBreaker(fonts).Break([new Run(number, false)], Typography.PageNumberSize, false, Typography.Width)[0];
        return [.. page, .. new LinePlacer(fonts).Place(text, Typography.Left, Typography.PageNumberBaseline, Typography.PageNumberSize, Align.Center)];
    }

    [LoggerMessage(EventId = 1100, Level = LogLevel.Warning, Message = "A document has {Count} characters that its font lacks; boxes stand in their place")]
    private static partial void Lacking(ILogger log, int count);
}
