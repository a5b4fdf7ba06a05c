using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Desk.Search;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Notices;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform;
using CivilAffairs.Web.Platform.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;

namespace CivilAffairs.Bench;

/// <summary>The product's services over a fresh database, without its pages.</summary>
internal sealed class Product : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("civilaffairs-bench-").FullName;
    private readonly ServiceProvider services;

    private Product(string? connection, Dictionary<string, string?> settings)
    {
        settings["CIVILAFFAIRS_DATA"] = folder;
        if (connection is not null) settings["ConnectionStrings:Database"] = connection;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(configuration);
        collection.AddLogging();
        collection.AddPlatform(configuration, new HostingEnvironment { EnvironmentName = "Production" });
        collection.AddMatters().AddCases().AddMail().AddNoticeBoard().AddReminders();
        collection.AddSingleton<SearchQuery>();
        services = collection.BuildServiceProvider();
    }

    public IServiceProvider Services => services;

    /// <param name="connection">PostgreSQL; null: SQLite in a folder of its own.</param>
    public static async Task<Product> StartAsync(string? connection, Dictionary<string, string?> settings)
    {
        var product = new Product(connection, settings);
        await product.services.GetRequiredService<IMigrator>().MigrateAsync(null, default);
        return product;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
