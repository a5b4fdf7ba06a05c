using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Absences;

/// <summary>
/// An officer is away, and a deputy does their work on those days 请假代理. Each command is one transaction: after a power
/// failure the absence, its audit line and the letters to both are there, or none of them. Nothing runs when the days begin
/// or end: who stands in for whom is asked by the day.
/// </summary>
internal sealed class AbsenceCommands(CommandRunner runner)
{
    internal const string ToDeputy = "absence-deputy.mail", ToAbsent = "absence-officer.mail", Ended = "absence-ended.mail";

    /// <returns>The absence's id.</returns>
    /// <exception cref="InvalidAnswersException">By field: <c>officerId</c>, <c>deputyId</c>, <c>from</c>, <c>to</c>.</exception>
    /// <exception cref="NotAllowedException">Neither the officer nor their leader.</exception>
    public Task<Guid> RecordAsync(Viewer actor, NewAbsence wanted, string key, CancellationToken cancel = default) => runner.RunAsync(actor, key, "absence.record", wanted, async context =>
    {
        var (db, today) = (context.Db, BureauTime.Day(context.Now));
        // Whoever else records one waits: else two at once could make a chain.
        await db.LockAccountsAsync().ConfigureAwait(false);
        var faults = new List<FieldFault>();
        void Fault(string field, string zh, string en) => faults.Add(new FieldFault(field, zh, en));
        if (wanted.From < today) Fault("from", "第一天不能早于今天。", "The first day cannot be before today.");
        if (wanted.To < wanted.From) Fault("to", "最后一天不能早于第一天。", "The last day cannot be before the first.");
        else if (wanted.To.DayNumber - wanted.From.DayNumber >= Absence.MostDays) Fault("to", $"一次最多 {Absence.MostDays} 天；更长的请调整岗位。", $"At most {Absence.MostDays} days; beyond that, change the postings.");
        if (faults.Count > 0) throw new InvalidAnswersException(faults);

        var officer = wanted.OfficerId ?? actor.AccountId;
        var absent = await AbsenceRules.FindAsync(db, officer, today, today).ConfigureAwait(false);
        var leads = absent is not null && AbsenceRules.Leads(actor, officer, absent.Held);
        if (officer != actor.AccountId && !leads) throw new NotAllowedException("absence.leaderOnly");
        if (absent is null || absent.Held.Count == 0) throw new NotAllowedException("absence.noPosts");
        var deputy = wanted.DeputyId == officer ? null : await AbsenceRules.FindAsync(db, wanted.DeputyId, wanted.From, wanted.To).ConfigureAwait(false);
        if (wanted.DeputyId == officer) Fault("deputyId", "代理人不能是本人。", "Somebody cannot stand in for themself.");
        else if (deputy is null || deputy.Held.Count == 0) Fault("deputyId", "请选择在这些日子有岗位的人员。", "Choose an officer who holds a post on these days.");
        else if (!AbsenceRules.Cover(deputy.Held, absent.Held) && !(wanted.BeyondPosts && leads))
            Fault("deputyId", "代理人没有同样的岗位和辖区。只有其领导可以仍然指定。", "The deputy does not hold the same posts there. Only their leader may name them nevertheless.");
        await ClashAsync(db, wanted, officer, Fault).ConfigureAwait(false);
        if (faults.Count > 0) throw new InvalidAnswersException(faults);

        var absence = new Absence
        {
            AccountId = officer, DeputyId = wanted.DeputyId, From = wanted.From, To = wanted.To, RecordedById = actor.AccountId, RecordedAt = context.Now,
            BeyondPosts = !AbsenceRules.Cover(deputy!.Held, absent.Held),
        };
        db.Add(absence);
        await db.AppendAccountsAsync(actor.AccountId, "absence.recorded", new { absence = absence.Id, account = officer, deputy = absence.DeputyId, absence.From, absence.To, absence.BeyondPosts }, context.Now).ConfigureAwait(false);
        Tell(context, absence, ToDeputy, absence.DeputyId, absent.Name, deputy.Name);
        Tell(context, absence, ToAbsent, officer, absent.Name, deputy.Name);
        return absence.Id;
    }, cancel);

    /// <summary>Ends it now: from this moment on the deputy is one no more. Ending twice is ending once.</summary>
    /// <exception cref="UnknownCaseException">There is none that the actor may know of.</exception>
    public Task EndAsync(Viewer actor, Guid id, string? key, CancellationToken cancel = default) => runner.RunAsync(actor, key, "absence.end", id, async context =>
    {
        var (db, today) = (context.Db, BureauTime.Day(context.Now));
        await db.LockAccountsAsync().ConfigureAwait(false);
        var absence = await db.Set<Absence>().FirstOrDefaultAsync(a => a.Id == id).ConfigureAwait(false) ?? throw new UnknownCaseException();
        var absent = await AbsenceRules.FindAsync(db, absence.AccountId, today, today).ConfigureAwait(false);
        var concerned = actor.AccountId == absence.AccountId || actor.AccountId == absence.DeputyId;
        var leads = absent is not null && AbsenceRules.Leads(actor, absence.AccountId, absent.Held);
        if (!concerned && !leads) throw new UnknownCaseException();
        // A deputy who no longer can says so to the officer or the leader: work must not be left by one word.
        if (actor.AccountId == absence.DeputyId && !leads) throw new NotAllowedException("absence.deputyCannotEnd");
        if (absence.EndedAt is not null || absence.To < today) return 0;
        (absence.EndedAt, absence.EndedById) = (context.Now, actor.AccountId);
        await db.AppendAccountsAsync(actor.AccountId, "absence.ended", new { absence = id, account = absence.AccountId, deputy = absence.DeputyId }, context.Now).ConfigureAwait(false);
        var names = await db.Users.Where(a => a.Id == absence.AccountId || a.Id == absence.DeputyId).ToDictionaryAsync(a => a.Id, a => a.DisplayName, cancel).ConfigureAwait(false);
        foreach (var reader in new[] { absence.DeputyId, absence.AccountId }) Tell(context, absence, Ended, reader, names[absence.AccountId], names[absence.DeputyId]);
        return 0;
    }, cancel);

    /// <summary>One deputy at a time for each officer; and no chains: a deputy is not away, and who is away is nobody's deputy.</summary>
    private static async Task ClashAsync(CivilAffairsDb db, NewAbsence wanted, Guid officer, Action<string, string, string> fault)
    {
        var meanwhile = await db.Set<Absence>().AsNoTracking().Where(a => a.EndedAt == null && a.From <= wanted.To && a.To >= wanted.From
            && (a.AccountId == officer || a.DeputyId == officer || a.AccountId == wanted.DeputyId)).ToListAsync().ConfigureAwait(false);
        if (meanwhile.Exists(a => a.AccountId == officer)) fault("from", "这些日子里已经登记过请假和代理，请先提前结束原来的。", "An absence is recorded for some of these days; end it first.");
        if (meanwhile.Exists(a => a.DeputyId == officer)) fault("from", "这些日子里正在代理他人，代理不能再转托。请先另行安排那一项代理。", "They stand in for somebody on some of these days, and that cannot be passed on. Arrange that one anew first.");
        if (meanwhile.Exists(a => a.AccountId == wanted.DeputyId)) fault("deputyId", "这位人员在这些日子里自己也请假。", "This officer is away on some of these days.");
    }

    private static void Tell(CommandContext context, Absence absence, string template, Guid reader, string absent, string deputy)
    {
        context.Db.Add(ProductLetter.New(template, new JsonObject { ["officer"] = absent, ["deputy"] = deputy, ["from"] = BureauTime.Iso(absence.From), ["to"] = BureauTime.Iso(absence.To), ["path"] = "/desk/absences" }.ToJsonString(), context.Now, account: reader));
    }
}

/// <param name="OfficerId">Who is away; null: the caller.</param>
/// <param name="From">First day of the bureau; today or later.</param>
/// <param name="To">Last day, included.</param>
/// <param name="BeyondPosts">The leader names a deputy whose posts do not cover the absent officer's.</param>
internal sealed record NewAbsence(Guid DeputyId, DateOnly From, DateOnly To, Guid? OfficerId = null, bool BeyondPosts = false);
