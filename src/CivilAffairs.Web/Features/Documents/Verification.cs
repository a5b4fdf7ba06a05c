using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Documents;

/// <summary>Answers whether a document is genuine, and says nothing about any person.</summary>
internal sealed class Verification(IReader reader, DivisionDirectory divisions, TimeProvider time)
{
    /// <param name="code">As printed or in the QR code, in any case of letters.</param>
    /// <returns>The document and the office that issued it; null: no document has the code.</returns>
    public async Task<(IssuedDocument Document, string Office, VerifiedCertificate? Certificate)?> FindAsync(string code, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var sought = code.Trim().ToUpperInvariant();
        var found = await db.Set<IssuedDocument>().Where(d => d.VerifyCode == sought)
            .Join(db.Set<Case>(), d => d.CaseId, c => c.Id, (d, c) => new { Document = d, Place = c.Township ?? c.County }).FirstOrDefaultAsync(cancel);
        if (found is null) return null;
        var office = divisions.Find(found.Place) ?? divisions.County;
        return (found.Document, office is null ? "" : Languages.IsEnglish ? office.OfficeEn : office.OfficeZh, await CertificateAsync(db, found.Document.Id, cancel));
    }

    /// <summary>Of an organisation's certificate, what is public: who holds it, and whether it is in force. Nothing of a person's.</summary>
    private async Task<VerifiedCertificate?> CertificateAsync(CivilAffairsDb db, Guid documentId, CancellationToken cancel)
    {
        var today = time.Today();
        var held = await db.Set<Certificate>().Where(c => c.DocumentId == documentId && c.SubjectId != null)
            .Select(c => new { c.Id, c.HolderName, c.ValidFrom, c.ValidTo, Changes = db.Set<CertificateChange>().Where(x => x.CertificateId == c.Id && x.FromDay <= today).Select(x => x.Action).ToList() }).FirstOrDefaultAsync(cancel);
        if (held is null) return null;
        var state = held.Changes.Contains("Suspended") ? "Suspended" : held.Changes.Contains("Renewed") ? "Renewed" : held.ValidTo < today ? "Expired" : held.ValidFrom > today ? "Waiting" : "InForce";
        return new VerifiedCertificate(held.HolderName, held.ValidFrom, held.ValidTo, state);
    }
}

/// <summary>An organisation's certificate, as everybody may know it.</summary>
/// <param name="State"><c>InForce</c>, <c>Waiting</c> (its first day is to come), <c>Expired</c>, <c>Renewed</c> or <c>Suspended</c>.</param>
internal sealed record VerifiedCertificate(string Holder, DateOnly ValidFrom, DateOnly? ValidTo, string State);
