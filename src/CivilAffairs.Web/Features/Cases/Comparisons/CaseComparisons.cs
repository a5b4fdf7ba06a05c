using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Comparisons;

/// <summary>
/// 与其他登记的比对: what the officer is shown of a case's parties elsewhere, and what keeps a decision from granting (docs/adr/0088). Of a case that the
/// officer does not see, its office alone is told.
/// </summary>
internal sealed class CaseComparisons(IReader reader, MatterLibrary library, CaseVault vault, TimeProvider time)
{
    /// <returns>Null: no such case for this viewer, its matter compares nothing, or the viewer's posts are the village's, which decides nothing.</returns>
    public async Task<ComparedCase?> ReadAsync(Viewer viewer, Guid caseId, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var @case = await db.Set<Case>().OneVisibleTo(db, viewer, caseId).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (@case is null || @case.ErasedAt is not null || !viewer.IsOfficer || (viewer.Held.All(h => h.Role == Roles.VillageWorker) && viewer.ActsFor.Count == 0)) return null;
        var revision = await library.RevisionAsync(@case.Revision, cancel).ConfigureAwait(false);
        if (revision.Matter.Comparisons.Count == 0) return null;
        var today = time.Today();
        var parameters = await EffectiveParameters.OnAsync(db, revision, today, @case.Township ?? @case.County, cancel).ConfigureAwait(false);
        var found = await ComparisonReads.ReadAsync(db, @case, revision.Matter.Comparisons, parameters.Values, today, cancel).ConfigureAwait(false);
        var ids = found.SelectMany(f => f.Elsewhere).Select(e => e.CaseId).OfType<Guid>().Distinct().ToList();
        var seen = ids.Count == 0 ? [] : await db.Set<Case>().Where(c => ids.Contains(c.Id)).EachVisibleTo(db, viewer).Select(c => new { c.Id, c.Number }).ToDictionaryAsync(c => c.Id, c => c.Number ?? "", cancel).ConfigureAwait(false);
        var people = found.SelectMany(f => f.Parties).Select(p => p.PersonId).Distinct().ToList();
        var names = people.Count == 0 ? [] : await db.Set<Person>().Where(p => people.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, cancel).ConfigureAwait(false);
        var overrides = await OverridesAsync(db, caseId, cancel).ConfigureAwait(false);
        var holds = (await db.Set<WorkTask>().Where(t => t.CaseId == caseId && t.State == TaskState.Open && t.HolderId != null).Select(t => t.HolderId).ToListAsync(cancel).ConfigureAwait(false)).Exists(viewer.Handles);
        return new ComparedCase(revision.Matter, [.. found.Select(f => new ComparedFinding(f, [.. f.Parties.Select(p => new ComparedParty(Mask.Name(names.GetValueOrDefault(p.PersonId, "")), p.Role, p.Holds))],
            [.. f.Elsewhere.Select(e => new ComparedThing(e, Called(f.Rule.Kind, e.What), f.Rule.Kind == "ended" ? Reason(e.What, e.Detail!) : null, e.CaseId is { } of && seen.TryGetValue(of, out var number) ? number : null))],
            overrides.GetValueOrDefault((f.Rule.Id, f.Other))))], revision.Matter.Comparisons.Count, holds, @case.ClosedAt is not null, today);

        async Task<Dictionary<(string, Guid), ReadOverride>> OverridesAsync(CivilAffairsDb from, Guid of, CancellationToken stop)
        {
            var rows = await from.Set<ComparisonOverride>().AsNoTracking().Where(o => o.CaseId == of).ToListAsync(stop).ConfigureAwait(false);
            if (rows.Count == 0) return [];
            var cipher = await vault.OpenAsync(from, of, stop).ConfigureAwait(false);
            return rows.ToDictionary(o => (o.Rule, o.Other), o => new ReadOverride(cipher.OpenText(o.Cipher, o.Purpose), o.RecordedBy, o.RecordedAt));
        }
    }

    /// <summary>
    /// Refuses to grant a benefit, or to write a register, that a rule stands against and nobody who decides has given a reason for. Within the decision:
    /// the parties' rows are held until it ends, so that of two decisions about one person the second waits and finds what the first granted.
    /// </summary>
    /// <param name="target">The benefit or the register.</param>
    /// <param name="from">First month of what is granted.</param>
    /// <exception cref="NotAllowedException">A rule refuses; nothing of the decision is stored.</exception>
    public static async Task RequireAsync(CaseStep step, string target, DateOnly from)
    {
        var rules = step.Revision.Matter.Comparisons.Where(r => r.Forbids(target, step.Revision.Matter)).ToList();
        if (rules.Count == 0) return;
        var id = step.Case.Id;
        var persons = await step.Db.Set<CaseParty>().AsNoTracking().Where(p => p.CaseId == id && p.Current && p.Role != PartyRole.Agent).Select(p => p.PersonId).Distinct().OrderBy(p => p).ToListAsync().ConfigureAwait(false);
        await RegisterLookups.LockAsync(step.Db, [.. persons.Order()]).ConfigureAwait(false);
        var found = await ComparisonReads.ReadAsync(step.Db, step.Case, rules, step.Parameters.Values, step.OccurredOn).ConfigureAwait(false);
        if (!found.Exists(f => f.Meets(from))) return;
        var given = await step.Db.Set<ComparisonOverride>().AsNoTracking().Where(o => o.CaseId == id).Select(o => new { o.Rule, o.Other }).ToListAsync().ConfigureAwait(false);
        if (found.Find(f => f.Meets(from) && !(f.Rule.Override && given.Exists(o => o.Rule == f.Rule.Id && o.Other == f.Other))) is { Rule: var rule })
            throw new NotAllowedException(rule.Override ? "comparison.refusesUnless" : "comparison.refuses", rule.Text.Zh, rule.Text.En);
    }

    private Matters.Words Called(string kind, string what) => kind switch
    {
        "case" => library.Find(what)?.Matter.Name,
        "register" => library.Current.SelectMany(r => r.Matter.Registers).FirstOrDefault(r => r.Id == what)?.Name,
        _ => library.Current.SelectMany(r => r.Matter.Benefits).FirstOrDefault(b => b.Id == what)?.Name,
    } ?? new Matters.Words { Zh = what, En = what };

    private Matters.Words Reason(string benefit, string code) =>
        library.Current.SelectMany(r => r.Matter.Benefits).FirstOrDefault(b => b.Id == benefit)?.Reasons.FirstOrDefault(r => r.Id == code)?.Name ?? new Matters.Words { Zh = code, En = code };
}

/// <summary>A case as it was compared just now.</summary>
/// <param name="Rules">How many rules were asked.</param>
/// <param name="MayOverride">The viewer has a task of the case in hand.</param>
public sealed record ComparedCase(MatterFile Matter, IReadOnlyList<ComparedFinding> Findings, int Rules, bool MayOverride, bool Closed, DateOnly Today);

/// <param name="Override">Why it is granted all the same; null: nobody said so.</param>
public sealed record ComparedFinding(Finding Found, IReadOnlyList<ComparedParty> Parties, IReadOnlyList<ComparedThing> Elsewhere, ReadOverride? Override);

/// <param name="Name">Masked.</param>
public sealed record ComparedParty(string Name, PartyRole Role, bool Holds);

/// <param name="Called">The matter, benefit or register by name.</param>
/// <param name="Reason">Of what was ended.</param>
/// <param name="Number">Of its case, where the viewer sees it; null: its office alone may be told.</param>
public sealed record ComparedThing(FoundElsewhere Found, Matters.Words Called, Matters.Words? Reason, string? Number);

public sealed record ReadOverride(string Reason, string By, DateTimeOffset At);
