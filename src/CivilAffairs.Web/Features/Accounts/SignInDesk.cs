using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>Finds the account of whoever signs in by user name, mobile or ID number, checks the password and opens the session.</summary>
internal sealed class SignInDesk(SignInManager<Account> sessions, UserManager<Account> users, IViewerSource viewers, IReader reader, KeyRing ring, TimeProvider time)
{
    private Account? opened;

    // Verified where there is no account, so that an answer takes as long as where there is one.
    private static readonly string NobodysHash = new PasswordHasher<Account>().HashPassword(new Account(), Guid.NewGuid().ToString());

    /// <param name="name">As typed: a user name, a mobile or an ID number.</param>
    public async Task<SignInOutcome> SignInAsync(string name, string password, CancellationToken cancel)
    {
        if (await FindAsync(name, cancel) is not { Disabled: false } account)
        {
            users.PasswordHasher.VerifyHashedPassword(new Account(), NobodysHash, password);
            return SignInOutcome.Wrong;
        }
        var result = await sessions.CheckPasswordSignInAsync(account, password, lockoutOnFailure: true);
        if (result.IsLockedOut) return SignInOutcome.LockedOut;
        if (!result.Succeeded) return SignInOutcome.Wrong;
        await OpenAsync(account);
        return account.PasswordIsTemporary ? SignInOutcome.ChangePassword : SignInOutcome.Done;
    }

    /// <summary>
    /// Where whoever was let in begins who asked for no page: an applicant with their cases, an officer with the queue. Whose work
    /// is to lead the county and for whom nothing waits begins with its figures: an empty queue is no beginning.
    /// </summary>
    public async Task<string> HomeAsync(CancellationToken cancel)
    {
        if (opened is null) return "/";
        if (opened.Kind != AccountKind.Officer) return "/my";
        if (await viewers.FindAsync(opened.Id, cancel) is not { LeadsTheCounty: true } leader) return "/desk";
        await using var db = reader.Open();
        return await CaseScope.OpenFor(db.Set<WorkTask>(), db, leader).AnyAsync(cancel) ? "/desk" : "/desk/overview";
    }

    /// <summary>Opens a session for an account whose right to it was proved.</summary>
    public Task OpenAsync(Account account)
    {
        opened = account;
        return sessions.SignInAsync(account, new AuthenticationProperties
        {
            IsPersistent = false,
            // Applicants use shared machines: their session ends earlier. Both slide.
            ExpiresUtc = time.GetUtcNow() + (account.Kind == AccountKind.Officer ? AccountServices.OfficerSession : AccountServices.ApplicantSession),
        });
    }

    /// <summary>Whose name it is; one mobile may stand in several persons' files: then only the ID number is clear.</summary>
    internal async Task<Account?> FindAsync(string name, CancellationToken cancel)
    {
        if (await users.FindByNameAsync(name.Trim()) is { } named) return named;
        var (idHash, phoneHash) = (ring.IdNumberHash(name), ring.PhoneHash(name));
        await using var db = reader.Open();
        // From the persons' indexes to the accounts: the other way round would look at every account.
        var persons = db.Set<Person>().Where(p => p.DocumentType == Persons.ResidentId && p.NumberHash == idHash).Select(p => p.Id)
            .Union(db.Set<Person>().Where(p => p.PhoneHash == phoneHash).Select(p => p.Id));
        var ids = await db.Users.Where(a => persons.Contains(a.PersonId!.Value)).Select(a => a.Id).Take(2).ToListAsync(cancel);
        return ids is [var id] ? await users.FindByIdAsync(id.ToString()) : null;
    }
}

internal enum SignInOutcome { Done, Wrong, LockedOut, ChangePassword }
