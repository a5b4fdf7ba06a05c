using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Overview;

/// <summary>
/// Cases whose legal limit has passed, and open steps that are late 超期, for who leads, heads a department or supervises, each
/// in their jurisdiction; the longest late first. Counted by township, matter, step and days, so that a leader sees where it sticks.
/// </summary>
public sealed class OverdueQuery(IReader reader, TimeProvider time, Calendars calendars)
{
    public const int PageSize = 25;

    /// <summary>Turned to as far as this; an office with more late steps sees the longest late of them.</summary>
    public const int Most = 1000;

    /// <summary>Days past the limit where a graver band begins: to a week, to a month, longer.</summary>
    public static IReadOnlyList<int> Bands { get; } = [1, 8, 31];

    /// <param name="page">From 1.</param>
    /// <returns>Null: not for this viewer.</returns>
    public async Task<OverdueView?> ReadAsync(Viewer viewer, OverdueFilter only, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        ArgumentNullException.ThrowIfNull(only);
        if (!viewer.HoldsAny([.. Roles.Leading])) return null;
        var today = time.Today();
        // What a clerk may see besides does not make a supervisor of them.
        var overseer = viewer.With(h => Roles.Leading.Contains(h.Role));
        await using var db = reader.Open();
        var late = Late(db, overseer, today);
        var (week, month) = (today.AddDays(-Bands[1]), today.AddDays(-Bands[2]));
        // One question gives every chart: places, matters, steps and bands are sums of these.
        var counts = await late.Select(t => new { t.Case.Township, t.Task.Matter, t.Task.ActivityId, t.Task.TitleZh, t.Task.TitleEn, Band = t.Task.FinishBy > week ? 0 : t.Task.FinishBy > month ? 1 : 2, Past = t.Case.Clock.DueOn < today && t.Case.Clock.StoppedOn == null ? 1 : 0 })
            .GroupBy(t => new { t.Township, t.Matter, t.ActivityId, t.Band })
            .Select(g => new { g.Key.Township, g.Key.Matter, g.Key.ActivityId, g.Key.Band, Zh = g.Min(t => t.TitleZh)!, En = g.Min(t => t.TitleEn)!, Count = g.Count(), Past = g.Sum(t => t.Past) })
            .ToListAsync(cancel).ConfigureAwait(false);
        if (only.Division is { } division) late = late.Where(t => t.Case.Township == division);
        if (only.Matter is { } matter) late = late.Where(t => t.Task.Matter == matter);
        if (only.Step is { } step) late = late.Where(t => t.Task.ActivityId == step);
        if (only.Band is { } band) late = band switch { 0 => late.Where(t => t.Task.FinishBy > week), 1 => late.Where(t => t.Task.FinishBy <= week && t.Task.FinishBy > month), _ => late.Where(t => t.Task.FinishBy <= month) };
        var total = counts.Where(c => (only.Division is null || c.Township == only.Division) && (only.Matter is null || c.Matter == only.Matter) && (only.Step is null || c.ActivityId == only.Step) && (only.Band is null || c.Band == only.Band)).Sum(c => c.Count);
        var pages = Math.Max(1, (Math.Min(total, Most) + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var rows = await late.OrderBy(t => t.Task.FinishBy).ThenBy(t => t.Task.Id).Skip((page - 1) * size).Take(size).Select(t => new { t.Task, t.Case }).ToListAsync(cancel).ConfigureAwait(false);
        return new OverdueView([.. rows.Select(r => new OverdueRow(r.Case.Id, r.Task.Id, r.Case.Number ?? "", r.Case.Matter, r.Case.Village ?? r.Case.Township ?? r.Case.County, r.Task.TitleZh, r.Task.TitleEn, r.Task.Role, r.Task.HolderName,
                LimitState.Of(r.Task, today, calendars.Working), LimitState.Of(r.Case.Clock, today, calendars.Working)))],
            [.. counts.GroupBy(c => c.Township).Select(g => new LateIn(g.Key, g.Sum(c => c.Count))).OrderByDescending(p => p.Count).ThenBy(p => p.Division, StringComparer.Ordinal)],
            [.. counts.GroupBy(c => c.Matter).Select(g => new LateOf(g.Key, g.Sum(c => c.Count))).OrderByDescending(p => p.Count).ThenBy(p => p.Matter, StringComparer.Ordinal)],
            [.. counts.GroupBy(c => (c.Matter, c.ActivityId)).Select(g => new LateStep(g.Key.Matter, g.Key.ActivityId, g.First().Zh, g.First().En, g.Sum(c => c.Count))).OrderByDescending(s => s.Count).ThenBy(s => s.Step, StringComparer.Ordinal).Take(8)],
            [.. Bands.Select((_, i) => counts.Where(c => c.Band == i).Sum(c => c.Count))], counts.Sum(c => c.Count), counts.Sum(c => c.Past), total, page, pages);
    }

    /// <summary>Open steps past their last day, in the order of the days.</summary>
    private static IQueryable<LateTask> Late(CivilAffairsDb db, Viewer overseer, DateOnly today) =>
        db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.Role != Roles.Applicant && t.FinishBy != null && t.FinishBy < today)
            .Join(db.Set<Case>().VisibleTo(db, overseer), t => t.CaseId, c => c.Id, (t, c) => new LateTask { Task = t, Case = c });

    private sealed class LateTask
    {
        public required WorkTask Task { get; init; }
        public required Case Case { get; init; }
    }
}

/// <param name="Step">Of the task.</param>
/// <param name="Clock">Of the case; null: it does not run.</param>
public sealed record OverdueRow(Guid CaseId, Guid TaskId, string Number, string Matter, string Division, string TitleZh, string TitleEn, string Role, string? Holder, LimitState Step, LimitState? Clock);

/// <summary>What a list is narrowed to; null: not by that.</summary>
/// <param name="Division">A township.</param>
/// <param name="Step">The activity of the matter's workflow.</param>
/// <param name="Band">Position in <see cref="OverdueQuery.Bands"/>.</param>
public sealed record OverdueFilter(string? Division = null, string? Matter = null, string? Step = null, int? Band = null)
{
    public bool IsAll => this == new OverdueFilter();
}

/// <param name="Division">A township; null: the county itself.</param>
public sealed record LateIn(string? Division, int Count);

public sealed record LateOf(string Matter, int Count);

/// <param name="Step">The activity.</param>
public sealed record LateStep(string Matter, string Step, string TitleZh, string TitleEn, int Count);

/// <param name="Places">Late steps by township, most first; these and the next three of the whole jurisdiction.</param>
/// <param name="Steps">The steps at which most are late.</param>
/// <param name="Bands">Late for so many days: by <see cref="OverdueQuery.Bands"/>.</param>
/// <param name="All">Late steps of the whole jurisdiction.</param>
/// <param name="PastClock">Of them, those whose case is past its legal limit 法定期限 as well.</param>
/// <param name="Total">Of the list; turned to as far as <see cref="OverdueQuery.Most"/>.</param>
public sealed record OverdueView(IReadOnlyList<OverdueRow> Rows, IReadOnlyList<LateIn> Places, IReadOnlyList<LateOf> Matters, IReadOnlyList<LateStep> Steps, IReadOnlyList<int> Bands, int All, int PastClock, int Total, int Page, int Pages);
