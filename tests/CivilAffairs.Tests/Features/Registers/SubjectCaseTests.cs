using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Features.Registers;

/// <summary>Organisations whose ledger was imported: cases are opened about them once, lines of registers follow as versions, letters reach their contacts.</summary>
public sealed class SubjectCaseTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly DateOnly From = new(2022, 11, 20), To = new(2026, 11, 19);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_about_an_imported_certificate_is_opened_once_however_many_ask_at_once(string kind)
    {
        var app = await databases.GetAsync(kind);
        await GuildMatter.PublishAsync(app);
        var (subjectId, certificateId) = await GuildMatter.EnterAsync(app, "51341299MJ0A12341C", From, To);
        var cases = app.Services.GetRequiredService<SubjectCases>();
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => cases.OpenForCertificateAsync(certificateId, GuildMatter.Id, "look", "expired"))));
        Assert.Single(opened, o => o);
        Assert.False(await cases.OpenForCertificateAsync(certificateId, GuildMatter.Id, "look", "expired"));

        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var @case = await db.Set<Case>().SingleAsync(c => c.SubjectId == subjectId);
        Assert.Equal((Channel.Office, "青禾手艺行会", null, "341299101", "341299101201"), (@case.Channel, @case.ApplicantName, @case.OriginId, @case.Township, @case.Village));
        Assert.Equal((@case.Id, "expired"), (await db.Set<CertificateOpening>().SingleAsync(o => o.CertificateId == certificateId)) is var opening ? (opening.CaseId, opening.Reason) : default);
        Assert.Equal(("look", "SOC"), (await db.Set<WorkTask>().SingleAsync(t => t.CaseId == @case.Id)) is var task ? (task.ActivityId, task.Role) : default);
        // Whoever leads it is a party, so that they read the case when they sign in.
        var chief = await db.FindPersonAsync(app.Services.GetRequiredService<KeyRing>(), "34129919580419001X");
        Assert.Equal([chief!.Id], await db.Set<CaseParty>().Where(p => p.CaseId == @case.Id && p.Role == PartyRole.Applicant).Select(p => p.PersonId).ToListAsync());
        // The list that is about guilds has a line about this one.
        Assert.Equal((subjectId, "{\"reason\":\"expired\"}", null), (await db.Set<RegisterEntry>().SingleAsync(e => e.CaseId == @case.Id)) is var line ? (line.SubjectId!.Value, line.Entry, line.FieldsCipher) : default);
        // Letters go to the organisation and to the unit above it, each in its language.
        var messages = await db.Set<OutboxMessage>().Where(m => m.CaseId == @case.Id).OrderBy(m => m.Contact).ToListAsync();
        var addressees = await Addressees.LookUpAsync(db, messages, app.Services.GetRequiredService<FieldCipher>(), app.Services.GetRequiredService<SubjectContacts>(), default);
        Assert.Equal([("holder", "guild@example.com", true), ("supervisor", "unit@example.com", false)], messages.Select(m => (m.Contact!, addressees.Find(m).Address!.Address, addressees.IsEnglish(m))));
        Assert.DoesNotContain("example.com", System.Text.Json.JsonSerializer.Serialize(messages), StringComparison.Ordinal);
        Assert.Empty(await db.VerifyAsync(default));
        Assert.Empty((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task While_a_timely_renewal_is_pending_nothing_is_opened_and_a_late_one_keeps_nothing_away(string kind)
    {
        var app = await databases.GetAsync(kind);
        await GuildMatter.PublishAsync(app);
        var cases = app.Services.GetRequiredService<SubjectCases>();
        var library = app.Services.GetRequiredService<MatterLibrary>();
        foreach (var (uscc, received, pending) in new[] { ("51341299MJ0A12376Y", To.AddDays(-30), true), ("51341299MJ0A12384R", To.AddDays(-29), false) })
        {
            var (subjectId, certificateId) = await GuildMatter.EnterAsync(app, uscc, From, To);
            var renewal = new Case { Matter = GuildMatter.Id, Revision = library.Find(GuildMatter.Id)!.Hash, Number = $"renewal-{uscc}", SubjectId = subjectId, Status = "Accepted", ReceivedOn = received, County = "341299" };
            await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.Add(renewal)));
            Assert.Equal(!pending, await cases.OpenForCertificateAsync(certificateId, GuildMatter.Id, "look", "expired"));
            // Decided without a new certificate: now its day counts.
            await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Set<Case>().Where(c => c.Id == renewal.Id).ExecuteUpdateAsync(s => s.SetProperty(c => c.DecidedAt, DateTimeOffset.UtcNow), cancel));
            Assert.Equal(pending, await cases.OpenForCertificateAsync(certificateId, GuildMatter.Id, "look", "expired"));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_line_is_a_version_and_the_past_stays_as_it_was(string kind)
    {
        var app = await databases.GetAsync(kind);
        await GuildMatter.PublishAsync(app);
        const string uscc = "51341299MJ0A12392L";
        var (subjectId, _) = await GuildMatter.EnterAsync(app, uscc, From, To);
        var ledger = app.Services.GetRequiredService<SubjectLedger>();
        var register = app.Services.GetRequiredService<MatterLibrary>().Subjects(GuildMatter.Register)!.Value.Register;
        Task EnterAsync(string name, DateOnly from) => app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, _) =>
        {
            var subject = await SubjectLedger.LockAsync(db, subjectId);
            await ledger.EnterAsync(db, register, subject!, GuildMatter.Fields(uscc, name), new RegisterEntry { Register = GuildMatter.Register, Entry = "{}", ValidFrom = from, OccurredOn = from, RecordedAt = DateTimeOffset.UtcNow });
            return 0;
        });
        await EnterAsync("青禾手艺行会（改）", new(2025, 3, 1));
        // Recorded late: it was so before, and changes nothing of today.
        await EnterAsync("青禾手艺行会（旧）", new(2024, 6, 1));

        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var now = await ledger.FindAsync(db, GuildMatter.Register, uscc.ToLowerInvariant());
        Assert.Equal("青禾手艺行会（改）", now!.Name);
        var names = new List<string?>();
        foreach (var day in new DateOnly[] { new(2022, 11, 19), new(2022, 11, 20), new(2024, 5, 31), new(2024, 6, 1), new(2025, 2, 28), new(2025, 3, 1) })
            names.Add(await SubjectLedger.OnAsync(db, now, day) is { } line ? (string?)ledger.Fields(line)["name"] : null);
        Assert.Equal([null, "青禾手艺行会", "青禾手艺行会", "青禾手艺行会（旧）", "青禾手艺行会（旧）", "青禾手艺行会（改）"], names);
        Assert.Equal(1, await db.Set<RegisterPerson>().CountAsync(p => p.SubjectId == subjectId));
        // No field of it lies in clear.
        Assert.All(await db.Set<RegisterEntry>().Where(e => e.SubjectId == subjectId).ToListAsync(), e => Assert.False(e.FieldsCipher!.Contains("34129919580419001X", StringComparison.Ordinal) || e.Entry.Contains('甲', StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\"key\":true,", "", "$.registers[0].fields", "key")]
    [InlineData("\"title\":true,", "", "$.registers[0].fields", "title")]
    [InlineData("\"place\":true", "\"listed\":true", "$.registers[0].fields", "place")]
    [InlineData("\"email\":\"unitEmail\"", "\"email\":\"name\"", "$.registers[0].contacts[1].email", "email")]
    [InlineData("\"kind\":\"supervisor\"", "\"kind\":\"friend\"", "$.registers[0].contacts[1].kind", "friend")]
    [InlineData("\"idNumber\":\"chiefId\"", "\"idNumber\":\"chief\"", "$.registers[0].persons[0].idNumber", "idNumber")]
    [InlineData("{\"field\":\"seat\",\"headers\":[\"住所地\"]},", "", "$.registers[0].import.columns", "住所地")]
    [InlineData("\"headers\":[\"邮箱\"]", "\"headers\":[\"名称\"]", "$.registers[0].import.columns", "名称")]
    [InlineData("\"certificate\":{\"kind\":\"charter\"", "\"certificate\":{\"kind\":\"other\"", "$.registers[0].import.certificate.kind", "other")]
    [InlineData("\"import\":{\"roles\":[\"SOC\"]", "\"import\":{\"roles\":[\"CAP\"]", "$.registers[0].import.roles", "CAP")]
    [InlineData("\"subject\":\"organisation\",", "", "$.registers[0].fields", "guilds")]
    [InlineData("\"applyBefore\":\"guild.applyBefore\"", "\"applyBefore\":\"gone\"", "$.certificates[0].renewal.applyBefore", "gone")]
    [InlineData("\"workflow\":\"look\"", "\"workflow\":\"gone\"", "$.certificates[0].expiry.workflow", "gone")]
    [InlineData("\"register\":\"guilds\"", "\"register\":\"gone\"", "$.certificates[0].register", "gone")]
    [InlineData("\"about\":\"guilds\"", "\"about\":\"late\"", "$.registers[1].about", "late")]
    [InlineData("{\"id\":\"chief\",\"type\":\"personName\"", "{\"id\":\"chief\",\"type\":\"text\"", "$.sections[0].fields[3].register", "chief")]
    public void The_check_sees_a_register_that_does_not_fit(string from, string to, string path, string said)
    {
        var root = GuildMatter.Write(m => m.Contains(from, StringComparison.Ordinal) ? m.Replace(from, to, StringComparison.Ordinal) : throw new ArgumentException(from));
        var loaded = MatterFolder.Load(Path.Combine(root, GuildMatter.Id));
        var faults = loaded.Faults.ToList();
        if (loaded.Revision is { } revision) faults.AddRange(WorkflowReferences.Links(revision, new Dictionary<string, MatterFile> { [GuildMatter.Id] = revision.Matter }));
        Directory.Delete(root, recursive: true);
        Assert.Contains(faults, f => f.Path == path && f.Text.Zh.Contains(said, StringComparison.Ordinal));
    }
}
