using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Recusal;

/// <summary>
/// Open tasks of which nobody of their office was left, for who supervises there; the longest waiting first. Each with those who
/// may take it by now, since somebody may have been posted.
/// </summary>
internal sealed class StrandedQuery(IReader reader, Offices offices, TimeProvider time)
{
    public const int PageSize = 25;

    /// <param name="page">From 1.</param>
    public async Task<StrandedView> ReadAsync(Viewer viewer, int page, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        // What a clerk may see besides does not make a supervisor of them.
        var supervisor = viewer.With(h => h.Role == Roles.Supervisor);
        await using var db = reader.Open();
        var stranded = db.Set<WorkTask>().Where(t => t.StrandedAt != null && t.State == TaskState.Open && t.HolderId == null)
            .Join(db.Set<Case>().VisibleTo(db, supervisor), t => t.CaseId, c => c.Id, (t, c) => new { Task = t, c.Number });
        var total = await stranded.CountAsync(cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (total + PageSize - 1) / PageSize);
        page = Math.Clamp(page, 1, pages);
        var rows = await stranded.OrderBy(r => r.Task.StrandedAt).ThenBy(r => r.Task.Id).Skip((page - 1) * PageSize).Take(PageSize)
            .ToListAsync(cancel).ConfigureAwait(false);
        var ids = rows.Select(r => r.Task.CaseId).Distinct().ToList();
        var cases = ids.Count == 0 ? [] : await db.Set<Case>().Where(c => EF.Parameter(ids).Contains(c.Id)).EachVisibleTo(db, supervisor).ToDictionaryAsync(c => c.Id, cancel).ConfigureAwait(false);
        rows.RemoveAll(r => !cases.ContainsKey(r.Task.CaseId));
        var takers = await offices.TakersAsync(db, cases, rows.ConvertAll(r => r.Task), time.Today()).ConfigureAwait(false);
        return new StrandedView(rows.ConvertAll(r => new StrandedRow(r.Task.Id, r.Task.CaseId, r.Number ?? "", r.Task.TitleZh, r.Task.TitleEn, r.Task.Role, r.Task.Division, r.Task.StrandedAt!.Value, r.Task.FinishBy, [.. takers[r.Task.Id]])), total, page, pages);
    }
}

/// <param name="Takers">Who may take it now; empty: nobody.</param>
public sealed record StrandedRow(Guid TaskId, Guid CaseId, string Number, string TitleZh, string TitleEn, string Role, string Division, DateTimeOffset Since, DateOnly? FinishBy, IReadOnlyList<Colleague> Takers);

public sealed record StrandedView(IReadOnlyList<StrandedRow> Rows, int Total, int Page, int Pages);
