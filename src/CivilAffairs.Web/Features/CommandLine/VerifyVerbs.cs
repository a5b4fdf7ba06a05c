using System.Data.Common;
using CivilAffairs.Engine.Time;
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
/// server may run. <c>verify-audit --head DAY=HASH</c> also holds a head kept elsewhere against the stored one. Exit code 1 with one line a fault, 2 where there is nothing to read.
/// </summary>
internal static class VerifyVerbs
{
    internal static int Audit(string[] args, TextWriter output) => WithDatabase(args, async services =>
    {
        await using var db = services.GetRequiredService<IReader>().Open();
        List<string> faults = [.. await db.VerifyAsync(default)];
        if (services.GetRequiredService<IConfiguration>()["head"] is { } kept && await KeptAsync(db, kept) is { } off) faults.Add(off);
        foreach (var fault in faults) output.WriteLine(fault);
        output.WriteLine($"{await db.Set<AuditEntry>().LongCountAsync()} entries, {await db.Set<AuditHead>().CountAsync()} heads, {faults.Count} faults");
        return faults.Count == 0 ? 0 : 1;
    });

    internal static int Cases(string[] args, TextWriter output) => WithDatabase(args, async services =>
    {
        var (instances, erased, faults) = await services.GetRequiredService<CaseProof>().RunAsync();
        foreach (var fault in faults) output.WriteLine(fault);
        output.WriteLine($"{instances} instances, {(erased > 0 ? $"{erased} cases erased, " : "")}{faults.Count} faults");
        return faults.Count == 0 ? 0 : 1;
    });

    /// <summary>Holds a head that was kept elsewhere (<c>2026-11-23=HASH</c>) against the stored one of that day.</summary>
    private static async Task<string?> KeptAsync(CivilAffairsDb db, string kept)
    {
        if (kept.Split('=') is not [var text, { Length: 64 } hash] || IsoDay.Read(text) is not { } day)
            throw new UsageException("Usage: verify-audit [--head DAY=HASH], for example --head 2026-11-23=0f5c…");
        return await db.Set<AuditHead>().AnyAsync(h => h.Day == day && h.Hash == hash) ? null : $"{day:yyyy-MM-dd}: the head that was kept is not the stored one";
    }

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
