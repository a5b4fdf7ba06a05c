using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>
/// Reminds before a certificate 证书 ends, and opens what its end brings the day after [domain §8, §11], by the rules of its
/// kind. One that was renewed or suspended reminds nobody any more; nor does one whose renewal is being worked on, until that
/// is decided. After the last day no reminder is sent that was missed. See docs/adr/0046.
/// </summary>
/// <remarks>
/// A batch is one transaction, as in <see cref="DeadlineWatch"/>. A case is opened after it, in a transaction of its own that
/// opens one of a certificate and matter, ever; only then is tomorrow written down as the day of the next look. So after a
/// power failure in between the next run, an hour later or at the start, opens what is missing.
/// </remarks>
public sealed partial class ExpiryWatch
{
    // A night has thousands, and each batch its own questions. Half a thousand hold SQLite's one writer for some hundredths of
    // a second; on PostgreSQL a batch holds nobody up but another run of this.
    private const int Batch = 500, LargeBatch = 1_000, AtOnce = 2;

    /// <summary>The job's id, under which the page of jobs names what could not be opened.</summary>
    internal const string Job = "certificate-expiry";
    private readonly IReader reader;
    private readonly IWriter writer;
    private readonly MatterLibrary library;
    private readonly SubjectCases cases;
    private readonly Calendars calendars;
    private readonly TimeProvider time;
    private readonly ILogger<ExpiryWatch> log;

    internal ExpiryWatch(IReader reader, IWriter writer, MatterLibrary library, SubjectCases cases, Calendars calendars, TimeProvider time, ILogger<ExpiryWatch> log) =>
        (this.reader, this.writer, this.library, this.cases, this.calendars, this.time, this.log) = (reader, writer, library, cases, calendars, time, log);

    /// <returns>How many letters were written and cases opened.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var (now, today) = (time.GetUtcNow(), time.Today());
        await new ExpiryRules(reader, writer, library).ReplanAsync(today, cancel).ConfigureAwait(false);
        // Those that nobody planned yet, since they are new or their rules are; then those whose day has come.
        var (all, failed, items, size) = (0, new List<AggregateException>(), new FailedItems(Job), Batch);
        var oneWriter = true;
        await using (var db = reader.Open())
            if (db.LocksRows) (size, oneWriter) = (LargeBatch, false);
        await RoundAsync(db => db.Set<Certificate>().Where(c => c.WatchOn != null && c.WatchOn <= today).Select(c => new Watched { On = c.WatchOn, Id = c.Id }), CertificateLooks.UnplannedAsync, ahead: false).ConfigureAwait(false);
        await RoundAsync(db => db.Set<CertificateLook>().Where(l => l.On <= today).Select(l => new Watched { On = l.On, Id = l.CertificateId }), CertificateLooks.TakeAsync, oneWriter).ConfigureAwait(false);
        // A batch that failed was not looked at to its end: what is known of it stays.
        if (failed.Count == 0) await items.NoteAsync(reader, writer, now, cancel).ConfigureAwait(false);
        return failed.Count == 0 ? all : throw new AggregateException(string.Join("; ", failed.Select(f => f.Message)), failed.SelectMany(f => f.InnerExceptions));

        async Task RoundAsync(Func<CivilAffairsDb, IQueryable<Watched>> due, Take take, bool ahead)
        {
            try
            {
                all += await WatchRound.RunAsync(reader, due, async ids =>
                {
                    var known = ahead ? await AheadAsync(ids, now).ConfigureAwait(false) : null;
                    var worked = await writer.WriteAsync((db, _) => CertificatesAsync(db, take, ids, now, known), cancel).ConfigureAwait(false);
                    return worked.Letters + await OpenAsync(worked.Ended, items, today, cancel).ConfigureAwait(false);
                }, cancel, size, AtOnce).ConfigureAwait(false);
            }
            catch (AggregateException e)
            {
                // One that is wrong among the first holds up none of the second.
                failed.Add(e);
            }
        }
    }

    private delegate Task<IReadOnlyList<(Certificate Certificate, IReadOnlyList<DateOnly> On)>> Take(CivilAffairsDb db, IReadOnlyList<Guid> ids, DateOnly today);

    /// <summary>What is to be written of a batch.</summary>
    /// <param name="Lines">The lines of the plan that it rests on; null: it was worked out within its transaction.</param>
    private sealed record Worked(HashSet<(DateOnly, Guid)>? Lines, IReadOnlyList<object> Rows, int Letters, IReadOnlyList<CertificateLook> Next, List<(Guid Id, CertificateExpiry Then)> Ended);

    /// <summary>
    /// Works a batch out beside SQLite's one writer, which then has rows to store and nothing to think about: while it stores
    /// one batch, the other processor works on the next. See docs/adr/0087.
    /// </summary>
    private async Task<Worked> AheadAsync(IReadOnlyList<Guid> ids, DateTimeOffset now)
    {
        await using var db = reader.Open();
        // All of it from one state.
        await db.Database.OpenConnectionAsync().ConfigureAwait(false);
        await db.Database.ExecuteSqlRawAsync("BEGIN").ConfigureAwait(false);
        try
        {
            var lines = await CertificateLooks.DueAsync(db, ids, BureauTime.Day(now)).ConfigureAwait(false);
            return await WorkAsync(db, await CertificateLooks.OfAsync(db, lines).ConfigureAwait(false), now).ConfigureAwait(false) with { Lines = Set(lines) };
        }
        finally
        {
            await db.Database.ExecuteSqlRawAsync("ROLLBACK").ConfigureAwait(false);
        }
    }

    private static HashSet<(DateOnly, Guid)> Set(IEnumerable<CertificateLook> lines) => [.. lines.Select(l => (l.On, l.CertificateId))];

    /// <param name="ahead">Worked out beforehand: it counts where just those lines are still due, and is worked out anew where not.</param>
    private async Task<Worked> CertificatesAsync(CivilAffairsDb db, Take take, IReadOnlyList<Guid> ids, DateTimeOffset now, Worked? ahead)
    {
        var today = BureauTime.Day(now);
        var worked = ahead;
        if (ahead is null) worked = await WorkAsync(db, await take(db, ids, today).ConfigureAwait(false), now).ConfigureAwait(false);
        else if (await CertificateLooks.TakeLinesAsync(db, ids, today).ConfigureAwait(false) is var lines && !ahead.Lines!.SetEquals(Set(lines)))
            worked = await WorkAsync(db, await CertificateLooks.OfAsync(db, lines).ConfigureAwait(false), now).ConfigureAwait(false);
        await CertificateLooks.PlanAsync(db, worked!.Next).ConfigureAwait(false);
        // Nobody reads them again in this transaction.
        foreach (var row in worked.Rows) db.Append(row);
        return worked;
    }

    /// <summary>Reads, and writes nothing.</summary>
    private async Task<Worked> WorkAsync(CivilAffairsDb db, IReadOnlyList<(Certificate Certificate, IReadOnlyList<DateOnly> On)> taken, DateTimeOffset now)
    {
        var today = BureauTime.Day(now);
        var state = await StateAsync(db, [.. taken.Select(t => t.Certificate)], today).ConfigureAwait(false);
        var (dues, next, ended) = (new List<StageDue>(), new List<CertificateLook>(taken.Count), new List<(Guid, CertificateExpiry)>());
        foreach (var (certificate, on) in taken)
        {
            var revision = library.Find(certificate.Matter);
            var kind = revision?.Matter.Certificates.FirstOrDefault(c => c.Id == certificate.Kind);
            if (kind is null || certificate.ValidTo is not { } last || state.Over.Contains(certificate.Id)) continue;
            var opens = certificate.SubjectId is null ? null : kind.Expiry;
            if (last < today)
            {
                if (opens is null) continue;
                ended.Add((certificate.Id, opens));
                // Until it is open: whoever is killed in between finds it due.
                next.Add(new CertificateLook { On = today, CertificateId = certificate.Id });
                continue;
            }
            var days = kind.Reminders.Select(r => (Rule: r, Day: r.DayOf(last))).ToList();
            // Planned by rules that were replaced since; by the new ones it has another line.
            if (on.Count > 0 && !days.Exists(d => on.Contains(d.Day))) continue;
            var come = days.Where(d => d.Day <= today).ToList();
            if (come.Count > 0 && !(certificate.SubjectId is { } subject && kind.Renewal is { } renewal && state.Pending.Contains((subject, renewal.Matter))))
                dues.AddRange(come.Select(d => Of(certificate, kind, d.Rule, d.Day, last, passed: d.Day < come.Max(c => c.Day), revision)));
            if ((days.Where(d => d.Day > today).Select(d => (DateOnly?)d.Day).Min() ?? (opens is null ? null : last.AddDays(1))) is { } then) next.Add(new CertificateLook { On = then, CertificateId = certificate.Id });
        }
        var (rows, letters) = await ReminderLetters.PrepareAsync(db, dues, now).ConfigureAwait(false);
        return new Worked(null, rows, letters, next, ended);
    }

    /// <summary>Those that need nothing any more, and whose renewal is being worked on; in a fixed number of queries.</summary>
    private static async Task<(HashSet<Guid> Over, HashSet<(Guid Subject, string Matter)> Pending)> StateAsync(CivilAffairsDb db, List<Certificate> certificates, DateOnly today)
    {
        var ids = certificates.Select(c => c.Id).ToList();
        var subjects = certificates.Select(c => c.SubjectId).OfType<Guid>().Distinct().ToList();
        var renewed = await db.Set<Certificate>().AsNoTracking().Where(c => c.RenewsId != null && EF.Parameter(ids).Contains(c.RenewsId.Value)).Select(c => c.RenewsId!.Value).ToListAsync().ConfigureAwait(false);
        var suspended = await db.Set<CertificateChange>().AsNoTracking().Where(c => EF.Parameter(ids).Contains(c.CertificateId) && c.Action == "Suspended" && c.FromDay <= today).Select(c => c.CertificateId).ToListAsync().ConfigureAwait(false);
        var opened = await db.Set<CertificateOpening>().AsNoTracking().Where(o => EF.Parameter(ids).Contains(o.CertificateId)).Select(o => o.CertificateId).ToListAsync().ConfigureAwait(false);
        var pending = await db.Set<Case>().AsNoTracking().Where(c => c.SubjectId != null && EF.Parameter(subjects).Contains(c.SubjectId.Value) && c.Number != null && c.DecidedAt == null && c.ClosedAt == null)
            .Select(c => new { Subject = c.SubjectId!.Value, c.Matter }).ToListAsync().ConfigureAwait(false);
        return ([.. renewed, .. suspended, .. opened], [.. pending.Select(p => (p.Subject, p.Matter))]);
    }

    private async Task<int> OpenAsync(List<(Guid Id, CertificateExpiry Then)> ended, FailedItems items, DateOnly today, CancellationToken cancel)
    {
        if (ended.Count == 0) return 0;
        var (opened, failed) = (0, new HashSet<Guid>());
        foreach (var (id, then) in ended)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                if (await cases.OpenForCertificateAsync(id, then.Matter, then.Workflow, then.Reason, cancel).ConfigureAwait(false)) opened++;
            }
            catch (Exception e) when (JobFaults.IsItsOwn(e))
            {
                // One that cannot be opened must not stop the others; it stays due, and the next run tries again.
                NotOpened(log, e, id);
                items.Add(id, null, e);
                failed.Add(id);
            }
        }
        // Opened or waiting, tomorrow tells: a renewal that is pending in time keeps it waiting [XK 50].
        var (ids, tomorrow) = (ended.Select(c => c.Id).Where(id => !failed.Contains(id)).ToList(), today.AddDays(1));
        await writer.WriteAsync((db, token) => CertificateLooks.PostponeAsync(db, ids, today, tomorrow, token), cancel).ConfigureAwait(false);
        return opened;
    }

    private StageDue Of(Certificate certificate, CertificateKind kind, DayReminder rule, DateOnly day, DateOnly last, bool passed, MatterRevision? revision)
    {
        var data = new JsonObject
        {
            ["title"] = new JsonObject { ["zh"] = kind.Name.Zh, ["en"] = kind.Name.En }, ["number"] = certificate.Number, ["validTo"] = BureauTime.Iso(last),
            // Not rolled [domain §3]: where nobody works on the last day, the last day on which somebody does is told beside it.
            ["practicalDay"] = BureauTime.Iso(WorkdayBefore(last)),
        };
        return new StageDue(ReminderSubject.Certificate, certificate.Id, certificate.CaseId, new Place(certificate.County, certificate.Township, certificate.Village), rule.Before, day, passed, rule.To, rule.Template, revision, data)
        {
            Holders = certificate.PersonId is { } person ? [person] : [], HolderSubject = certificate.SubjectId, DeskPath = rule.Link ?? "/desk", OwnPath = rule.Link ?? "/my",
        };
    }

    /// <returns>Null: the day itself is one, or the calendar is not known.</returns>
    private DateOnly? WorkdayBefore(DateOnly day)
    {
        for (var before = day; calendars.Working.IsWorkday(before) is { } works; before = before.AddDays(-1))
            if (works) return before == day ? null : before;
        return null;
    }

    [LoggerMessage(EventId = 3130, Level = LogLevel.Error, Message = "The certificate {CertificateId} has expired but what that brings cannot be opened")]
    private static partial void NotOpened(ILogger log, Exception e, Guid certificateId);
}

/// <summary>In the morning, every day: a certificate ends on any day. Every hour after that what a killed node or a failure left.</summary>
internal sealed class ExpiryJob(ExpiryWatch watch) : Platform.Jobs.IJob
{
    public string Id => ExpiryWatch.Job;
    public string Cron => "0 7-20 * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) =>
        db.Set<Certificate>().Where(c => c.WatchOn != null && c.WatchOn <= BureauTime.Day(now)).Select(c => c.Id)
            .Concat(db.Set<CertificateLook>().Where(l => l.On <= BureauTime.Day(now)).Select(l => l.CertificateId)).UpToAsync(most, cancel);

    public Task<int> RunAsync(CancellationToken cancel) => watch.RunAsync(cancel);
}
