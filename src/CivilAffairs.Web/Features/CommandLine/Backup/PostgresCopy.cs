using System.Diagnostics;
using CivilAffairs.Web.Features.CommandLine;
using Npgsql;

namespace CivilAffairs.Web.Features.CommandLine.Backup;

/// <summary>PostgreSQL's own <c>pg_dump</c> and <c>pg_restore</c>, which must be of the server's version or newer. The clock's schema is left out: no work lives in it.</summary>
internal sealed class PostgresCopy(string connection) : IDatabaseCopy
{
    private readonly NpgsqlConnectionStringBuilder server = new(connection);

    public string Kind => "postgresql";

    public async Task<bool> IsEmptyAsync()
    {
        await using var open = new NpgsqlConnection(connection);
        await open.OpenAsync().ConfigureAwait(false);
        await using var ask = new NpgsqlCommand("SELECT NOT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = 'public')", open);
        return (bool)(await ask.ExecuteScalarAsync().ConfigureAwait(false))!;
    }

    public Task SaveAsync(string path) => RunAsync("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--schema=public", $"--file={path}");

    // In one transaction: after a power failure there is nothing, and it is begun again.
    public Task LoadAsync(string path) => RunAsync("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--clean", "--if-exists", path);

    private async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(program)) { RedirectStandardError = true };
        foreach (var (name, value) in new[] { ("--host", server.Host), ("--port", server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("--username", server.Username), ("--dbname", server.Database) })
            if (value is { Length: > 0 }) start.ArgumentList.Add($"{name}={value}");
        start.ArgumentList.Add("--no-password");
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // Arguments are seen by everybody on the machine; the environment is not.
        if (server.Password is { Length: > 0 } password) start.Environment["PGPASSWORD"] = password;
        if (server.SslMode is SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull)
            start.Environment["PGSSLMODE"] = server.SslMode switch { SslMode.VerifyCA => "verify-ca", SslMode.VerifyFull => "verify-full", _ => "require" };
        if (server.RootCertificate is { Length: > 0 } root) start.Environment["PGSSLROOTCERT"] = root;
        using var process = Process.Start(start) ?? throw new UsageException($"{program} could not be started.");
        var said = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0) throw new IOException($"{program} failed: {said.Trim()}");
    }

    /// <summary>In the path, else where Debian and Ubuntu put it, the newest.</summary>
    private static string Find(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderByDescending(f => int.TryParse(Path.GetFileName(f), out var version) ? version : 0).Select(f => Path.Combine(f, "bin")) : []);
        return folders.Where(f => f.Length > 0).Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists)
            ?? throw new UsageException($"{program} is not installed here (package postgresql-client); it must be of the server's version or newer.");
    }
}
