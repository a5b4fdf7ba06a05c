using CivilAffairs.Web.Platform.Outbox;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// Registers the database: <c>ConnectionStrings:Database</c> names a PostgreSQL server; absent, SQLite in the data folder.
/// </summary>
public static class Database
{
    public static IServiceCollection AddDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        var folder = DataFolder.From(configuration);
        services.AddSingleton(folder);
        services.AddSingleton<IOutboxSignal, OutboxSignal>();
        if (configuration.GetConnectionString("Database") is { Length: > 0 } postgres)
        {
            services.AddPooledDbContextFactory<PostgresDb>(options => Configure(options, Preparing(postgres)));
            services.AddSingleton<PostgresWriter>();
            services.AddSingleton<IWriterState>(provider => provider.GetRequiredService<PostgresWriter>());
            services.AddSingleton<IWriter>(provider => Signalling(provider.GetRequiredService<PostgresWriter>(), provider));
            services.AddSingleton<IReader, PostgresReader>();
            services.AddSingleton<IMigrator, PostgresMigrator>();
            services.AddScoped<CivilAffairsDb>(provider => provider.GetRequiredService<IDbContextFactory<PostgresDb>>().CreateDbContext());
        }
        else
        {
            var sqlite = new SqliteConnectionStringBuilder { DataSource = folder.Path("civilaffairs.db"), Pooling = true, DefaultTimeout = 5 }.ConnectionString;
            services.AddPooledDbContextFactory<SqliteDb>(options => Configure(options, sqlite));
            services.AddSingleton(provider => new SqliteWriter(sqlite, options => Common(options), provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IWriterState>(provider => provider.GetRequiredService<SqliteWriter>());
            services.AddSingleton<IWriter>(provider => Signalling(provider.GetRequiredService<SqliteWriter>(), provider));
            services.AddSingleton<IReader, SqliteReader>();
            services.AddSingleton<IMigrator, SqliteMigrator>();
            services.AddScoped<CivilAffairsDb>(provider => provider.GetRequiredService<IDbContextFactory<SqliteDb>>().CreateDbContext());
        }
        return services;
    }

    /// <summary>The options of a context, by its type.</summary>
    internal static void Configure(DbContextOptionsBuilder options, string connection) =>
        Common(options.Options.ContextType == typeof(PostgresDb) ? options.UseNpgsql(connection) : options.UseSqlite(connection).AddInterceptors(SqliteSettings.Instance));

    private static SignallingWriter Signalling(IWriter writer, IServiceProvider provider) => new(writer, provider.GetRequiredService<IOutboxSignal>());

    // Statements that come again are kept parsed and planned; a connection string that says otherwise is obeyed.
    private static string Preparing(string postgres) =>
        new System.Data.Common.DbConnectionStringBuilder { ConnectionString = postgres }.Keys.Cast<string>()
            .Any(k => k.Replace(" ", "", StringComparison.Ordinal).Equals("MaxAutoPrepare", StringComparison.OrdinalIgnoreCase))
            ? postgres : postgres.TrimEnd(';') + ";Max Auto Prepare=200;Auto Prepare Min Usages=2";

    // Values never enter the log: they are people's.
    private static void Common(DbContextOptionsBuilder options) => options
        .EnableSensitiveDataLogging(false)
        .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning));

    private sealed class SqliteSettings : DbConnectionInterceptor
    {
        internal static readonly SqliteSettings Instance = new();

        public override void ConnectionOpened(System.Data.Common.DbConnection connection, ConnectionEndEventData eventData) => SqlitePragmas.Apply((SqliteConnection)connection);

        public override Task ConnectionOpenedAsync(System.Data.Common.DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            SqlitePragmas.Apply((SqliteConnection)connection);
            return Task.CompletedTask;
        }
    }
}

internal sealed class SqliteReader(IDbContextFactory<SqliteDb> contexts) : IReader
{
    public CivilAffairsDb Open() => Reading.Of(contexts.CreateDbContext());
}

internal sealed class PostgresReader(IDbContextFactory<PostgresDb> contexts) : IReader
{
    public CivilAffairsDb Open() => Reading.Of(contexts.CreateDbContext());
}

internal static class Reading
{
    internal static CivilAffairsDb Of(CivilAffairsDb db)
    {
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return db;
    }
}
