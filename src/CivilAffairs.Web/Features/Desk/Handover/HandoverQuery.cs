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
internal sealed class HandoverQuery(IReader reader, TimeProvider time, Calendars calendars, Offices offices)
{
    /// <summary>Tasks that are listed and handed over at once; ten times what one person has in hand on most days.</summary>
    public const int Most = 1000;

    /// <summary>Officers with tasks in hand where the viewer supervises, and the viewer themself, in the order of names.</summary>
    public async Task<IReadOnlyList<Holder>> HoldersAsync(Viewer viewer, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        if (!viewer.IsOfficer) return [];
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
        var successors = await SuccessorsAsync(db, [.. tasks.Select(t => new HeldRole(t.Role, t.Division))], from, today, cancel).ConfigureAwait(false);
        return new HandoverView([.. tasks.Where(t => numbers.ContainsKey(t.CaseId)).Select(t => new HeldTask(t.Id, t.CaseId, numbers[t.CaseId], t.TitleZh, t.TitleEn, t.Role, t.Division, LimitState.Of(t, today, calendars.Working)))],
            successors, total);
    }

    /// <summary>What would become of each task, before any is given: in a fixed number of queries.</summary>
    /// <param name="from">As in <see cref="HandoverCommands.HandOverAsync"/>.</param>
    /// <returns>Those that would stay, each with its reason, in the order in which they were named.</returns>
    /// <exception cref="NotAllowedException">Neither a supervisor nor their own work.</exception>
    /// <exception cref="InvalidAnswersException">Too many, by <c>tasks</c>.</exception>
    public async Task<IReadOnlyList<RefusedTask>> PreviewAsync(Viewer viewer, Guid? from, Guid to, IReadOnlyCollection<Guid> chosen, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        ArgumentNullException.ThrowIfNull(chosen);
        HandoverCommands.Require(viewer, from);
        var wanted = HandoverCommands.Named(chosen);
        await using var db = reader.Open();
        var tasks = await db.Set<WorkTask>().AsNoTracking().Where(t => EF.Parameter(wanted).Contains(t.Id)).ToDictionaryAsync(t => t.Id, cancel).ConfigureAwait(false);
        var ids = tasks.Values.Select(t => t.CaseId).Distinct().ToList();
        var scope = from == viewer.AccountId ? viewer : viewer.With(h => h.Role == Roles.Supervisor);
        var cases = await db.Set<Case>().AsNoTracking().Where(c => EF.Parameter(ids).Contains(c.Id)).EachVisibleTo(db, scope).ToDictionaryAsync(c => c.Id, cancel).ConfigureAwait(false);
        var seen = tasks.Values.Where(t => cases.ContainsKey(t.CaseId)).ToList();
        var forecast = await offices.ForecastAsync(db, cases, seen, to, time.Today()).ConfigureAwait(false);
        return [.. wanted.Select(id => Why(id) is { } why ? new RefusedTask(id, why) : null).OfType<RefusedTask>()];

        Exception? Why(Guid id)
        {
            if (!tasks.TryGetValue(id, out var task) || !cases.ContainsKey(task.CaseId)) return new UnknownCaseException();
            if (task.State != TaskState.Open) return new AlreadyDecidedException(task.ClosedBy ?? "", task.ClosedAt ?? default, task.Outcome);
            if (task.HolderId == to) return null;
            return task.HolderId != from ? new NotAllowedException("handover.movedOn") : forecast.GetValueOrDefault(id);
        }
    }

    private static async Task<IReadOnlyList<Successor>> SuccessorsAsync(CivilAffairsDb db, IReadOnlyCollection<HeldRole> posts, Guid? from, DateOnly today, CancellationToken cancel)
    {
        if (posts.Count == 0) return [];
        var (roles, divisions, wanted) = (posts.Select(p => p.Role).Distinct().ToList(), posts.Select(p => p.Division).Distinct().ToList(), posts.ToHashSet());
        var posted = await db.Set<Posting>().Where(p => EF.Parameter(roles).Contains(p.Role) && EF.Parameter(divisions).Contains(p.Division) && p.From <= today && (p.To == null || p.To >= today) && p.AccountId != from)
            .Join(db.Users.Where(a => a.Kind == AccountKind.Officer && !a.Disabled), p => p.AccountId, a => a.Id, (p, a) => new { p.Role, p.Division, a.Id, a.DisplayName }).Take(500).ToListAsync(cancel).ConfigureAwait(false);
        return [.. posted.Where(p => wanted.Contains(new HeldRole(p.Role, p.Division))).GroupBy(p => (p.Id, p.DisplayName)).Select(g => new Successor(g.Key.Id, g.Key.DisplayName, [.. g.Select(p => new HeldRole(p.Role, p.Division)).Distinct()]))
            .OrderBy(s => s.Name, StringComparer.Ordinal).ThenBy(s => s.Id)];
    }

    // What a clerk may see besides does not make a supervisor of them; their own work is theirs to hand over.
    private static IQueryable<WorkTask> Held(CivilAffairsDb db, Viewer viewer)
    {
        var me = viewer.AccountId;
        var open = db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.HolderId != null && t.Role != Roles.Applicant);
        var own = db.Set<Case>().EachVisibleTo(db, viewer);
        if (!viewer.HoldsAny(Roles.Supervisor)) return open.Where(t => t.HolderId == me && own.Any(c => c.Id == t.CaseId));
        var visible = db.Set<Case>().VisibleTo(db, viewer.With(h => h.Role == Roles.Supervisor));
        return open.Where(t => visible.Any(c => c.Id == t.CaseId) || (t.HolderId == me && own.Any(c => c.Id == t.CaseId)));
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
