using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

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

internal static class AccountChain
{
    // "accounts" in ASCII.
    private const long LockKey = 0x6163636f756e7473;

    /// <summary>Holds the chain until the transaction ends: two that read the same last line would both want the next number. SQLite has one writer anyway.</summary>
    internal static Task LockAccountsAsync(this CivilAffairsDb db) => db.LocksRows ? db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})") : Task.CompletedTask;

    /// <summary>Appends within the caller's transaction, which holds the chain until its end.</summary>
    internal static async Task AppendAccountsAsync(this CivilAffairsDb db, Guid actor, string action, object details, DateTimeOffset at)
    {
        await db.LockAccountsAsync();
        await db.AppendAsync(AuditTrail.Accounts, actor, action, details, at);
    }
}
