using CivilAffairs.LoadWorker;
using CivilAffairs.Trials.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Trials;

/// <summary>
/// The count of the trials with clocks, kills and several nodes (<see cref="Once"/>) can fail: each thing that they must never
/// leave behind is left here on purpose, in a transaction of its own that is taken back, and is named.
/// </summary>
public sealed class OnceTrials : IDisposable
{
    private static readonly DateOnly First = new(2028, 1, 1);
    private readonly string folder = Directory.CreateTempSubdirectory("civilaffairs-once-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_happened_twice_got_lost_or_is_dated_wrongly_is_named()
    {
        await using var services = Product.Open(folder, null);
        var (certificate, plan) = await PrepareAsync(services);
        await using var db = services.GetRequiredService<IReader>().Open();
        Assert.Equal([], await Once.FaultsAsync(db));
        var (timer, told) = (await db.Set<CaseTimer>().FirstAsync(t => t.State == TimerState.Fired), await db.Set<Reminder>().FirstAsync());
        var chain = timer.CaseId.ToString();
        var reminded = $"{told.SubjectId} {told.Stage} {told.RecipientId} {told.Contact}: reminded";

        // A second firing that nothing kept off: its line is a line like any other, and the chain is whole.
        await NamedAsync($"timer {timer.Id}: fired 2 times", () => AgainAsync("timer.fired", timer.CaseId, new { timerId = timer.Id, timer.ActivityId }));
        await NamedAsync($"timer {timer.Id}: fired, and the audit does not say so", () => db.Set<AuditEntry>().Where(a => a.Chain == chain && a.Action == "timer.fired").ExecuteDeleteAsync());
        // A node was killed after it wrote down that a timer fired, and what follows was lost.
        await NamedAsync($"timer {timer.Id}: the audit says that it fired, and it did not", () => db.Set<CaseTimer>().Where(t => t.Id == timer.Id).ExecuteUpdateAsync(s => s.SetProperty(t => t.State, TimerState.Waiting)));
        // Killed between a reminder and its letter, whichever came first.
        await NamedAsync($"letter {told.MessageId}: reminded of, and not there", () => db.Set<OutboxMessage>().Where(m => m.Id == told.MessageId).ExecuteDeleteAsync());
        await NamedAsync($"letter {told.MessageId}: no reminder knows it", () => db.Set<Reminder>().Where(r => r.Id == told.Id).ExecuteDeleteAsync());
        // Two nodes took the same certificate, and the store did not refuse the second.
        await NamedAsync($"{reminded} 2 times", async () =>
        {
            await db.Database.ExecuteSqlRawAsync("DROP INDEX \"IX_reminders_SubjectId_Stage_RecipientId_Contact\"");
            await AddAsync(Reminded(told.SubjectId, told.RecipientId, await LetterAsync()));
        });
        await NamedAsync($"{told.MessageId}: a letter of two reminders 2 times", () => AddAsync(Reminded(told.SubjectId, Guid.NewGuid(), told.MessageId)));
        await NamedAsync($"certificate {certificate} so-rectification: opened 2 times", async () =>
        {
            await db.Database.ExecuteSqlRawAsync("DROP INDEX \"IX_certificate_openings_CertificateId_Matter\"");
            for (var i = 0; i < 2; i++) await AddAsync(new CertificateOpening { CertificateId = certificate, Matter = "so-rectification", CaseId = Guid.NewGuid(), Reason = "expired" });
        });
        // A clock was put back, and the same day brought a plan's case once more.
        await NamedAsync($"plan {plan.Id}: verified 2 times", async () =>
        {
            for (var i = 0; i < 2; i++) await AgainAsync("reverification.opened", plan.CaseId, new { planId = plan.Id });
        });
        await NamedAsync($"benefit {plan.GrantId}: ended 2 times", async () =>
        {
            for (var i = 0; i < 2; i++) await AgainAsync("benefit.ended", plan.CaseId, new { grantId = plan.GrantId });
        });
        await NamedAsync($"{chain} 2: the line was changed", () => db.Set<AuditEntry>().Where(a => a.Chain == chain && a.Sequence == 2).ExecuteUpdateAsync(s => s.SetProperty(a => a.At, AuditHeads.EndOf(First.AddDays(1)))));
        // With a hash that fits, in a day that is closed and not its own.
        await NamedAsync($"{First.AddDays(1):yyyy-MM-dd}: the head of the day does not fit", async () =>
        {
            var before = await db.Set<AuditEntry>().Where(a => a.Chain == chain).OrderBy(a => a.Sequence).LastAsync();
            var slipped = new AuditEntry { Chain = chain, Sequence = before.Sequence + 1, At = AuditHeads.EndOf(First.AddDays(1)).AddHours(-1), Action = "slipped.in", Details = "{}", Hash = "" };
            slipped.Hash = AuditTrail.HashOf(slipped, before.Hash);
            await AddAsync(slipped);
        });
        await NamedAsync($"{First.AddDays(1):yyyy-MM-dd}: the head of the day is missing", () => db.Set<AuditHead>().Where(h => h.Day == First.AddDays(1)).ExecuteDeleteAsync());
        Assert.Equal([], await Once.FaultsAsync(db));

        async Task NamedAsync(string fault, Func<Task> left)
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await left();
            db.ChangeTracker.Clear();
            Assert.Contains(fault, await Once.FaultsAsync(db));
            await transaction.RollbackAsync();
            db.ChangeTracker.Clear();
        }
        async Task AgainAsync(string action, Guid caseId, object details)
        {
            await db.AppendAsync(caseId.ToString(), Guid.Empty, action, details, AuditHeads.EndOf(First.AddDays(5)));
            await db.SaveChangesAsync();
        }
        async Task AddAsync(object row)
        {
            db.Add(row);
            await db.SaveChangesAsync();
        }
        async Task<Guid> LetterAsync()
        {
            var letter = Letter();
            await AddAsync(letter);
            return letter.Id;
        }
    }

    /// <summary>A household's case with its timer fired, a certificate with a reminder of it, and three closed days.</summary>
    private static async Task<(Guid Certificate, PlannedReverification Plan)> PrepareAsync(ServiceProvider services)
    {
        var (reader, writer) = (services.GetRequiredService<IReader>(), services.GetRequiredService<IWriter>());
        await services.GetRequiredService<IMigrator>().MigrateAsync(null, default);
        await County.WriteAsync(writer);
        await services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
        await services.GetRequiredService<MatterLibrary>().PublishFoldersAsync(Path.Combine(AppContext.BaseDirectory, "workflows"), default);
        for (var i = 0; ; i++)
        {
            await Played.PlayAsync(services, i, _ => DateTimeOffset.MaxValue);
            // Of some the county draws a sample, and they wait.
            await using var look = reader.Open();
            if (await look.Set<PlannedReverification>().AnyAsync(p => p.GrantId != null)) break;
        }
        var certificate = (await TrialOrganisations.EnterAsync(services, [[First.AddDays(90)]]))[0];
        await writer.WriteAsync((db, _) =>
        {
            var letter = Letter();
            db.Add(letter);
            db.Add(Reminded(certificate.Id, certificate.SubjectId!.Value, letter.Id));
            return Task.FromResult(0);
        });
        for (var day = First; day <= First.AddDays(2); day = day.AddDays(1)) Assert.Single(await AuditHeads.CloseAsync(reader, writer, day, AuditHeads.EndOf(day).AddMinutes(10), default));
        await using var db = reader.Open();
        return (certificate.Id, await db.Set<PlannedReverification>().FirstAsync(p => p.GrantId != null));
    }

    private static Reminder Reminded(Guid certificate, Guid reader, Guid? letter) => new()
    {
        Subject = ReminderSubject.Certificate, SubjectId = certificate, Stage = "90d", RecipientId = reader, RecipientKind = RecipientKind.Subject, Contact = "holder", MessageId = letter, OccurredOn = First,
    };

    private static OutboxMessage Letter() => new() { Template = "certificate-expiry.mail", MessageId = $"{Guid.NewGuid():N}@civilaffairs.invalid", State = OutboxState.Sent };
}
