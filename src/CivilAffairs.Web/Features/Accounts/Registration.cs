using System.Globalization;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Account = CivilAffairs.Web.Platform.Security.Account;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>What an applicant typed; checked before it comes here.</summary>
internal sealed record NewApplicant(string Name, string IdNumber, string Mobile, string? Email, string Password);

internal enum RegistrationOutcome { Done, HasAccount, DoesNotMatch }

/// <summary>
/// Stores a person and their account in one transaction: after a failure there are both or neither. Who is on file
/// already, for example from a case filed at the counter, must give the same name and, where one is on file, the same
/// mobile: an ID number alone must not open somebody else's case.
/// </summary>
internal sealed class Registration(IWriter writer, AccountMaker maker, KeyRing ring, FieldCipher cipher, TimeProvider time)
{
    public async Task<(RegistrationOutcome Outcome, Account? Account)> RegisterAsync(NewApplicant who, CancellationToken cancel)
    {
        // Hashing is slow: before the transaction.
        var account = maker.Applicant(Guid.Empty, who.Name, who.Password);
        account.Language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" ? "en" : "zh-CN";
        try
        {
            var outcome = await writer.WriteAsync((db, _) => StoreAsync(db, account, who), cancel);
            return (outcome, outcome == RegistrationOutcome.Done ? account : null);
        }
        catch (DbUpdateException)
        {
            // The same person registered twice at the same moment; the unique indexes let one through.
            return (RegistrationOutcome.HasAccount, null);
        }
    }

    private async Task<RegistrationOutcome> StoreAsync(CivilAffairsDb db, Account account, NewApplicant who)
    {
        var now = time.GetUtcNow();
        var person = await db.FindPersonAsync(ring, who.IdNumber);
        if (person is null)
        {
            person = Persons.New(ring, cipher, who.IdNumber, who.Name, now);
            db.Add(person);
        }
        else
        {
            if (await db.Users.AnyAsync(a => a.PersonId == person.Id)) return RegistrationOutcome.HasAccount;
            if (!Same(person, who)) return RegistrationOutcome.DoesNotMatch;
        }
        person.Reach(ring, cipher, who.Mobile, who.Email);
        account.PersonId = person.Id;
        db.Add(account);
        await db.AppendAccountsAsync(account.Id, "account.registered", new { account = account.Id, person = person.Id }, now);
        return RegistrationOutcome.Done;
    }

    private bool Same(Person person, NewApplicant who) =>
        person.Name.Trim() == who.Name && (person.PhoneHash is not { } known || known == ring.PhoneHash(who.Mobile));
}
