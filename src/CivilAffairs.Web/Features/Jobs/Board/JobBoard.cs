using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Cronos;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Jobs.Board;

/// <summary>How each job does, for those who look after the product: what it did last, what waits, what went wrong.</summary>
internal sealed class JobBoard(JobRunner runner, IReader reader, TimeProvider time)
{
    /// <summary>No backlog is counted further: more is said as "more than".</summary>
    public const int Most = 10_000;

    /// <summary>Single things that are named; whoever sees to these sees the next.</summary>
    public const int MostFailed = 100;

    public async Task<IReadOnlyList<JobLine>> ReadAsync(CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = reader.Open();
        var runs = await db.Set<JobRun>().Take(1000).ToDictionaryAsync(r => r.Id, cancel).ConfigureAwait(false);
        var lines = new List<JobLine>();
        foreach (var job in runner.Jobs)
        {
            var run = runs.GetValueOrDefault(job.Id);
            var waiting = await job.BacklogAsync(db, now, Most, cancel).ConfigureAwait(false);
            lines.Add(new JobLine(job.Id, run?.LastStartedAt, run?.LastFinishedAt >= run?.LastStartedAt ? run!.LastFinishedAt - run.LastStartedAt : null, run?.Done ?? 0, run?.LastError, Next(job, now), waiting,
                await job.StuckAsync(db, Most, cancel).ConfigureAwait(false)));
        }
        return lines;
    }

    /// <summary>The last runs of one job that did something, failed or were asked for, newest first.</summary>
    public async Task<IReadOnlyList<JobPast>> HistoryAsync(string job, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        return await db.Set<JobHistory>().Where(h => h.Job == job).OrderByDescending(h => h.Id).Take(JobHistory.Kept)
            .Select(h => new JobPast(h.StartedAt, h.FinishedAt - h.StartedAt, h.Done, h.Error, h.AskedById != null ? db.Users.Where(a => a.Id == h.AskedById).Select(a => a.DisplayName).FirstOrDefault() ?? "" : null)).ToListAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// Single things that a job could not do while it did all others, the oldest first. Their cases and certificates are named
    /// to whoever sees them: who looks after the product alone learns that there is something, and of what kind.
    /// </summary>
    public async Task<IReadOnlyList<FailedLine>> FailedAsync(Viewer viewer, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = reader.Open();
        var items = await db.Set<FailedItem>().OrderBy(i => i.FirstAt).ThenBy(i => i.SubjectId).Take(MostFailed).ToListAsync(cancel).ConfigureAwait(false);
        if (items.Count == 0) return [];
        var (caseIds, others) = (items.Select(i => i.CaseId).OfType<Guid>().Distinct().ToList(), items.Where(i => i.CaseId is null).Select(i => i.SubjectId).ToList());
        var cases = await db.Set<Case>().Where(c => EF.Parameter(caseIds).Contains(c.Id)).EachVisibleTo(db, viewer).ToDictionaryAsync(c => c.Id, c => c.Number, cancel).ConfigureAwait(false);
        var (me, places) = (viewer.AccountId, viewer.Held.Where(h => h.Role == Roles.Supervisor).Select(h => h.Division).Distinct().ToList());
        var certificates = await db.Set<Certificate>().Where(c => EF.Parameter(others).Contains(c.Id)).Select(c => new
        {
            c.Id, c.Number,
            Seen = (places.Contains(c.County) || places.Contains(c.Township!) || places.Contains(c.Village!)) && !db.Set<CaseRecusal>().Any(r => r.AccountId == me && r.CaseId == c.CaseId),
        }).ToDictionaryAsync(c => c.Id, cancel).ConfigureAwait(false);
        return items.ConvertAll(i =>
        {
            var (certificate, visible) = (certificates.GetValueOrDefault(i.SubjectId), i.CaseId is { } id && cases.ContainsKey(id));
            return new FailedLine(i.Job, i.CaseId is not null ? "case" : certificate is not null ? "certificate" : "other", visible ? cases[i.CaseId!.Value] : certificate is { Seen: true } ? certificate.Number : null, visible ? i.CaseId : null, i.Error, i.FirstAt, i.LastAt, i.Times);
        });
    }

    /// <summary>Kinds of failure that people can do something about: <c>database</c>, <c>network</c>, <c>disk</c>, <c>data</c>, else <c>other</c>.</summary>
    /// <param name="error">The exception's name, as <see cref="JobRun.LastError"/> keeps it.</param>
    public static string KindOf(string error) => error switch
    {
        "BusyException" or "SlowRenderingException" or "TimeoutException" => "busy",
        _ when error.StartsWith("Db", StringComparison.Ordinal) || error.Contains("Npgsql", StringComparison.Ordinal) || error.Contains("Postgres", StringComparison.Ordinal) || error.Contains("Sqlite", StringComparison.Ordinal) => "database",
        "SocketException" or "HttpRequestException" or "SmtpProtocolException" or "AuthenticationException" => "network",
        "IOException" or "UnauthorizedAccessException" or "DirectoryNotFoundException" or "FileNotFoundException" => "disk",
        "InvalidDataException" or "KeyNotFoundException" or "FormatException" or "CryptographicException" => "data",
        _ => "other",
    };

    /// <returns>When the clock calls it next.</returns>
    internal static DateTimeOffset? Next(IJob job, DateTimeOffset now) =>
        CronExpression.Parse(job.Cron, job.Cron.Split(' ').Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard).GetNextOccurrence(now, BureauTime.Zone);
}

/// <param name="Took">Of the last run that ended; null: it runs now, was cut short, or never ran.</param>
/// <param name="Done">Of the last run that had something to do.</param>
/// <param name="Waiting">Null: nothing that could be counted; more than <see cref="JobBoard.Most"/>: at least.</param>
/// <param name="Stuck">Like it: what somebody has to see to.</param>
internal sealed record JobLine(string Id, DateTimeOffset? LastStartedAt, TimeSpan? Took, int Done, string? Error, DateTimeOffset? Next, int? Waiting, int? Stuck);

/// <param name="Kind"><c>case</c>, <c>certificate</c> or <c>other</c>.</param>
/// <param name="Number">Of the case or certificate; null: not the viewer's to see.</param>
/// <param name="Error">As <see cref="FailedItem.Error"/>.</param>
internal sealed record FailedLine(string Job, string Kind, string? Number, Guid? CaseId, string Error, DateTimeOffset FirstAt, DateTimeOffset LastAt, int Times);

/// <param name="AskedBy">Who asked for it; null: the clock did.</param>
internal sealed record JobPast(DateTimeOffset At, TimeSpan Took, int Done, string? Error, string? AskedBy);
