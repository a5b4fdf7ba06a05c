using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>What payments officers know and say of one grant, for programs.</summary>
internal static class PayeeApi
{
    private const string Payers = "By a payments officer (FIN) of the county.";

    public static void MapPayees(this RouteGroupBuilder payments)
    {
        payments.MapGet("/grants/{grantId:guid}", async (Guid grantId, LedgerQuery ledgers, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(ApiPayee.Of(await ledgers.ReadAsync(await viewers.RequireAsync(cancel), grantId, cancel) ?? throw new UnknownCaseException())))
            .ProducesProblem(404).WithSummary("The payments of one grant 发放台账").WithDescription($"{Payers} Month by month, the newest first: due = paid + on its way + open. Account and holder are masked.");

        Change("account", "Enters another account", "The newest counts, from the next batch on. kind: card, whose check digit must be right, or passbook.", (c, who, id, body, key, cancel) => c.EnterAsync(who, id, body.Kind, body.Number, body.Holder, body.Bank, body.Reason, key, cancel));
        Change("account/confirm", "Confirms the account as it is known", "What the bank sent back is paid to it again.", (c, who, id, body, key, cancel) => c.ConfirmAsync(who, id, body.Reason, key, cancel));
        Change("hold", "Holds payments 暂缓", "hold: death, suspended, account or other; reason: what is known. What falls due meanwhile is made good once it is released.", (c, who, id, body, key, cancel) => c.HoldAsync(who, id, body.Hold, body.Reason, key, cancel));
        Change("release", "Releases payments 恢复", "What was held comes with the next batch.", (c, who, id, _, key, cancel) => c.ReleaseAsync(who, id, key, cancel));

        void Change(string verb, string summary, string how, Func<PayeeCommands, Viewer, Guid, ApiPayeeChange, string?, CancellationToken, Task> change) =>
            payments.MapPost($"/grants/{{grantId:guid}}/{verb}", async (Guid grantId, ApiPayeeChange body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, PayeeCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
            {
                await change(commands, await viewers.RequireAsync(cancel), grantId, body, key, cancel);
                return TypedResults.NoContent();
            }).Command().ProducesProblem(404).ProducesProblem(410).WithSummary(summary).WithDescription($"{Payers} {how}");
    }
}

/// <param name="Reason">On what evidence, or what is known; at most 200 characters.</param>
internal sealed record ApiPayeeChange(string? Kind = null, string? Number = null, string? Holder = null, string? Bank = null, string? Hold = null, string? Reason = null);

/// <param name="Hold">Why it is held by hand; null: it is not.</param>
internal sealed record ApiPayee(Guid GrantId, string Holder, string? AccountNumber, string? AccountHolder, string? Bank, DateTimeOffset? AccountSince, string? Hold, IReadOnlyList<LedgerMonth> Months)
{
    public static ApiPayee Of(PayeeView v) => new(v.Grant.Id, Mask.Name(v.Grant.HolderName), v.Account?.Number, v.Account?.Holder, v.Account?.Bank, v.Account?.Since, v.Hold?.Reason, v.Ledger.Months);
}
