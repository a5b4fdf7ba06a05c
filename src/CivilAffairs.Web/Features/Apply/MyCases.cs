using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>One of somebody's applications.</summary>
/// <param name="Waiting">Something is asked of the applicant, until then.</param>
/// <param name="Unread">Messages of the office's that nobody of the parties read yet.</param>
public sealed record MyCase(Case Case, MatterFile Matter, WorkTask? Waiting, int Unread = 0);

/// <summary>What an applicant has begun, sent and got; and what an officer has begun at the counter.</summary>
internal sealed class MyCases(IReader reader, MatterLibrary library)
{
    /// <summary>Their own application for a matter that is not decided yet; null: there is none.</summary>
    public async Task<Cases.Commands.OpenApplication?> OpenAsync(Viewer viewer, string matter, CancellationToken cancel)
    {
        if (viewer.IsOfficer) return null;
        await using var db = reader.Open();
        return await db.Set<Case>().VisibleTo(db, viewer).Where(c => c.Matter == matter && c.Number != null && c.DecidedAt == null && c.OriginId == null)
            .OrderByDescending(c => c.SubmittedAt).Select(c => new Cases.Commands.OpenApplication(c.Id, c.Number!)).FirstOrDefaultAsync(cancel);
    }

    /// <param name="drafts">True: drafts; false: what was filed; null: both.</param>
    /// <param name="page">From 1.</param>
    /// <param name="size">Of a page.</param>
    /// <returns>Changed last first, and whether more follow.</returns>
    public async Task<(IReadOnlyList<MyCase> Items, bool More)> ReadAsync(Viewer viewer, bool? drafts, int page, int size, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var mine = db.Set<Case>().VisibleTo(db, viewer);
        if (viewer.IsOfficer) mine = mine.Where(c => c.FiledById == viewer.AccountId);
        if (drafts is { } wanted) mine = mine.Where(c => (c.Status == "Draft") == wanted);
        var cases = await mine.OrderByDescending(c => c.ChangedAt).ThenBy(c => c.Id).Skip((page - 1) * size).Take(size + 1).ToListAsync(cancel);
        var ids = cases.Select(c => c.Id).ToList();
        var waiting = await db.Set<WorkTask>().Where(t => ids.Contains(t.CaseId) && t.Role == Roles.Applicant && t.State == TaskState.Open).ToListAsync(cancel);
        var unread = ids.Count == 0 ? [] : await db.Set<CaseMessage>().Where(m => ids.Contains(m.CaseId) && m.Side == MessageSide.Office && m.ReadAt == null)
            .GroupBy(m => m.CaseId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var items = new List<MyCase>();
        foreach (var @case in cases.Take(size))
            items.Add(new MyCase(@case, (await library.RevisionAsync(@case.Revision, cancel)).Matter, waiting.Find(t => t.CaseId == @case.Id), unread.GetValueOrDefault(@case.Id)));
        return (items, cases.Count > size);
    }
}
