using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Queue;

/// <summary>
/// What an officer may do now, most pressing first. Three small queries for each post that is held and one more, whatever
/// the number of cases: each reads the beginning of one index of open work, at most <see cref="Most"/> lines.
/// </summary>
public sealed class QueueQuery(IReader reader, TimeProvider time, Calendars calendars)
{
    public const int PageSize = 25;

    /// <summary>Lines read of a post's open work. An office with more is told "at least", and works off the most pressing.</summary>
    public const int Most = 1000;

    /// <summary>All counts, and one page.</summary>
    public async Task<QueueView> ReadAsync(Viewer viewer, QueueFilter filter, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var today = time.Today();
        await using var db = reader.Open();
        var (open, more) = await OpenAsync(db, viewer, new QueueFilter(), today, cancel).ConfigureAwait(false);
        var counts = open.GroupBy(k => (k.Role, k.Mine, Rank: k.Rank(today), k.Matter)).Select(g => new QueueCount(g.Key.Role, g.Key.Mine, g.Key.Rank, g.Key.Matter, g.Count())).ToList();
        // Where not all was read, what the filter looks for may lie behind it: then the database is asked for that alone.
        var (wanted, beyond) = more && filter with { Page = 1, Size = PageSize } != new QueueFilter()
            ? await OpenAsync(db, viewer, filter, today, cancel).ConfigureAwait(false)
            : (open.FindAll(k => filter.Holds(new QueueCount(k.Role, k.Mine, k.Rank(today), k.Matter, 1))), more);
        var pages = Math.Max(1, (wanted.Count + filter.Size - 1) / filter.Size);
        var page = Math.Clamp(filter.Page, 1, pages);
        var shown = wanted.OrderBy(k => k.Rank(today)).ThenBy(k => k.FinishBy).ThenBy(k => k.Id).Skip((page - 1) * filter.Size).Take(filter.Size).ToList();
        return new QueueView(await RowsAsync(db, shown, cancel).ConfigureAwait(false), counts, wanted.Count, page, pages, today) { More = more, MoreOfThese = beyond };
    }

    /// <summary>The next task to take up after one is done: mine first, then what anybody may take.</summary>
    public async Task<QueueRow?> NextAsync(Viewer viewer, Guid notCase, CancellationToken cancel = default)
    {
        var today = time.Today();
        await using var db = reader.Open();
        var (open, _) = await OpenAsync(db, viewer, new QueueFilter(), today, cancel).ConfigureAwait(false);
        var next = open.Where(k => k.CaseId != notCase).OrderBy(k => !k.Mine).ThenBy(k => k.Rank(today)).ThenBy(k => k.FinishBy).ThenBy(k => k.Id).FirstOrDefault();
        return next is not null && await RowsAsync(db, [next], cancel).ConfigureAwait(false) is [var row] ? row : null;
    }

    /// <summary>How a row's limit stands.</summary>
    public LimitState Limit(QueueRow row, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(row);
        return LimitState.Of(row.FinishLimit, row.FinishBy, row.AmberFrom, today, calendars.Working);
    }

    private static async Task<(List<OpenTask> Tasks, bool More)> OpenAsync(CivilAffairsDb db, Viewer viewer, QueueFilter filter, DateOnly today, CancellationToken cancel)
    {
        var (found, more) = (new List<OpenTask>(), false);
        foreach (var part in db.Set<WorkTask>().OpenInParts(db, viewer))
        {
            if (!filter.MayHold(part)) continue;
            // In the index's order, so that reading ends after the lines that are wanted.
            var lines = await Narrow(part.Tasks, filter, today).Select(t => new OpenTask(t.Id, t.CaseId, t.Role, part.Mine, t.Matter, t.FinishLimit, t.FinishBy, t.AmberFrom, part.For == null ? null : part.For.Name))
                .Take(Most + 1).ToListAsync(cancel).ConfigureAwait(false);
            more |= lines.Count > Most;
            found.AddRange(lines.Take(Most));
        }
        return (found, more);
    }

    private static IQueryable<WorkTask> Narrow(IQueryable<WorkTask> tasks, QueueFilter filter, DateOnly today)
    {
        if (filter.Role is { } role) tasks = tasks.Where(t => t.Role == role);
        if (filter.Matter is { } matter) tasks = tasks.Where(t => t.Matter == matter);
        return filter.Urgency switch
        {
            Urgency.Late => tasks.Where(t => t.FinishBy < today),
            Urgency.Amber => tasks.Where(t => t.FinishBy >= today && t.AmberFrom <= today),
            Urgency.Due => tasks.Where(t => t.FinishBy >= today && (t.AmberFrom == null || t.AmberFrom > today)),
            Urgency.Unknown => tasks.Where(t => t.FinishBy == null && t.FinishLimit != "none"),
            Urgency.None => tasks.Where(t => t.FinishBy == null && t.FinishLimit == "none"),
            Urgency.Paused => tasks.Where(t => false),
            _ => tasks,
        };
    }

    private static async Task<IReadOnlyList<QueueRow>> RowsAsync(CivilAffairsDb db, List<OpenTask> open, CancellationToken cancel)
    {
        if (open.Count == 0) return [];
        var ids = open.ConvertAll(k => k.Id);
        var rows = await db.Set<WorkTask>().Where(t => ids.Contains(t.Id)).Join(db.Set<Case>(), t => t.CaseId, c => c.Id, (task, @case) => new QueueRow(
            task.Id, task.CaseId, @case.Number ?? "", @case.Matter, @case.ApplicantName, @case.Village ?? @case.Township ?? @case.County, task.TitleZh, task.TitleEn,
            task.Role, task.FinishLimit, task.FinishBy, task.AmberFrom, task.HolderId, task.NoLimitReason, @case.SubjectId != null)
        {
            GivenAt = task.GivenAt, GivenBy = task.GivenBy, Unread = db.Set<CaseMessage>().Count(m => m.CaseId == @case.Id && m.Side == MessageSide.Applicant && m.ReadAt == null),
        }).ToListAsync(cancel).ConfigureAwait(false);
        return [.. rows.OrderBy(r => ids.IndexOf(r.TaskId)).Select(r => r with { For = open.Find(k => k.Id == r.TaskId)!.For })];
    }

    /// <summary>What order and counts need of an open task.</summary>
    private sealed record OpenTask(Guid Id, Guid CaseId, string Role, bool Mine, string Matter, string FinishLimit, DateOnly? FinishBy, DateOnly? AmberFrom, string? For)
    {
        public Urgency Rank(DateOnly today) => FinishBy is not { } last ? (FinishLimit == "none" ? Urgency.None : Urgency.Unknown)
            : last < today ? Urgency.Late : AmberFrom <= today ? Urgency.Amber : Urgency.Due;
    }
}
