using System.Globalization;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>Whether the county's year is being told, for the page and the jobs.</summary>
internal sealed class CountyFilling : IFilling
{
    private volatile FillingProgress? now;

    public FillingProgress? Now { get => now; set => now = value; }

    /// <summary>Stories that broke off.</summary>
    public int Broken { get; set; }
}

/// <summary>
/// Tells the county's year (<see cref="CountyYear"/>) while the product already answers, once in an installation's life; then
/// every job runs. Until the story is told no job does. See docs/adr/0062.
/// </summary>
/// <remarks>The instant at which the story ends is kept when it begins: killed half-way, the next start tells the same story to its end.</remarks>
internal sealed partial class CountyGrowth(IServiceProvider services, IReader reader, IWriter writer, CountyFilling filling, TimeProvider time, IConfiguration configuration, IHostApplicationLifetime lifetime, ILogger<CountyGrowth> log) : BackgroundService
{
    private const string Begun = "demo.year", Whole = "demo.year.told";

    /// <summary>Cases of the first start: the county's own, which are there before the first page is shown.</summary>
    private static int Before => DemoStories.All.Count + DemoOrganisations.Cases;

    /// <summary>About so many cases, at most; a few more are opened by the county itself. Setting <c>Demo:Cases</c>.</summary>
    private int Wanted => configuration.GetValue("Demo:Cases", 420);

    /// <summary>Called before the first page is shown: from now on jobs wait, if there is a story to tell.</summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        if (Wanted <= Before) return;
        await using (var db = reader.Open())
        {
            var marks = await db.Set<CommandRecord>().Where(c => c.ActorId == Guid.Empty && (c.Key == Begun || c.Key == Whole)).Select(c => c.Key).ToListAsync(cancel);
            // A day that is closed takes no line any more: into a county that has lived, no past is told.
            if (marks.Contains(Whole) || (marks.Count == 0 && await db.Set<AuditHead>().AnyAsync(cancel))) return;
            if (marks.Count == 0) await MarkAsync(Begun, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture), cancel);
        }
        filling.Now = new FillingProgress(Before, Wanted);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (filling.Now is null || !await StartedAsync(stoppingToken)) return;
        var began = time.GetTimestamp();
        try
        {
            var done = await StoryPlayer.DoneAsync(reader, "demo.", stoppingToken);
            var until = DateTimeOffset.Parse(done[Begun], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
            var year = new CountyYear(services, await DemoSeats.LoadAsync(reader, stoppingToken), done, until, log);
            await year.RunAsync(Wanted - Before, (there, of) => filling.Now = new FillingProgress(Before + there, Before + of), stoppingToken);
            await new DemoPayments(services, reader, writer, await DemoSeats.LoadAsync(reader, stoppingToken)).RunAsync(until, stoppingToken);
            await MarkAsync(Whole, "true", stoppingToken);
            filling.Broken = year.Broken;
            Told(log, Before + year.Cases.There, (long)time.GetElapsedTime(began).TotalSeconds);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start goes on.
            return;
        }
        catch (Exception e)
        {
            // The county stays as it is; whoever tries it out can, and jobs must run.
            filling.Broken++;
            NotTold(log, e);
        }
        filling.Now = null;
        var runner = services.GetRequiredService<JobRunner>();
        if (configuration.GetValue("Jobs:Enabled", true))
            foreach (var job in runner.Jobs.Where(j => j.AtStart)) await runner.NowAsync(job.Id, stoppingToken);
    }

    private Task<int> MarkAsync(string mark, string result, CancellationToken cancel) => writer.WriteAsync((db, _) =>
    {
        db.Add(new CommandRecord { ActorId = Guid.Empty, Key = mark, BodyHash = "", Result = result, At = time.GetUtcNow() });
        return Task.FromResult(0);
    }, cancel);

    private async Task<bool> StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var on = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        using var off = stopping.Register(() => started.TrySetCanceled(stopping));
        try
        {
            await started.Task;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 7002, Level = LogLevel.Information, Message = "The fictional county's last year is told: {Cases} cases ({Seconds} s)")]
    private static partial void Told(ILogger log, int cases, long seconds);

    [LoggerMessage(EventId = 7003, Level = LogLevel.Error, Message = "The fictional county's last year could not be told to its end; the next start tries again")]
    private static partial void NotTold(ILogger log, Exception e);
}
