using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Jobs;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Opens the re-verifications 定期复核 that are due today. Run again, or on two nodes, it opens nothing twice.</summary>
internal sealed class ReverificationJob(Reverifications reverifications) : IJob
{
    private const int Batch = 200;

    public string Id => "reverifications";
    public string Cron => "20 6 * * *";

    public Task<int> RunAsync(CancellationToken cancel) => reverifications.OpenDueAsync(Batch, cancel);
}
