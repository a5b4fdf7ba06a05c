using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Tells supervisors of tasks that, because of a recusal 回避, nobody of the office may do.</summary>
internal sealed class StrandedTasksJob(RecusalCommands recusals) : IJob
{
    private const int Batch = 200;

    public string Id => "stranded-tasks";
    public string Cron => "*/10 * * * *";

    public Task<int?> StuckAsync(CivilAffairsDb db, int most, CancellationToken cancel) =>
        db.Set<WorkTask>().Where(t => t.StrandedAt != null && t.State == TaskState.Open).UpToAsync(most, cancel);

    public Task<int> RunAsync(CancellationToken cancel) => recusals.FindStrandedAsync(Batch, cancel);
}
