using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// EF Core builds its model of our tables once a process, which takes most of a second and needs neither a database nor
/// the host: so it begins beside the host's own start. It only helps: who comes first builds it, others find it.
/// </summary>
internal static class EarlyModel
{
    /// <summary>Begins; the contexts opened later have the same options, so EF Core shares the model with them.</summary>
    internal static void Begin(IConfiguration configuration)
    {
        var postgres = configuration.GetConnectionString("Database") is { Length: > 0 };
        _ = Task.Run(() =>
        {
            using CivilAffairsDb db = postgres ? new PostgresDb(Of<PostgresDb>("Host=none")) : new SqliteDb(Of<SqliteDb>("Data Source=:memory:"));
            return db.Model;
        });
    }

    private static DbContextOptions<T> Of<T>(string connection) where T : DbContext
    {
        var options = new DbContextOptionsBuilder<T>();
        Database.Configure(options, connection);
        return options.Options;
    }
}
