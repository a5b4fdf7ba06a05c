using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace CivilAffairs.Web.Platform.Security;

/// <summary>
/// Makes accounts ready to be added in any transaction, so that an account and what belongs to it are stored together.
/// Hashing takes tens of milliseconds: make the account before the transaction.
/// </summary>
public sealed class AccountMaker(IPasswordHasher<Account> hasher, ILookupNormalizer normalizer, TimeProvider time)
{
    // No letters and digits that look alike: these are read out and copied by hand.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <param name="userName">Letters, digits and <c>-._@+</c>; unique.</param>
    /// <param name="password">Must have passed the policy.</param>
    public Account Officer(string userName, string displayName, string password, params IEnumerable<HeldRole> held)
    {
        var account = Make(userName, displayName, AccountKind.Officer, password);
        foreach (var role in held)
            account.Postings.Add(new Posting { AccountId = account.Id, Role = role.Role, Division = role.Division, From = Time.BureauTime.Day(account.CreatedAt) });
        return account;
    }

    /// <summary>An applicant signs in by mobile or ID number; the user name is a random one that says nothing.</summary>
    public Account Applicant(Guid personId, string displayName, string password, string? userName = null)
    {
        var account = Make(userName ?? $"p-{RandomNumberGenerator.GetString(Letters, 12)}", displayName, AccountKind.Applicant, password);
        account.PersonId = personId;
        return account;
    }

    /// <summary>Sixteen characters in groups of four.</summary>
    public static string OneTimePassword() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 4)));

    private Account Make(string userName, string displayName, AccountKind kind, string password)
    {
        var account = new Account
        {
            Id = Guid.CreateVersion7(),
            UserName = userName,
            NormalizedUserName = normalizer.NormalizeName(userName),
            DisplayName = displayName,
            Kind = kind,
            LockoutEnabled = true,
            SecurityStamp = Guid.NewGuid().ToString("N"),
            CreatedAt = time.GetUtcNow(),
        };
        account.PasswordHash = hasher.HashPassword(account, password);
        return account;
    }
}
