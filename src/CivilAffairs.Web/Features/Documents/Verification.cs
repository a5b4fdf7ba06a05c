using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Documents;

/// <summary>Answers whether a document is genuine, and says nothing about anybody.</summary>
internal sealed class Verification(IReader reader, DivisionDirectory divisions)
{
    /// <param name="code">As printed or in the QR code, in any case of letters.</param>
    /// <returns>The document and the office that issued it; null: no document has the code.</returns>
    public async Task<(IssuedDocument Document, string Office)?> FindAsync(string code, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var sought = code.Trim().ToUpperInvariant();
        var found = await db.Set<IssuedDocument>().Where(d => d.VerifyCode == sought)
            .Join(db.Set<Case>(), d => d.CaseId, c => c.Id, (d, c) => new { Document = d, Place = c.Township ?? c.County }).FirstOrDefaultAsync(cancel);
        if (found is null) return null;
        var office = divisions.Find(found.Place) ?? divisions.County;
        return (found.Document, office is null ? "" : Languages.IsEnglish ? office.OfficeEn : office.OfficeZh);
    }
}
