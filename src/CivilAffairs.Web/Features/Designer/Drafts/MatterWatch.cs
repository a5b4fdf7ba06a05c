using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <summary>
/// What another node published or retired counts here within two seconds: new cases go under it. A node that cannot ask goes on
/// with what it knows, and asks again.
/// </summary>
internal sealed partial class MatterWatch(MatterLibrary library, ILogger<MatterWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            try
            {
                await library.RefreshAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                NotAsked(log, e);
            }
    }

    // The database's own health check shouts; this says only what it meant here.
    [LoggerMessage(EventId = 6010, Level = LogLevel.Debug, Message = "What other nodes published could not be read")]
    private static partial void NotAsked(ILogger log, Exception failure);
}
