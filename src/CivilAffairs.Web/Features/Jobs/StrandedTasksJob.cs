using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Jobs;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Tells supervisors of tasks that, because of a recusal 回避, nobody of the office may do.</summary>
internal sealed class StrandedTasksJob(RecusalCommands recusals) : IJob
{
    private const int Most = 200;

    public string Id => "stranded-tasks";
    public string Cron => "*/10 * * * *";

    public Task<int> RunAsync(CancellationToken cancel) => recusals.FindStrandedAsync(Most, cancel);
}
