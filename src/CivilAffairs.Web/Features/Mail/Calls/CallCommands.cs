using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Mail.Calls;

/// <summary>Calling somebody whom no letter reaches: open what is to be said, and write down whether it was. Each with its line in the audit of the case, or of the organisation.</summary>
public sealed class CallCommands
{
    private readonly CommandRunner runner;
    private readonly CallList list;
    private readonly LetterMaker maker;
    private readonly FieldCipher cipher;
    private readonly SubjectContacts contacts;

    internal CallCommands(CommandRunner runner, CallList list, LetterMaker maker, FieldCipher cipher, SubjectContacts contacts) =>
        (this.runner, this.list, this.maker, this.cipher, this.contacts) = (runner, list, maker, cipher, contacts);

    /// <summary>Name, number and words. The line is written before anything is shown: a line without a call is possible, a look without a line is not.</summary>
    /// <exception cref="UnknownCaseException">Not in this viewer's list, or not any more.</exception>
    public async Task<CallSheet> OpenAsync(Viewer viewer, Guid id, CancellationToken cancel = default)
    {
        var (message, name, phone) = await runner.RunAsync(viewer, null, "call.open", id, async context =>
        {
            var (call, letter) = await ListedAsync(context, id, cancel).ConfigureAwait(false);
            await context.Db.AppendAsync(Chain(call, letter), viewer.AccountId, "call.opened", new { letter = id }, context.Now).ConfigureAwait(false);
            if (letter.PersonId is { } personId)
            {
                var person = await context.Db.Set<Person>().AsNoTracking().FirstAsync(p => p.Id == personId, cancel).ConfigureAwait(false);
                return (letter, person.Name, person.Phone(cipher));
            }
            var subject = (await contacts.LookUpAsync(context.Db, [letter.SubjectId!.Value], cancel).ConfigureAwait(false)).GetValueOrDefault(letter.SubjectId.Value);
            return (letter, subject?.Name(letter.Contact) ?? call.Applicant, subject?.Phone(letter.Contact));
        }, cancel).ConfigureAwait(false);
        var batch = await maker.PrepareAsync([message], cancel).ConfigureAwait(false);
        return new CallSheet(id, name, phone, batch.TextOf(message));
    }

    /// <summary>Told: it leaves the list. Not reached: it stays, with one try more.</summary>
    /// <param name="key">Idempotency key; null: a repeat finds it gone from the list.</param>
    /// <exception cref="UnknownCaseException">Not in this viewer's list, or not any more.</exception>
    public Task TellAsync(Viewer viewer, Guid id, bool reached, string? key, CancellationToken cancel = default) => runner.RunAsync(viewer, key, "call.tell", new { id, reached }, async context =>
    {
        var (call, letter) = await ListedAsync(context, id, cancel).ConfigureAwait(false);
        if (reached) letter.State = OutboxState.Told;
        else letter.Attempts++;
        await context.Db.AppendAsync(Chain(call, letter), viewer.AccountId, reached ? "call.told" : "call.notReached", new { letter = id, letter.Template }, context.Now).ConfigureAwait(false);
        return 0;
    }, cancel);

    private static string Chain(Call call, OutboxMessage letter) => (call.CaseId ?? letter.SubjectId)!.Value.ToString();

    /// <summary>Under the lock of the case or the organisation, so that of two who write it down at once the second finds it gone.</summary>
    private async Task<(Call Call, OutboxMessage Letter)> ListedAsync(CommandContext context, Guid id, CancellationToken cancel)
    {
        var about = await context.Db.Set<OutboxMessage>().Where(m => m.Id == id).Select(m => new { m.CaseId, m.SubjectId }).FirstOrDefaultAsync(cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        if (about.CaseId is { } caseId) await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
        else await SubjectLedger.LockAsync(context.Db, about.SubjectId ?? throw new UnknownCaseException()).ConfigureAwait(false);
        var call = await list.FindAsync(context.Db, context.Actor, id, cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        return (call, await context.Db.Set<OutboxMessage>().FirstAsync(m => m.Id == id, cancel).ConfigureAwait(false));
    }
}

/// <summary>What somebody needs who calls.</summary>
/// <param name="Phone">Null: none is known; then a visit.</param>
/// <param name="Text">What the letter says; null: it cannot be made.</param>
public sealed record CallSheet(Guid Id, string Name, string? Phone, string? Text);
