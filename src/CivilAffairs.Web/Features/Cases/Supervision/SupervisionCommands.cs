using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Supervision;

/// <summary>
/// Supervision orders 督办: issued, answered, asked again, closed or withdrawn. Each command is one transaction: after a power
/// failure the order, its entry, its audit line and the letters are there, or none of them; its key lets it be sent again.
/// </summary>
internal sealed class SupervisionCommands(CommandRunner runner, CaseVault vault, Calendars calendars)
{
    /// <param name="text">What is asked, 1 to <see cref="SupervisionRules.Longest"/> characters.</param>
    /// <param name="dueOn">Last day for the answer, after today.</param>
    /// <returns>The order's id.</returns>
    /// <exception cref="UnknownCaseException">Not a case that the actor sees.</exception>
    /// <exception cref="NotAllowedException">Neither leader nor supervisor there; the case is over, or one runs already.</exception>
    /// <exception cref="InvalidAnswersException">By <c>text</c> or <c>dueOn</c>.</exception>
    public Task<Guid> IssueAsync(Viewer actor, Guid caseId, string text, DateOnly dueOn, string key, CancellationToken cancel = default) =>
        runner.RunAsync(actor, key, "supervision.issue", new { caseId, text, dueOn }, async context =>
        {
            var (db, today) = (context.Db, BureauTime.Day(context.Now));
            var @case = await SeenAsync(context, caseId).ConfigureAwait(false);
            if (!SupervisionRules.Orders(actor, @case)) throw new NotAllowedException("supervision.leaderOnly");
            if (@case.ErasedAt is not null) throw new CaseErasedException();
            if (@case.Status == "Draft" || @case.ClosedAt is not null) throw new NotAllowedException("supervision.caseOver");
            // The case is locked: nobody else orders meanwhile.
            if (await db.Set<SupervisionOrder>().AnyAsync(o => o.CaseId == caseId && o.EndedAt == null).ConfigureAwait(false)) throw new NotAllowedException("supervision.runs");
            var words = SupervisionRules.Text(text, needed: true);
            SupervisionRules.Day(dueOn, today);
            var number = await NumberSeries.NextAsync(db, SupervisionOrder.Series, @case.County, today.Year).ConfigureAwait(false);
            var office = await SupervisionScope.InHand(db).Where(t => t.CaseId == caseId).OrderBy(t => t.CreatedAt).ThenBy(t => t.Id).Select(t => t.Division).FirstOrDefaultAsync().ConfigureAwait(false);
            var order = new SupervisionOrder
            {
                Office = office ?? @case.Township ?? @case.County, CaseId = caseId, Number = SupervisionOrder.NumberOf(today.Year, number), DueOn = dueOn, IssuedById = actor.AccountId, OccurredOn = today, IssuedAt = context.Now,
                WatchOn = SupervisionRules.NextLook(dueOn, today, calendars.Working),
            };
            db.Add(order);
            await SayAsync(context, @case, order, SupervisionEntryKind.Issued, words, dueOn).ConfigureAwait(false);
            return order.Id;
        }, cancel);

    /// <summary>What was done, by whoever <see cref="SupervisionScope"/> lets answer. It may be said more than once: each stays.</summary>
    /// <param name="version">How many entries of the order the actor has seen (<see cref="ReadOrder.Version"/>); so in all that follow.</param>
    /// <exception cref="NotAllowedException">Who issued it, or who does not have the case in hand; or it is over.</exception>
    /// <exception cref="OrderMovedException">Something was said since.</exception>
    public Task AnswerAsync(Viewer actor, Guid id, string text, int? version, string key, CancellationToken cancel = default) => ChangeAsync(actor, id, "supervision.answer", version, new { id, text, version }, key, async (context, @case, order) =>
    {
        if (order.IssuedById == actor.AccountId) throw new NotAllowedException("supervision.own");
        await RequireAnswersAsync(context, order).ConfigureAwait(false);
        var words = SupervisionRules.Text(text, needed: true);
        // Answered is not late any more, and is not reminded of.
        if (order.State == SupervisionState.Open) order.InTime = order.InTime != false && BureauTime.Day(context.Now) <= order.DueOn;
        (order.State, order.WatchOn) = (SupervisionState.Answered, null);
        await SayAsync(context, @case, order, SupervisionEntryKind.Answered, words, null).ConfigureAwait(false);
    }, cancel);

    /// <summary>The answer was not enough, or none came: something is asked again, with another last day.</summary>
    /// <exception cref="OrderMovedException">Something was said since.</exception>
    public Task DemandAsync(Viewer actor, Guid id, string text, DateOnly dueOn, int? version, string key, CancellationToken cancel = default) => ChangeAsync(actor, id, "supervision.demand", version, new { id, text, dueOn, version }, key, async (context, @case, order) =>
    {
        RequireOrders(actor, @case);
        if (@case.ClosedAt is not null) throw new NotAllowedException("supervision.caseOver");
        var words = SupervisionRules.Text(text, needed: true);
        var today = BureauTime.Day(context.Now);
        SupervisionRules.Day(dueOn, today);
        (order.State, order.DueOn, order.WatchOn) = (SupervisionState.Open, dueOn, SupervisionRules.NextLook(dueOn, today, calendars.Working));
        order.Round++;
        await SayAsync(context, @case, order, SupervisionEntryKind.Demanded, words, dueOn).ConfigureAwait(false);
    }, cancel);

    /// <summary>Closes it 办结: the answer is accepted, or the case itself is over.</summary>
    /// <param name="text">May be empty.</param>
    /// <exception cref="NotAllowedException">Nothing was answered and the case runs: then it is withdrawn, with a reason.</exception>
    /// <exception cref="OrderMovedException">Something was said since.</exception>
    public Task CloseAsync(Viewer actor, Guid id, string text, int? version, string key, CancellationToken cancel = default) => ChangeAsync(actor, id, "supervision.close", version, new { id, text, version }, key, async (context, @case, order) =>
    {
        RequireOrders(actor, @case);
        if (order.State != SupervisionState.Answered && @case.ClosedAt is null) throw new NotAllowedException("supervision.unanswered");
        await EndAsync(context, @case, order, SupervisionState.Closed, SupervisionEntryKind.Closed, SupervisionRules.Text(text, needed: false)).ConfigureAwait(false);
    }, cancel);

    /// <summary>Withdraws it 撤销, and says why.</summary>
    /// <exception cref="OrderMovedException">Something was said since.</exception>
    public Task WithdrawAsync(Viewer actor, Guid id, string text, int? version, string key, CancellationToken cancel = default) => ChangeAsync(actor, id, "supervision.withdraw", version, new { id, text, version }, key, async (context, @case, order) =>
    {
        RequireOrders(actor, @case);
        await EndAsync(context, @case, order, SupervisionState.Withdrawn, SupervisionEntryKind.Withdrawn, SupervisionRules.Text(text, needed: true)).ConfigureAwait(false);
    }, cancel);

    private Task EndAsync(CommandContext context, Case @case, SupervisionOrder order, SupervisionState state, SupervisionEntryKind kind, string words)
    {
        (order.State, order.EndedAt, order.WatchOn) = (state, context.Now, null);
        return SayAsync(context, @case, order, kind, words, null);
    }

    private Task<Guid> ChangeAsync(Viewer actor, Guid id, string name, int? version, object content, string key, Func<CommandContext, Case, SupervisionOrder, Task> change, CancellationToken cancel) =>
        runner.RunAsync(actor, key, name, content, async context =>
        {
            var caseId = await context.Db.Set<SupervisionOrder>().Where(o => o.Id == id).Select(o => (Guid?)o.CaseId).FirstOrDefaultAsync().ConfigureAwait(false) ?? throw new UnknownCaseException();
            var @case = await SeenAsync(context, caseId).ConfigureAwait(false);
            // Read once its case is locked: whoever came before has written by now.
            var order = await context.Db.Set<SupervisionOrder>().AsTracking().SingleAsync(o => o.Id == id).ConfigureAwait(false);
            if (@case.ErasedAt is not null) throw new CaseErasedException();
            // Whoever may not know what was said since is refused for that, not told who said it.
            if (!SupervisionRules.Orders(actor, @case)) await RequireAnswersAsync(context, order).ConfigureAwait(false);
            await RequireSeenAsync(context.Db, id, version).ConfigureAwait(false);
            if (order.EndedAt is not null) throw new NotAllowedException("supervision.over");
            await change(context, @case, order).ConfigureAwait(false);
            return id;
        }, cancel);

    /// <summary>The entry, its audit line and the letters about it.</summary>
    private async Task SayAsync(CommandContext context, Case @case, SupervisionOrder order, SupervisionEntryKind kind, string words, DateOnly? dueOn)
    {
        var (db, now) = (context.Db, context.Now);
        var cipher = await vault.OpenAsync(db, @case.Id).ConfigureAwait(false);
        var entry = new SupervisionEntry { OrderId = order.Id, CaseId = @case.Id, Kind = kind, Cipher = [], DueOn = dueOn, RecordedById = context.Actor.AccountId, OccurredOn = BureauTime.Day(now), RecordedAt = now };
        entry.Cipher = cipher.SealText(words, entry.Purpose);
        db.Add(entry);
        // The words stay under the case's key; the audit, which outlives it, says that they were said.
        await db.AppendAsync(@case.Id.ToString(), context.Actor.AccountId, $"supervision.{kind.ToString().ToLowerInvariant()}", new { orderId = order.Id, entryId = entry.Id, number = order.Number, due = dueOn }, now).ConfigureAwait(false);
        await SupervisionLetters.TellAsync(db, @case, order, kind, context.Actor.AccountId, now).ConfigureAwait(false);
    }

    private static async Task RequireAnswersAsync(CommandContext context, SupervisionOrder order)
    {
        var caseId = order.CaseId;
        if (!await SupervisionScope.AnsweredBy(context.Db, context.Actor).AnyAsync(t => t.CaseId == caseId).ConfigureAwait(false)) throw new NotAllowedException("supervision.handlersOnly");
    }

    /// <summary>Entries are only ever added: their number is the order's version, and the last one says what the actor missed.</summary>
    private static async Task RequireSeenAsync(CivilAffairsDb db, Guid id, int? version)
    {
        if (version is null) throw new InvalidAnswersException([new Matters.Forms.FieldFault("version", "请写明看到的是第几条。", "Say which version you have seen.")]);
        var said = db.Set<SupervisionEntry>().Where(e => e.OrderId == id);
        if (await said.CountAsync().ConfigureAwait(false) == version) return;
        var last = await said.OrderByDescending(e => e.RecordedAt).ThenByDescending(e => e.Id).Select(e => new { e.Kind, e.RecordedAt, By = db.Users.Where(u => u.Id == e.RecordedById).Select(u => u.DisplayName).FirstOrDefault() }).FirstAsync().ConfigureAwait(false);
        throw new OrderMovedException(last.Kind.ToString(), last.By ?? "", last.RecordedAt);
    }

    private static void RequireOrders(Viewer actor, Case @case)
    {
        if (!SupervisionRules.Orders(actor, @case)) throw new NotAllowedException("supervision.leaderOnly");
    }

    private static async Task<Case> SeenAsync(CommandContext context, Guid caseId)
    {
        var @case = await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
        return context.Actor.IsOfficer && await CaseScope.SeesAsync(context.Db, context.Actor, caseId).ConfigureAwait(false) ? @case : throw new UnknownCaseException();
    }
}
