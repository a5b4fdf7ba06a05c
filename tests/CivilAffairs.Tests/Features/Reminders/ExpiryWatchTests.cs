using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Jobs;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Registers;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Reminders;

/// <summary>Certificates that end are told of on their days, and the day after opens what their end brings (domain B33).</summary>
public sealed class ExpiryWatchTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly DateOnly From = new(2022, 11, 20), To = new(2026, 11, 19);
    private const string Rules = """
        "reminders":[{"before":"90d","to":["holder","supervisor","role:SOC"],"template":"certificate-expiry.mail"},{"before":"60d","to":["holder","supervisor","role:SOC"],"template":"certificate-expiry.mail"},
          {"before":"30d","to":["holder","supervisor","role:SOC"],"template":"certificate-expiry.mail","link":"/apply/guild"},{"before":"7d","to":["holder"],"template":"certificate-expiry.mail"},{"before":"0d","to":["holder"],"template":"certificate-expiry.mail"}],
        """;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_worked_example_day_by_day(string kind)
    {
        var (desk, subject, certificate) = await EnteredAsync(kind, "51341299MJ0A12341C");
        var told = new List<(DateOnly Day, string Stage)>();
        var known = 0;
        for (var day = new DateOnly(2026, 8, 1); day <= new DateOnly(2026, 11, 25); day = day.AddDays(1))
        {
            await desk.Expiry(day).RunAsync(default);
            await using var read = desk.Read();
            var stages = await read.Set<Reminder>().Where(r => r.SubjectId == certificate).OrderBy(r => r.Id).Select(r => r.Stage).ToListAsync();
            told.AddRange(stages.Skip(known).Distinct().Select(s => (day, s)));
            known = stages.Count;
            // A clock that went back brings nothing.
            if (told.Count > 0) await desk.Expiry(day.AddDays(-20)).RunAsync(default);
            Assert.Equal(day > To ? 1 : 0, await read.Set<Case>().CountAsync(c => c.SubjectId == subject));
        }
        Assert.Equal([(new(2026, 8, 21), "90d"), (new(2026, 9, 20), "60d"), (new(2026, 10, 20), "30d"), (new(2026, 11, 12), "7d"), (new(2026, 11, 19), "0d")], told);

        await using var db = desk.Read();
        var opening = await db.Set<CertificateOpening>().SingleAsync(o => o.CertificateId == certificate);
        Assert.Equal((new DateOnly(2026, 11, 20), "expired"), (opening.OccurredOn, opening.Reason));
        var clerk = desk.Holder.Id;
        var all = await db.Set<Reminder>().Where(r => r.SubjectId == certificate).ToListAsync();
        Assert.Equal([("", clerk), ("holder", subject), ("supervisor", subject)], all.Where(r => r.Stage == "60d").Select(r => (r.Contact, r.RecipientId)).Order());
        var letters = await db.Set<OutboxMessage>().Where(m => all.Select(r => r.MessageId).Contains(m.Id)).ToListAsync();
        Assert.Equal(11, letters.Count);
        Assert.DoesNotContain("example.com", System.Text.Json.JsonSerializer.Serialize(letters), StringComparison.Ordinal);
        Assert.Contains(letters, l => (string?)JsonNode.Parse(l.Data!)!["path"] == "/apply/guild");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task After_days_of_rest_the_latest_is_sent_and_after_the_last_day_none(string kind)
    {
        var (desk, subject, certificate) = await EnteredAsync(kind, "51341299MJ0A12376Y");
        await desk.Expiry(new DateOnly(2026, 10, 23)).RunAsync(default);
        var told = await desk.RemindersAsync(certificate);
        Assert.Equal([("30d", true), ("60d", false), ("90d", false)], told.Select(r => (r.Stage, r.Sent)).Distinct());
        await desk.Expiry(To.AddYears(10)).RunAsync(default);
        Assert.Equal(told, await desk.RemindersAsync(certificate));
        await using var db = desk.Read();
        Assert.Equal(1, await db.Set<Case>().CountAsync(c => c.SubjectId == subject));
        // Back again: one of a certificate, ever.
        await desk.Expiry(To.AddDays(1)).RunAsync(default);
        Assert.Equal(1, await db.Set<Case>().CountAsync(c => c.SubjectId == subject));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_renewed_or_suspended_or_is_being_renewed_reminds_nobody(string kind)
    {
        var (desk, _, renewed) = await EnteredAsync(kind, "51341299MJ0A12392L");
        var (_, _, suspended) = await EnteredAsync(kind, "51341299MJ0A124016");
        var (_, pendingSubject, pending) = await EnteredAsync(kind, "51341299MJ0A12384R");
        var old = await OneAsync(desk, renewed);
        await desk.StoreAsync(new Certificate { Matter = old.Matter, Kind = old.Kind, Number = "new", HolderName = "", SubjectId = old.SubjectId, County = old.County, ValidFrom = To.AddDays(1), ValidTo = To.AddYears(4), RenewsId = renewed },
            new CertificateChange { CertificateId = suspended, Action = "Suspended", FromDay = new DateOnly(2026, 1, 1) });
        var renewal = new Case { Matter = GuildMatter.Id, Revision = "r", Number = "renewal-" + desk.County, SubjectId = pendingSubject, Status = "Accepted", ReceivedOn = new DateOnly(2026, 8, 1), County = "341299" };
        await desk.StoreAsync(renewal);
        foreach (var day in new[] { new DateOnly(2026, 8, 21), new DateOnly(2026, 9, 20), To.AddDays(1), To.AddDays(2) }) await desk.Expiry(day).RunAsync(default);
        foreach (var id in new[] { renewed, suspended, pending })
        {
            Assert.Empty(await desk.RemindersAsync(id));
            await using var db = desk.Read();
            Assert.Equal(0, await db.Set<CertificateOpening>().CountAsync(o => o.CertificateId == id));
        }
        // Refused at last: now its end counts.
        await desk.WriteAsync(db => db.Set<Case>().Where(c => c.Id == renewal.Id).ExecuteUpdateAsync(s => s.SetProperty(c => c.DecidedAt, DateTimeOffset.UtcNow)));
        await desk.Expiry(To.AddDays(3)).RunAsync(default);
        await using var read = desk.Read();
        Assert.Equal(To.AddDays(3), (await read.Set<CertificateOpening>().SingleAsync(o => o.CertificateId == pending)).OccurredOn);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_person_s_certificate_tells_the_person_and_a_day_off_the_workday_before(string kind)
    {
        var (desk, _, _) = await EnteredAsync(kind, "51341299MJ0A12317W");
        var person = (await TestAccounts.ApplicantAsync(desk.App)).PersonId;
        // 2026-11-22 is a Sunday.
        var certificate = new Certificate { Matter = GuildMatter.Id, Kind = GuildMatter.Certificate, Number = "p-" + desk.County, HolderName = "张三", PersonId = person, County = "341299", ValidFrom = From, ValidTo = new DateOnly(2026, 11, 22) };
        await desk.StoreAsync(certificate);
        await desk.Expiry(new DateOnly(2026, 8, 24)).RunAsync(default);
        Assert.Contains(("90d", person!.Value, true), await desk.RemindersAsync(certificate.Id));
        await using var db = desk.Read();
        var data = JsonNode.Parse((await db.Set<OutboxMessage>().SingleAsync(m => m.PersonId == person)).Data!)!;
        Assert.Equal(("2026-11-22", "2026-11-20"), ((string?)data["validTo"], (string?)data["practicalDay"]));
    }

    /// <summary>The next day of each certificate was planned by the rules of then.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task New_rules_of_a_matter_reach_certificates_that_were_planned_by_the_old(string kind)
    {
        var (desk, _, certificate) = await EnteredAsync(kind, "51341299MJ0A12325M");
        await desk.Expiry(new DateOnly(2026, 8, 25)).RunAsync(default);
        Assert.Equal([new DateOnly(2026, 9, 20)], await LooksAsync(desk, certificate));
        await GuildMatter.PublishAsync(desk.App, m => With(m).Replace("\"60d\"", "\"75d\"", StringComparison.Ordinal));
        await desk.Expiry(new DateOnly(2026, 8, 26)).RunAsync(default);
        // The line by the old rules stays and says nothing: neither a letter nor a day more comes of it.
        Assert.Equal([new DateOnly(2026, 9, 5), new DateOnly(2026, 9, 20)], await LooksAsync(desk, certificate));
        Assert.All(await desk.RemindersAsync(certificate), r => Assert.Equal("90d", r.Stage));
        await desk.Expiry(new DateOnly(2026, 9, 5)).RunAsync(default);
        var told = await desk.RemindersAsync(certificate);
        Assert.Equal(["75d", "90d"], told.Select(r => r.Stage).Distinct().Order());
        await desk.OfficerAsync("SOC", desk.County);
        await desk.Expiry(new DateOnly(2026, 9, 20)).RunAsync(default);
        Assert.Equal(told, await desk.RemindersAsync(certificate));
        Assert.Equal([new DateOnly(2026, 10, 20)], await LooksAsync(desk, certificate));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_runners_at_once_remind_and_open_once(string kind)
    {
        var (desk, subject, certificate) = await EnteredAsync(kind, "51341299MJ0A12333G");
        foreach (var day in new[] { new DateOnly(2026, 10, 20), To.AddDays(1) })
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => desk.Expiry(day).RunAsync(default))));
            await desk.Expiry(day).RunAsync(default);
        }
        Assert.Equal(3, (await desk.RemindersAsync(certificate)).Count(r => r.Sent));
        await using var db = desk.Read();
        Assert.Equal(1, await db.Set<Case>().CountAsync(c => c.SubjectId == subject));
    }

    /// <summary>Killed before the case is opened, and between that and the day of the next look: the next run leaves one case, whichever it was.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_kill_between_two_lines_of_opening_leaves_one_case(string kind)
    {
        var (desk, subject, certificate) = await EnteredAsync(kind, CivilAffairs.Web.Features.Demo.Codes.Organisation("51", 1229));
        var (writer, day) = (desk.App.Services.GetRequiredService<IWriter>(), To.AddDays(1));
        await desk.Expiry(To).RunAsync(default);
        var told = await desk.RemindersAsync(certificate);
        await Assert.ThrowsAsync<TimeoutException>(() => desk.Expiry(day, opener: new CutOff(writer, after: 0)).RunAsync(default));
        await using var db = desk.Read();
        Assert.Equal((0, day), (await db.Set<Case>().CountAsync(c => c.SubjectId == subject), Assert.Single(await LooksAsync())));

        // The batch, then its opening by another writer, then the cut.
        await Assert.ThrowsAsync<TimeoutException>(() => desk.Expiry(day, new CutOff(writer, after: 1)).RunAsync(default));
        Assert.Equal((1, day), (await db.Set<Case>().CountAsync(c => c.SubjectId == subject), Assert.Single(await LooksAsync())));

        await desk.Expiry(day).RunAsync(default);
        // It is open: nothing is to be looked at any more.
        Assert.Equal((1, 0), (await db.Set<Case>().CountAsync(c => c.SubjectId == subject), (await LooksAsync()).Count));
        Assert.Equal(1, await db.Set<CertificateOpening>().CountAsync(o => o.CertificateId == certificate));
        Assert.Equal(told, await desk.RemindersAsync(certificate));

        Task<List<DateOnly>> LooksAsync() => db.Set<CertificateLook>().AsNoTracking().Where(l => l.CertificateId == certificate).Select(l => l.On).ToListAsync();
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_its_end_cannot_open_is_named_stays_due_the_same_day_and_goes_once_it_is_open(string kind)
    {
        var (desk, subject, certificate) = await EnteredAsync(kind, CivilAffairs.Web.Features.Demo.Codes.Organisation("51", 1231));
        var day = To.AddDays(1);
        await using var db = desk.Read();
        await using (await BrokenRow.MakeAsync(desk.App, kind, "certificate_openings", "INSERT", "CertificateId", certificate))
            for (var times = 1; times <= 2; times++)
            {
                await desk.Expiry(day).RunAsync(default);
                var item = await db.Set<FailedItem>().AsNoTracking().SingleAsync(i => i.SubjectId == certificate);
                Assert.Equal(("certificate-expiry", times), (item.Job, item.Times));
                // Not put off until tomorrow: the next hour tries again.
                Assert.True(await db.Set<CertificateLook>().AsNoTracking().AnyAsync(l => l.CertificateId == certificate && l.On <= day));
            }
        var board = desk.App.Services.GetRequiredService<CivilAffairs.Web.Features.Jobs.Board.JobBoard>();
        var number = (await OneAsync(desk, certificate)).Number;
        Assert.Contains(await board.FailedAsync(Support.CaseStory.Officer("sup-board", Roles.Supervisor, desk.County)), l => l.Kind == "certificate" && l.Number == number);
        Assert.Contains(await board.FailedAsync(Support.CaseStory.Officer("adm-board", Roles.Administrator, desk.County)), l => l is { Kind: "certificate", Number: null });
        await desk.Expiry(day).RunAsync(default);
        Assert.Equal(1, await db.Set<Case>().CountAsync(c => c.SubjectId == subject));
        Assert.Equal(0, await db.Set<FailedItem>().CountAsync(i => i.SubjectId == certificate));
    }

    [Theory]
    [InlineData("\"before\":\"90d\"", "\"before\":\"90wd\"", "$.certificates[0].reminders[0].before", "90wd")]
    [InlineData("\"to\":[\"holder\"]", "\"to\":[\"friend\"]", "$.certificates[0].reminders[3].to", "friend")]
    [InlineData("\"to\":[\"holder\"]", "\"to\":[]", "$.certificates[0].reminders[3].to", "")]
    [InlineData("role:SOC", "role:XXX", "$.certificates[0].reminders[0].to", "XXX")]
    [InlineData("certificate-expiry.mail", "gone.mail", "$.certificates[0].reminders[0].template", "gone.mail")]
    [InlineData("certificate-expiry.mail", "charter.html", "$.certificates[0].reminders[0].template", "charter.html")]
    [InlineData("/apply/guild", "https://elsewhere.example", "$.certificates[0].reminders[2].link", "elsewhere")]
    [InlineData("\"workflows\":{", "\"reminders\":{\"task\":[{\"stage\":\"pink\",\"to\":[\"holder\"],\"template\":\"task-red.mail\"}]},\"workflows\":{", "$.reminders.task[0].stage", "pink")]
    [InlineData("\"workflows\":{", "\"reminders\":{\"reverification\":[{\"before\":\"soon\",\"to\":[\"applicant\"],\"template\":\"task-red.mail\"}]},\"workflows\":{", "$.reminders.reverification[0].before", "soon")]
    public void What_reminders_say_is_checked(string from, string to, string at, string said)
    {
        var root = GuildMatter.Write(m => With(m) is var text && text.Contains(from, StringComparison.Ordinal) ? text.Replace(from, to, StringComparison.Ordinal) : throw new InvalidOperationException(from));
        var faults = MatterFolder.Load(Path.Combine(root, GuildMatter.Id)).Faults;
        Directory.Delete(root, recursive: true);
        Assert.Contains(faults, f => f.IsError && f.Path == at && f.Text.Zh.Contains(said, StringComparison.Ordinal));
    }

    private static string With(string matter) => matter.Replace("\"expiry\":{", Rules + "\"expiry\":{", StringComparison.Ordinal);

    private async Task<(ReminderDesk Desk, Guid Subject, Guid Certificate)> EnteredAsync(string kind, string uscc)
    {
        var app = await databases.GetAsync(kind);
        await GuildMatter.PublishAsync(app, With);
        var desk = await ReminderDesk.OpenAsync(app);
        var (subject, certificate) = await GuildMatter.EnterAsync(app, uscc, From, To);
        // Its own county's clerk alone, so that other tests' posts get none of its letters.
        var clerk = await desk.OfficerAsync("SOC", desk.County);
        await desk.WriteAsync(db => db.Set<Certificate>().Where(c => c.Id == certificate).ExecuteUpdateAsync(s => s.SetProperty(c => c.County, desk.County).SetProperty(c => c.Township, (string?)null)));
        return (desk.With(clerk), subject, certificate);
    }

    private static async Task<List<DateOnly>> LooksAsync(ReminderDesk desk, Guid id)
    {
        await using var db = desk.Read();
        return await db.Set<CertificateLook>().Where(l => l.CertificateId == id).Select(l => l.On).Order().ToListAsync();
    }

    private static async Task<Certificate> OneAsync(ReminderDesk desk, Guid id)
    {
        await using var db = desk.Read();
        return await db.Set<Certificate>().SingleAsync(c => c.Id == id);
    }
}
