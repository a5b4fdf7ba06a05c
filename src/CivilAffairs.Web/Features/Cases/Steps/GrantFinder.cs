using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Finds the grant that a case adjusts or ends: its own, another case's, or one of an imported ledger, which has no case.</summary>
/// <remarks>
/// It cannot be a stranger's. Whatever names the grant, a definition, a link or a look-up, it must be <see cref="Near"/> the
/// case: granted in it, held by one of its parties, or to a household that its applicant belongs to. Parties are the persons
/// of a checked form, found by the hash of their identity numbers; an agent 代理人 is none of the household and counts for
/// nothing. And where nothing names it, there must be exactly one: two are never chosen between, and none is never guessed.
/// </remarks>
internal static class GrantFinder
{
    /// <param name="stated">Its id, as the activity says it; null: it says none.</param>
    /// <param name="from">First month that the change is for: one that was over before is not changed.</param>
    /// <exception cref="CaseFaultedException">None, several, or not one of this household. Nothing of the decision is kept.</exception>
    public static async Task<Grant> FindAsync(CaseStep step, string activity, string benefit, string? stated, DateOnly from)
    {
        if (stated is not null && !Guid.TryParse(stated, out _)) throw Fault(activity, $"'{stated}' is not the id of a grant.");
        if (stated is not null) return await NamedAsync(step, activity, benefit, Guid.Parse(stated), from).ConfigureAwait(false);
        // What this case granted itself comes first: a review of it changes just that, and may have granted it anew.
        if (await OwnIdAsync(step, benefit).ConfigureAwait(false) is { } own) return await LockedAsync(step, own).ConfigureAwait(false);
        if (step.Case.GrantId is { } about && await step.Db.Set<Grant>().AnyAsync(g => g.Id == about && g.Benefit == benefit).ConfigureAwait(false))
            return await NamedAsync(step, activity, benefit, about, from).ConfigureAwait(false);
        var found = await (await NearAsync(step).ConfigureAwait(false)).Where(g => g.Benefit == benefit && (g.LastMonth == null || g.LastMonth >= from))
            .OrderBy(g => g.Id).Select(g => g.Id).Take(2).ToListAsync().ConfigureAwait(false);
        return found.Count switch
        {
            1 => await LockedAsync(step, found[0]).ConfigureAwait(false),
            0 => throw Fault(activity, $"Neither the case nor its household has a grant of {benefit} that lasts until {from:yyyy-MM}."),
            _ => throw Fault(activity, $"The household has several grants of {benefit}: the activity must say which one."),
        };
    }

    /// <summary>The grant that a case to be opened is about, named by its data or else the one that this case is about or has granted; null: none.</summary>
    /// <exception cref="CaseFaultedException">The data name one that is not this household's.</exception>
    public static async Task<Guid?> AboutAsync(CaseStep step, string activity, string? stated)
    {
        if (stated is null)
        {
            if (step.Case.GrantId is { } about) return about;
            var own = step.Db.Set<Grant>().Local.Where(g => g.CaseId == step.Case.Id).Select(g => g.Id)
                .Union(await step.Db.Set<Grant>().Where(g => g.CaseId == step.Case.Id && g.LastMonth == null).Select(g => g.Id).Take(2).ToListAsync().ConfigureAwait(false)).ToList();
            return own.Count == 1 ? own[0] : null;
        }
        if (!Guid.TryParse(stated, out var id)) throw Fault(activity, $"'{stated}' is not the id of a grant.");
        if (step.Db.Set<Grant>().Local.Any(g => g.Id == id && g.CaseId == step.Case.Id)) return id;
        return await (await NearAsync(step).ConfigureAwait(false)).AnyAsync(g => g.Id == id).ConfigureAwait(false) ? id : throw Stranger(activity);
    }

    /// <summary>The last one that this case granted itself, pending or stored; null: none.</summary>
    public static async Task<Guid?> OwnIdAsync(CaseStep step, string benefit) =>
        step.Db.Set<Grant>().Local.Where(g => g.CaseId == step.Case.Id && g.Benefit == benefit).MaxBy(g => g.RecordedAt)?.Id
        ?? await step.Db.Set<Grant>().Where(g => g.CaseId == step.Case.Id && g.Benefit == benefit).OrderByDescending(g => g.RecordedAt).Select(g => (Guid?)g.Id).FirstOrDefaultAsync().ConfigureAwait(false);

    private static async Task<Grant> NamedAsync(CaseStep step, string activity, string benefit, Guid id, DateOnly from)
    {
        if (step.Db.Set<Grant>().Local.FirstOrDefault(g => g.Id == id && g.CaseId == step.Case.Id && g.Benefit == benefit) is { } pending) return pending;
        if (!await (await NearAsync(step).ConfigureAwait(false)).AnyAsync(g => g.Id == id).ConfigureAwait(false)) throw Stranger(activity);
        var grant = await LockedAsync(step, id).ConfigureAwait(false);
        if (grant.Benefit != benefit) throw Fault(activity, $"The grant is of {grant.Benefit}, not of {benefit}.");
        return grant.LastMonth is null || grant.LastMonth >= from ? grant : throw Fault(activity, $"The grant ended with {grant.LastMonth:yyyy-MM}.");
    }

    /// <summary>Grants that this case may touch.</summary>
    private static async Task<IQueryable<Grant>> NearAsync(CaseStep step)
    {
        var (db, id) = (step.Db, step.Case.Id);
        var parties = await db.Set<CaseParty>().AsNoTracking().Where(p => p.CaseId == id && p.Current && p.Role != PartyRole.Agent).Select(p => new { p.PersonId, p.Role }).ToListAsync().ConfigureAwait(false);
        var persons = parties.Select(p => (Guid?)p.PersonId).Distinct().ToList();
        var applicants = parties.Where(p => p.Role == PartyRole.Applicant).Select(p => p.PersonId).ToList();
        var households = db.Set<CaseParty>().Where(p => applicants.Contains(p.PersonId) && p.Current && p.Role != PartyRole.Agent).Select(p => (Guid?)p.CaseId);
        // A grant of nobody known and no case is near nobody.
        return db.Set<Grant>().Where(g => g.CaseId == id || (g.PersonId != null && persons.Contains(g.PersonId)) || (g.CaseId != null && households.Contains(g.CaseId)));
    }

    /// <summary>Held until the transaction ends: another case that changes the same grant waits, and then sees this change.</summary>
    private static async Task<Grant> LockedAsync(CaseStep step, Guid id)
    {
        if (!step.Rehearsed) await LockAsync(step.Db, id).ConfigureAwait(false);
        return step.Db.Set<Grant>().Local.FirstOrDefault(g => g.Id == id) ?? await step.Db.Set<Grant>().FirstAsync(g => g.Id == id).ConfigureAwait(false);
    }

    /// <summary>Nothing to do where one writer has the database to itself, nor for a grant that this decision is about to store.</summary>
    public static async Task LockAsync(CivilAffairsDb db, Guid id)
    {
        if (db.LocksRows) await db.Database.ExecuteSqlAsync($"SELECT 1 FROM grants WHERE \"Id\" = {id} FOR UPDATE").ConfigureAwait(false);
    }

    private static CaseFaultedException Stranger(string activity) => Fault(activity, "The grant is none of this case's household.");
    private static CaseFaultedException Fault(string activity, string message) => new([new Incident(activity, message)]);
}
