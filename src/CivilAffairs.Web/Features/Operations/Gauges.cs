using System.Diagnostics.Metrics;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Operations;

/// <summary>How much waits: asked of the database twice a minute, so that a collector that asks often costs nothing more.</summary>
internal sealed partial class Gauges : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private readonly IReader reader;
    private readonly TimeProvider time;
    private readonly ILogger<Gauges> log;
    private long waiting, parked, due;

    public Gauges(IMeterFactory meters, IWriterState writer, IReader reader, TimeProvider time, ILogger<Gauges> log)
    {
        (this.reader, this.time, this.log) = (reader, time, log);
        var meter = meters.Create(ProductTelemetry.Name);
        meter.CreateObservableGauge("civilaffairs.writer.waiting", () => writer.Waiting, "{work}", "Works that wait to be written.");
        meter.CreateObservableGauge("civilaffairs.outbox.waiting", () => Interlocked.Read(ref waiting), "{letter}", "Letters that wait to be sent.");
        meter.CreateObservableGauge("civilaffairs.outbox.parked", () => Interlocked.Read(ref parked), "{letter}", "Letters that were given up and need somebody.");
        meter.CreateObservableGauge("civilaffairs.timers.due", () => Interlocked.Read(ref due), "{timer}", "Timers of cases that are due and have not fired.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var clock = new PeriodicTimer(Pause);
        try
        {
            do await ReadAsync(stoppingToken).ConfigureAwait(false);
            while (await clock.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        try
        {
            var now = time.GetUtcNow();
            await using var db = reader.Open();
            Interlocked.Exchange(ref waiting, await db.Set<OutboxMessage>().LongCountAsync(m => m.State == OutboxState.Pending, cancel).ConfigureAwait(false));
            Interlocked.Exchange(ref parked, await db.Set<OutboxMessage>().LongCountAsync(m => m.State == OutboxState.Parked, cancel).ConfigureAwait(false));
            Interlocked.Exchange(ref due, await db.Set<CaseTimer>().LongCountAsync(t => t.State == TimerState.Waiting && t.DueAt <= now, cancel).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The readiness page tells of the database; the gauges keep what they last knew.
            NotRead(log, e.GetType().Name);
        }
    }

    [LoggerMessage(EventId = 1020, Level = LogLevel.Debug, Message = "The gauges could not be read: {Kind}")]
    private static partial void NotRead(ILogger log, string kind);
}
