using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Retention;

/// <summary>
/// Destroys what a case holds about people, within the transaction that decides it. First its key: contents, documents,
/// objections, messages and files, wherever a copy of them lies, cannot be opened any more. Then the rows themselves, and every
/// name and reference to a person in clear.
/// </summary>
/// <remarks>
/// What stays is what the bureau must be able to show: number, matter, place, dates and outcome of the case, its
/// decisions, its documents' numbers (no gap in a series), amounts and months of its benefits (statistics), journal and audit, which
/// hold references only. Power failure before the commit: nothing is gone. After it: the key and the rows are; the files,
/// which nobody can read now, are taken away by <see cref="Jobs.FileSweepJob"/> at the latest.
/// </remarks>
internal static class CaseEraser
{
    /// <returns>Hashes of the files that nothing names any more: to be taken from the store after the commit.</returns>
    public static async Task<IReadOnlyList<string>> EraseAsync(CivilAffairsDb db, Case @case, DateTimeOffset now)
    {
        var id = @case.Id;
        // SQLite otherwise leaves deleted bytes in the file until they are written over. PostgreSQL: the next vacuum.
        if (!db.LocksRows) await db.Database.ExecuteSqlRawAsync("PRAGMA secure_delete=ON").ConfigureAwait(false);
        await db.Set<CaseKey>().Where(k => k.CaseId == id).ExecuteDeleteAsync().ConfigureAwait(false);
        await db.Set<CaseContent>().Where(c => c.CaseId == id).ExecuteDeleteAsync().ConfigureAwait(false);
        var files = await db.Set<CaseFile>().Where(f => f.CaseId == id).Select(f => f.StoredHash).ToListAsync().ConfigureAwait(false);
        await db.Set<CaseFile>().Where(f => f.CaseId == id).ExecuteDeleteAsync().ConfigureAwait(false);
        await db.Set<CaseMessage>().Where(m => m.CaseId == id).ExecuteDeleteAsync().ConfigureAwait(false);
        byte[] nothing = [];
        await db.Set<SupervisionEntry>().Where(e => e.CaseId == id).ExecuteUpdateAsync(s => s.SetProperty(e => e.Cipher, nothing)).ConfigureAwait(false);
        // One that still ran has nothing left to answer.
        await db.Set<SupervisionOrder>().Where(o => o.CaseId == id && o.EndedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(o => o.EndedAt, now).SetProperty(o => o.State, SupervisionState.Withdrawn).SetProperty(o => o.WatchOn, (DateOnly?)null)).ConfigureAwait(false);
        await db.Set<AccountUse>().Where(a => a.CaseId == id).ExecuteDeleteAsync().ConfigureAwait(false);
        await db.Set<ComparisonOverride>().Where(o => o.CaseId == id).ExecuteUpdateAsync(s => s.SetProperty(o => o.Cipher, nothing)).ConfigureAwait(false);
        await db.Set<CasePrint>().Where(p => p.CaseId == id).ExecuteDeleteAsync().ConfigureAwait(false);
        await db.Set<IssuedDocument>().Where(d => d.CaseId == id).ExecuteUpdateAsync(s => s.SetProperty(d => d.Data, nothing)).ConfigureAwait(false);
        await db.Set<Objection>().Where(o => o.CaseId == id).ExecuteUpdateAsync(s => s.SetProperty(o => o.Cipher, nothing)).ConfigureAwait(false);
        // What was paid stays as sums and months; where it was paid, and what was said of it, goes.
        await db.Set<PayLine>().Where(l => l.CaseId == id).ExecuteUpdateAsync(s => s.SetProperty(l => l.AccountCipher, (byte[]?)null)).ConfigureAwait(false);
        await db.Set<PayAccount>().Where(a => db.Set<Grant>().Any(g => g.Id == a.GrantId && g.CaseId == id)).ExecuteUpdateAsync(s => s.SetProperty(a => a.Cipher, nothing)).ConfigureAwait(false);
        await db.Set<PayHold>().Where(h => db.Set<Grant>().Any(g => g.Id == h.GrantId && g.CaseId == id)).ExecuteUpdateAsync(s => s.SetProperty(h => h.NoteCipher, nothing)).ConfigureAwait(false);
        await db.Set<CaseReview>().Where(r => r.CaseId == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.Cipher, nothing)).ConfigureAwait(false);
        await db.Set<PublicNotice>().Where(n => n.CaseId == id).ExecuteUpdateAsync(s => s.SetProperty(n => n.Html, "").SetProperty(n => n.TakenDownAt, n => n.TakenDownAt ?? now)).ConfigureAwait(false);
        await db.Set<OutboxMessage>().Where(m => m.CaseId == id).ExecuteDeleteAsync().ConfigureAwait(false);
        await db.Set<Reminder>().Where(r => r.CaseId == id).ExecuteDeleteAsync().ConfigureAwait(false);
        await db.Set<CaseRecusal>().Where(r => r.CaseId == id).ExecuteDeleteAsync().ConfigureAwait(false);
        // Where it stood before it was moved holds answers that steered the flow.
        await db.Set<CaseMoveEntry>().Where(e => e.CaseId == id).ExecuteUpdateAsync(s => s.SetProperty(e => e.Before, (string?)null)).ConfigureAwait(false);
        await db.Set<PlannedReverification>().Where(r => r.CaseId == id).ExecuteDeleteAsync().ConfigureAwait(false);
        await db.Set<Platform.Jobs.FailedItem>().Where(i => i.CaseId == id).ExecuteDeleteAsync().ConfigureAwait(false);
        await PersonsAsync(db, id).ConfigureAwait(false);
        (@case.ApplicantName, @case.ApplicantAccountId, @case.ErasedAt) = ("", null, now);
        await db.SaveChangesAsync().ConfigureAwait(false);
        if (!db.LocksRows) await db.Database.ExecuteSqlRawAsync("PRAGMA secure_delete=OFF").ConfigureAwait(false);
        return files;
    }

    /// <summary>Parties go; a person whom no other case, benefit or account needs goes with them, and with it what had been merged into it.</summary>
    private static async Task PersonsAsync(CivilAffairsDb db, Guid caseId)
    {
        var grants = db.Set<Grant>().Where(g => g.CaseId == caseId);
        // An organisation's certificates stay in its register, which is kept for good and names no person in clear.
        var certificates = db.Set<Certificate>().Where(c => c.CaseId == caseId && c.SubjectId == null);
        var persons = await db.Set<CaseParty>().Where(p => p.CaseId == caseId).Select(p => p.PersonId)
            .Union(grants.Where(g => g.PersonId != null).Select(g => g.PersonId!.Value)).Union(certificates.Where(c => c.PersonId != null).Select(c => c.PersonId!.Value)).ToListAsync().ConfigureAwait(false);
        await db.Set<CaseParty>().Where(p => p.CaseId == caseId).ExecuteDeleteAsync().ConfigureAwait(false);
        await grants.ExecuteUpdateAsync(s => s.SetProperty(g => g.HolderName, "").SetProperty(g => g.PersonId, (Guid?)null)).ConfigureAwait(false);
        await certificates.ExecuteUpdateAsync(s => s.SetProperty(c => c.HolderName, "").SetProperty(c => c.PersonId, (Guid?)null)).ConfigureAwait(false);
        var unneeded = await db.Set<Person>().Where(p => persons.Contains(p.Id)
            && !db.Set<CaseParty>().Any(o => o.PersonId == p.Id) && !db.Set<Grant>().Any(g => g.PersonId == p.Id)
            && !db.Set<Certificate>().Any(c => c.PersonId == p.Id) && !db.Users.Any(a => a.PersonId == p.Id)).Select(p => p.Id).ToListAsync().ConfigureAwait(false);
        await db.Set<Person>().Where(p => unneeded.Contains(p.Id) || (p.MergedIntoId != null && unneeded.Contains(p.MergedIntoId.Value))).ExecuteDeleteAsync().ConfigureAwait(false);
    }
}
