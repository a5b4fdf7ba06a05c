using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Outbox;

namespace CivilAffairs.Web.Features.Home;

/// <summary>What must be in order before the first request: the database's shape, the matters, the divisions.</summary>
internal static partial class Preparation
{
    internal static async Task PrepareAsync(this WebApplication app)
    {
        var (services, cancel) = (app.Services, app.Lifetime.ApplicationStopping);
        // Read and checked beside the database's first steps, which take as long.
        var folders = Task.Run(() => MatterLibrary.ReadFolders(Path.Combine(AppContext.BaseDirectory, "workflows")), cancel);
        IReadOnlyDictionary<string, IReadOnlyList<MatterFault>> refused = new Dictionary<string, IReadOnlyList<MatterFault>>();
        await services.GetRequiredService<IMigrator>().MigrateAsync(async () =>
        {
            await KeyCheck.CheckAsync(services, cancel);
            await MailPauseMark.TakeAsync(services.GetRequiredService<DataFolder>(), services.GetRequiredService<IWriter>(), services.GetRequiredService<TimeProvider>().GetUtcNow(), cancel);
            // In Development a file that was changed counts at the next start; elsewhere a manager looks at it first (docs/adr/0070).
            var library = services.GetRequiredService<MatterLibrary>();
            refused = await library.PublishAsync(await folders, onlyNew: !app.Environment.IsDevelopment(), cancel);
        }, cancel);
        foreach (var (folder, faults) in refused) NotPublished(app.Logger, folder, string.Join("; ", faults.Where(f => f.IsError).Select(f => f.ToString())));
        await services.GetRequiredService<DivisionDirectory>().RefreshAsync(cancel);
        await AuditHeads.LearnAsync(services.GetRequiredService<IReader>(), cancel);
    }

    [LoggerMessage(EventId = 6000, Level = LogLevel.Warning, Message = "The matter in workflows/{Folder} was not published: {Faults}")]
    private static partial void NotPublished(ILogger log, string folder, string faults);
}
