using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// EF Core builds its model of our tables once a process, which takes most of a second and needs neither a database nor
/// the host: so it begins beside the host's own start. It only helps: who comes first builds it, others find it.
/// </summary>
internal static class EarlyModel
{
    /// <summary>Begins; the contexts opened later have the same options, so EF Core shares the model with them.</summary>
    internal static void Begin(string[] args)
    {
        var postgres = !string.IsNullOrEmpty(new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build().GetConnectionString("Database"));
        _ = Task.Run(() =>
        {
            using CivilAffairsDb db = postgres
                ? new PostgresDb(Database.Configure(new DbContextOptionsBuilder<PostgresDb>(), "Host=none").Options)
                : new SqliteDb(Database.Configure(new DbContextOptionsBuilder<SqliteDb>(), "Data Source=:memory:").Options);
            return db.Model;
        });
    }
}
