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
/// in their jurisdiction; the longest late first. Counted by township and by step, so that a leader sees where it sticks.
/// </summary>
public sealed class OverdueQuery(IReader reader, TimeProvider time, Calendars calendars)
{
    public const int PageSize = 25;

    /// <summary>Turned to as far as this; an office with more late steps sees the longest late of them.</summary>
    public const int Most = 1000;

    /// <summary>Who looks at others' lateness.</summary>
    public static IReadOnlyList<string> Readers { get; } = [Roles.Leader, Roles.DepartmentHead, Roles.Supervisor];

    /// <param name="division">A township; null: the whole jurisdiction.</param>
    /// <param name="page">From 1.</param>
    /// <returns>Null: not for this viewer.</returns>
    public async Task<OverdueView?> ReadAsync(Viewer viewer, string? division, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        if (!viewer.HoldsAny([.. Readers])) return null;
        var today = time.Today();
        // What a clerk may see besides does not make a supervisor of them.
        var overseer = viewer.With(h => Readers.Contains(h.Role));
        await using var db = reader.Open();
        var late = Late(db, overseer, today);
        var byPlace = await late.GroupBy(t => t.Case.Township).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel).ConfigureAwait(false);
        var byStep = await late.GroupBy(t => new { t.Task.Matter, t.Task.ActivityId }).Select(g => new { g.Key, Count = g.Count(), Zh = g.Min(t => t.Task.TitleZh), En = g.Min(t => t.Task.TitleEn) })
            .OrderByDescending(g => g.Count).Take(8).ToListAsync(cancel).ConfigureAwait(false);
        if (division is not null) late = late.Where(t => t.Case.Township == division);
        var total = await late.Take(Most).CountAsync(cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (total + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var rows = await late.OrderBy(t => t.Task.FinishBy).ThenBy(t => t.Task.Id).Skip((page - 1) * size).Take(size).Select(t => new { t.Task, t.Case }).ToListAsync(cancel).ConfigureAwait(false);
        return new OverdueView([.. rows.Select(r => new OverdueRow(r.Case.Id, r.Task.Id, r.Case.Number ?? "", r.Case.Matter, r.Case.Village ?? r.Case.Township ?? r.Case.County, r.Task.TitleZh, r.Task.TitleEn, r.Task.Role, r.Task.HolderName,
                LimitState.Of(r.Task, today, calendars.Working), LimitState.Of(r.Case.Clock, today, calendars.Working)))],
            [.. byPlace.OrderByDescending(p => p.Count).ThenBy(p => p.Key, StringComparer.Ordinal).Select(p => new LateIn(p.Key, p.Count))], [.. byStep.Select(s => new LateStep(s.Key.Matter, s.Zh!, s.En!, s.Count))], total, page, pages);
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

/// <param name="Division">A township; null: the county itself.</param>
public sealed record LateIn(string? Division, int Count);

public sealed record LateStep(string Matter, string TitleZh, string TitleEn, int Count);

/// <param name="Total">Counted to <see cref="OverdueQuery.Most"/>.</param>
/// <param name="Places">Late steps by township, most first; of the whole jurisdiction.</param>
/// <param name="Steps">The steps at which most are late.</param>
public sealed record OverdueView(IReadOnlyList<OverdueRow> Rows, IReadOnlyList<LateIn> Places, IReadOnlyList<LateStep> Steps, int Total, int Page, int Pages);
