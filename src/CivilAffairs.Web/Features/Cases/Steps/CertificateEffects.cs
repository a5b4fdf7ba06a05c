using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Certificates 证书: issued and renewed with their numbered document, or suspended.</summary>
internal sealed class CertificateEffects(DocumentIssue documents) : IEffectHandler
{
    public IReadOnlyList<Type> Effects { get; } = [typeof(ChangeCertificate)];

    public async ValueTask<JsonNode?> ApplyAsync(Effect effect, CaseStep step)
    {
        var change = (ChangeCertificate)effect;
        var earlier = change.Action == "Issue" ? null : await CurrentAsync(change, step).ConfigureAwait(false);
        if (change.Action == "Suspend")
        {
            Note(step, earlier!, "Suspended", step.OccurredOn);
            return Answer(earlier!);
        }
        var certificate = await IssueAsync(change, step, earlier).ConfigureAwait(false);
        if (earlier is not null) Note(step, earlier, "Renewed", certificate.ValidFrom);
        return Answer(certificate);
    }

    private async Task<Certificate> IssueAsync(ChangeCertificate change, CaseStep step, Certificate? earlier)
    {
        var kind = step.Revision.Matter.Certificates.FirstOrDefault(c => c.Id == change.Certificate) ?? throw Fault(change, $"The matter has no certificate '{change.Certificate}'.");
        var template = change.Template ?? throw Fault(change, "A certificate needs a template.");
        var from = change.ValidFrom ?? step.OccurredOn;
        var extra = change.Data?.DeepClone() as JsonObject ?? [];
        extra["certificate"] = new JsonObject { ["validFrom"] = BureauTime.Iso(from), ["validTo"] = BureauTime.Iso(change.ValidTo), ["renews"] = earlier?.Number };
        var document = await documents.AddAsync(step, new IssueDocument(change.ActivityId, change.BookmarkId!, template, kind.Numbering, Deliver: true, extra)).ConfigureAwait(false);
        var holder = await step.Db.Set<CaseParty>().Where(p => p.CaseId == step.Case.Id && p.Current && p.Role == PartyRole.Applicant).Select(p => (Guid?)p.PersonId).FirstOrDefaultAsync().ConfigureAwait(false);
        var certificate = new Certificate
        {
            CaseId = step.Case.Id, Matter = step.Case.Matter, Kind = kind.Id, Number = document.Number, DocumentId = document.Id, PersonId = step.Case.SubjectId is null ? holder : null, SubjectId = step.Case.SubjectId, HolderName = step.Case.ApplicantName,
            County = step.Case.County, Township = step.Case.Township, Village = step.Case.Village, ValidFrom = from, ValidTo = change.ValidTo,
            RenewsId = earlier?.Id, OccurredOn = step.OccurredOn, RecordedAt = step.Now,
        };
        step.Db.Add(certificate);
        return certificate;
    }

    /// <summary>The certificate meant: named in the data, else the case's own, else the newest that the applicant holds.</summary>
    private static async Task<Certificate> CurrentAsync(ChangeCertificate change, CaseStep step)
    {
        var all = step.Db.Set<Certificate>().Where(c => c.Kind == change.Certificate && c.Matter == step.Case.Matter);
        if (Guid.TryParse((string?)change.Data?["certificateId"], out var id))
            return await all.FirstOrDefaultAsync(c => c.Id == id).ConfigureAwait(false) ?? throw Fault(change, "There is no such certificate.");
        var own = step.Db.Set<Certificate>().Local.Where(c => c.CaseId == step.Case.Id && c.Kind == change.Certificate).MaxBy(c => c.Id)
            ?? await all.Where(c => c.CaseId == step.Case.Id).OrderByDescending(c => c.Id).FirstOrDefaultAsync().ConfigureAwait(false);
        if (own is not null) return own;
        // A ledger's certificates were imported by the matter of the register, whichever renews them.
        if (step.Case.SubjectId is { } subject)
            return await step.Db.Set<Certificate>().Where(c => c.SubjectId == subject && c.Kind == change.Certificate).OrderByDescending(c => c.ValidFrom).ThenByDescending(c => c.Id).FirstOrDefaultAsync().ConfigureAwait(false)
                ?? throw Fault(change, $"The subject holds no '{change.Certificate}'.");
        var holders = step.Db.Set<CaseParty>().Where(p => p.CaseId == step.Case.Id && p.Current && p.Role == PartyRole.Applicant).Select(p => (Guid?)p.PersonId);
        return await all.Where(c => holders.Contains(c.PersonId)).OrderByDescending(c => c.ValidFrom).ThenByDescending(c => c.Id).FirstOrDefaultAsync().ConfigureAwait(false)
            ?? throw Fault(change, $"The applicant holds no '{change.Certificate}'.");
    }

    private static void Note(CaseStep step, Certificate certificate, string action, DateOnly from) =>
        step.Db.Add(new CertificateChange { CertificateId = certificate.Id, CaseId = step.Case.Id, Action = action, FromDay = from, OccurredOn = step.OccurredOn, RecordedAt = step.Now });

    private static JsonObject Answer(Certificate certificate) => new() { ["certificateId"] = certificate.Id.ToString(), ["number"] = certificate.Number };
    private static CaseFaultedException Fault(ChangeCertificate change, string message) => new([new Incident(change.ActivityId, message)]);
}
