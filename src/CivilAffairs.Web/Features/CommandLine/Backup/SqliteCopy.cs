using CivilAffairs.Web.Features.CommandLine;
using CivilAffairs.Web.Platform.Data;
using Microsoft.Data.Sqlite;

namespace CivilAffairs.Web.Features.CommandLine.Backup;

/// <summary>SQLite's own online backup: a consistent copy beside a server that goes on writing.</summary>
internal sealed class SqliteCopy(DataFolder folder) : IDatabaseCopy
{
    public string Kind => "sqlite";

    private string Live => folder.Path("civilaffairs.db");

    public Task<bool> IsEmptyAsync() => Task.FromResult(!File.Exists(Live));

    public Task SaveAsync(string path)
    {
        using (var source = Open(Live, SqliteOpenMode.ReadWrite))
        using (var copy = Open(path, SqliteOpenMode.ReadWriteCreate))
        {
            source.BackupDatabase(copy);
            // One file without a journal beside it, whole as it lies there.
            Run(copy, "PRAGMA journal_mode=DELETE");
            if (Run(copy, "PRAGMA integrity_check") is not "ok") throw new IOException("The copy of the database is not sound; the disk may be full or failing.");
        }
        Flush(path);
        return Task.CompletedTask;
    }

    public Task LoadAsync(string path)
    {
        // Nobody opens a half: the name is given when all of it is on the disk. A half of an interrupted restore is replaced.
        var beside = Live + BackupSet.Partial;
        File.Copy(path, beside, overwrite: true);
        Flush(beside);
        File.Move(beside, Live);
        return Task.CompletedTask;
    }

    /// <summary>A server holds this lock for as long as it lives.</summary>
    /// <exception cref="UsageException">One runs.</exception>
    internal static IDisposable Lock(DataFolder folder)
    {
        try
        {
            return new FileStream(folder.Path("civilaffairs.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new UsageException($"A server runs on {folder.Root}; stop it first.");
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 60 }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static string? Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as string;
    }

    private static void Flush(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }
}
