using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>What only the counter 窗口 does to a draft: looks up who came in, and notes where letters are to go.</summary>
public sealed class CounterCommands
{
    /// <summary>Under which a party's contact in a draft is sealed.</summary>
    internal static string ContactPurpose(string? party) => CaseContents.Purpose(ContentKind.Contact, Slot(party));

    /// <summary>What sets the contact of one party apart; null: who applies.</summary>
    internal static string? Slot(string? party) => party is "applicant" ? null : party;

    private readonly CommandRunner runner;
    private readonly Filing filing;
    private readonly MatterLibrary library;
    private readonly CaseVault vault;
    private readonly KeyRing ring;
    private readonly FieldCipher fields;

    internal CounterCommands(CommandRunner runner, Filing filing, MatterLibrary library, CaseVault vault, KeyRing ring, FieldCipher fields) =>
        (this.runner, this.filing, this.library, this.vault, this.ring, this.fields) = (runner, filing, library, vault, ring, fields);

    /// <summary>Finds the person of an ID number among those that the bureau knows. The look-up is written down, found or not.</summary>
    /// <param name="party">As who the person came, by the form's role: the registers are looked up that the form names for them.</param>
    /// <exception cref="UnknownCaseException">The draft is not the officer's own.</exception>
    public Task<KnownPerson?> IdentifyAsync(Viewer actor, Guid caseId, string idNumber, string party = "applicant", CancellationToken cancel = default) =>
        runner.RunAsync(actor, null, "counter.identify", caseId, async context =>
        {
            var @case = await DraftCommands.EditableAsync(context, library, caseId).ConfigureAwait(false);
            var person = await context.Db.FindPersonAsync(ring, idNumber, cancel).ConfigureAwait(false);
            await context.Db.AppendAsync(caseId.ToString(), actor.AccountId, "counter.identified", new { person = person?.Id }, context.Now).ConfigureAwait(false);
            if (person is null) return null;
            var open = await filing.OpenCaseAsync(context.Db, @case, [person.NumberHash]).ConfigureAwait(false);
            var form = (await library.RevisionAsync(@case.Revision, cancel).ConfigureAwait(false)).Form;
            var entries = await EntriesAsync(context, person.Id, form.Parties.FirstOrDefault(p => p.Role == party)?.Registers ?? []).ConfigureAwait(false);
            return new KnownPerson(person.Name, person.IdNumber(fields), person.Phone(fields), person.Email(fields) is not null, open?.Number) { Entries = entries.Count > 0 ? entries : null };
        }, cancel);

    /// <summary>Entries about a person that are valid today.</summary>
    private static async Task<List<KnownEntry>> EntriesAsync(CommandContext context, Guid person, IReadOnlyList<string> registers)
    {
        var (today, entries) = (Platform.Time.BureauTime.Day(context.Now), new List<KnownEntry>());
        foreach (var register in registers)
            entries.AddRange((await RegisterLookups.OfAsync(context.Db, register, [person]).ConfigureAwait(false)).Where(e => RegisterLookups.IsValid(e, today)).Select(e => new KnownEntry(register, RegisterLookups.RegisteredOn(e))));
        return entries;
    }

    /// <summary>Notes a party's e-mail address in the draft; empty takes it away. At filing it becomes the person's, if none is known of them.</summary>
    /// <param name="party">By the form's role.</param>
    /// <exception cref="InvalidAnswersException">It cannot be an address; nothing is stored.</exception>
    public Task SetEmailAsync(Viewer actor, Guid caseId, string email, string party = "applicant", CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(email);
        var slot = Slot(party);
        return runner.RunAsync(actor, null, "counter.email", caseId, async context =>
        {
            if (email.Trim().Length > 0 && !MailAddress.Like(email)) throw new InvalidAnswersException([new FieldFault("contact.email", "电子邮箱应形如 name@example.com。", "The e-mail address should look like name@example.com.")]);
            await DraftCommands.EditableAsync(context, library, caseId).ConfigureAwait(false);
            var row = await context.Db.Set<CaseContent>().FirstOrDefaultAsync(c => c.CaseId == caseId && c.Kind == ContentKind.Contact && c.ActivityId == slot).ConfigureAwait(false);
            if (email.Trim().Length == 0)
            {
                if (row is not null) context.Db.Remove(row);
                return 0;
            }
            var cipher = await vault.OpenAsync(context.Db, caseId).ConfigureAwait(false);
            if (row is null) context.Db.Add(row = new CaseContent { CaseId = caseId, Kind = ContentKind.Contact, ActivityId = slot, Number = 0, Cipher = [] });
            (row.Cipher, row.OccurredOn, row.RecordedAt, row.RecordedById) = (cipher.SealText(email.Trim(), ContactPurpose(slot)), Platform.Time.BureauTime.Day(context.Now), context.Now, actor.AccountId);
            return 0;
        }, cancel);
    }
}

/// <summary>Who is known under an ID number. Whole values: pages mask them.</summary>
/// <param name="HasEmail">Letters reach them already.</param>
/// <param name="OpenCase">Number of a case of the same matter that still runs and allows no second one; null: none.</param>
public sealed record KnownPerson(string Name, string IdNumber, string? Phone, bool HasEmail, string? OpenCase)
{
    /// <summary>What is valid about them today in the registers that the form asks; null: nothing.</summary>
    public IReadOnlyList<KnownEntry>? Entries { get; init; }
}

/// <param name="Register">Its id.</param>
/// <param name="Since">The day of what was registered.</param>
public sealed record KnownEntry(string Register, DateOnly Since);
