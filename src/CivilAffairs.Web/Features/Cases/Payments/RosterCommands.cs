using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>
/// The life of a payment batch 发放批次: made, computed anew, submitted, checked by somebody else, given back, discarded, closed.
/// Each command is one transaction: after a power failure the batch, its lines and its audit line are there, or none of them;
/// its key lets it be sent again. Two nodes that make the same batch: one of them is told that it is there.
/// </summary>
internal sealed class RosterCommands(CommandRunner runner, MatterLibrary library, PayBooks books, PayVault vault, FieldCipher fields)
{
    /// <summary>Characters of a reason.</summary>
    public const int LongestReason = 200;

    /// <param name="month">Any day of the month that is to be paid; at the latest next month.</param>
    /// <param name="since">Any day of the first month that the product pays; asked of a county's first batch of a benefit alone; null: the batch's own month.</param>
    /// <returns>The batch's id.</returns>
    /// <exception cref="NotAllowedException">No payments officer; or that month, or a later one, is there.</exception>
    /// <exception cref="InvalidAnswersException">By <c>benefit</c>, <c>month</c> or <c>since</c>.</exception>
    public Task<Guid> MakeAsync(Viewer actor, string matter, string benefit, DateOnly month, DateOnly? since, string? key, CancellationToken cancel = default)
    {
        var county = PayScope.CountyOf(actor);
        return runner.RunAsync(actor, key, "payments.make", new { matter, benefit, month, since }, async context =>
        {
            var (db, today) = (context.Db, BureauTime.Day(context.Now));
            var of = new PayKey(matter, benefit, county, MonthOf(month));
            if (!PayScope.Benefits(library).Any(b => b.Revision.Matter.Id == matter && b.Benefit.Id == benefit)) throw Fault("benefit", "请选择待遇。", "Choose a benefit.");
            if (of.Month > MonthOf(today).AddMonths(1)) throw Fault("month", "最多提前一个月编制。", "At most one month ahead.");
            // Taken first: its row is locked until the end, so batches of a county are made one after the other and read each other's lines.
            var serial = await NumberSeries.NextAsync(db, PayRoster.Series, county, today.Year).ConfigureAwait(false);
            var last = await Last(db, of).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
            if (last is not null && last.Month >= of.Month) throw new NotAllowedException(last.Month == of.Month ? "pay.exists" : "pay.laterExists", last.Number);
            var first = last?.Since ?? MonthOf(since ?? of.Month);
            if (first > of.Month) throw Fault("since", "不能晚于发放月份。", "It cannot be after the month that is paid.");
            var roster = new PayRoster
            {
                Year = today.Year, Serial = serial, Matter = matter, Benefit = benefit, County = county, Month = of.Month, Since = first, Digest = "", MadeById = actor.AccountId, MadeBy = actor.Name, MadeAt = context.Now,
                ChangedById = actor.AccountId, ChangedBy = actor.Name, ChangedAt = context.Now,
            };
            db.Add(roster);
            await ComputeAsync(context, roster).ConfigureAwait(false);
            await SayAsync(context, roster, "made", new { roster.Matter, roster.Benefit, roster.Month }).ConfigureAwait(false);
            return roster.Id;
        }, cancel);
    }

    /// <summary>Computes a draft anew from the grants as they are now.</summary>
    /// <param name="version">Of the batch as the actor read it; so in all that follow.</param>
    /// <exception cref="StaleVersionException">It went on meanwhile.</exception>
    public Task RecomputeAsync(Viewer actor, Guid id, long? version, string? key, CancellationToken cancel = default) => ChangeAsync(actor, id, "recompute", version, null, key, async (context, roster) =>
    {
        Require(roster, RosterState.Draft);
        await context.Db.Set<PayLine>().Where(l => l.RosterId == id).ExecuteDeleteAsync(cancel).ConfigureAwait(false);
        (roster.MadeById, roster.MadeBy, roster.MadeAt) = (actor.AccountId, actor.Name, context.Now);
        await ComputeAsync(context, roster).ConfigureAwait(false);
    }, cancel);

    /// <summary>Hands it to the checker 提交复核.</summary>
    /// <exception cref="NotAllowedException">It pays nothing; grants, accounts or holds moved since it was computed; or the actor decided one of its cases.</exception>
    public Task SubmitAsync(Viewer actor, Guid id, long? version, string? key, CancellationToken cancel = default) => ChangeAsync(actor, id, "submit", version, null, key, async (context, roster) =>
    {
        Require(roster, RosterState.Draft);
        if (!await context.Db.Set<PayLine>().AnyAsync(l => l.RosterId == id && l.State == PayLineState.Payable, cancel).ConfigureAwait(false)) throw new NotAllowedException("pay.nothing");
        await RequireApartAsync(context.Db, actor, roster, cancel).ConfigureAwait(false);
        await RequireStillAsync(context.Db, roster, cancel).ConfigureAwait(false);
        (roster.State, roster.SubmittedById, roster.SubmittedBy, roster.SubmittedAt, roster.ReturnedCipher) = (RosterState.Submitted, actor.AccountId, actor.Name, context.Now, null);
    }, cancel);

    /// <summary>Checked 复核通过: from now on its lines do not change.</summary>
    /// <exception cref="NotAllowedException">By who made or submitted it, entered an account that it pays to, or decided one of its cases [domain §2]; or something moved since.</exception>
    public Task ApproveAsync(Viewer actor, Guid id, long? version, string? key, CancellationToken cancel = default) => ChangeAsync(actor, id, "approve", version, null, key, async (context, roster) =>
    {
        Require(roster, RosterState.Submitted);
        RequireOther(actor, roster);
        var (db, me) = (context.Db, actor.AccountId);
        if (await db.Set<PayLine>().AnyAsync(l => l.RosterId == id && l.State == PayLineState.Payable && db.Set<PayAccount>().Any(a => a.Id == l.AccountId && a.RecordedById == me), cancel).ConfigureAwait(false)) throw new NotAllowedException("pay.ownAccount");
        await RequireApartAsync(db, actor, roster, cancel).ConfigureAwait(false);
        await RequireStillAsync(db, roster, cancel).ConfigureAwait(false);
        (roster.State, roster.CheckedById, roster.CheckedBy, roster.CheckedAt) = (RosterState.Approved, me, actor.Name, context.Now);
    }, cancel);

    /// <summary>Gives it back to its maker 退回, and says why; also one that was checked and is not sent yet.</summary>
    public Task ReturnAsync(Viewer actor, Guid id, string? reason, long? version, string? key, CancellationToken cancel = default) => ChangeAsync(actor, id, "return", version, reason, key, (_, roster) =>
    {
        Require(roster, RosterState.Submitted, RosterState.Approved);
        if (roster.State == RosterState.Submitted) RequireOther(actor, roster);
        roster.ReturnedCipher = fields.Encrypt(Reason(reason), roster.Purpose);
        (roster.State, roster.CheckedById, roster.CheckedBy, roster.CheckedAt) = (RosterState.Draft, null, null, null);
        return Task.CompletedTask;
    }, cancel);

    /// <summary>A draft that is not wanted 作废: its lines go, its number stays used.</summary>
    public Task DiscardAsync(Viewer actor, Guid id, long? version, string? key, CancellationToken cancel = default) => ChangeAsync(actor, id, "discard", version, null, key, async (context, roster) =>
    {
        Require(roster, RosterState.Draft);
        await context.Db.Set<PayLine>().Where(l => l.RosterId == id).ExecuteDeleteAsync(cancel).ConfigureAwait(false);
        roster.State = RosterState.Discarded;
    }, cancel);

    /// <summary>Done 办结: the bank's result is complete and agrees. Returned lines come again in the next batch.</summary>
    public Task CloseAsync(Viewer actor, Guid id, long? version, string? key, CancellationToken cancel = default) => ChangeAsync(actor, id, "close", version, null, key, (context, roster) =>
    {
        Require(roster, RosterState.Settled);
        (roster.State, roster.ClosedAt) = (RosterState.Closed, context.Now);
        return Task.CompletedTask;
    }, cancel);

    /// <summary>A change of a batch that the actor pays for, alone, with its version and its line of the audit.</summary>
    internal Task<Guid> ChangeAsync(Viewer actor, Guid id, string name, long? version, object? content, string? key, Func<CommandContext, PayRoster, Task> change, CancellationToken cancel) =>
        runner.RunAsync(actor, key, $"payments.{name}", new { id, version, content }, async context =>
        {
            PayScope.CountyOf(actor);
            var rosters = context.Db.LocksRows ? context.Db.Set<PayRoster>().FromSql($"SELECT * FROM pay_rosters WHERE \"Id\" = {id} FOR UPDATE") : context.Db.Set<PayRoster>().Where(r => r.Id == id);
            var roster = await rosters.AsTracking().FirstOrDefaultAsync(cancel).ConfigureAwait(false);
            if (roster is null || !actor.Holds(Roles.Payments, roster.County)) throw new UnknownCaseException();
            if (version is null) throw Fault("version", "请写明看到的是第几版。", "Say which version you have seen.");
            if (roster.Version != version) throw new StaleVersionException(roster.ChangedBy, roster.ChangedAt, "pay.changed");
            await change(context, roster).ConfigureAwait(false);
            roster.Version++;
            (roster.ChangedById, roster.ChangedBy, roster.ChangedAt) = (actor.AccountId, actor.Name, context.Now);
            await SayAsync(context, roster, name, new { roster.Version, state = roster.State.ToString(), roster.Digest }).ConfigureAwait(false);
            return id;
        }, cancel);

    /// <summary>The latest batch of the same benefit and county that counts.</summary>
    internal static IQueryable<PayRoster> Last(CivilAffairsDb db, PayKey of) =>
        db.Set<PayRoster>().AsNoTracking().Where(r => r.Matter == of.Matter && r.Benefit == of.Benefit && r.County == of.County && r.State != RosterState.Discarded).OrderByDescending(r => r.Month);

    internal static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    internal static string Reason(string? typed)
    {
        var words = (typed ?? "").ReplaceLineEndings("\n").Trim();
        if (words.Length == 0) throw Fault("reason", "请写明原因。", "Say why.");
        return words.Length <= LongestReason ? words : throw Fault("reason", $"不能超过 {LongestReason} 个字。", $"At most {LongestReason} characters.");
    }

    internal static InvalidAnswersException Fault(string path, string zh, string en) => new([new FieldFault(path, zh, en)]);

    private async Task ComputeAsync(CommandContext context, PayRoster roster)
    {
        var book = await books.ReadAsync(context.Db, KeyOf(roster), roster.Since, null).ConfigureAwait(false);
        roster.Digest = book.Digest;
        var position = 0;
        // As a list is read: by place and name, one grant's months one after the other.
        foreach (var due in book.Plan.Lines.OrderBy(l => book.Grants[l.GrantId].Township, StringComparer.Ordinal).ThenBy(l => book.Grants[l.GrantId].Village, StringComparer.Ordinal)
                     .ThenBy(l => book.Grants[l.GrantId].HolderName, StringComparer.Ordinal).ThenBy(l => l.GrantId).ThenBy(l => l.Month))
        {
            var grant = book.Known[due.GrantId];
            var line = new PayLine
            {
                RosterId = roster.Id, Position = ++position, GrantId = grant.Id, CaseId = grant.CaseId, Month = due.Month, Turn = due.Turn, Kind = due.Kind, AmountFen = due.AmountFen, Persons = due.Persons,
                State = due.Hold is null ? PayLineState.Payable : PayLineState.Held, Reason = due.Hold, AccountId = grant.Account?.EnteredAs, SharedAccount = grant.Account is { } shared && book.Shared.Contains(shared.Number),
            };
            if (grant.Account is { } target) line.AccountCipher = vault.Seal(grant.CaseId is { } of ? book.Keys[of] : null, new StoredAccount(target.Number, target.Holder, target.Bank), line.Purpose);
            context.Db.Add(line);
        }
    }

    /// <summary>Whoever approves a list approves what is true now: a benefit that ended since it was made is not paid for.</summary>
    private async Task RequireStillAsync(CivilAffairsDb db, PayRoster roster, CancellationToken cancel)
    {
        var book = await books.ReadAsync(db, KeyOf(roster), roster.Since, roster.Id, cancel).ConfigureAwait(false);
        if (book.Digest != roster.Digest) throw new NotAllowedException("pay.moved");
    }

    /// <summary>Who decided a case in a role that the matter keeps apart from payments (CAP) does not pay it.</summary>
    private async Task RequireApartAsync(CivilAffairsDb db, Viewer actor, PayRoster roster, CancellationToken cancel)
    {
        var apart = library.Find(roster.Matter)?.Matter.Separation.Where(s => s.Roles.Contains(Roles.Payments)).SelectMany(s => s.Roles).Where(r => r != Roles.Payments).Distinct().ToList() ?? [];
        var (me, id) = (actor.AccountId, roster.Id);
        if (apart.Count > 0 && await db.Set<PayLine>().AnyAsync(l => l.RosterId == id && l.CaseId != null && db.Set<WorkTask>().Any(t => t.CaseId == l.CaseId && (t.ClosedById == me || t.ClosedForId == me) && t.State == TaskState.Done && apart.Contains(t.Role)), cancel).ConfigureAwait(false))
            throw new NotAllowedException("pay.separated");
    }

    private static void RequireOther(Viewer actor, PayRoster roster)
    {
        if (actor.AccountId == roster.MadeById || actor.AccountId == roster.SubmittedById) throw new NotAllowedException("pay.sameAsMaker");
    }

    internal static void Require(PayRoster roster, params RosterState[] states)
    {
        if (!states.Contains(roster.State)) throw new NotAllowedException("pay.state");
    }

    internal static PayKey KeyOf(PayRoster roster) => new(roster.Matter, roster.Benefit, roster.County, roster.Month);

    private static Task SayAsync(CommandContext context, PayRoster roster, string what, object details) =>
        context.Db.AppendAsync(roster.Id.ToString(), context.Actor.AccountId, $"payments.{what}", details, context.Now);
}
