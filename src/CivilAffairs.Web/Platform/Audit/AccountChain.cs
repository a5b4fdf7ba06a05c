using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Audit;

/// <summary>The accounts' chain of the audit, and whatever else concerns persons and no case.</summary>
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
