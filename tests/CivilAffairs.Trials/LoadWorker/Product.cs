using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;

namespace CivilAffairs.LoadWorker;

/// <summary>The product's own services, without its pages.</summary>
internal static class Product
{
    /// <param name="connection">PostgreSQL; null: SQLite in <paramref name="folder"/>.</param>
    /// <param name="environment">Whose calendars count: in Development made-up later years, without which its steps would be computed otherwise.</param>
    public static ServiceProvider Open(string folder, string? connection, string environment = "Production")
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["CIVILAFFAIRS_DATA"] = folder, ["ConnectionStrings:Database"] = connection,
        }).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddPlatform(configuration, new HostingEnvironment { EnvironmentName = environment });
        services.AddMatters().AddCases();
        return services.BuildServiceProvider();
    }
}
