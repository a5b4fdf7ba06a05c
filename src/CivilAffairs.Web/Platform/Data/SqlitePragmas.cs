using Microsoft.Data.Sqlite;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>How every SQLite connection is set: readers never wait for the writer (WAL), a commit is on disk (FULL).</summary>
internal static class SqlitePragmas
{
    internal static void Apply(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=2000;";
        command.ExecuteNonQuery();
    }
}
