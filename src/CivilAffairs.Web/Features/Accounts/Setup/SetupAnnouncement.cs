using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CivilAffairs.Web.Features.Accounts.Setup;

/// <summary>
/// Outside Development there is no account to begin with: once the site listens, the link that makes the first
/// administrator is printed. To standard error, not to the log on standard output: logs are shipped and kept, and this is
/// a secret.
/// </summary>
internal sealed partial class SetupAnnouncement(IServiceScopeFactory scopes, IHostEnvironment environment, IHostApplicationLifetime lifetime, IServer server, IConfiguration configuration, ILogger<SetupAnnouncement> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment()) lifetime.ApplicationStarted.Register(() => _ = AnnounceAsync());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task AnnounceAsync()
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<SetupLinks>().IssueAsync(lifetime.ApplicationStopping) is not { } token) return;
            await Console.Error.WriteLineAsync($"""

                系统中还没有账号。请在 24 小时内打开下面的链接，创建第一个系统管理员；链接只能使用一次，重新启动后以新的链接为准。
                There is no account yet. Open this link within 24 hours to create the first administrator; it works once, and a restart replaces it.

                {Address()}/setup?token={token}

                """);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            NotMade(log, e);
        }
    }

    // The address people use, if it is set; else the one listened on, where "any address" is this machine.
    private string Address()
    {
        if (configuration["Site:Url"] is { Length: > 0 } set) return set.TrimEnd('/');
        var listened = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:5000";
        return listened.Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal).Replace("//[::]", "//localhost", StringComparison.Ordinal).TrimEnd('/');
    }

    [LoggerMessage(EventId = 5000, Level = LogLevel.Error, Message = "The set-up link could not be made; it is tried again at the next start")]
    private static partial void NotMade(ILogger log, Exception e);
}
