using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Retention;

/// <summary>Which cases' time is over by the rule of their own revision, and what was proposed. Reads no case that is still to be kept.</summary>
internal sealed class RetentionQuery(IReader reader, MatterLibrary library, TimeProvider time)
{
    public const int Most = 100;

    /// <summary>The oldest cases that may be proposed and are not.</summary>
    public async Task<IReadOnlyList<DueCase>> DueAsync(Viewer viewer, CancellationToken cancel = default)
    {
        viewer = Concerned(viewer);
        var today = time.Today();
        await using var db = reader.Open();
        var due = new List<DueCase>();
        // One that was published twice is asked once.
        foreach (var hash in await db.Set<PublishedRevision>().GroupBy(r => r.Hash).OrderBy(g => g.Min(r => r.PublishedAt)).Select(g => g.Key).ToListAsync(cancel).ConfigureAwait(false))
        {
            var matter = (await library.RevisionAsync(hash, cancel).ConfigureAwait(false)).Matter;
            foreach (var group in Ended.GroupBy(status => RetentionRules.For(matter, status)))
            {
                if (group.Key is not { } rule || RetentionRules.Span(rule) is not { } span || due.Count >= Most) continue;
                var cases = await Candidates(db, viewer, hash, [.. group], rule.From == "end", RetentionRules.LatestStart(span, today)).Take(Most - due.Count).ToListAsync(cancel).ConfigureAwait(false);
                var ids = cases.ConvertAll(c => c.Id);
                var grants = (await db.Set<Grant>().Where(g => g.CaseId != null && ids.Contains(g.CaseId.Value)).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(g => g.CaseId!.Value);
                // The exact day is the rule's; the query left out what is surely too young.
                due.AddRange(cases.Select(c => (Case: c, Until: RetentionRules.KeptUntil(rule, c, [.. grants[c.Id]]))).Where(c => c.Until < today)
                    .Select(c => new DueCase(c.Case.Id, c.Case.Number ?? "", c.Case.Matter, c.Case.Status, c.Case.Village ?? c.Case.Township ?? c.Case.County, rule.Keep, rule.From, rule.Source, c.Until!.Value)));
            }
        }
        return due;
    }

    /// <summary>Proposals that wait for an approver, oldest first.</summary>
    public async Task<IReadOnlyList<ProposedErasure>> ProposedAsync(Viewer viewer, CancellationToken cancel = default)
    {
        viewer = Concerned(viewer);
        await using var db = reader.Open();
        var visible = db.Set<Case>().EachVisibleTo(db, viewer);
        var rows = await db.Set<CaseErasure>().Where(e => e.State == ErasureState.Proposed).OrderBy(e => e.ProposedAt).Join(visible, e => e.CaseId, c => c.Id, (Erasure, Case) => new { Erasure, Case })
            .Select(r => new { r.Erasure, r.Case.Number, r.Case.Matter, r.Case.Status, Place = r.Case.Village ?? r.Case.Township ?? r.Case.County, By = db.Users.Where(a => a.Id == r.Erasure.ProposedById).Select(a => a.DisplayName).FirstOrDefault() })
            .Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        return [.. rows.Select(r => new ProposedErasure(r.Erasure.Id, r.Erasure.CaseId, r.Number ?? "", r.Matter, r.Status, r.Place, r.Erasure.Keep, r.Erasure.From, r.Erasure.Source, r.Erasure.KeptUntil, r.Erasure.ProposedById, r.By ?? "", r.Erasure.ProposedAt))];
    }

    /// <summary>The county's supervisor and leader, as the commands demand. What the officer may see in another post does not make one of them.</summary>
    private static Viewer Concerned(Viewer viewer) => viewer.With(h => h.IsCounty && h.Role is Roles.Supervisor or Roles.Leader);

    /// <summary>States a case can end in.</summary>
    private static readonly string[] Ended = ["Granted", "Refused", "Paying", "Registered", "Suspended", "Ended", "NotAccepted", "Withdrawn", "Terminated", "Lapsed"];

    internal static IQueryable<Case> Candidates(CivilAffairsDb db, Viewer viewer, string revision, string[] statuses, bool fromEnd, DateOnly latest)
    {
        var until = BureauTime.Start(latest.AddDays(1));
        var cases = db.Set<Case>().Where(c => c.ErasedAt == null && c.DecidedAt != null && c.DecidedAt < until && statuses.Contains(c.Status) && c.Revision == revision && c.ClosedAt != null)
            .Where(c => !db.Set<CaseErasure>().Any(e => e.CaseId == c.Id && e.State == ErasureState.Proposed));
        if (fromEnd) cases = cases.Where(c => !db.Set<Grant>().Any(g => g.CaseId == c.Id && (g.LastMonth == null || g.LastMonth > latest)));
        return cases.EachVisibleTo(db, viewer).OrderBy(c => c.DecidedAt);
    }
}

/// <param name="Keep">The rule: <c>10y</c> from <paramref name="From"/>, <c>decision</c> or <c>end</c>.</param>
/// <param name="Source">Where the rule comes from: <c>L</c>, <c>MD 13</c>.</param>
internal sealed record DueCase(Guid CaseId, string Number, string Matter, string Status, string Division, string Keep, string From, string Source, DateOnly KeptUntil);

internal sealed record ProposedErasure(Guid Id, Guid CaseId, string Number, string Matter, string Status, string Division, string Keep, string From, string Source, DateOnly KeptUntil, Guid ProposedById, string ProposedBy, DateTimeOffset ProposedAt);
