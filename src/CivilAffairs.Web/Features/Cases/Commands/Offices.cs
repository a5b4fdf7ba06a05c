using System.Globalization;
using System.Resources;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>Who of an office may do a task; and that the supervisors 督办 hear of one that nobody may do.</summary>
internal sealed class Offices(TaskRules rules, SiteAddress site)
{
    /// <summary>More than any office has; bounds the questions asked.</summary>
    private const int Most = 50;
    private static readonly ResourceManager Texts = new(typeof(CaseTexts));

    /// <summary>Officers with the task's role in its division today who may take it, whoever holds it now; in the order of names.</summary>
    /// <param name="only">Whether this one may; null: who of the office.</param>
    public async Task<IReadOnlyList<Viewer>> EligibleAsync(CivilAffairsDb db, Case @case, WorkTask task, DateOnly today, Guid? only = null)
    {
        var posted = await db.Users.Where(a => (only == null || a.Id == only) && a.Kind == AccountKind.Officer && !a.Disabled && a.Postings.Any(p => p.Role == task.Role && p.Division == task.Division && p.From <= today && (p.To == null || p.To >= today)))
            .OrderBy(a => a.DisplayName).ThenBy(a => a.Id).Take(Most)
            .Select(a => new { a.Id, a.DisplayName, Held = a.Postings.Where(p => p.From <= today && (p.To == null || p.To >= today)).Select(p => new HeldRole(p.Role, p.Division)).ToList() })
            .AsSplitQuery().ToListAsync().ConfigureAwait(false);
        var eligible = new List<Viewer>();
        foreach (var viewer in posted.Select(a => new Viewer(a.Id, a.DisplayName, AccountKind.Officer, a.Held)))
            if (await rules.RefusalAsync(db, viewer, @case, task, whoeverHoldsIt: true).ConfigureAwait(false) is null) eligible.Add(viewer);
        return eligible;
    }

    /// <summary>An officer with the postings of a day.</summary>
    /// <returns>Null: no such officer, or a disabled one.</returns>
    public static async Task<Viewer?> OfficerAsync(CivilAffairsDb db, Guid id, DateOnly today)
    {
        var found = await db.Users.Where(a => a.Id == id && a.Kind == AccountKind.Officer && !a.Disabled)
            .Select(a => new { a.Id, a.DisplayName, Held = a.Postings.Where(p => p.From <= today && (p.To == null || p.To >= today)).Select(p => new HeldRole(p.Role, p.Division)).ToList() }).AsSingleQuery().FirstOrDefaultAsync().ConfigureAwait(false);
        return found is null ? null : new Viewer(found.Id, found.DisplayName, AccountKind.Officer, found.Held);
    }

    /// <summary>To whom a task is to be given, whoever holds it now.</summary>
    /// <exception cref="NotAllowedException">They may not do it, and why: told of them by name.</exception>
    public async Task<Viewer> RequireAsync(CivilAffairsDb db, Case @case, WorkTask task, Guid officer, DateOnly today)
    {
        var to = await OfficerAsync(db, officer, today).ConfigureAwait(false) ?? throw new NotAllowedException("reassign.notEligible");
        return await rules.RefusalAsync(db, to, @case, task, whoeverHoldsIt: true).ConfigureAwait(false) is { } refusal ? throw OfAnother(refusal, to.Name) : to;
    }

    /// <summary>The same of many tasks at once, before any is given.</summary>
    /// <returns>By task, why not; one that is not named could be given.</returns>
    public async Task<Dictionary<Guid, NotAllowedException>> ForecastAsync(CivilAffairsDb db, IReadOnlyDictionary<Guid, Case> cases, IReadOnlyCollection<WorkTask> tasks, Guid officer, DateOnly today)
    {
        if (await OfficerAsync(db, officer, today).ConfigureAwait(false) is not { } to) return tasks.ToDictionary(t => t.Id, _ => new NotAllowedException("reassign.notEligible"));
        return (await rules.RefusalsAsync(db, [to], cases, tasks).ConfigureAwait(false)).ToDictionary(r => r.Key.Task, r => OfAnother(r.Value, to.Name));
    }

    /// <summary>To whom each of these tasks could be given, by the rule of <see cref="RequireAsync"/>: in a fixed number of queries.</summary>
    /// <param name="cases">Those of the tasks, by id.</param>
    /// <returns>By task, in the order of names; one that is not named has nobody.</returns>
    public async Task<ILookup<Guid, Colleague>> TakersAsync(CivilAffairsDb db, IReadOnlyDictionary<Guid, Case> cases, IReadOnlyCollection<WorkTask> tasks, DateOnly today)
    {
        var (roles, divisions) = (tasks.Select(t => t.Role).Distinct().ToList(), tasks.Select(t => t.Division).Distinct().ToList());
        var posted = tasks.Count == 0 ? [] : await db.Set<Posting>().Where(p => EF.Parameter(roles).Contains(p.Role) && EF.Parameter(divisions).Contains(p.Division) && p.From <= today && (p.To == null || p.To >= today))
            .Join(db.Users.Where(a => a.Kind == AccountKind.Officer && !a.Disabled), p => p.AccountId, a => a.Id, (p, a) => new { p.Role, p.Division, a.Id, a.DisplayName })
            .OrderBy(p => p.DisplayName).ThenBy(p => p.Id).Take(10 * Most).ToListAsync().ConfigureAwait(false);
        var officers = posted.GroupBy(p => (p.Id, p.DisplayName)).Select(g => new Viewer(g.Key.Id, g.Key.DisplayName, AccountKind.Officer, [.. g.Select(p => new HeldRole(p.Role, p.Division))])).ToList();
        var refusals = officers.Count == 0 ? [] : await rules.RefusalsAsync(db, officers, cases, tasks).ConfigureAwait(false);
        return (from task in tasks
                from officer in officers
                where !refusals.ContainsKey((task.Id, officer.AccountId))
                select (task.Id, new Colleague(officer.AccountId, officer.Name))).ToLookup(p => p.Id, p => p.Item2);
    }

    // What the rules say to somebody is said here about them.
    private static NotAllowedException OfAnother(NotAllowedException refusal, string name) => new(refusal.Reason.Replace("task.", "reassign.", StringComparison.Ordinal), [name, .. refusal.Values]);

    /// <summary>
    /// Marks the case's open tasks that nobody holds and nobody of the office may take, and writes to the supervisors once
    /// for each, all within the caller's transaction.
    /// </summary>
    /// <returns>How many were marked.</returns>
    public async Task<int> MarkStrandedAsync(CommandContext context, Case @case)
    {
        var waiting = await context.Db.Set<WorkTask>().Where(t => t.CaseId == @case.Id && t.State == TaskState.Open && t.HolderId == null && t.Role != Roles.Applicant && t.StrandedAt == null).ToListAsync().ConfigureAwait(false);
        var stranded = 0;
        foreach (var task in waiting)
        {
            if ((await EligibleAsync(context.Db, @case, task, BureauTime.Day(context.Now)).ConfigureAwait(false)).Count > 0) continue;
            task.StrandedAt = context.Now;
            await TellAsync(context, @case, task).ConfigureAwait(false);
            stranded++;
        }
        return stranded;
    }

    /// <summary>True for supervisors whose jurisdiction the case lies in.</summary>
    public static bool Supervises(Viewer viewer, Case @case) => HoldsOver(viewer, @case, Roles.Supervisor);

    /// <summary>Whether the viewer holds one of these posts where the case lies.</summary>
    public static bool HoldsOver(Viewer viewer, Case @case, params string[] roles) =>
        viewer.Held.Any(h => roles.Contains(h.Role) && (@case.Village ?? @case.Township ?? @case.County).StartsWith(h.Division, StringComparison.Ordinal));

    private async Task TellAsync(CommandContext context, Case @case, WorkTask task)
    {
        var (today, county, township) = (BureauTime.Day(context.Now), @case.County, @case.Township);
        var supervisors = await context.Db.Users.Where(a => !a.Disabled && a.Postings.Any(p => p.Role == Roles.Supervisor && (p.Division == county || p.Division == township) && p.From <= today && (p.To == null || p.To >= today)))
            .OrderBy(a => a.Id).Take(Most).Select(a => new { a.Id, a.Language }).ToListAsync().ConfigureAwait(false);
        foreach (var supervisor in supervisors)
        {
            var (id, english) = (Guid.CreateVersion7(), supervisor.Language == "en");
            var culture = CultureInfo.GetCultureInfo(english ? "en" : "zh-CN");
            // A number and a step: nothing personal goes by mail.
            string Text(string key) => string.Format(culture, Texts.GetString(key, culture)!, @case.Number, english ? task.TitleEn : task.TitleZh, site.Of($"/desk/cases/{@case.Id}?tab=tasks"));
            context.Db.Add(new OutboxMessage
            {
                Id = id, CaseId = @case.Id, AccountId = supervisor.Id, Subject = Text("stranded.subject"), Body = Text("stranded.body"),
                MessageId = Recipients.MessageId(id), CreatedAt = context.Now, DueAt = context.Now,
            });
        }
    }
}
