using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CivilAffairs.Web.Features.Projection;

/// <summary>
/// Elsa's own stores as a copy for a stock Elsa Server (docs/adr/0080): the setting <c>Elsa:Projection</c> is the connection
/// string of a database of their own, SQLite (<c>Data Source=…</c>) or PostgreSQL. Absent: there is none, and nothing is written for one.
/// </summary>
internal static class ProjectionServices
{
    internal const string Setting = "Elsa:Projection";

    /// <exception cref="InvalidOperationException">The setting cannot be kept; a start without the projection that was asked for would go unnoticed.</exception>
    internal static IServiceCollection AddProjection(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } connection) return services;
        var made = Elsa ?? throw new InvalidOperationException($"{Setting} is set, but this program was built without Elsa's runtime. Build it with -p:Engine=Elsa.");
        if (IsOurs(connection, configuration)) throw new InvalidOperationException($"{Setting} names the product's own database; Elsa's stores need one of their own.");
        services.AddSingleton(_ => made(connection)).AddSingleton<ProjectionSource>().AddSingleton<IJob, ProjectionJob>();
        var writer = services.Last(s => s.ServiceType == typeof(IWriter));
        services.Remove(writer);
        return services.AddSingleton<IWriter>(p => new ProjectingWriter((IWriter)writer.ImplementationFactory!(p), p.GetRequiredService<TimeProvider>()));
    }

    private static bool IsOurs(string connection, IConfiguration configuration)
    {
        if (IsSqlite(connection))
            return string.Equals(Path.GetFullPath(new SqliteConnectionStringBuilder(connection).DataSource), Path.GetFullPath(DataFolder.From(configuration).Path("civilaffairs.db")), StringComparison.Ordinal);
        var (theirs, ours) = (new NpgsqlConnectionStringBuilder(connection), new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("Database")));
        return theirs.Host == ours.Host && theirs.Port == ours.Port && theirs.Database == ours.Database;
    }

    private static bool IsSqlite(string connection) => connection.TrimStart().StartsWith("Data Source", StringComparison.OrdinalIgnoreCase);

#if ELSA
    private static Func<string, IProjection>? Elsa => connection => new ElsaRuntime.Projection.ElsaProjection(connection, IsSqlite(connection));
#else
    private static Func<string, IProjection>? Elsa => null;
#endif
}
