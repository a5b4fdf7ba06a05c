using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Handover;

/// <summary>What officers have in hand of the cases that somebody supervises, and who could take it over.</summary>
internal sealed class HandoverQuery(IReader reader, TimeProvider time, Calendars calendars)
{
    /// <summary>Tasks that are handed over at once; more than one person has in hand on most days.</summary>
    public const int Most = 100;

    /// <summary>Officers with tasks in hand where the viewer supervises, in the order of names; empty: the viewer supervises nobody.</summary>
    public async Task<IReadOnlyList<Holder>> HoldersAsync(Viewer viewer, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        if (!viewer.HoldsAny(Roles.Supervisor)) return [];
        await using var db = reader.Open();
        var counts = await Held(db, viewer).GroupBy(t => t.HolderId!.Value).Select(g => new { Id = g.Key, Count = g.Count() }).OrderByDescending(g => g.Count).Take(500).ToListAsync(cancel).ConfigureAwait(false);
        var ids = counts.ConvertAll(c => c.Id);
        var names = await db.Users.Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.DisplayName, cancel).ConfigureAwait(false);
        return [.. counts.Where(c => names.ContainsKey(c.Id)).Select(c => new Holder(c.Id, names[c.Id], c.Count)).OrderBy(h => h.Name, StringComparer.Ordinal).ThenBy(h => h.Id)];
    }

    /// <summary>An officer's tasks, the most pressing first, at most <see cref="Most"/>; and their colleagues of the same posts.</summary>
    public async Task<HandoverView> ReadAsync(Viewer viewer, Guid from, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var today = time.Today();
        await using var db = reader.Open();
        var held = Held(db, viewer).Where(t => t.HolderId == from);
        var total = await held.CountAsync(cancel).ConfigureAwait(false);
        var tasks = await held.OrderBy(t => t.FinishBy == null).ThenBy(t => t.FinishBy).ThenBy(t => t.Id).Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        var cases = tasks.Select(t => t.CaseId).Distinct().ToList();
        var numbers = cases.Count == 0 ? [] : await db.Set<Case>().Where(c => EF.Parameter(cases).Contains(c.Id)).EachVisibleTo(db, viewer).ToDictionaryAsync(c => c.Id, c => c.Number ?? "", cancel).ConfigureAwait(false);
        var (roles, divisions, posts) = (tasks.Select(t => t.Role).Distinct().ToList(), tasks.Select(t => t.Division).Distinct().ToList(), tasks.Select(t => (t.Role, t.Division)).ToHashSet());
        var posted = tasks.Count == 0 ? [] : await db.Set<Posting>().Where(p => EF.Parameter(roles).Contains(p.Role) && EF.Parameter(divisions).Contains(p.Division) && p.From <= today && (p.To == null || p.To >= today) && p.AccountId != from)
            .Join(db.Users.Where(a => a.Kind == AccountKind.Officer && !a.Disabled), p => p.AccountId, a => a.Id, (p, a) => new { p.Role, p.Division, a.Id, a.DisplayName }).Take(500).ToListAsync(cancel).ConfigureAwait(false);
        var successors = posted.Where(p => posts.Contains((p.Role, p.Division))).GroupBy(p => (p.Id, p.DisplayName)).Select(g => new Successor(g.Key.Id, g.Key.DisplayName, [.. g.Select(p => new HeldRole(p.Role, p.Division)).Distinct()]));
        return new HandoverView([.. tasks.Where(t => numbers.ContainsKey(t.CaseId)).Select(t => new HeldTask(t.Id, t.CaseId, numbers[t.CaseId], t.TitleZh, t.TitleEn, t.Role, t.Division, LimitState.Of(t, today, calendars.Working)))],
            [.. successors.OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => s.Id)], total);
    }

    // What a clerk may see besides does not make a supervisor of them.
    private static IQueryable<WorkTask> Held(CivilAffairsDb db, Viewer viewer)
    {
        var visible = db.Set<Case>().VisibleTo(db, viewer.With(h => h.Role == Roles.Supervisor));
        return db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.HolderId != null && t.Role != Roles.Applicant && visible.Any(c => c.Id == t.CaseId));
    }
}

/// <param name="Count">Open tasks in hand.</param>
public sealed record Holder(Guid Id, string Name, int Count);

/// <param name="Number">Of the case.</param>
public sealed record HeldTask(Guid Id, Guid CaseId, string Number, string TitleZh, string TitleEn, string Role, string Division, LimitState Limit);

/// <param name="Posts">Those of their posts that the tasks want.</param>
public sealed record Successor(Guid Id, string Name, IReadOnlyList<HeldRole> Posts)
{
    public bool Covers(HeldTask task) => Posts.Contains(new HeldRole(task.Role, task.Division));
}

/// <param name="Total">Of the officer's tasks; more than are shown where there are very many.</param>
public sealed record HandoverView(IReadOnlyList<HeldTask> Tasks, IReadOnlyList<Successor> Successors, int Total);
