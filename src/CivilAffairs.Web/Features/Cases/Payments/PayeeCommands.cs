using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>What payments officers say about one grant: another account, or that it is not paid for now. Batches that are being checked are refused then, until they are computed anew.</summary>
internal sealed class PayeeCommands(CommandRunner runner, PayBooks books, PayVault vault)
{
    public const string Card = "card", Passbook = "passbook";

    /// <summary>Why a grant is held by hand: death to be verified 死亡待核实, suspended 暂停发放, account to be verified 账户待核实, another.</summary>
    public static IReadOnlyList<string> Reasons { get; } = ["death", "suspended", "account", "other"];

    /// <param name="kind"><see cref="Card"/>, whose check digit must be right, or <see cref="Passbook"/>.</param>
    /// <param name="evidence">What was seen: a copy of the card, a certificate of the bank.</param>
    /// <exception cref="UnknownCaseException">Not a grant that the actor pays for.</exception>
    /// <exception cref="InvalidAnswersException">By <c>kind</c>, <c>number</c>, <c>holder</c>, <c>bank</c> or <c>reason</c>.</exception>
    public Task EnterAsync(Viewer actor, Guid grantId, string? kind, string? number, string? holder, string? bank, string? evidence, string? key, CancellationToken cancel = default)
    {
        var (typed, name, where) = (Digits(number), (holder ?? "").Trim(), (bank ?? "").Trim());
        return ChangeAsync(actor, grantId, "account", new { kind, typed, name, where, evidence }, key, async (context, grant) =>
        {
            var faults = new List<FieldFault>();
            if (kind is not (Card or Passbook)) faults.Add(new FieldFault("kind", "请选择账户类型。", "Choose the kind of account."));
            else if ((kind == Card ? Engine.Rules.Account.CheckCard(typed) : Engine.Rules.Account.CheckPassbook(typed)) is not null)
                faults.Add(kind == Card ? new FieldFault("number", "卡号应为 16 至 19 位数字，且校验位正确。", "A card has 16 to 19 digits with a right check digit.") : new FieldFault("number", "存折账号应为 8 至 32 位数字。", "A passbook has 8 to 32 digits."));
            if (name.Length is 0 or > 60 || name.Any(c => char.IsDigit(c) || char.IsControl(c))) faults.Add(new FieldFault("holder", "请填写户名。", "Fill in the account holder."));
            if (where.Length is 0 or > 60 || where.Any(char.IsControl)) faults.Add(new FieldFault("bank", "请填写开户银行。", "Fill in the bank."));
            if (faults.Count > 0) throw new InvalidAnswersException(faults);
            await StoreAsync(context, grant, new StoredAccount(typed, name, where, RosterCommands.Reason(evidence)), cancel).ConfigureAwait(false);
        }, cancel);
    }

    /// <summary>The account as it is known is right: what the bank sent back from it is paid to it again.</summary>
    /// <exception cref="NotAllowedException">No account is known.</exception>
    public Task ConfirmAsync(Viewer actor, Guid grantId, string? evidence, string? key, CancellationToken cancel = default) => ChangeAsync(actor, grantId, "confirm", new { evidence }, key, async (context, grant) =>
    {
        var words = RosterCommands.Reason(evidence);
        var now = await books.AccountAsync(context.Db, grant, cancel).ConfigureAwait(false) ?? throw new NotAllowedException("pay.noAccount");
        await StoreAsync(context, grant, new StoredAccount(now.Number, now.Holder, now.Bank, words), cancel).ConfigureAwait(false);
    }, cancel);

    /// <summary>Nothing is paid from now on, and what falls due is held.</summary>
    /// <param name="reason">One of <see cref="Reasons"/>.</param>
    public Task HoldAsync(Viewer actor, Guid grantId, string? reason, string? note, string? key, CancellationToken cancel = default) => ChangeAsync(actor, grantId, "hold", new { reason, note }, key, async (context, grant) =>
    {
        if (reason is null || !Reasons.Contains(reason)) throw RosterCommands.Fault("hold", "请选择暂缓原因。", "Choose why it is held.");
        if (await Running(context.Db, grantId).AnyAsync(cancel).ConfigureAwait(false)) throw new NotAllowedException("pay.heldAlready");
        var hold = new PayHold { GrantId = grantId, Reason = reason, NoteCipher = [], PlacedById = actor.AccountId, PlacedBy = actor.Name, PlacedAt = context.Now };
        hold.NoteCipher = vault.Seal(await KeyAsync(context.Db, grant, cancel).ConfigureAwait(false), RosterCommands.Reason(note), hold.Purpose);
        context.Db.Add(hold);
    }, cancel);

    /// <summary>It is paid again: what was held becomes arrears of the next batch.</summary>
    public Task ReleaseAsync(Viewer actor, Guid grantId, string? key, CancellationToken cancel = default) => ChangeAsync(actor, grantId, "release", null, key, async (context, _) =>
    {
        var hold = await Running(context.Db, grantId).AsTracking().FirstOrDefaultAsync(cancel).ConfigureAwait(false) ?? throw new NotAllowedException("pay.notHeld");
        (hold.ReleasedById, hold.ReleasedBy, hold.ReleasedAt) = (actor.AccountId, actor.Name, context.Now);
    }, cancel);

    private static IQueryable<PayHold> Running(CivilAffairsDb db, Guid grantId) => db.Set<PayHold>().Where(h => h.GrantId == grantId && h.ReleasedAt == null);

    private async Task StoreAsync(CommandContext context, Grant grant, StoredAccount account, CancellationToken cancel)
    {
        var entry = new PayAccount { GrantId = grant.Id, Cipher = [], RecordedById = context.Actor.AccountId, RecordedBy = context.Actor.Name, RecordedAt = context.Now };
        entry.Cipher = vault.Seal(await KeyAsync(context.Db, grant, cancel).ConfigureAwait(false), account, entry.Purpose);
        context.Db.Add(entry);
    }

    private async Task<CaseCipher?> KeyAsync(CivilAffairsDb db, Grant grant, CancellationToken cancel)
    {
        if (grant.CaseId is not { } of) return null;
        return (await vault.OpenAsync(db, [of], cancel).ConfigureAwait(false)).GetValueOrDefault(of) ?? throw new CaseErasedException();
    }

    private Task<Guid> ChangeAsync(Viewer actor, Guid grantId, string name, object? content, string? key, Func<CommandContext, Grant, Task> change, CancellationToken cancel) =>
        runner.RunAsync(actor, key, $"payee.{name}", new { grantId, content }, async context =>
        {
            PayScope.CountyOf(actor);
            await GrantFinder.LockAsync(context.Db, grantId).ConfigureAwait(false);
            var grant = await PayScope.InScope(context.Db, actor).AsNoTracking().FirstOrDefaultAsync(g => g.Id == grantId, cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
            await change(context, grant).ConfigureAwait(false);
            // Neither number nor words: they lie under the case's key.
            await context.Db.AppendAsync(grantId.ToString(), actor.AccountId, $"payee.{name}", new { grantId, grant.CaseId }, context.Now).ConfigureAwait(false);
            return grantId;
        }, cancel);

    private static string Digits(string? number) => new([.. (number ?? "").Where(c => !char.IsWhiteSpace(c) && c != '-')]);
}
