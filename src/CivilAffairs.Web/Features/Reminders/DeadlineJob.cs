using CivilAffairs.Web.Platform.Jobs;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>The deadline watch 期限提醒: by day, so that nobody's letter comes at midnight; what a new task's short limit brings comes within ten minutes.</summary>
internal sealed class DeadlineJob(DeadlineWatch watch) : IJob
{
    public string Id => "deadlines";
    public string Cron => "*/10 7-20 * * *";

    public Task<int> RunAsync(CancellationToken cancel) => watch.RunAsync(cancel);
}
