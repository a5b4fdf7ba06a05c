using CivilAffairs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>Two nodes on one PostgreSQL: what one publishes or retires the other offers, or no longer, soon after.</summary>
public sealed class MatterWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PostgresFact]
    public async Task What_another_node_publishes_and_retires_counts_here()
    {
        var connection = await Databases.FreshAsync(Databases.Postgres);
        await using var one = new TestApp(connection);
        await using var other = new TestApp(connection, settings: new Dictionary<string, string> { ["Matters:WatchSeconds"] = "0.2" });
        // The hosted services start with the server.
        using var _ = other.CreateClient();
        var (kit, there) = (new DraftKit(one), new DraftKit(other));
        var manager = await kit.ManagerAsync();
        var id = await kit.PublishedAsync(manager);
        await UntilAsync(() => there.Library.FindOffered(id) is not null);
        await kit.Drafts.RetireAsync(manager, id, "依据废止", 1, DraftKit.Key());
        await UntilAsync(() => there.Library.FindOffered(id) is null);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var over = new CancellationTokenSource(Patience);
        while (!holds()) await Task.Delay(50, over.Token);
    }
}
