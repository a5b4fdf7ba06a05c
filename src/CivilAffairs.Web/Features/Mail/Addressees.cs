using System.Security.Cryptography;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Mail.Choice;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace CivilAffairs.Web.Features.Mail;

/// <summary>Whom the messages of a batch go to, looked up at sending time in a few queries. Lives as long as the batch; never logged.</summary>
internal sealed class Addressees
{
    private readonly Dictionary<Guid, string?> emails;
    private readonly Dictionary<Guid, Reader> accounts;
    private readonly Dictionary<Guid, string> languages;
    private readonly IReadOnlyDictionary<Guid, SubjectAddresses> subjects;
    private readonly FieldCipher cipher;
    private readonly HashSet<Guid> off;

    private Addressees(Dictionary<Guid, string?> emails, List<Reader> accounts, IReadOnlyDictionary<Guid, SubjectAddresses> subjects, HashSet<Guid> off, FieldCipher cipher)
    {
        (this.emails, this.subjects, this.off, this.cipher) = (emails, subjects, off, cipher);
        this.accounts = accounts.ToDictionary(a => a.Id);
        languages = accounts.Where(a => a.PersonId is not null).ToDictionary(a => a.PersonId!.Value, a => a.Language);
    }

    internal static async Task<Addressees> LookUpAsync(CivilAffairsDb db, IReadOnlyList<OutboxMessage> batch, FieldCipher cipher, SubjectContacts contacts, CancellationToken cancel)
    {
        var (personIds, accountIds) = (batch.Select(m => m.PersonId).OfType<Guid>().Distinct().ToList(), batch.Select(m => m.AccountId).OfType<Guid>().Distinct().ToList());
        // Each list is one parameter: one plan, whatever its length.
        var accounts = await db.Set<Account>().Where(a => EF.Parameter(accountIds).Contains(a.Id) || (a.PersonId != null && EF.Parameter(personIds).Contains(a.PersonId.Value)))
            .Select(a => new Reader(a.Id, a.PersonId, a.Email, a.Language, a.Disabled)).ToListAsync(cancel).ConfigureAwait(false);
        personIds = [.. personIds.Union(accounts.Select(a => a.PersonId).OfType<Guid>())];
        var emails = await db.Set<Person>().Where(p => EF.Parameter(personIds).Contains(p.Id)).Select(p => new { p.Id, p.EmailCipher })
            .ToDictionaryAsync(p => p.Id, p => p.EmailCipher, cancel).ConfigureAwait(false);
        var subjects = await contacts.LookUpAsync(db, [.. batch.Select(m => m.SubjectId).OfType<Guid>()], cancel).ConfigureAwait(false);
        var off = personIds.Count == 0 ? [] : await db.Set<MailChoice>().Where(c => EF.Parameter(personIds).Contains(c.PersonId)).Select(c => c.PersonId).ToHashSetAsync(cancel).ConfigureAwait(false);
        return new Addressees(emails, accounts, subjects, off, cipher);
    }

    /// <returns>The address, or why there is none: <c>no-address</c>, <c>bad-address</c>, <c>account-disabled</c>, <c>address-unreadable</c>.</returns>
    internal (MailboxAddress? Address, string? Fault) Find(OutboxMessage message)
    {
        var account = message is { PersonId: null, AccountId: { } id } ? accounts.GetValueOrDefault(id) : null;
        if (account is { Disabled: true }) return (null, "account-disabled");
        string? text;
        try
        {
            text = message.PersonId is { } person ? OfPerson(person)
                : message.SubjectId is { } subject ? subjects.GetValueOrDefault(subject)?.Email(message.Contact)
                : message.AccountId is null ? message.Address
                : account?.Email ?? (account?.PersonId is { } applicant ? OfPerson(applicant) : null);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or KeyNotFoundException)
        {
            return (null, "address-unreadable");
        }
        if (string.IsNullOrWhiteSpace(text)) return (null, "no-address");
        return MailboxAddress.TryParse(text.Trim(), out var address) && address.Address.Contains('@', StringComparison.Ordinal) ? (new MailboxAddress("", address.Address), null) : (null, "bad-address");
    }

    /// <summary>Whether the account of whoever is written to has chosen English, or the register says so of its subject's contact; else Chinese.</summary>
    internal bool IsEnglish(OutboxMessage message) => message.SubjectId is { } subject
        ? subjects.GetValueOrDefault(subject)?.IsEnglish(message.Contact) == true
        : (message.PersonId is { } person ? languages.GetValueOrDefault(person) : message.AccountId is { } account ? accounts.GetValueOrDefault(account)?.Language : null) == "en";

    /// <summary>But those that the law requires.</summary>
    internal bool WantsNone(Guid person) => off.Contains(person);

    private string? OfPerson(Guid id) => cipher.Email(id, emails.GetValueOrDefault(id));

    private sealed record Reader(Guid Id, Guid? PersonId, string? Email, string Language, bool Disabled);
}
