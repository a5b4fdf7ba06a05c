using CivilAffairs.Engine.Rules;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>A wrong number is put right and two records of one person become one, with everything that was theirs and no history lost.</summary>
public sealed class PersonTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private const string Evidence = "户口簿第 3 页";
    private static readonly Viewer Supervisor = CaseStory.Officer("sup-2", Roles.Supervisor, "341299");

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_mistyped_number_is_given_up_and_stays_readable(string kind)
    {
        var (app, commands, ring, cipher) = await OpenAsync(kind);
        var (wrong, right) = (TestAccounts.IdNumber(), TestAccounts.IdNumber());
        var account = await TestAccounts.ApplicantAsync(app, wrong, "张某", mobile: $"138{Random.Shared.Next(10_000_000, 99_999_999)}");
        var caseId = await PartyAsync(app, account.PersonId!.Value);

        var goesOn = await commands.CorrectIdNumberAsync(Supervisor, account.PersonId.Value, right, "typo", Evidence, Guid.NewGuid().ToString());
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var old = await db.Set<Person>().SingleAsync(p => p.Id == account.PersonId);
        var now = await db.Set<Person>().SingleAsync(p => p.Id == goesOn);
        Assert.Equal((wrong, goesOn, null), (old.IdNumber(cipher), old.MergedIntoId, old.PhoneHash));
        Assert.Equal((right, now.Phone(cipher)), (now.IdNumber(cipher), old.Phone(cipher)));
        Assert.Equal(goesOn, (await db.Set<CaseParty>().SingleAsync(p => p.CaseId == caseId)).PersonId);
        Assert.Equal(goesOn, (await db.Users.SingleAsync(a => a.Id == account.Id)).PersonId);
        // The wrong number may be somebody else's: whoever has it is nobody known.
        Assert.Null(await db.FindPersonAsync(ring, wrong));
        var line = await db.Set<AuditEntry>().SingleAsync(a => a.Chain == caseId.ToString() && a.Action == "person.merged");
        Assert.DoesNotContain(right, line.Details, StringComparison.Ordinal);
        Assert.Empty(await db.VerifyAsync(default));
        Assert.Equal((Evidence, null), (old.MergeEvidence(cipher), now.MergeEvidence(cipher)));
        Assert.DoesNotContain(Evidence, old.MergeEvidenceCipher!, StringComparison.Ordinal);
        foreach (var nothing in (string[])["", " ", new string('x', PersonCommands.LongestEvidence + 1)])
            Assert.Equal("evidence", Assert.Single((await Assert.ThrowsAsync<InvalidAnswersException>(() => commands.CorrectIdNumberAsync(Supervisor, goesOn, TestAccounts.IdNumber(), "typo", nothing, Guid.NewGuid().ToString()))).Faults).Path);
        // A given-up record is not given up again.
        Assert.Equal("person.merged", (await Assert.ThrowsAsync<NotAllowedException>(() => commands.CorrectIdNumberAsync(Supervisor, old.Id, TestAccounts.IdNumber(), "typo", Evidence, Guid.NewGuid().ToString()))).Reason);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Somebody_recorded_twice_becomes_one_with_one_account(string kind)
    {
        var (app, commands, ring, _) = await OpenAsync(kind);
        var (first, second) = (await TestAccounts.ApplicantAsync(app), await TestAccounts.ApplicantAsync(app));
        var (mine, theirs) = (await PartyAsync(app, first.PersonId!.Value, first.Id), await PartyAsync(app, second.PersonId!.Value, second.Id));
        await commands.MergeAsync(Supervisor, first.PersonId.Value, second.PersonId.Value, "recordedTwice", Evidence, Guid.NewGuid().ToString());
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.All(await db.Set<CaseParty>().Where(p => p.CaseId == mine || p.CaseId == theirs).ToListAsync(), p => Assert.Equal(second.PersonId, p.PersonId));
        Assert.Equal(2, await db.Set<Case>().VisibleTo(db, new Viewer(second.Id, "", AccountKind.Applicant, [], second.PersonId)).CountAsync());
        var closed = await db.Users.SingleAsync(a => a.Id == first.Id);
        Assert.Equal((true, (Guid?)null), (closed.Disabled, closed.PersonId));
        Assert.Empty(await db.VerifyAsync(default));
        Assert.Equal("person.supervisorOnly", (await Assert.ThrowsAsync<NotAllowedException>(() =>
            commands.MergeAsync(CaseStory.Officer("tck", Roles.Clerk, "341299101"), second.PersonId.Value, first.PersonId.Value, "typo", Evidence, Guid.NewGuid().ToString()))).Reason);
        _ = ring;
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_number_of_fifteen_digits_is_the_same_person(string kind)
    {
        var (app, commands, ring, _) = await OpenAsync(kind);
        var (number, typed) = (TestAccounts.IdNumber(), TestAccounts.IdNumber());
        var (owner, other) = (await TestAccounts.ApplicantAsync(app, number), await TestAccounts.ApplicantAsync(app, typed));
        var shortNumber = number[..6] + number[8..17];
        Assert.Equal(number, IdNumber.Lengthen(shortNumber));
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(owner.PersonId, (await db.FindPersonAsync(ring, shortNumber))!.Id);
        Assert.Equal(owner.PersonId, await commands.CorrectIdNumberAsync(Supervisor, other.PersonId!.Value, shortNumber, "shortNumber", Evidence, Guid.NewGuid().ToString()));
        await Assert.ThrowsAsync<InvalidAnswersException>(() => commands.CorrectIdNumberAsync(Supervisor, owner.PersonId!.Value, "341299196203050121", "typo", Evidence, Guid.NewGuid().ToString()));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_value_moved_to_another_person_does_not_open(string kind)
    {
        var (app, _, _, cipher) = await OpenAsync(kind);
        var (a, b) = (await TestAccounts.ApplicantAsync(app, mobile: "13900000001"), await TestAccounts.ApplicantAsync(app, mobile: "13900000002"));
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var (from, to) = (await db.Set<Person>().SingleAsync(p => p.Id == a.PersonId), await db.Set<Person>().SingleAsync(p => p.Id == b.PersonId));
        Assert.Equal("13900000001", from.Phone(cipher));
        to.PhoneCipher = from.PhoneCipher;
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => to.Phone(cipher));
    }

    private async Task<(TestApp, PersonCommands, KeyRing, FieldCipher)> OpenAsync(string kind)
    {
        var app = await databases.GetAsync(kind);
        return (app, app.Services.GetRequiredService<PersonCommands>(), app.Services.GetRequiredService<KeyRing>(), app.Services.GetRequiredService<FieldCipher>());
    }

    private static async Task<Guid> PartyAsync(TestApp app, Guid person, Guid? account = null)
    {
        var @case = new Case { Matter = "rural-dibao", Revision = "r", Status = "Accepted", County = "341299", Township = "341299101", ApplicantAccountId = account, CreatedAt = DateTimeOffset.UtcNow, ChangedAt = DateTimeOffset.UtcNow };
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.Add(@case);
            db.Add(new CaseParty { CaseId = @case.Id, PersonId = person, Role = PartyRole.Applicant, Sees = true, RecordedAt = DateTimeOffset.UtcNow });
            return Task.FromResult(0);
        });
        return @case.Id;
    }
}
