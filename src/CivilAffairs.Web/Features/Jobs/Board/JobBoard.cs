using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;
using Cronos;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Jobs.Board;

/// <summary>How each job does, for those who look after the product: what it did last, what waits, what went wrong.</summary>
internal sealed class JobBoard(JobRunner runner, IReader reader, TimeProvider time)
{
    /// <summary>No backlog is counted further: more is said as "more than".</summary>
    public const int Most = 10_000;

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

    /// <summary>Kinds of failure that people can do something about: <c>database</c>, <c>network</c>, <c>disk</c>, <c>data</c>, else <c>other</c>.</summary>
    /// <param name="error">The exception's name, as <see cref="JobRun.LastError"/> keeps it.</param>
    public static string KindOf(string error) => error switch
    {
        "BusyException" or "TimeoutException" => "busy",
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

/// <param name="AskedBy">Who asked for it; null: the clock did.</param>
internal sealed record JobPast(DateTimeOffset At, TimeSpan Took, int Done, string? Error, string? AskedBy);
