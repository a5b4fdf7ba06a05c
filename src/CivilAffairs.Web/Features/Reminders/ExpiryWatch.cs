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
    // A night has thousands, and each batch its own questions; half a thousand hold SQLite's writer for some hundredths of a second.
    private const int Batch = 500;
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
        return await WatchRound.RunAsync(reader, db => db.Set<Certificate>().Where(c => c.WatchOn != null && c.WatchOn <= today).Select(c => new Watched { On = c.WatchOn, Id = c.Id }), async ids =>
        {
            var ended = new List<(Guid Id, CertificateExpiry Then)>();
            var letters = await writer.WriteAsync((db, _) => CertificatesAsync(db, ids, now, ended), cancel).ConfigureAwait(false);
            return letters + await OpenAsync(ended, today, cancel).ConfigureAwait(false);
        }, cancel, Batch).ConfigureAwait(false);
    }

    private async Task<int> CertificatesAsync(CivilAffairsDb db, IReadOnlyList<Guid> ids, DateTimeOffset now, List<(Guid, CertificateExpiry)> ended)
    {
        // Tried again from the beginning where the transaction is.
        ended.Clear();
        var today = BureauTime.Day(now);
        var certificates = (await db.LockFreeAsync<Certificate>(ids, tracked: false).ConfigureAwait(false)).Where(c => c.WatchOn <= today).ToList();
        var state = await StateAsync(db, certificates, today).ConfigureAwait(false);
        var (dues, next) = (new List<StageDue>(), new List<(Guid Id, DateOnly? On)>(certificates.Count));
        foreach (var certificate in certificates)
        {
            var revision = library.Find(certificate.Matter);
            var kind = revision?.Matter.Certificates.FirstOrDefault(c => c.Id == certificate.Kind);
            if (kind is null || certificate.ValidTo is not { } last || state.Over.Contains(certificate.Id))
            {
                next.Add((certificate.Id, null));
                continue;
            }
            var opens = certificate.SubjectId is null ? null : kind.Expiry;
            if (last < today)
            {
                if (opens is null) next.Add((certificate.Id, null));
                else ended.Add((certificate.Id, opens));
                continue;
            }
            var days = kind.Reminders.Select(r => (Rule: r, Day: r.DayOf(last))).ToList();
            var come = days.Where(d => d.Day <= today).ToList();
            if (come.Count > 0 && !(certificate.SubjectId is { } subject && kind.Renewal is { } renewal && state.Pending.Contains((subject, renewal.Matter))))
                dues.AddRange(come.Select(d => Of(certificate, kind, d.Rule, d.Day, last, passed: d.Day < come.Max(c => c.Day), revision)));
            next.Add((certificate.Id, days.Where(d => d.Day > today).Select(d => (DateOnly?)d.Day).Min() ?? (opens is null ? null : last.AddDays(1))));
        }
        // Those of a stage end on one day and have the next one on one day too: a handful of statements for all.
        foreach (var some in next.GroupBy(n => n.On, n => n.Id))
        {
            var (on, same) = (some.Key, some.ToList());
            await db.Set<Certificate>().Where(c => EF.Parameter(same).Contains(c.Id)).ExecuteUpdateAsync(s => s.SetProperty(c => c.WatchOn, on)).ConfigureAwait(false);
        }
        return await ReminderLetters.WriteAsync(db, dues, now).ConfigureAwait(false);
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

    private async Task<int> OpenAsync(List<(Guid Id, CertificateExpiry Then)> ended, DateOnly today, CancellationToken cancel)
    {
        if (ended.Count == 0) return 0;
        var opened = 0;
        foreach (var (id, then) in ended)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                if (await cases.OpenForCertificateAsync(id, then.Matter, then.Workflow, then.Reason, cancel).ConfigureAwait(false)) opened++;
            }
            catch (Exception e) when (JobFaults.IsItsOwn(e))
            {
                // One that cannot be opened must not stop the others; it is named again tomorrow.
                NotOpened(log, e, id);
            }
        }
        // Opened or not, tomorrow tells: a renewal that is pending in time keeps it waiting [XK 50].
        var (ids, tomorrow) = (ended.ConvertAll(c => c.Id), today.AddDays(1));
        await writer.WriteAsync((db, token) => db.Set<Certificate>().Where(c => EF.Parameter(ids).Contains(c.Id) && c.WatchOn <= today).ExecuteUpdateAsync(s => s.SetProperty(c => c.WatchOn, tomorrow), token), cancel).ConfigureAwait(false);
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
    public string Id => "certificate-expiry";
    public string Cron => "0 7-20 * * *";

    public Task<int?> BacklogAsync(CivilAffairsDb db, DateTimeOffset now, int most, CancellationToken cancel) =>
        db.Set<Certificate>().Where(c => c.WatchOn != null && c.WatchOn <= BureauTime.Day(now)).UpToAsync(most, cancel);

    public Task<int> RunAsync(CancellationToken cancel) => watch.RunAsync(cancel);
}
