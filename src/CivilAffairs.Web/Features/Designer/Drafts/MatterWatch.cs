using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <summary>
/// What another node published or retired counts here within two seconds: new cases go under it. A node that cannot ask goes on
/// with what it knows, and asks again. The embedded database has one process, which knows what it did itself.
/// </summary>
/// <remarks>Setting <c>Matters:WatchSeconds</c>; 0: there is no other node.</remarks>
internal sealed partial class MatterWatch(MatterLibrary library, IReader reader, IConfiguration configuration, ILogger<MatterWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var seconds = configuration.GetValue("Matters:WatchSeconds", 2d);
        await using (var db = reader.Open())
            if (seconds <= 0 || db is not PostgresDb) return;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
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
