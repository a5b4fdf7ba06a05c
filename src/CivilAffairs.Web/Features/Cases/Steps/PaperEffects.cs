using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Outbox;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Documents, notices and messages: numbers and data now, PDF and mail later.</summary>
internal sealed class PaperEffects(CaseTemplateData templateData, DocumentRenderer renderer) : IEffectHandler
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    public IReadOnlyList<Type> Effects { get; } = [typeof(IssueDocument), typeof(PublishNotice), typeof(PublishResult), typeof(SendNotice), typeof(SendEmail)];

    public async ValueTask<JsonNode?> ApplyAsync(Effect effect, CaseStep step)
    {
        switch (effect)
        {
            case IssueDocument issue:
                return await IssueAsync(issue, step).ConfigureAwait(false);
            case PublishNotice publish:
                step.Db.Add(await PostAsync(step, publish.Template, publish.Kind, publish.Place, publish.FirstDay, publish.LastDay, publish.BookmarkId).ConfigureAwait(false));
                return null;
            case PublishResult publish:
                step.Db.Add(await PostAsync(step, publish.Template, "公布", publish.Place, step.Today, null, null).ConfigureAwait(false));
                return null;
            case SendNotice send:
                await Recipients.AddAsync(step, send.To, send.Template).ConfigureAwait(false);
                return null;
            case SendEmail send:
                foreach (var address in send.To)
                {
                    var id = Guid.CreateVersion7();
                    step.Db.Add(new OutboxMessage { Id = id, CaseId = step.Case.Id, Address = address, Subject = send.Subject, Body = send.Body, MessageId = Recipients.MessageId(id), CreatedAt = step.Now, DueAt = step.Now });
                }
                return null;
            default:
                return null;
        }
    }

    private async Task<JsonNode?> IssueAsync(IssueDocument issue, CaseStep step)
    {
        var template = step.Revision.Matter.Templates.First(t => t.File == issue.Template);
        var prefix = step.Revision.Matter.Numbering.FirstOrDefault(n => n.Kind == issue.NumberKind)?.Prefix
            ?? throw new CaseFaultedException([new Incident(issue.ActivityId, $"The matter has no number series '{issue.NumberKind}'.")]);
        var office = step.Case.Township ?? step.Case.County;
        var sequence = await NumberSeries.NextAsync(step.Db, prefix, office, step.Today.Year).ConfigureAwait(false);
        // The office's own code in the number: each township has its series, and no two may read the same.
        var number = DocumentNumber.Format(prefix, office, step.Today.Year, sequence);
        var code = Base32(RandomNumberGenerator.GetBytes(10));
        var data = await templateData.WholeAsync(step, issue.Data).ConfigureAwait(false);
        (data["number"], data["url"]) = (number, templateData.VerifyUrl(code));
        var document = new IssuedDocument
        {
            CaseId = step.Case.Id, ActivityId = issue.ActivityId, Template = issue.Template, Revision = step.Revision.Hash,
            NameZh = template.Name.Zh, NameEn = template.Name.En, Number = number, Deliver = issue.Deliver, IssuedAt = step.Now,
            VerifyCode = code, Data = [],
        };
        document.Data = step.Cipher.SealJson(data, $"document.{document.Id:N}");
        // Laid out once now: a template that cannot be filled must stop the decision, not surprise whoever opens the document.
        _ = renderer.Render(step.Revision.Templates[issue.Template], data, Chinese);
        step.Db.Add(document);
        return new JsonObject { ["documentId"] = document.Id.ToString(), ["number"] = number };
    }

    private async Task<PublicNotice> PostAsync(CaseStep step, string template, string kind, string place, DateOnly first, DateOnly? last, string? bookmark)
    {
        var data = await templateData.WholeAsync(step, new JsonObject
        {
            ["notice"] = new JsonObject { ["firstDay"] = first.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["lastDay"] = last?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) },
        }).ConfigureAwait(false);
        return new PublicNotice
        {
            CaseId = step.Case.Id, InstanceId = step.Instance.Id, BookmarkId = bookmark, Kind = kind, Division = step.Case.DivisionAt(place),
            TitleZh = $"{step.Revision.Matter.Name.Zh}{kind}", TitleEn = $"{step.Revision.Matter.Name.En}: {(bookmark is null ? "published result" : "public notice")}",
            FirstDay = first, LastDay = last, Html = renderer.Render(step.Revision.Templates[template], data, Chinese).WebHtml,
        };
    }

    // Without vowels that could be read as other characters; 80 bits cannot be guessed.
    private static string Base32(byte[] bytes)
    {
        const string alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        var bits = bytes.Aggregate(System.Numerics.BigInteger.Zero, (sum, b) => (sum << 8) | b);
        return string.Concat(Enumerable.Range(0, bytes.Length * 8 / 5).Select(i => alphabet[(int)((bits >> (i * 5)) & 31)]));
    }
}
