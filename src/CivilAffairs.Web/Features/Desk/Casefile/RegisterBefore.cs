using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>What the register said of a case's organisation when the application came in, so that officers see at once what it says otherwise.</summary>
internal static class RegisterBefore
{
    /// <returns>By field of the register; null: the case is about no subject.</returns>
    public static async Task<JsonObject?> ReadAsync(CivilAffairsDb db, Case @case, MatterRevision revision, SubjectLedger ledger, CancellationToken cancel)
    {
        if (@case.SubjectId is not { } subject || revision.Form.Subject is not { } about) return null;
        var day = @case.ReceivedOn ?? DateOnly.MaxValue;
        // Of the same day, what this case itself brought came after it.
        var line = await db.Set<RegisterEntry>().Where(e => e.SubjectId == subject && e.Register == about.Register && e.ValidFrom <= day && e.CaseId != @case.Id)
            .OrderByDescending(e => e.ValidFrom).ThenByDescending(e => e.Id).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        return line is null ? null : ledger.Fields(line);
    }
}
