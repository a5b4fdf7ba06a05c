using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>
/// Days that follow from the calendar are computed anew where it is another than the last time: a year that was not known,
/// or one that the State Council changed. Calendars are loaded when the process starts; every hour after that only what another work held is done again.
/// </summary>
internal sealed class CalendarJob(CalendarChanges changes, Calendars calendars) : IJob
{
    public string Id => "calendar-limits";
    public string Cron => "20 * * * *";

    public Task<int> RunAsync(CancellationToken cancel) => changes.ApplyAsync(calendars.Working, calendars.Fingerprint, cancel);
}
