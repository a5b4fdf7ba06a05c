using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Limits that reach into a year whose calendar was not known are computed once it is: calendars are loaded when the process starts.</summary>
internal sealed class CalendarJob(CaseTimers timers, Calendars calendars) : IJob
{
    public string Id => "calendar-limits";
    public string Cron => "20 0 * * *";

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        for (var all = 0; ;)
        {
            cancel.ThrowIfCancellationRequested();
            var computed = await timers.ComputeUnknownAsync(calendars.Working, cancel).ConfigureAwait(false);
            if (computed == 0) return all;
            all += computed;
        }
    }
}
