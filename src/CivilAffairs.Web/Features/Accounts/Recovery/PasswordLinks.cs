using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Accounts.Recovery;

/// <summary>
/// Links by which somebody who forgot the password sets a new one. A link is made when its letter is sent and stored
/// nowhere: it is Identity's own token, bound to the account's security stamp, so it is void once a password was set.
/// </summary>
internal sealed class PasswordLinks(UserManager<Account> users, IPasswordHasher<Account> hasher, IWriter writer, IReader reader, SignInDesk desk, FieldCipher cipher, SiteAddress site, TimeProvider time)
{
    /// <summary>In <see cref="OutboxMessage.Template"/>.</summary>
    internal const string Letter = "account.password";

    /// <summary>How long a link works, from when its letter is made.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>One letter in such a time for an account, so that nobody's mailbox is filled by others.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    // Longer than the look-up and the commit take, which only happens where there is an account.
    private static readonly TimeSpan AnswerAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Sees to it that a letter goes where there is such an account with an address. The caller cannot tell: it takes as
    /// long where there is none.
    /// </summary>
    /// <param name="name">As typed: a user name, a mobile or an ID number.</param>
    public Task AskAsync(string name, CancellationToken cancel)
    {
        return Task.WhenAll(WriteAsync(), Task.Delay(AnswerAfter, time, cancel));

        async Task WriteAsync()
        {
            if (await desk.FindAsync(name, cancel) is { Disabled: false } account) await WriteLetterAsync(account, cancel);
        }
    }

    /// <summary>Writes the letter into the outbox, with its audit line, in one transaction.</summary>
    /// <remarks>Nothing where there is no address to write to, or where the last letter is too young.</remarks>
    private async Task WriteLetterAsync(Account account, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var messageId = MessageId(account.Id, now);
        try
        {
            await writer.WriteAsync(async (db, stop) =>
            {
                if (await db.Set<OutboxMessage>().AnyAsync(m => m.MessageId == messageId && m.Revision == null, stop)) return 0;
                if (account.Email is null && !await db.Set<Person>().AnyAsync(p => p.Id == account.PersonId && p.EmailCipher != null, stop)) return 0;
                db.Add(new OutboxMessage { AccountId = account.Id, Template = Letter, MessageId = messageId, CreatedAt = now, DueAt = now });
                // Whoever asks has proved nothing: nobody is named as the one who did.
                await db.AppendAccountsAsync(Guid.Empty, "account.password-link-asked", new { account = account.Id }, now);
                return 0;
            }, cancel);
        }
        catch (DbUpdateException)
        {
            // Asked twice at the same moment; the unique Message-ID let one letter through.
        }
    }

    /// <returns>An address with everything that is needed to set a password: a secret.</returns>
    public async Task<string> MakeAsync(Account account)
    {
        var until = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds();
        var token = await users.GenerateUserTokenAsync(account, TokenOptions.DefaultProvider, Purpose(until));
        return site.Of(string.Create(CultureInfo.InvariantCulture, $"/reset-password?account={account.Id}&until={until}&token={WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(token))}"));
    }

    /// <returns>Whose link it is; null: never made, changed, used, too old, or the account was disabled.</returns>
    public async Task<Account?> ReadAsync(PasswordLink link)
    {
        if (link is not { Account: { } id, Until: { } until, Token.Length: > 0 } || until <= time.GetUtcNow().ToUnixTimeSeconds()) return null;
        if (await users.FindByIdAsync(id.ToString()) is not { Disabled: false } account) return null;
        try
        {
            var token = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(link.Token));
            return await users.VerifyUserTokenAsync(account, TokenOptions.DefaultProvider, Purpose(until), token) ? account : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Numbers and names of the account that others may know, and a password must not contain.</summary>
    public async Task<IReadOnlyList<string?>> KnownAsync(Account account, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var person = await db.Set<Person>().FirstOrDefaultAsync(p => p.Id == account.PersonId, cancel);
        return [account.UserName, person?.IdNumber(cipher), person?.Phone(cipher)];
    }

    /// <summary>Sets the password and uses the link up, both or neither; sessions open elsewhere end within a minute.</summary>
    /// <param name="account">As <see cref="ReadAsync"/> gave it.</param>
    /// <returns>False: the link was used meanwhile.</returns>
    public async Task<bool> UseAsync(Account account, string password, CancellationToken cancel)
    {
        var (id, stamp) = (account.Id, account.SecurityStamp);
        // Slow: before the transaction.
        var hash = hasher.HashPassword(account, password);
        try
        {
            return await writer.WriteAsync(async (db, stop) =>
            {
                if (await db.Users.FirstOrDefaultAsync(a => a.Id == id && !a.Disabled && a.SecurityStamp == stamp, stop) is not { } current) return false;
                (current.PasswordHash, current.PasswordIsTemporary) = (hash, false);
                (current.SecurityStamp, current.ConcurrencyStamp) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString());
                // Whoever reads the account's mail is no guesser.
                (current.LockoutEnd, current.AccessFailedCount) = (null, 0);
                await db.AppendAccountsAsync(id, "account.password-reset", new { account = id }, time.GetUtcNow());
                return true;
            }, cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Two used one link at the same moment; the concurrency stamp let one through.
            return false;
        }
    }

    // Authenticated by the token, so a later hour cannot be written into the link.
    private static string Purpose(long until) => string.Create(CultureInfo.InvariantCulture, $"{UserManager<Account>.ResetPasswordTokenPurpose}:{until}");

    /// <summary>The same for one account within <see cref="Pause"/>: the outbox's unique index is what limits the letters.</summary>
    private static string MessageId(Guid account, DateTimeOffset now)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Letter} {account} {now.Ticks / Pause.Ticks}");
        return $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32]}@civilaffairs.invalid";
    }
}

/// <summary>A link as it came back.</summary>
/// <param name="Until">Unix seconds.</param>
internal sealed record PasswordLink(Guid? Account, long? Until, string? Token);
