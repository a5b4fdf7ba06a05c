using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Mail.Choice;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace CivilAffairs.Web.Features.Mail;

/// <summary>Reads all that the letters of a batch need, in a fixed number of queries: the outbox holds references only.</summary>
internal sealed class LetterMaker(DocumentRenderer renderer, MailTemplates templates, IMailData data, ReminderFacts reminders, IEnumerable<IAccountLetter> accountLetters,
    IReader reader, FieldCipher cipher, SubjectContacts contacts, MailChoices choices, SiteAddress site, IOptions<MailOptions> options, TimeProvider time)
{
    private readonly MailboxAddress from = new(options.Value.FromName ?? "", options.Value.From);
    private readonly Dictionary<string, IAccountLetter> ofAccounts = accountLetters.ToDictionary(l => l.Template);

    /// <exception cref="Exception">The database did not answer: the whole batch is to be tried again.</exception>
    internal async Task<LetterBatch> PrepareAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var addressees = await Addressees.LookUpAsync(db, messages, cipher, contacts, cancel).ConfigureAwait(false);
        var facts = await data.DataAsync(db, [.. messages.Where(m => m.Template is not null).Select(m => m.CaseId).OfType<Guid>()], cancel).ConfigureAwait(false);
        var contents = new Dictionary<Guid, LetterContent>(messages.Count);
        foreach (var message in messages.Where(m => m.Revision is not null && m.Template is not null))
        {
            var (template, optional, fault) = await templates.FindAsync(message.Revision!, message.Template!, addressees.IsEnglish(message), cancel).ConfigureAwait(false);
            contents[message.Id] = new(Template: template, Fault: fault, Optional: optional);
        }
        foreach (var letters in messages.Where(m => m is { Revision: null, Template: not null, AccountId: not null }).GroupBy(m => m.Template!))
        {
            if (!ofAccounts.TryGetValue(letters.Key, out var letter)) continue;
            var texts = await letter.MakeAsync(letters.GroupBy(m => m.AccountId!.Value).ToDictionary(g => g.Key, g => addressees.IsEnglish(g.First())), cancel).ConfigureAwait(false);
            foreach (var message in letters) contents[message.Id] = texts.TryGetValue(message.AccountId!.Value, out var text) ? new(Text: text) : new(Fault: "not-wanted");
        }
        return new LetterBatch(messages, addressees, contents, facts, reminders, renderer, from, time, person => site.Of(choices.PathOf(person)));
    }
}

/// <summary>Where a letter's words come from: a template, words that are ready, or nowhere (the code says why).</summary>
/// <param name="Optional">The law requires no such letter.</param>
internal sealed record LetterContent(Matters.MailTemplate? Template = null, MailText? Text = null, string? Fault = null, bool Optional = false);
