using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// Recusal 回避 [domain §2]: an officer who must keep off a case says so, or the supervisor orders it; the supervisor gives
/// a task to another officer. Each is one transaction: after a power failure either the officer still holds everything, or
/// is kept off, their tasks are back in the queue, and the supervisors' letters wait in the outbox.
/// </summary>
public sealed class RecusalCommands
{
    private readonly CommandRunner runner;
    private readonly Offices offices;
    private readonly IReader reader;

    internal RecusalCommands(CommandRunner runner, Offices offices, IReader reader) => (this.runner, this.offices, this.reader) = (runner, offices, reader);

    /// <summary>Near relative 近亲属 [S MC 1045], an interest in the case, or another relation that may cost impartiality. Codes: what is written down about people is not itself personal.</summary>
    public static IReadOnlyList<string> Reasons { get; } = ["relative", "interest", "other"];

    /// <summary>Why a task is given to somebody else.</summary>
    public static IReadOnlyList<string> ReassignReasons { get; } = ["recusal", "absence", "overdue", "workload", "handover"];

    /// <summary>The actor keeps off a case from now on: does not see it and takes no task of it.</summary>
    /// <exception cref="UnknownCaseException">Not a case that the actor sees.</exception>
    public Task DeclareAsync(Viewer actor, Guid caseId, string reason, string key, CancellationToken cancel = default) =>
        runner.RunAsync(actor, key, "recusal.declare", new { caseId, reason }, async context =>
        {
            var @case = await SeenAsync(context, caseId, reason, Reasons).ConfigureAwait(false);
            await KeepOffAsync(context, @case, actor.AccountId, reason, "recusal.declared").ConfigureAwait(false);
            return 0;
        }, cancel);

    /// <summary>The supervisor keeps another officer off a case.</summary>
    /// <exception cref="NotAllowedException">Not the supervisor of the case's place, or nobody of its offices is meant.</exception>
    public Task OrderAsync(Viewer actor, Guid caseId, Guid officer, string reason, string key, CancellationToken cancel = default) =>
        runner.RunAsync(actor, key, "recusal.order", new { caseId, officer, reason }, async context =>
        {
            var @case = await SeenAsync(context, caseId, reason, Reasons).ConfigureAwait(false);
            if (!Offices.Supervises(actor, @case)) throw new NotAllowedException("recusal.supervisorOnly");
            if (!(await StaffAsync(context.Db, @case, BureauTime.Day(context.Now)).ConfigureAwait(false)).Any(o => o.Id == officer)) throw new NotAllowedException("recusal.nobody");
            await KeepOffAsync(context, @case, officer, reason, "recusal.ordered").ConfigureAwait(false);
            return 0;
        }, cancel);

    /// <summary>The supervisor gives an open task, held or not, to an officer who has its role and jurisdiction and may do it.</summary>
    /// <param name="of">Part of a hand-over 移交: the officer who must still hold it (or nobody), and the one letter that tells of all its tasks; null: of this task alone.</param>
    /// <exception cref="NotAllowedException">Not the supervisor of the case's place, that officer may not do it, or it has another holder by now.</exception>
    /// <exception cref="AlreadyDecidedException">It was closed meanwhile.</exception>
    public Task ReassignAsync(Viewer actor, Guid taskId, Guid officer, string reason, string key, HandedOver? of = null, CancellationToken cancel = default) =>
        runner.RunAsync(actor, key, "task.reassign", new { taskId, officer, reason }, async context =>
        {
            if (!ReassignReasons.Contains(reason)) throw new ArgumentOutOfRangeException(nameof(reason));
            var opened = await TaskCommands.OpenAsync(context, taskId).ConfigureAwait(false);
            var (task, @case) = (opened.Task, opened.Case);
            // Of one's own work one may give away what one sees; of others' only who supervises there.
            var own = of?.From == actor.AccountId && task.HolderId == actor.AccountId && !Offices.Supervises(actor, @case);
            if (!own && !Offices.Supervises(actor, @case)) throw new NotAllowedException("recusal.supervisorOnly");
            if (task.Role == Roles.Applicant) throw new NotAllowedException("reassign.applicant");
            var to = await offices.RequireAsync(context.Db, @case, task, officer, BureauTime.Day(context.Now)).ConfigureAwait(false);
            var from = task.HolderId;
            if (from == officer) return 0;
            if (of is not null && from != of.From) throw new NotAllowedException("handover.movedOn");
            (task.HolderId, task.HolderName, task.StartedAt, task.GivenAt, task.GivenBy) = (to.AccountId, to.Name, task.StartedAt ?? context.Now, context.Now, actor.Name);
            await context.Db.AppendAsync(@case.Id.ToString(), actor.AccountId, "task.reassigned", new { taskId, task.ActivityId, task.Seat, from, to = officer, reason }, context.Now).ConfigureAwait(false);
            if (officer != actor.AccountId) await TellAsync(context, officer, of?.Letter ?? Guid.CreateVersion7()).ConfigureAwait(false);
            if (own) await TellSupervisorsAsync(context, @case, to, of!).ConfigureAwait(false);
            return 0;
        }, cancel);

    /// <summary>Officers to whom a supervisor may give this task; empty: nobody of the office is left.</summary>
    /// <exception cref="UnknownCaseException">Not a case that this supervisor sees.</exception>
    public async Task<IReadOnlyList<Colleague>> CandidatesAsync(Viewer supervisor, Guid taskId, DateOnly today, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var task = await db.Set<WorkTask>().FirstOrDefaultAsync(t => t.Id == taskId, cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        var @case = await db.Set<Case>().OneVisibleTo(db, supervisor, task.CaseId).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (@case is null || !Offices.Supervises(supervisor, @case)) throw new UnknownCaseException();
        return [.. (await offices.EligibleAsync(db, @case, task, today).ConfigureAwait(false)).Where(v => v.AccountId != task.HolderId).Select(v => new Colleague(v.AccountId, v.Name))];
    }

    /// <summary>Everybody posted where the case is handled who is not kept off it yet, for a supervisor's order.</summary>
    public async Task<IReadOnlyList<Colleague>> StaffAsync(Viewer supervisor, Guid caseId, DateOnly today, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var @case = await db.Set<Case>().OneVisibleTo(db, supervisor, caseId).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        return @case is not null && Offices.Supervises(supervisor, @case) ? await StaffAsync(db, @case, today).ConfigureAwait(false) : throw new UnknownCaseException();
    }

    /// <summary>Looks at open tasks of cases with a recusal: what was opened after it may have nobody left. Told once.</summary>
    /// <returns>How many were found.</returns>
    public async Task<int> FindStrandedAsync(int batch, CancellationToken cancel)
    {
        await using var db = reader.Open();
        // Most of these have somebody left and stay as they are: the next page comes after them.
        for (var (found, last) = (0, Guid.Empty); ;)
        {
            var cases = await db.Set<CaseRecusal>().Select(r => r.CaseId).Distinct()
                .Where(id => id > last && db.Set<WorkTask>().Any(t => t.CaseId == id && t.State == TaskState.Open && t.HolderId == null && t.StrandedAt == null && t.Role != Roles.Applicant))
                .OrderBy(id => id).Take(batch).ToListAsync(cancel).ConfigureAwait(false);
            foreach (var id in cases)
                found += await runner.RunAsync(Viewer.System, null, "tasks.stranded", id, async context => await offices.MarkStrandedAsync(context, await CaseLoader.LockAsync(context.Db, id).ConfigureAwait(false)).ConfigureAwait(false), cancel).ConfigureAwait(false);
            if (cases.Count < batch) return found;
            last = cases[^1];
        }
    }

    private static async Task<Case> SeenAsync(CommandContext context, Guid caseId, string reason, IReadOnlyList<string> known)
    {
        if (!known.Contains(reason)) throw new ArgumentOutOfRangeException(nameof(reason));
        var @case = await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
        if (!context.Actor.IsOfficer || context.Actor.IsSystem || !await CaseScope.SeesAsync(context.Db, context.Actor, caseId).ConfigureAwait(false)) throw new UnknownCaseException();
        return @case.Status == "Draft" ? throw new NotAllowedException("recusal.draft") : @case;
    }

    private async Task KeepOffAsync(CommandContext context, Case @case, Guid account, string reason, string action)
    {
        if (await context.Db.Set<CaseRecusal>().AnyAsync(r => r.CaseId == @case.Id && r.AccountId == account).ConfigureAwait(false)) return;
        context.Db.Add(new CaseRecusal { CaseId = @case.Id, AccountId = account, Reason = reason, RecordedById = context.Actor.AccountId, OccurredOn = BureauTime.Day(context.Now), RecordedAt = context.Now });
        var held = await context.Db.Set<WorkTask>().Where(t => t.CaseId == @case.Id && t.State == TaskState.Open && t.HolderId == account).ToListAsync().ConfigureAwait(false);
        foreach (var task in held) (task.HolderId, task.HolderName) = (null, null);
        await context.Db.AppendAsync(@case.Id.ToString(), context.Actor.AccountId, action, new { account, reason, released = held.Select(t => t.Id) }, context.Now).ConfigureAwait(false);
        // The rules ask the store who is kept off.
        await context.Db.SaveChangesAsync().ConfigureAwait(false);
        await offices.MarkStrandedAsync(context, @case).ConfigureAwait(false);
    }

    /// <summary>That there is work, and not what it is about. The first task of a hand-over brings the letter for all of them.</summary>
    private static async Task TellAsync(CommandContext context, Guid officer, Guid letter)
    {
        if (await context.Db.Set<OutboxMessage>().AnyAsync(m => m.Id == letter).ConfigureAwait(false)) return;
        context.Db.Add(ProductLetter.New("tasks-given.mail", new JsonObject { ["officer"] = context.Actor.Name, ["path"] = "/desk?mine=true" }.ToJsonString(), context.Now, account: officer, id: letter));
    }

    /// <summary>Work does not change hands without those who supervise there knowing: one letter to each for the whole hand-over.</summary>
    private static async Task TellSupervisorsAsync(CommandContext context, Case @case, Viewer to, HandedOver of)
    {
        var (today, county, township) = (BureauTime.Day(context.Now), @case.County, @case.Township);
        var supervisors = await context.Db.Users.Where(a => !a.Disabled && a.Id != to.AccountId && a.Id != of.From && a.Postings.Any(p => p.Role == Roles.Supervisor && (p.Division == county || p.Division == township) && p.From <= today && (p.To == null || p.To >= today)))
            .OrderBy(a => a.Id).Take(50).Select(a => a.Id).ToListAsync().ConfigureAwait(false);
        foreach (var reader in supervisors)
        {
            var letter = of.LetterTo(reader);
            if (await context.Db.Set<OutboxMessage>().AnyAsync(m => m.Id == letter).ConfigureAwait(false)) continue;
            context.Db.Add(new OutboxMessage
            {
                Id = letter, AccountId = reader, Template = "tasks-handed-over.mail", Revision = OutboxMessage.Product, MessageId = Recipients.MessageId(letter), CreatedAt = context.Now, DueAt = context.Now,
                Data = new JsonObject { ["officer"] = context.Actor.Name, ["successor"] = to.Name, ["path"] = "/desk/handover" }.ToJsonString(),
            });
        }
    }

    private static async Task<List<Colleague>> StaffAsync(CivilAffairsDb db, Case @case, DateOnly today)
    {
        string[] places = [@case.County, @case.Township ?? "", @case.Village ?? ""];
        var without = Roles.WithoutCases;
        var keptOff = db.Set<CaseRecusal>().Where(r => r.CaseId == @case.Id).Select(r => r.AccountId);
        return await db.Users.Where(a => a.Kind == AccountKind.Officer && !a.Disabled && !keptOff.Contains(a.Id)
                && a.Postings.Any(p => places.Contains(p.Division) && !without.Contains(p.Role) && p.From <= today && (p.To == null || p.To >= today)))
            .OrderBy(a => a.DisplayName).ThenBy(a => a.Id).Take(200).Select(a => new Colleague(a.Id, a.DisplayName)).ToListAsync().ConfigureAwait(false);
    }
}

/// <param name="From">Who hands over; null: tasks that nobody holds are given out.</param>
/// <param name="Letter">Id of the letter that tells the successor.</param>
public sealed record HandedOver(Guid? From, Guid Letter)
{
    /// <summary>Id of the letter that tells a supervisor: the same for each task of the hand-over.</summary>
    internal Guid LetterTo(Guid supervisor) => new(System.Security.Cryptography.SHA256.HashData([.. Letter.ToByteArray(), .. supervisor.ToByteArray()])[..16]);
}

/// <summary>An officer by name.</summary>
public sealed record Colleague(Guid Id, string Name);
