using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Storage;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.DataProtection;

namespace CivilAffairs.Web.Platform;

/// <summary>What every feature stands on: database, keys, files, commands, calendars, documents.</summary>
internal static class PlatformServices
{
    // Shorter than whoever asks waits: a check that takes longer has failed.
    private static readonly TimeSpan Asked = TimeSpan.FromSeconds(3);

    internal static IServiceCollection AddPlatform(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddClock(environment);
        services.AddDatabase(configuration);
        services.AddSingleton(provider => KeyRing.Open(provider.GetRequiredService<DataFolder>()));
        services.AddSingleton<FieldCipher>();
        services.AddSingleton<BlobStore>();
        services.AddSingleton<CommandRunner>();
        services.AddSingleton(provider => Calendars.Load(
            [Path.Combine(AppContext.BaseDirectory, "Data", "calendars"), provider.GetRequiredService<DataFolder>().Path("calendars")],
            environment.IsDevelopment() ? 2040 : null));
        services.AddDocuments();
        services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database", timeout: Asked)
            .AddCheck<WriterHealth>("writer", timeout: Asked)
            .AddCheck<DataFolderHealth>("dataFolder", timeout: Asked)
            .AddCheck<KeyRingHealth>("keys", timeout: Asked)
            .AddCheck<FontHealth>("fonts", timeout: Asked);
        services.AddMailTransport(configuration, environment);
        // Sessions outlive a restart: their keys lie with the other keys.
        services.AddDataProtection().SetApplicationName("CivilAffairs")
            .PersistKeysToFileSystem(new DirectoryInfo(DataFolder.From(configuration).Path("keys", "sessions")));
        return services;
    }
}
