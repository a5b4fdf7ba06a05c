using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Documents;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Numbers a document and freezes its data, within the decision; its PDF is made from them later.</summary>
internal sealed partial class DocumentIssue(CaseTemplateData templateData, CaseImages images, DocumentRenderer renderer, ILogger<DocumentIssue> log)
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    /// <exception cref="CaseFaultedException">The matter has no such number series.</exception>
    public async Task<IssuedDocument> AddAsync(CaseStep step, IssueDocument issue)
    {
        var template = step.Revision.Matter.Templates.First(t => t.File == issue.Template);
        var kind = step.Revision.Matter.Numbering.FirstOrDefault(n => n.Kind == issue.NumberKind)
            ?? throw new CaseFaultedException([new Incident(issue.ActivityId, $"The matter has no number series '{issue.NumberKind}'.")]);
        var series = (NumberFormat.Read(kind.Format) ?? throw new CaseFaultedException([new Incident(issue.ActivityId, $"'{kind.Format}' is not how numbers can be written.")])).SeriesOf(kind.Prefix);
        var office = step.Case.Township ?? step.Case.County;
        // The year of its date, so that number and date agree on a document that was signed before New Year and recorded after.
        var sequence = await NumberSeries.NextAsync(step.Db, series, office, step.OccurredOn.Year).ConfigureAwait(false);
        // The office's own code in the number: each township has its series, and no two may read the same.
        var number = NumberFormat.Print(series, office, step.OccurredOn.Year, sequence);
        var code = Base32(RandomNumberGenerator.GetBytes(10));
        var data = await templateData.WholeAsync(step, issue.Data).ConfigureAwait(false);
        await images.AddAsync(step, step.Revision.Templates[issue.Template], data).ConfigureAwait(false);
        (data["number"], data["url"]) = (number, templateData.VerifyUrl(code));
        var document = new IssuedDocument
        {
            CaseId = step.Case.Id, ActivityId = issue.ActivityId, Template = issue.Template, Revision = step.Revision.Hash,
            NameZh = template.Name.Zh, NameEn = template.Name.En, Number = number, Deliver = issue.Deliver, OccurredOn = step.OccurredOn, IssuedAt = step.Now,
            VerifyCode = code, Data = [],
        };
        document.Data = step.Cipher.SealJson(data, $"document.{document.Id:N}");
        RequireFilled(step.Revision.Templates[issue.Template], data);
        step.Db.Add(document);
        return document;
    }

    /// <summary>Lays it out once now: a template that cannot be filled must stop the decision, not surprise whoever opens the document.</summary>
    private void RequireFilled(string template, JsonNode data)
    {
        try
        {
            _ = renderer.Render(template, data, Chinese);
        }
        catch (SlowRenderingException e)
        {
            // The machine's fault, and not the decision's: number and data are frozen with it, the job makes the PDF.
            Slow(log, e.Message);
        }
    }

    [LoggerMessage(EventId = 2010, Level = LogLevel.Warning, Message = "A document was not laid out with its decision: {Why} It is made later")]
    private static partial void Slow(ILogger log, string why);

    // Without vowels that could be read as other characters; 80 bits cannot be guessed.
    private static string Base32(byte[] bytes)
    {
        const string alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        var bits = bytes.Aggregate(System.Numerics.BigInteger.Zero, (sum, b) => (sum << 8) | b);
        return string.Concat(Enumerable.Range(0, bytes.Length * 8 / 5).Select(i => alphabet[(int)((bits >> (i * 5)) & 31)]));
    }
}
