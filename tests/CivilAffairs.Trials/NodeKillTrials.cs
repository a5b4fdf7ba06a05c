using System.Globalization;
using CivilAffairs.LoadWorker;
using CivilAffairs.Tests.Support;
using CivilAffairs.Trials.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.CommandLine;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace CivilAffairs.Trials;

/// <summary>
/// A morning's work on two nodes over one PostgreSQL database: reminders of some thousand certificates, what their ends open,
/// timers, ends of benefits, and the letters of it all. One node is killed in the middle, and again; nothing happens twice, nothing is skipped.
/// </summary>
public sealed class NodeKillTrials(ITestOutputHelper log) : IDisposable
{
    // More certificates than PostgreSQL looks at in two batches: so that the first kill falls between two.
    private const int Organisations = 40, Each = 130, Ended = 12, InNotice = 16, Granted = 6, Kills = 2;
    private static readonly int[] Stages = [90, 60, 30];
    private readonly string folder = Directory.CreateTempSubdirectory("civilaffairs-nodes-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [PostgresFact]
    public async Task A_node_killed_in_the_middle_of_the_morning_leaves_nothing_undone_and_nothing_doubled()
    {
        await using var server = await PostgresServer.StartAsync(durable: true);
        var connection = await server.CreateDatabaseAsync();
        await using var mail = SmtpServer.Start();
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__Database"] = connection, ["Mail__Host"] = mail.Host, ["Mail__Port"] = mail.Port.ToString(CultureInfo.InvariantCulture), ["Mail__Security"] = "None",
            // So that letters are still going when the killed node is back.
            ["Mail__RatePerSecond"] = "800",
        };
        await using var services = Product.Open(folder, connection);
        var morning = await PrepareAsync(services);
        await using var db = services.GetRequiredService<IReader>().Open();

        await using var first = new RunningApp("Production", settings, folder);
        await using var second = new RunningApp("Production", settings, folder);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        var reminders = db.Set<Reminder>().Where(r => r.Subject == ReminderSubject.Certificate);
        // Once while it plans reminders, and again while it sends letters.
        await Eventually.HoldsAsync("some are reminded", () => reminders.AnyAsync(), milliseconds: 5);
        first.Kill();
        var planned = await reminders.CountAsync();
        Assert.InRange(planned, 1, morning.Reminders.Count - 1);
        await first.StartAsync();
        var going = mail.Messages.Count;
        await Eventually.HoldsAsync("some letters are gone", () => Task.FromResult(mail.Messages.Count >= going + 300), milliseconds: 5);
        first.Kill();
        var (killed, gone) = (DateTimeOffset.UtcNow, mail.Messages.Count);
        Assert.InRange(await db.Set<OutboxMessage>().CountAsync(m => m.State == OutboxState.Pending), 1, int.MaxValue);

        // What the killed node held waits for its hold to run out; all else goes on without it.
        var held = db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Pending);
        await Eventually.HoldsAsync("the other node has sent what nobody holds", async () => !await held.AnyAsync(m => m.HeldUntil == null || m.HeldUntil > killed + OutboxQueue.Hold));
        var waits = 0;
        // And nothing is on its way any more.
        await Eventually.HoldsAsync("the other node rests", async () =>
        {
            waits = await held.CountAsync();
            await Task.Delay(1500);
            return waits == await held.CountAsync();
        });
        Assert.InRange(waits, 0, Kills * (2 * 100 + 4 * MailDispatcher.Ahead + 2 * MailDispatcher.Unwritten));
        // Those five minutes are not waited for here.
        await services.GetRequiredService<IWriter>().WriteAsync((w, cancel) => w.Set<OutboxMessage>().Where(m => m.State == OutboxState.Pending && m.HeldUntil != null).ExecuteUpdateAsync(s => s.SetProperty(m => m.HeldUntil, killed), cancel));
        await first.StartAsync();

        var today = BureauTime.Day(DateTimeOffset.UtcNow);
        await Eventually.HoldsAsync("every certificate was looked at", async () => !await db.Set<Certificate>().AnyAsync(c => c.WatchOn <= today) && !await db.Set<CertificateLook>().AnyAsync(l => l.On <= today));
        await Eventually.HoldsAsync("every timer has fired", async () => !await db.Set<CaseTimer>().AnyAsync(t => t.State == TimerState.Waiting && t.DueAt < killed));
        await Eventually.HoldsAsync("every benefit has ended", async () => !await db.Set<Grant>().AnyAsync(g => g.LastMonth != null && g.EndedAt == null));
        await Eventually.HoldsAsync("every letter is sent", async () => !await held.AnyAsync());
        Assert.Empty(await db.Set<JobRun>().Where(r => r.LastError != null).Select(r => $"{r.Id} {r.LastError}").ToListAsync());

        var told = await reminders.Select(r => new { r.SubjectId, r.Stage, r.RecipientId, r.Contact, Sent = r.MessageId != null }).ToListAsync();
        Assert.Equal(morning.Reminders, told.Select(r => $"{r.SubjectId} {r.Stage} {r.RecipientId} {r.Contact} {r.Sent}").Order(StringComparer.Ordinal));
        var faults = await Once.FaultsAsync(db);
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(20)));
        var audit = await db.Set<AuditEntry>().ToListAsync();
        Assert.Equal(morning.Timers.Order(), Once.Ids(audit, "timer.fired", "timerId").Where(morning.Timers.Contains).Order());
        Assert.Equal(morning.Grants.Order(), Once.Ids(audit, "benefit.ended", "grantId").Order());
        Assert.Equal(Granted, await db.Set<Case>().CountAsync(c => c.Status == "Ended" && db.Set<Grant>().Any(g => g.CaseId == c.Id && g.EndedAt != null)));
        var ends = await db.Set<CertificateOpening>().Select(o => o.CertificateId).ToListAsync();
        Assert.Equal(morning.Ended.Order(), ends.Order());
        Assert.Equal(Ended, await db.Set<Case>().CountAsync(c => c.Matter == "so-rectification"));

        // At least once, under one Message-ID: twice only what was on its way when the node was killed.
        var came = mail.Messages.Select(m => (Id: m.Message.MessageId!, To: m.Recipients[0], m.Message.Subject)).ToList();
        var sent = await db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Sent).Select(m => m.MessageId).ToListAsync();
        Assert.Equal(sent.Order(), came.Select(c => c.Id).Distinct().Order());
        Assert.Equal(0, await db.Set<OutboxMessage>().CountAsync(m => m.State != OutboxState.Sent));
        var twice = came.GroupBy(c => c.Id).Where(g => g.Count() > 1).ToList();
        Assert.InRange(twice.Count, 0, Kills * 2 * MailDispatcher.Unwritten);
        Assert.All(twice, same => Assert.Single(same.Distinct()));
        Assert.All(twice, same => Assert.True(came.FindIndex(c => c.Id == same.Key) < gone + 5, "It came first after the kill, and twice."));
        Assert.All(twice, same => Assert.InRange(same.Count(), 2, 1 + Kills));
        log.WriteLine($"killed with {planned} of {told.Count} reminders made and {gone} of {sent.Count} letters gone; {waits} were held, {twice.Count} came twice");

        string[] where = ["--CIVILAFFAIRS_DATA", folder, "--ConnectionStrings:Database", connection];
        foreach (var verb in new[] { "verify-audit", "verify-cases" })
        {
            using var said = new StringWriter(CultureInfo.InvariantCulture);
            Assert.True(Verbs.TryRun([verb, .. where], said, said) == 0, said.ToString());
        }
        // The counts can fail: one reminder less, one timer's line twice.
        Assert.NotEqual(morning.Reminders.Skip(1), told.Select(r => $"{r.SubjectId} {r.Stage} {r.RecipientId} {r.Contact} {r.Sent}").Order(StringComparer.Ordinal));
        Assert.NotEmpty(Once.Twice("fired", Once.Ids([.. audit, audit.First(a => a.Action == "timer.fired")], "timer.fired", "timerId").Select(id => $"{id}")));
    }

    /// <param name="Reminders">Each as certificate, stage, reader, contact, whether a letter goes; in their order.</param>
    private sealed record Morning(IReadOnlyList<string> Reminders, HashSet<Guid> Timers, IReadOnlyList<Guid> Grants, IReadOnlyList<Guid> Ended);

    private static async Task<Morning> PrepareAsync(ServiceProvider services)
    {
        var (reader, writer, today) = (services.GetRequiredService<IReader>(), services.GetRequiredService<IWriter>(), BureauTime.Day(DateTimeOffset.UtcNow));
        await services.GetRequiredService<IMigrator>().MigrateAsync(null, default);
        await County.WriteAsync(writer);
        await services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
        await services.GetRequiredService<MatterLibrary>().PublishFoldersAsync(Path.Combine(AppContext.BaseDirectory, "workflows"), default);
        var clerk = (await Played.OfficersAsync(writer, "correct-horse-9", [("soc1", "SOC", County.Code)]))[0].Id;
        await Parallel.ForEachAsync(Enumerable.Range(0, InNotice), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) => await Played.PlayAsync(services, i, story => story.Answers["opinion"][0].At!.Value.AddHours(1)));
        await using var read = reader.Open();
        // Of some the county draws a sample, and they wait.
        for (var i = InNotice; await read.Set<Grant>().CountAsync() < Granted; i++) await Played.PlayAsync(services, i, _ => DateTimeOffset.MaxValue);
        await Played.EmailsAsync(services);
        var grants = await writer.WriteAsync(async (db, cancel) =>
        {
            // Paid until last month.
            var paid = await db.Set<Grant>().Where(g => g.LastMonth == null).OrderBy(g => g.Id).Take(Granted).ToListAsync(cancel);
            foreach (var grant in paid) grant.LastMonth = new DateOnly(today.Year, today.Month, 1).AddMonths(-1);
            return paid.ConvertAll(g => g.Id);
        });
        Assert.Equal(Granted, grants.Count);

        // Of most the first stage has come, of every fifth three of them; some have ended.
        var certificates = await TrialOrganisations.EnterAsync(services, [.. Enumerable.Range(0, Organisations).Select(o => (IReadOnlyList<DateOnly>)[.. Enumerable.Range(0, Each).Select(n => today.AddDays(n == 0 && o < Ended ? -1 : n % 5 == 4 ? 30 : 90))])]);
        var lines = from certificate in certificates where certificate.ValidTo > today
                    from days in Stages where certificate.ValidTo <= today.AddDays(days)
                    from to in Readers(certificate)
                    select $"{certificate.Id} {days}d {to.Id} {to.Contact} {certificate.ValidTo == today.AddDays(days)}";
        (Guid Id, string Contact)[] Readers(Certificate certificate) => [(clerk, ""), (certificate.SubjectId!.Value, "holder"), (certificate.SubjectId.Value, "supervisor")];
        var due = await read.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.DueAt < DateTimeOffset.UtcNow).Select(t => t.Id).ToListAsync();
        Assert.InRange(due.Count, InNotice, int.MaxValue);
        return new Morning([.. lines.Order(StringComparer.Ordinal)], [.. due], grants, [.. certificates.Where(c => c.ValidTo < today).Select(c => c.Id)]);
    }
}
