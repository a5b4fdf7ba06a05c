using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>Writes to the accounts' chain of the audit: references and codes, never names or numbers.</summary>
internal sealed class AccountAudit(IWriter writer, TimeProvider time)
{
    /// <summary>A line of its own transaction, for what Identity has stored already.</summary>
    public Task WriteAsync(Guid actor, string action, object details) => writer.WriteAsync(async (db, _) =>
    {
        await db.AppendAccountsAsync(actor, action, details, time.GetUtcNow());
        return 0;
    });
}
