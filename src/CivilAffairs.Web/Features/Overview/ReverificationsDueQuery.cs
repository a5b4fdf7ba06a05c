using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Overview;

/// <summary>
/// Re-verifications 定期复核 that nobody has begun, although their day has passed or comes within a month, for who leads, heads a
/// department or supervises, each in their jurisdiction; the earliest day first.
/// </summary>
public sealed class ReverificationsDueQuery(IReader reader, TimeProvider time)
{
    public const int PageSize = 25;

    /// <summary>Turned to as far as this; an office with more sees those due the longest.</summary>
    public const int Most = 1000;

    /// <param name="page">From 1.</param>
    /// <returns>Null: not for this viewer.</returns>
    public async Task<ReverificationsDueView?> ReadAsync(Viewer viewer, ReverificationsDueFilter only, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        ArgumentNullException.ThrowIfNull(only);
        if (!viewer.HoldsAny([.. Roles.Leading])) return null;
        var today = time.Today();
        await using var db = reader.Open();
        var due = NotBegun(db, viewer, Soon(today));
        due = only.Soon ? due.Where(r => r.DueOn >= today) : due.Where(r => r.DueOn < today);
        var places = await due.GroupBy(r => r.Township).Select(g => new LateIn(g.Key, g.Count())).ToListAsync(cancel).ConfigureAwait(false);
        if (only.Division is { } division) due = due.Where(r => r.Township == division);
        var total = places.Where(p => only.Division is null || p.Division == only.Division).Sum(p => p.Count);
        var pages = Math.Max(1, (Math.Min(total, Most) + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var rows = await due.OrderBy(r => r.DueOn).ThenBy(r => r.Id).Skip((page - 1) * size).Take(size).ToListAsync(cancel).ConfigureAwait(false);
        return new ReverificationsDueView([.. rows.Select(r => new ReverificationDueRow(r.Id, r.CaseId, r.Number ?? "", r.Matter, r.Village ?? r.Township ?? r.County, r.DueOn, Math.Max(0, today.DayNumber - r.DueOn.DayNumber), r.Opened))],
            [.. places.OrderByDescending(p => p.Count).ThenBy(p => p.Division, StringComparer.Ordinal)], places.Sum(p => p.Count), total, page, pages);
    }

    /// <summary>The last day that is told beforehand.</summary>
    internal static DateOnly Soon(DateOnly today) => today.AddMonths(1);

    /// <summary>
    /// Due by a day and not begun: the plan still waits for its case, or its case is open and nobody has taken or answered
    /// anything in it. Whose turn a case is and how late its step is says nothing here: the statutory day [DB 31] does.
    /// </summary>
    internal static IQueryable<NotBegunReverification> NotBegun(CivilAffairsDb db, Viewer viewer, DateOnly until)
    {
        // What a clerk may see besides does not make a supervisor of them.
        var cases = db.Set<Case>().VisibleTo(db, viewer.With(h => Roles.Leading.Contains(h.Role)));
        var waiting = db.Set<PlannedReverification>().Where(p => p.SettledAt == null && p.DueOn <= until)
            .Join(cases, p => p.CaseId, c => c.Id, (p, c) => new NotBegunReverification { Id = p.Id, DueOn = p.DueOn, Opened = false, CaseId = c.Id, Number = c.Number, Matter = c.Matter, County = c.County, Township = c.Township, Village = c.Village });
        var untouched = cases.Where(c => c.ClosedAt == null && c.OriginId != null && !db.Set<WorkTask>().Any(t => t.CaseId == c.Id && (t.State == TaskState.Done || t.HolderId != null)))
            .Join(db.Set<PlannedReverification>().Where(p => p.DueOn <= until), c => (Guid?)c.Id, p => p.OpenedCaseId, (c, p) => new NotBegunReverification { Id = p.Id, DueOn = p.DueOn, Opened = true, CaseId = c.Id, Number = c.Number, Matter = c.Matter, County = c.County, Township = c.Township, Village = c.Village });
        return waiting.Concat(untouched);
    }

    internal sealed class NotBegunReverification
    {
        public Guid Id { get; init; }
        public DateOnly DueOn { get; init; }
        public bool Opened { get; init; }
        public Guid CaseId { get; init; }
        public string? Number { get; init; }
        public required string Matter { get; init; }
        public required string County { get; init; }
        public string? Township { get; init; }
        public string? Village { get; init; }
    }
}

/// <summary>What the list is narrowed to.</summary>
/// <param name="Division">A township; null: all of them.</param>
/// <param name="Soon">Those whose day comes within a month; else those whose day has passed.</param>
public sealed record ReverificationsDueFilter(string? Division = null, bool Soon = false);

/// <param name="PlanId">The plan: there is one line for each.</param>
/// <param name="CaseId">The case opened for it; while there is none, the case that planned it. So with its number.</param>
/// <param name="DaysLate">Days of the calendar past <paramref name="DueOn"/>; 0: not past it.</param>
/// <param name="Opened">Whether its case is open; nobody has taken or answered anything in it.</param>
public sealed record ReverificationDueRow(Guid PlanId, Guid CaseId, string Number, string Matter, string Division, DateOnly DueOn, int DaysLate, bool Opened);

/// <param name="Places">By township, most first; these and <paramref name="All"/> of the whole jurisdiction.</param>
/// <param name="Total">Of the list; turned to as far as <see cref="ReverificationsDueQuery.Most"/>.</param>
public sealed record ReverificationsDueView(IReadOnlyList<ReverificationDueRow> Rows, IReadOnlyList<LateIn> Places, int All, int Total, int Page, int Pages);
