using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// Who is who, put right: an ID number that was mistyped, or one person recorded twice. The record that is given up stays,
/// encrypted as it was, and says which it became part of; only its look-up goes, so that the number's true holder can be
/// recorded. What cases froze in their forms and documents is not touched (docs/adr/0028).
/// </summary>
internal sealed class PersonCommands(CommandRunner runner, KeyRing ring, FieldCipher cipher)
{
    /// <summary>Cases whose audit must say so in one transaction.</summary>
    private const int Most = 200;

    /// <summary>Codes: why a number was wrong.</summary>
    public static IReadOnlyList<string> Reasons { get; } = ["typo", "shortNumber", "recordedTwice", "officialChange"];

    /// <summary>Characters of the evidence.</summary>
    public const int LongestEvidence = 200;

    /// <summary>Gives a person the right number; where somebody has it already, the two are one and are merged.</summary>
    /// <param name="typed">The right number, 18 characters or 15 digits.</param>
    /// <param name="evidence">What shows it: a paper, a reply of the police. Kept encrypted on the given-up record.</param>
    /// <returns>The person who goes on: the same one, or whose number it is.</returns>
    /// <exception cref="InvalidAnswersException">It is no ID number, or nothing shows it.</exception>
    public Task<Guid> CorrectIdNumberAsync(Viewer actor, Guid personId, string typed, string reason, string evidence, string key, CancellationToken cancel = default)
    {
        if (!Reasons.Contains(reason)) throw new ArgumentOutOfRangeException(nameof(reason));
        // The number itself must not lie in the record of the command: its keyed hash tells repeats apart as well.
        var hash = ring.IdNumberHash(typed);
        return runner.RunAsync(actor, key, "person.correct", new { personId, hash, reason, evidence = ring.LookupHash("evidence", evidence) }, async context =>
        {
            var person = await PersonAsync(context, personId).ConfigureAwait(false);
            var faults = Faults(evidence).ToList();
            if (IdNumber.Read(IdNumber.Lengthen(Typed.Number(typed)), BureauTime.Day(context.Now)).Number is not { } number)
                throw new InvalidAnswersException([new FieldFault("idNumber", "身份证号码不正确，请核对。", "This is not a valid ID number."), .. faults]);
            if (faults.Count > 0) throw new InvalidAnswersException(faults);
            if (person.NumberHash == hash) return person.Id;
            var owner = await context.Db.FindPersonAsync(ring, number.Text).ConfigureAwait(false);
            if (owner is null)
            {
                // A new record, so that the wrong number stays readable where it was.
                owner = Persons.New(ring, cipher, number.Text, person.Name, context.Now);
                context.Db.Add(owner);
                await context.Db.SaveChangesAsync().ConfigureAwait(false);
            }
            await MergeAsync(context, person, owner, reason, evidence).ConfigureAwait(false);
            return owner.Id;
        }, cancel);
    }

    /// <summary>Makes two records of one person one: parties, benefits, certificates, account and waiting letters go over.</summary>
    /// <exception cref="InvalidAnswersException">Nothing shows that they are one.</exception>
    public Task MergeAsync(Viewer actor, Guid fromId, Guid intoId, string reason, string evidence, string key, CancellationToken cancel = default)
    {
        if (!Reasons.Contains(reason)) throw new ArgumentOutOfRangeException(nameof(reason));
        return runner.RunAsync(actor, key, "person.merge", new { fromId, intoId, reason, evidence = ring.LookupHash("evidence", evidence) }, async context =>
        {
            var (from, into) = (await PersonAsync(context, fromId).ConfigureAwait(false), await PersonAsync(context, intoId).ConfigureAwait(false));
            if (Faults(evidence).ToList() is { Count: > 0 } faults) throw new InvalidAnswersException(faults);
            if (fromId == intoId) throw new NotAllowedException("person.same");
            await MergeAsync(context, from, into, reason, evidence).ConfigureAwait(false);
            return 0;
        }, cancel);
    }

    private static IEnumerable<FieldFault> Faults(string evidence)
    {
        if (string.IsNullOrWhiteSpace(evidence)) yield return new FieldFault("evidence", "请写明依据的证件或文书。", "Say which paper shows it.");
        else if (evidence.Trim().Length > LongestEvidence) yield return new FieldFault("evidence", $"依据不能超过 {LongestEvidence} 个字。", $"At most {LongestEvidence} characters.");
    }

    private static async Task<Person> PersonAsync(CommandContext context, Guid id)
    {
        if (!context.Actor.HoldsForCounty(Roles.Supervisor)) throw new NotAllowedException("person.supervisorOnly");
        var person = await context.Db.Set<Person>().FirstOrDefaultAsync(p => p.Id == id).ConfigureAwait(false) ?? throw new UnknownCaseException();
        return person.MergedIntoId is null ? person : throw new NotAllowedException("person.merged");
    }

    /// <remarks>Power failure: one transaction, so all of it or nothing.</remarks>
    private async Task MergeAsync(CommandContext context, Person from, Person into, string reason, string evidence)
    {
        var (db, fromId, intoId) = (context.Db, from.Id, into.Id);
        var cases = await db.Set<CaseParty>().Where(p => p.PersonId == fromId).Select(p => p.CaseId).Distinct().OrderBy(id => id).Take(Most + 1).ToListAsync().ConfigureAwait(false);
        if (cases.Count > Most) throw new NotAllowedException("person.tooMany");
        foreach (var id in cases)
        {
            // In the order of ids, so that two merges never wait for each other.
            await CaseLoader.LockAsync(db, id).ConfigureAwait(false);
            if (!await CaseScope.SeesAsync(db, context.Actor, id).ConfigureAwait(false)) throw new UnknownCaseException();
        }
        await db.Set<CaseParty>().Where(p => p.PersonId == fromId).ExecuteUpdateAsync(s => s.SetProperty(p => p.PersonId, intoId)).ConfigureAwait(false);
        await db.Set<Grant>().Where(g => g.PersonId == fromId).ExecuteUpdateAsync(s => s.SetProperty(g => g.PersonId, intoId)).ConfigureAwait(false);
        await db.Set<Certificate>().Where(c => c.PersonId == fromId).ExecuteUpdateAsync(s => s.SetProperty(c => c.PersonId, intoId)).ConfigureAwait(false);
        await db.Set<OutboxMessage>().Where(m => m.PersonId == fromId && m.State == OutboxState.Pending).ExecuteUpdateAsync(s => s.SetProperty(m => m.PersonId, intoId)).ConfigureAwait(false);
        var accounts = await AccountsAsync(db, fromId, intoId).ConfigureAwait(false);
        // Found no more: neither by the wrong number, which may be somebody else's, nor by a mobile that now is the other's.
        if (into.PhoneCipher is null && from.Phone(cipher) is { } phone) into.Reach(ring, cipher, phone, null);
        if (into.EmailCipher is null && from.Email(cipher) is { } email) into.Reach(ring, cipher, null, email);
        (from.MergedIntoId, from.NumberHash, from.PhoneHash) = (intoId, $"merged:{fromId:N}", null);
        from.Prove(cipher, evidence.Trim());
        foreach (var id in cases) await db.AppendAsync(id.ToString(), context.Actor.AccountId, "person.merged", new { from = fromId, into = intoId, reason }, context.Now).ConfigureAwait(false);
        // Also where no case is concerned: the chain of accounts knows every change of who somebody is.
        await db.AppendAccountsAsync(context.Actor.AccountId, "person.merged", new { from = fromId, into = intoId, reason, cases = cases.Count, accounts }, context.Now).ConfigureAwait(false);
    }

    /// <summary>The account goes over; where both have one, the given-up record's is closed and its cases are the other's.</summary>
    private static async Task<string> AccountsAsync(CivilAffairsDb db, Guid fromId, Guid intoId)
    {
        var old = await db.Users.FirstOrDefaultAsync(a => a.PersonId == fromId).ConfigureAwait(false);
        if (old is null) return "none";
        if (await db.Users.FirstOrDefaultAsync(a => a.PersonId == intoId).ConfigureAwait(false) is not { } kept)
        {
            old.PersonId = intoId;
            return "moved";
        }
        await db.Set<Case>().Where(c => c.ApplicantAccountId == old.Id).ExecuteUpdateAsync(s => s.SetProperty(c => c.ApplicantAccountId, kept.Id)).ConfigureAwait(false);
        // Signed out everywhere, and never in again.
        (old.PersonId, old.Disabled, old.SecurityStamp) = (null, true, Guid.NewGuid().ToString("N"));
        return "closed";
    }
}
