using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Queue;

/// <summary>What an officer may do now, most pressing first: two bounded queries, whatever the number of cases.</summary>
public sealed class QueueQuery(IReader reader, TimeProvider time, Calendars calendars)
{
    public const int PageSize = 25;

    /// <summary>All counts in one query; the page in another.</summary>
    public async Task<QueueView> ReadAsync(Viewer viewer, QueueFilter filter, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var today = time.Today();
        await using var db = reader.Open();
        var groups = await Ranked(db, viewer, today)
            .GroupBy(r => new { r.Task.Role, Mine = r.Task.HolderId != null, r.Rank, r.Matter })
            .Select(g => new QueueCount(g.Key.Role, g.Key.Mine, (Urgency)g.Key.Rank, g.Key.Matter, g.Count())).ToListAsync(cancel).ConfigureAwait(false);
        var total = groups.Where(filter.Holds).Sum(g => g.Count);
        var pages = Math.Max(1, (total + filter.Size - 1) / filter.Size);
        var page = Math.Clamp(filter.Page, 1, pages);
        var rows = total == 0 ? [] : await Narrow(Ranked(db, viewer, today), filter)
            .OrderBy(r => r.Rank).ThenBy(r => r.Task.FinishBy).ThenBy(r => r.Task.Id)
            .Skip((page - 1) * filter.Size).Take(filter.Size)
            .Select(r => new QueueRow(r.Task.Id, r.Task.CaseId, r.Number ?? "", r.Matter, r.ApplicantName, r.Village ?? r.Township ?? "", r.Task.TitleZh, r.Task.TitleEn,
                r.Task.Role, r.Task.FinishLimit, r.Task.FinishBy, r.Task.AmberFrom, r.Task.HolderId, r.Task.NoLimitReason))
            .ToListAsync(cancel).ConfigureAwait(false);
        return new QueueView(rows, groups, total, page, pages, today);
    }

    /// <summary>The next task to take up after one is done: mine first, then what anybody may take.</summary>
    public async Task<QueueRow?> NextAsync(Viewer viewer, Guid notCase, CancellationToken cancel = default)
    {
        var today = time.Today();
        await using var db = reader.Open();
        return await Ranked(db, viewer, today).Where(r => r.Task.CaseId != notCase)
            .OrderBy(r => r.Task.HolderId == null).ThenBy(r => r.Rank).ThenBy(r => r.Task.FinishBy).ThenBy(r => r.Task.Id)
            .Select(r => new QueueRow(r.Task.Id, r.Task.CaseId, r.Number ?? "", r.Matter, r.ApplicantName, r.Village ?? r.Township ?? "", r.Task.TitleZh, r.Task.TitleEn,
                r.Task.Role, r.Task.FinishLimit, r.Task.FinishBy, r.Task.AmberFrom, r.Task.HolderId, r.Task.NoLimitReason))
            .FirstOrDefaultAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>How a row's limit stands.</summary>
    public LimitState Limit(QueueRow row, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(row);
        return LimitState.Of(row.FinishLimit, row.FinishBy, row.AmberFrom, today, calendars.Working);
    }

    private static IQueryable<RankedTask> Ranked(CivilAffairsDb db, Viewer viewer, DateOnly today) =>
        from task in db.Set<WorkTask>().OpenFor(db, viewer)
        join @case in db.Set<Case>() on task.CaseId equals @case.Id
        select new RankedTask
        {
            Task = task, Number = @case.Number, Matter = @case.Matter, ApplicantName = @case.ApplicantName, Village = @case.Village, Township = @case.Township,
            Rank = task.FinishBy < today ? (int)Urgency.Late
                : task.FinishBy != null && task.AmberFrom <= today ? (int)Urgency.Amber
                : task.FinishBy != null ? (int)Urgency.Due
                : task.FinishLimit != "none" ? (int)Urgency.Unknown : (int)Urgency.None,
        };

    private static IQueryable<RankedTask> Narrow(IQueryable<RankedTask> tasks, QueueFilter filter)
    {
        if (filter.Mine is { } mine) tasks = tasks.Where(r => r.Task.HolderId != null == mine);
        if (filter.Role is { } role) tasks = tasks.Where(r => r.Task.Role == role);
        if (filter.Urgency is { } urgency) tasks = tasks.Where(r => r.Rank == (int)urgency);
        if (filter.Matter is { } matter) tasks = tasks.Where(r => r.Matter == matter);
        return tasks;
    }

    private sealed class RankedTask
    {
        public required WorkTask Task { get; init; }
        public string? Number { get; init; }
        public required string Matter { get; init; }
        public required string ApplicantName { get; init; }
        public string? Village { get; init; }
        public string? Township { get; init; }
        public int Rank { get; init; }
    }
}
