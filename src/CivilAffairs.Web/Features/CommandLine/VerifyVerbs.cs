using System.Data.Common;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting.Internal;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>
/// <c>verify-audit</c> and <c>verify-cases</c>: prove what is stored, on the database that the server is set to
/// (<c>CIVILAFFAIRS_DATA</c>, <c>ConnectionStrings__Database</c>, or the same as <c>--NAME value</c>). They only read; the
/// server may run. Exit code 1 with one line a fault, 2 where there is nothing to read.
/// </summary>
internal static class VerifyVerbs
{
    internal static int Audit(string[] args, TextWriter output) => WithDatabase(args, async services =>
    {
        await using var db = services.GetRequiredService<IReader>().Open();
        var faults = await db.VerifyAsync(default);
        foreach (var fault in faults) output.WriteLine(fault);
        output.WriteLine($"{await db.Set<AuditEntry>().LongCountAsync()} entries, {await db.Set<AuditHead>().CountAsync()} heads, {faults.Count} faults");
        return faults.Count == 0 ? 0 : 1;
    });

    internal static int Cases(string[] args, TextWriter output) => WithDatabase(args, async services =>
    {
        var (instances, faults) = await services.GetRequiredService<CaseProof>().RunAsync();
        foreach (var fault in faults) output.WriteLine(fault);
        output.WriteLine($"{instances} instances, {faults.Count} faults");
        return faults.Count == 0 ? 0 : 1;
    });

    private static int WithDatabase(string[] args, Func<IServiceProvider, Task<int>> work)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        var folder = Path.GetFullPath(configuration["CIVILAFFAIRS_DATA"] is { Length: > 0 } set ? set : "data");
        // Reading must not make an empty installation where the path is wrong.
        if (string.IsNullOrEmpty(configuration.GetConnectionString("Database")) && !File.Exists(Path.Combine(folder, "civilaffairs.db")))
            throw new UsageException($"There is no database in {folder}; set CIVILAFFAIRS_DATA or ConnectionStrings__Database.");
        if (!File.Exists(Path.Combine(folder, "keys", "field-keys.json")))
            throw new UsageException($"There are no keys in {folder}; set CIVILAFFAIRS_DATA to the server's data folder.");
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(configuration);
        collection.AddLogging();
        collection.AddPlatform(configuration, new HostingEnvironment { EnvironmentName = configuration["environment"] ?? configuration["ASPNETCORE_ENVIRONMENT"] ?? "Production" });
        collection.AddMatters().AddCases();
        return Task.Run(async () =>
        {
            await using var services = collection.BuildServiceProvider();
            try
            {
                return await work(services);
            }
            catch (Exception e) when (e is DbException or InvalidOperationException { InnerException: DbException })
            {
                throw new UsageException($"The database cannot be read: {e.Message}");
            }
        }).GetAwaiter().GetResult();
    }
}
