using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>What happens to a case from outside its tasks: the applicant withdraws, somebody objects to its notice.</summary>
public sealed class CaseEvents
{
    private readonly CommandRunner runner;
    private readonly CaseLoader loader;
    private readonly CaseStepper stepper;

    internal CaseEvents(CommandRunner runner, CaseLoader loader, CaseStepper stepper) => (this.runner, this.loader, this.stepper) = (runner, loader, stepper);

    /// <summary>Withdraws a case 撤回, as long as the definition lets it be: any party that sees it, alone; or the counter for one who came in.</summary>
    /// <exception cref="NotAllowedException">It is decided, too late, or the definition knows no withdrawal.</exception>
    public Task<TaskResult> WithdrawAsync(Viewer actor, Guid caseId, string key, CancellationToken cancel = default) => WithdrawAsync(actor, caseId, key, null, null, null, cancel);

    /// <inheritdoc cref="WithdrawAsync(Viewer, Guid, string, long?, DateOnly?, string?, CancellationToken)"/>
    public Task<TaskResult> WithdrawAsync(Viewer actor, Guid caseId, string key, long? ifVersion, DateOnly? occurredOn, CancellationToken cancel) => WithdrawAsync(actor, caseId, key, ifVersion, occurredOn, null, cancel);

    /// <param name="ifVersion">The case's version as the sender read it; null: whatever it is.</param>
    /// <param name="occurredOn">The day on which the letter came in, where an officer records it later: from the application's to today; null: today.</param>
    /// <param name="party">Role of the party who came in, where an officer records it; null: the applicant.</param>
    /// <exception cref="StaleVersionException">It went on meanwhile.</exception>
    public Task<TaskResult> WithdrawAsync(Viewer actor, Guid caseId, string key, long? ifVersion, DateOnly? occurredOn, string? party, CancellationToken cancel) => WithdrawAsync(actor, caseId, key, ifVersion, occurredOn, party, null, cancel);

    /// <inheritdoc cref="WithdrawAsync(Viewer, Guid, string, long?, DateOnly?, string?, CancellationToken)"/>
    /// <param name="reason">In the party's words, at most <see cref="Withdrawals.LongestReason"/> characters; nobody has to give one.</param>
    /// <exception cref="InvalidAnswersException">The reason is too long, or a day or party is wrong.</exception>
    public Task<TaskResult> WithdrawAsync(Viewer actor, Guid caseId, string key, long? ifVersion, DateOnly? occurredOn, string? party, string? reason, CancellationToken cancel)
    {
        reason = reason?.Trim() is { Length: > 0 } typed ? typed : null;
        var body = reason is not null ? new { caseId, occurredOn, party, reason } : party is not null ? new { caseId, occurredOn, party } : occurredOn is null ? (object)caseId : new { caseId, occurredOn };
        return runner.RunAsync(actor, key, "case.withdraw", body, async context =>
        {
            if (reason?.Length > Withdrawals.LongestReason) throw new InvalidAnswersException([new FieldFault("reason", $"撤回理由不能超过 {Withdrawals.LongestReason} 个字。", $"At most {Withdrawals.LongestReason} characters.")]);
            var @case = await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
            if (!await CaseScope.SeesAsync(context.Db, actor, caseId).ConfigureAwait(false)) throw new UnknownCaseException();
            if (actor.IsOfficer && @case.Channel != Channel.Counter) throw new NotAllowedException("case.withdrawApplicantOnly");
            CaseLoader.RequireVersion(@case, ifVersion);
            var instance = await context.Db.Set<WorkflowInstance>().Where(i => i.CaseId == caseId && i.Status == "Suspended").OrderBy(i => i.Id).FirstOrDefaultAsync().ConfigureAwait(false);
            if (instance is null || await Decisions.LastAsync(context.Db, caseId).ConfigureAwait(false) is not null) throw new NotAllowedException("case.tooLate");
            var today = Platform.Time.BureauTime.Day(context.Now);
            var on = OccurredDay.Checked(actor, occurredOn, @case.ReceivedOn ?? today, today, Received);
            var step = await loader.StepAsync(context, @case, instance, on).ConfigureAwait(false);
            if (actor.IsOfficer && (actor.IsSystem || !step.Revision.Matter.MayFileIn(actor, @case))) throw new NotAllowedException("case.withdrawApplicantOnly");
            var by = await WhoAsync(context, caseId, party).ConfigureAwait(false);
            await stepper.RunAsync(step, new EventTrigger(Withdrawals.Event, new JsonObject { ["party"] = by })).ConfigureAwait(false);
            if (@case.Status != "Withdrawn") throw new NotAllowedException("case.tooLate");
            CaseLoader.Touch(@case, context);
            var reasonId = reason is null ? (Guid?)null : (await CaseContents.AddAsync(step, ContentKind.Withdrawal, null, new JsonObject { ["reason"] = reason }).ConfigureAwait(false)).Id;
            await context.Db.AppendAsync(caseId.ToString(), actor.AccountId, "case.withdrawn", new { @case.Version, party = by, occurredOn = on == today ? (DateOnly?)null : on, reasonId }, context.Now).ConfigureAwait(false);
            return new TaskResult(caseId, @case.Version, @case.Status);
        }, cancel);
    }

    /// <summary>The party who withdraws, by role: whose account it is, or who came in to the counter.</summary>
    /// <exception cref="InvalidAnswersException">Nobody of the case who sees it has that role.</exception>
    private static async Task<string> WhoAsync(CommandContext context, Guid caseId, string? party)
    {
        var parties = await context.Db.Set<CaseParty>().AsNoTracking().Where(p => p.CaseId == caseId && p.Current && p.Sees).ToListAsync().ConfigureAwait(false);
        var mine = context.Actor.IsOfficer ? parties.Find(p => string.Equals(p.Role.ToString(), party ?? nameof(PartyRole.Applicant), StringComparison.OrdinalIgnoreCase))
            : parties.Find(p => p.PersonId == context.Actor.PersonId);
        if (mine is null && party is not null) throw new InvalidAnswersException([new FieldFault("party", "请选择到场的当事人。", "Choose the party who came in.")]);
        if (mine is { Role: PartyRole.Agent, NoWithdrawal: true }) throw new NotAllowedException("case.withdrawAgent");
        // An account that is nobody's of the case filed it for the applicant.
        return (mine?.Role ?? PartyRole.Applicant).ToString().ToLowerInvariant();
    }

    private static readonly LocalText Received = new("收到申请的日期", "the day that the application came in");

    /// <summary>Who posts the notice takes its objections: the township's reviewer [domain §6.1, step 5]; the public by its own page.</summary>
    /// <param name="division">Where the notice is up: 6, 9 or 12 digits.</param>
    public static bool MayRecordObjection(Viewer viewer, string division) =>
        viewer.IsSystem || (division.Length >= 9 && viewer.Holds(Roles.TownshipReviewer, division[..9]));

    /// <summary>Records an objection 异议 to a notice that is up; the first one ends the notice's wait.</summary>
    /// <exception cref="NotAllowedException">The notice takes none now, or the officer is not the one who posts notices.</exception>
    /// <param name="actor">The officer who writes it down, or <see cref="Viewer.System"/> for the public page.</param>
    /// <param name="text">What is objected, 1 to 2,000 characters.</param>
    /// <param name="sender">Name and how to reach them; may be empty.</param>
    public Task<TaskResult> ObjectAsync(Viewer actor, Guid noticeId, DateOnly occurredOn, string text, string sender, string key, CancellationToken cancel = default) =>
        runner.RunAsync(actor, key, "notice.object", new { noticeId, occurredOn, text, sender }, async context =>
        {
            if (string.IsNullOrWhiteSpace(text) || text.Length > 2000) throw new InvalidAnswersException([new FieldFault("text", "请写明异议内容（2000字以内）。", "Say what you object to (at most 2,000 characters).")]);
            if (sender.Length > 200) throw new InvalidAnswersException([new FieldFault("sender", "姓名和联系方式请在200字以内。", "Name and contact: at most 200 characters.")]);
            var caseId = await context.Db.Set<PublicNotice>().Where(n => n.Id == noticeId).Select(n => n.CaseId).FirstOrDefaultAsync().ConfigureAwait(false);
            if (caseId == Guid.Empty) throw new UnknownCaseException();
            var @case = await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
            if (!await CaseScope.SeesAsync(context.Db, actor, caseId).ConfigureAwait(false)) throw new UnknownCaseException();
            var notice = await context.Db.Set<PublicNotice>().FirstAsync(n => n.Id == noticeId).ConfigureAwait(false);
            if (!MayRecordObjection(actor, notice.Division)) throw new NotAllowedException("notice.reviewerOnly");
            var today = Platform.Time.BureauTime.Day(context.Now);
            if (notice.BookmarkId is not { } bookmark || notice.LastDay < today || notice.FirstDay > today) throw new NotAllowedException("notice.notOpen");
            if (occurredOn < notice.FirstDay || occurredOn > today) throw new InvalidAnswersException([new FieldFault("occurredOn", "日期应在公示期内。", "The day must lie within the notice.")]);

            // What an objection sets off counts from the day on which it was made.
            var step = await loader.StepAsync(context, @case, notice.InstanceId, occurredOn).ConfigureAwait(false);
            var objection = new Objection { NoticeId = noticeId, CaseId = caseId, OccurredOn = occurredOn, RecordedAt = context.Now, RecordedById = actor.AccountId, Cipher = [] };
            objection.Cipher = step.Cipher.SealJson(new JsonObject { ["text"] = text, ["sender"] = sender }, $"objection.{objection.Id:N}");
            var first = !await context.Db.Set<Objection>().AnyAsync(o => o.NoticeId == noticeId).ConfigureAwait(false);
            context.Db.Add(objection);
            // Later ones join the same investigation; the workflow hears of the first.
            if (first) await stepper.RunAsync(step, new AnswerTrigger(bookmark, new JsonObject { ["outcome"] = "Objection", ["objectionId"] = objection.Id.ToString() })).ConfigureAwait(false);
            CaseLoader.Touch(@case, context);
            await context.Db.AppendAsync(caseId.ToString(), actor.AccountId, "notice.objected", new { noticeId, objectionId = objection.Id }, context.Now).ConfigureAwait(false);
            return new TaskResult(caseId, @case.Version, @case.Status);
        }, cancel);
}
