using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Mail.Office;

/// <summary>How letters stand, for administrators: which letter of which case it is, a masked recipient, and why it did not go. Never what it says.</summary>
public sealed class MailOfficeQuery
{
    public const int PageSize = 25;

    /// <summary>Counted as far as this.</summary>
    public const int Most = 10_000;
    private readonly IReader reader;
    private readonly IMailTransport transport;
    private readonly MatterLibrary library;
    private readonly FieldCipher cipher;
    private readonly SubjectContacts contacts;

    internal MailOfficeQuery(IReader reader, IMailTransport transport, MatterLibrary library, FieldCipher cipher, SubjectContacts contacts) =>
        (this.reader, this.transport, this.library, this.cipher, this.contacts) = (reader, transport, library, cipher, contacts);

    public async Task<MailState> StateAsync(CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var pause = await db.Set<MailPause>().FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        var by = pause is { ById: var id } && id != Guid.Empty ? await db.Users.Where(a => a.Id == id).Select(a => a.DisplayName).FirstOrDefaultAsync(cancel).ConfigureAwait(false) : null;
        var waiting = db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Pending);
        return new MailState(pause?.Since, pause?.Reason, by, transport.Unavailable ?? (transport as SmtpTransport)?.LastTrouble,
            await waiting.Take(Most).CountAsync(cancel).ConfigureAwait(false), await waiting.OrderBy(m => m.DueAt).Select(m => (DateTimeOffset?)m.CreatedAt).FirstOrDefaultAsync(cancel).ConfigureAwait(false),
            await db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Parked).Take(Most).CountAsync(cancel).ConfigureAwait(false));
    }

    /// <param name="page">From 1; the latest first.</param>
    public async Task<ParkedView> ParkedAsync(int page, int size = PageSize, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var parked = db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Parked);
        var total = await parked.Take(Most).CountAsync(cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (total + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var letters = await parked.OrderByDescending(m => m.DueAt).ThenByDescending(m => m.Id).Skip((page - 1) * size).Take(size).ToListAsync(cancel).ConfigureAwait(false);
        var ids = letters.Select(l => l.CaseId).OfType<Guid>().Distinct().ToList();
        var numbers = await db.Set<Case>().Where(c => EF.Parameter(ids).Contains(c.Id)).Select(c => new { c.Id, c.Number }).ToDictionaryAsync(c => c.Id, c => c.Number, cancel).ConfigureAwait(false);
        var addressees = await Addressees.LookUpAsync(db, letters, cipher, contacts, cancel).ConfigureAwait(false);
        var rows = new List<ParkedLetter>(letters.Count);
        foreach (var letter in letters)
            rows.Add(new ParkedLetter(letter.Id, letter.CreatedAt, letter.CaseId is { } id ? numbers.GetValueOrDefault(id) : null, await library.LetterNameAsync(letter.Revision, letter.Template, cancel).ConfigureAwait(false), letter.Template ?? letter.Subject,
                addressees.Find(letter).Address is { } to ? Mask.Email(to.Address) : null, letter.Attempts, letter.LastError));
        return new ParkedView(rows, total, page, pages);
    }
}

/// <param name="PausedSince">Null: letters go.</param>
/// <param name="PausedBy">Null: the product itself, after a restore.</param>
/// <param name="Trouble">Why nothing can be sent; null: it can.</param>
/// <param name="Waiting">Counted to <see cref="MailOfficeQuery.Most"/>.</param>
/// <param name="Oldest">When the longest waiting letter was written.</param>
public sealed record MailState(DateTimeOffset? PausedSince, string? PauseReason, string? PausedBy, string? Trouble, int Waiting, DateTimeOffset? Oldest, int Parked);

/// <param name="CaseNumber">Null: about no case.</param>
/// <param name="File">Template, or the subject of a manager's own letter.</param>
/// <param name="Recipient">Masked; null: none is known.</param>
/// <param name="Reason">A code of ours (<c>no-address</c>), or the server's words without addresses.</param>
public sealed record ParkedLetter(Guid Id, DateTimeOffset CreatedAt, string? CaseNumber, Words? Name, string? File, string? Recipient, int Attempts, string? Reason);

public sealed record ParkedView(IReadOnlyList<ParkedLetter> Letters, int Total, int Page, int Pages);
