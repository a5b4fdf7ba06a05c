using System.Data.Common;
using CivilAffairs.Web.Features.CommandLine.Backup;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>
/// <c>backup PLACE [--without-keys]</c> and <c>restore FOLDER</c>, on what the server is set to (<c>CIVILAFFAIRS_DATA</c>,
/// <c>ConnectionStrings__Database</c>). A backup may be taken while the server runs; a restore needs an empty place. Exit code 2
/// with a sentence where it cannot be done.
/// </summary>
internal static class BackupVerbs
{
    internal static int Backup(string[] args, TextWriter output) => Run(args, "backup PLACE [--without-keys]", async (place, call) =>
    {
        var without = args.Contains("--without-keys");
        if (await call.Database.IsEmptyAsync()) throw new UsageException("There is no database to back up; set CIVILAFFAIRS_DATA or ConnectionStrings__Database.");
        if (!File.Exists(call.Data.Path("keys", "field-keys.json"))) throw new UsageException($"There are no keys in {call.Data.Root}; set CIVILAFFAIRS_DATA to the server's data folder.");
        output.WriteLine(await BackupSet.TakeAsync(call.Reader, call.Database, call.Data, place, keys: !without, TimeProvider.System.GetUtcNow()));
        return 0;
    });

    internal static int Restore(string[] args, TextWriter output) => Run(args, "restore FOLDER", async (folder, call) =>
    {
        using var held = call.Database is SqliteCopy ? SqliteCopy.Lock(call.Data) : null;
        await using var db = call.Reader.Open();
        await BackupSet.RestoreAsync(folder, call.Database, call.Data, [.. db.Database.GetMigrations()]);
        output.WriteLine("Restored. Letters rest until an administrator lets them go (/manage/mail). Run verify-audit and verify-cases now.");
        return 0;
    });

    private static int Run(string[] args, string usage, Func<string, Call, Task<int>> work)
    {
        if (args.Length == 0 || args[0].StartsWith('-')) throw new UsageException($"Usage: {usage}");
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine([.. args[1..].Where(a => a != "--without-keys")]).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSingleton(TimeProvider.System).AddLogging();
        services.AddDatabase(configuration);
        return Task.Run(async () =>
        {
            await using var provider = services.BuildServiceProvider();
            var data = provider.GetRequiredService<DataFolder>();
            IDatabaseCopy database = configuration.GetConnectionString("Database") is { Length: > 0 } postgres ? new PostgresCopy(postgres) : new SqliteCopy(data);
            try
            {
                return await work(args[0], new Call(provider.GetRequiredService<IReader>(), database, data));
            }
            catch (Exception e) when (e is DbException or InvalidOperationException { InnerException: DbException } or InvalidDataException)
            {
                throw new UsageException(e.Message);
            }
        }).GetAwaiter().GetResult();
    }

    private sealed record Call(IReader Reader, IDatabaseCopy Database, DataFolder Data);
}
