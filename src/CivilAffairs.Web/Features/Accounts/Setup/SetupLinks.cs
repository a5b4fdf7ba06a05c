using System.Security.Cryptography;
using System.Text;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Accounts.Setup;

/// <summary>Makes set-up links and takes them in. A link counts only while there is no account at all.</summary>
internal sealed class SetupLinks(IWriter writer, IReader reader, AccountMaker maker, TimeProvider time)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>A new link's token where there is no account yet, else null. An earlier link is void.</summary>
    public Task<string?> IssueAsync(CancellationToken cancel) => writer.WriteAsync<string?>(async (db, stop) =>
    {
        if (await db.Users.AnyAsync(stop)) return null;
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        await db.Set<SetupLink>().ExecuteDeleteAsync(stop);
        db.Add(new SetupLink { Hash = HashOf(token), CreatedAt = now, ExpiresAt = now + Lifetime });
        return token;
    }, cancel);

    public async Task<bool> IsValidAsync(string? token, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(token)) return false;
        var (hash, now) = (HashOf(token), time.GetUtcNow());
        await using var db = reader.Open();
        return await db.Set<SetupLink>().AnyAsync(l => l.Hash == hash && l.ExpiresAt > now, cancel) && !await db.Users.AnyAsync(cancel);
    }

    /// <summary>The county's code where divisions are recorded already.</summary>
    public async Task<string?> CountyAsync(CancellationToken cancel)
    {
        await using var db = reader.Open();
        return await db.Set<Division>().Where(d => d.Code.Length == 6).OrderBy(d => d.Code).Select(d => d.Code).FirstOrDefaultAsync(cancel);
    }

    /// <summary>Uses the link up and makes the first administrator, both or neither.</summary>
    /// <returns>Null: the link is not valid any more.</returns>
    public async Task<Account?> UseAsync(string token, string userName, string displayName, string password, string county, CancellationToken cancel)
    {
        var account = maker.Officer(userName, displayName, password, new HeldRole(Roles.Administrator, county));
        var hash = HashOf(token);
        return await writer.WriteAsync(async (db, stop) =>
        {
            var now = time.GetUtcNow();
            // Deleting takes the row's lock: of two who use the link at once, one finds nothing.
            if (await db.Set<SetupLink>().Where(l => l.Hash == hash && l.ExpiresAt > now).ExecuteDeleteAsync(stop) == 0 || await db.Users.AnyAsync(stop)) return null;
            db.Add(account);
            await db.AppendAccountsAsync(account.Id, "account.set-up", new { account = account.Id }, now);
            return account;
        }, cancel);
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
