using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>A line of the list of officers.</summary>
internal sealed record StaffLine(Guid Id, string UserName, string Name, bool Disabled, bool LockedOut, IReadOnlyList<HeldRole> Held);

internal enum StaffOutcome { Done, NotFound, Taken, UnknownDivision, Oneself }

/// <summary>What an administrator does with officers' accounts; each act and its audit line are one transaction.</summary>
internal sealed class Staff(CommandRunner commands, IReader reader, AccountMaker maker, IPasswordHasher<Account> hasher, ILookupNormalizer normalizer, TimeProvider time)
{
    internal const int PageSize = 50;

    /// <param name="page">From 1.</param>
    /// <param name="sought">Part of a name or user name; null: all.</param>
    /// <returns>At most <paramref name="size"/> officers, and whether more follow.</returns>
    public async Task<(IReadOnlyList<StaffLine> Lines, bool More)> ListAsync(int page, int size, string? sought, DateOnly today, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var db = reader.Open();
        var officers = db.Users.Where(a => a.Kind == AccountKind.Officer);
        if (!string.IsNullOrWhiteSpace(sought))
        {
            var (part, upper) = (sought.Trim(), normalizer.NormalizeName(sought.Trim()));
            officers = officers.Where(a => a.DisplayName.Contains(part) || a.NormalizedUserName!.Contains(upper));
        }
        var lines = await officers.OrderBy(a => a.NormalizedUserName).Skip((page - 1) * size).Take(size + 1)
            .Select(a => new StaffLine(a.Id, a.UserName!, a.DisplayName, a.Disabled, a.LockoutEnd > now,
                a.Postings.Where(p => p.From <= today && (p.To == null || p.To >= today)).OrderBy(p => p.Role).Select(p => new HeldRole(p.Role, p.Division)).ToList()))
            .AsSingleQuery().ToListAsync(cancel);
        return (lines.Take(size).ToList(), lines.Count > size);
    }

    public async Task<Account?> FindAsync(Guid id, CancellationToken cancel)
    {
        await using var db = reader.Open();
        return await db.Users.Include(a => a.Postings).FirstOrDefaultAsync(a => a.Id == id && a.Kind == AccountKind.Officer, cancel);
    }

    /// <param name="key">Idempotency key; null: sent twice, the second time the name is taken.</param>
    /// <returns>The one-time password, to be shown once: null where a repeat finds the account made, since it is kept nowhere.</returns>
    public async Task<(StaffOutcome Outcome, Guid Id, string? Password)> CreateAsync(Viewer actor, string userName, string displayName, string? email, string? key, CancellationToken cancel)
    {
        var password = AccountMaker.OneTimePassword();
        var account = maker.Officer(userName, displayName, password);
        (account.PasswordIsTemporary, account.Email) = (true, email);
        account.NormalizedEmail = email is null ? null : normalizer.NormalizeEmail(email);
        try
        {
            var id = await commands.RunAsync(actor, key, "account.create", new { userName, displayName, email }, async context =>
            {
                if (await context.Db.Users.AnyAsync(a => a.NormalizedUserName == account.NormalizedUserName)) throw new StaffRefusal(StaffOutcome.Taken);
                context.Db.Add(account);
                await context.Db.AppendAccountsAsync(actor.AccountId, "account.created", new { account = account.Id }, context.Now);
                return account.Id;
            }, cancel);
            return (StaffOutcome.Done, id, id == account.Id ? password : null);
        }
        catch (StaffRefusal refusal)
        {
            return (refusal.Outcome, account.Id, null);
        }
        catch (DbUpdateException)
        {
            // Two administrators chose one user name at the same moment; its unique index let one through.
            return (StaffOutcome.Taken, account.Id, null);
        }
    }

    public Task<StaffOutcome> AddPostingAsync(Viewer actor, Guid id, string role, string division, DateOnly from, DateOnly? to, string? key, CancellationToken cancel) =>
        ChangeAsync(actor, id, "posting.added", key, new { role, division, from, to }, async (db, account) =>
        {
            if (await db.Set<Division>().AnyAsync() && !await db.Set<Division>().AnyAsync(d => d.Code == division)) return (StaffOutcome.UnknownDivision, null);
            if (await db.Set<Posting>().AnyAsync(p => p.AccountId == id && p.Role == role && p.Division == division && p.From == from)) return (StaffOutcome.Taken, null);
            var posting = new Posting { AccountId = id, Role = role, Division = division, From = from, To = to };
            db.Add(posting);
            return (StaffOutcome.Done, new { account = id, posting = posting.Id, role, division, from, to });
        }, cancel);

    /// <param name="last">Last day of the posting.</param>
    public Task<StaffOutcome> EndPostingAsync(Viewer actor, Guid id, Guid postingId, DateOnly last, string? key, CancellationToken cancel) =>
        ChangeAsync(actor, id, "posting.ended", key, new { postingId, last }, async (db, _) =>
        {
            if (await db.Set<Posting>().FirstOrDefaultAsync(p => p.Id == postingId && p.AccountId == id) is not { } posting) return (StaffOutcome.NotFound, null);
            // Otherwise the last administrator could lock everybody out.
            if (id == actor.AccountId && posting.Role == Roles.Administrator) return (StaffOutcome.Oneself, null);
            posting.To = last;
            return (StaffOutcome.Done, new { account = id, posting = postingId, to = last });
        }, cancel);

    public Task<StaffOutcome> DisableAsync(Viewer actor, Guid id, bool disabled, string? key, CancellationToken cancel) =>
        ChangeAsync(actor, id, disabled ? "account.disabled" : "account.enabled", key, new { disabled }, (_, account) =>
        {
            if (id == actor.AccountId) return Task.FromResult<(StaffOutcome, object?)>((StaffOutcome.Oneself, null));
            // A new stamp ends the sessions that are open.
            (account.Disabled, account.SecurityStamp) = (disabled, Guid.NewGuid().ToString("N"));
            return Task.FromResult<(StaffOutcome, object?)>((StaffOutcome.Done, new { account = id }));
        }, cancel);

    public Task<StaffOutcome> UnlockAsync(Viewer actor, Guid id, string? key, CancellationToken cancel) =>
        ChangeAsync(actor, id, "account.unlocked", key, new { }, (_, account) =>
        {
            (account.LockoutEnd, account.AccessFailedCount) = (null, 0);
            return Task.FromResult<(StaffOutcome, object?)>((StaffOutcome.Done, new { account = id }));
        }, cancel);

    /// <param name="key">Idempotency key; null: sent twice, the second password counts.</param>
    /// <returns>The one-time password, to be shown once: null where a repeat finds it handed out, since it is kept nowhere.</returns>
    public async Task<(StaffOutcome Outcome, string? Password)> RenewPasswordAsync(Viewer actor, Guid id, string? key, CancellationToken cancel)
    {
        var password = AccountMaker.OneTimePassword();
        var (hash, renewed) = (hasher.HashPassword(new Account(), password), false);
        var outcome = await ChangeAsync(actor, id, "account.password-renewed", key, new { }, (_, account) =>
        {
            if (id == actor.AccountId) return Task.FromResult<(StaffOutcome, object?)>((StaffOutcome.Oneself, null));
            (account.PasswordHash, account.PasswordIsTemporary, account.SecurityStamp) = (hash, true, Guid.NewGuid().ToString("N"));
            (account.LockoutEnd, account.AccessFailedCount) = (null, 0);
            renewed = true;
            return Task.FromResult<(StaffOutcome, object?)>((StaffOutcome.Done, new { account = id }));
        }, cancel);
        return (outcome, renewed ? password : null);
    }

    /// <param name="body">What is wanted, to compare repeats.</param>
    private async Task<StaffOutcome> ChangeAsync(Viewer actor, Guid id, string action, string? key, object body,
        Func<CivilAffairsDb, Account, Task<(StaffOutcome Outcome, object? Details)>> change, CancellationToken cancel)
    {
        try
        {
            return await commands.RunAsync(actor, key, action, new { id, body }, async context =>
            {
                if (await context.Db.Users.FirstOrDefaultAsync(a => a.Id == id && a.Kind == AccountKind.Officer) is not { } account) throw new StaffRefusal(StaffOutcome.NotFound);
                var (outcome, details) = await change(context.Db, account);
                if (outcome != StaffOutcome.Done) throw new StaffRefusal(outcome);
                account.ConcurrencyStamp = Guid.NewGuid().ToString();
                await context.Db.AppendAccountsAsync(actor.AccountId, action, details!, context.Now);
                return outcome;
            }, cancel);
        }
        catch (StaffRefusal refusal)
        {
            return refusal.Outcome;
        }
    }

    // Thrown out of the transaction, so that a refusal is not kept under its key: it may be tried again.
    private sealed class StaffRefusal(StaffOutcome outcome) : Exception(outcome.ToString())
    {
        public StaffOutcome Outcome { get; } = outcome;
    }
}
