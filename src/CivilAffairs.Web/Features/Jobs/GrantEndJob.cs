using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Jobs;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Enters the ends of benefits in their cases when the last month is over: after midnight, and every hour what is left.</summary>
internal sealed class GrantEndJob(GrantEnds ends) : IJob
{
    private const int Batch = 500;

    public string Id => GrantEnds.Job;
    public string Cron => "10 * * * *";

    public Task<int> RunAsync(CancellationToken cancel) => ends.EnterAsync(Batch, cancel);
}
