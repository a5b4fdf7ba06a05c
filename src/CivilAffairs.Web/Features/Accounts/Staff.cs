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
internal sealed class Staff(IWriter writer, IReader reader, AccountMaker maker, IPasswordHasher<Account> hasher, ILookupNormalizer normalizer, TimeProvider time)
{
    internal const int PageSize = 50;

    /// <param name="page">From 1.</param>
    /// <param name="sought">Part of a name or user name; null: all.</param>
    /// <returns>At most <see cref="PageSize"/> officers, and whether more follow.</returns>
    public async Task<(IReadOnlyList<StaffLine> Lines, bool More)> ListAsync(int page, string? sought, DateOnly today, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var db = reader.Open();
        var officers = db.Users.Where(a => a.Kind == AccountKind.Officer);
        if (!string.IsNullOrWhiteSpace(sought))
        {
            var (part, upper) = (sought.Trim(), normalizer.NormalizeName(sought.Trim()));
            officers = officers.Where(a => a.DisplayName.Contains(part) || a.NormalizedUserName!.Contains(upper));
        }
        var lines = await officers.OrderBy(a => a.NormalizedUserName).Skip((page - 1) * PageSize).Take(PageSize + 1)
            .Select(a => new StaffLine(a.Id, a.UserName!, a.DisplayName, a.Disabled, a.LockoutEnd > now,
                a.Postings.Where(p => p.From <= today && (p.To == null || p.To >= today)).OrderBy(p => p.Role).Select(p => new HeldRole(p.Role, p.Division)).ToList()))
            .AsSingleQuery().ToListAsync(cancel);
        return (lines.Take(PageSize).ToList(), lines.Count > PageSize);
    }

    public async Task<Account?> FindAsync(Guid id, CancellationToken cancel)
    {
        await using var db = reader.Open();
        return await db.Users.Include(a => a.Postings).FirstOrDefaultAsync(a => a.Id == id && a.Kind == AccountKind.Officer, cancel);
    }

    /// <returns>The one-time password, to be shown once.</returns>
    public async Task<(StaffOutcome Outcome, Guid Id, string Password)> CreateAsync(Viewer actor, string userName, string displayName, string? email, CancellationToken cancel)
    {
        var password = AccountMaker.OneTimePassword();
        var account = maker.Officer(userName, displayName, password);
        (account.PasswordIsTemporary, account.Email) = (true, email);
        account.NormalizedEmail = email is null ? null : normalizer.NormalizeEmail(email);
        try
        {
            var outcome = await writer.WriteAsync(async (db, stop) =>
            {
                if (await db.Users.AnyAsync(a => a.NormalizedUserName == account.NormalizedUserName, stop)) return StaffOutcome.Taken;
                db.Add(account);
                await db.AppendAccountsAsync(actor.AccountId, "account.created", new { account = account.Id }, time.GetUtcNow());
                return StaffOutcome.Done;
            }, cancel);
            return (outcome, account.Id, password);
        }
        catch (DbUpdateException)
        {
            // Two administrators chose one user name at the same moment; its unique index let one through.
            return (StaffOutcome.Taken, account.Id, "");
        }
    }

    public Task<StaffOutcome> AddPostingAsync(Viewer actor, Guid id, string role, string division, DateOnly from, DateOnly? to, CancellationToken cancel) =>
        ChangeAsync(actor, id, "posting.added", async (db, account) =>
        {
            if (await db.Set<Division>().AnyAsync() && !await db.Set<Division>().AnyAsync(d => d.Code == division)) return (StaffOutcome.UnknownDivision, null);
            if (await db.Set<Posting>().AnyAsync(p => p.AccountId == id && p.Role == role && p.Division == division && p.From == from)) return (StaffOutcome.Taken, null);
            var posting = new Posting { AccountId = id, Role = role, Division = division, From = from, To = to };
            db.Add(posting);
            return (StaffOutcome.Done, new { account = id, posting = posting.Id, role, division, from, to });
        }, cancel);

    /// <param name="last">Last day of the posting.</param>
    public Task<StaffOutcome> EndPostingAsync(Viewer actor, Guid id, Guid postingId, DateOnly last, CancellationToken cancel) =>
        ChangeAsync(actor, id, "posting.ended", async (db, _) =>
        {
            if (await db.Set<Posting>().FirstOrDefaultAsync(p => p.Id == postingId && p.AccountId == id) is not { } posting) return (StaffOutcome.NotFound, null);
            // Otherwise the last administrator could lock everybody out.
            if (id == actor.AccountId && posting.Role == Roles.Administrator) return (StaffOutcome.Oneself, null);
            posting.To = last;
            return (StaffOutcome.Done, new { account = id, posting = postingId, to = last });
        }, cancel);

    public Task<StaffOutcome> DisableAsync(Viewer actor, Guid id, bool disabled, CancellationToken cancel) =>
        ChangeAsync(actor, id, disabled ? "account.disabled" : "account.enabled", (_, account) =>
        {
            if (id == actor.AccountId) return Task.FromResult<(StaffOutcome, object?)>((StaffOutcome.Oneself, null));
            // A new stamp ends the sessions that are open.
            (account.Disabled, account.SecurityStamp) = (disabled, Guid.NewGuid().ToString("N"));
            return Task.FromResult<(StaffOutcome, object?)>((StaffOutcome.Done, new { account = id }));
        }, cancel);

    public Task<StaffOutcome> UnlockAsync(Viewer actor, Guid id, CancellationToken cancel) =>
        ChangeAsync(actor, id, "account.unlocked", (_, account) =>
        {
            (account.LockoutEnd, account.AccessFailedCount) = (null, 0);
            return Task.FromResult<(StaffOutcome, object?)>((StaffOutcome.Done, new { account = id }));
        }, cancel);

    /// <returns>The one-time password, to be shown once.</returns>
    public async Task<(StaffOutcome Outcome, string Password)> RenewPasswordAsync(Viewer actor, Guid id, CancellationToken cancel)
    {
        var password = AccountMaker.OneTimePassword();
        var hash = hasher.HashPassword(new Account(), password);
        var outcome = await ChangeAsync(actor, id, "account.password-renewed", (_, account) =>
        {
            if (id == actor.AccountId) return Task.FromResult<(StaffOutcome, object?)>((StaffOutcome.Oneself, null));
            (account.PasswordHash, account.PasswordIsTemporary, account.SecurityStamp) = (hash, true, Guid.NewGuid().ToString("N"));
            (account.LockoutEnd, account.AccessFailedCount) = (null, 0);
            return Task.FromResult<(StaffOutcome, object?)>((StaffOutcome.Done, new { account = id }));
        }, cancel);
        return (outcome, password);
    }

    private Task<StaffOutcome> ChangeAsync(Viewer actor, Guid id, string action, Func<CivilAffairsDb, Account, Task<(StaffOutcome Outcome, object? Details)>> change, CancellationToken cancel) =>
        writer.WriteAsync(async (db, stop) =>
        {
            if (await db.Users.FirstOrDefaultAsync(a => a.Id == id && a.Kind == AccountKind.Officer, stop) is not { } account) return StaffOutcome.NotFound;
            var (outcome, details) = await change(db, account);
            if (outcome != StaffOutcome.Done) return outcome;
            account.ConcurrencyStamp = Guid.NewGuid().ToString();
            await db.AppendAccountsAsync(actor.AccountId, action, details!, time.GetUtcNow());
            return outcome;
        }, cancel);
}
