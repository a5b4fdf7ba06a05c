using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CivilAffairs.Tests.Support;

/// <summary>
/// A PostgreSQL cluster of the tests' own, in a temporary folder on a free loopback port, from the system's package.
/// PostgreSQL refuses to run as root: then its commands run as the package's user <c>postgres</c>.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly string folder;
    private readonly int port;

    private PostgresServer(string folder, int port) => (this.folder, this.port) = (folder, port);

    /// <summary>Why there is no server here, or null where the package is installed.</summary>
    public static string? Missing => Binaries() is null ? "PostgreSQL is not installed (package postgresql); tests/run.sh installs it." : null;

    /// <param name="durable">True keeps fsync, for trials and measurements; false is for behaviour tests, which need no disk.</param>
    /// <exception cref="InvalidOperationException">initdb or pg_ctl failed; what it wrote is in the message.</exception>
    public static async Task<PostgresServer> StartAsync(bool durable = false)
    {
        var folder = Directory.CreateTempSubdirectory("civilaffairs-pg-").FullName;
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", ["postgres", folder]);
        var server = new PostgresServer(folder, FreePort());
        try
        {
            await AsOwnerAsync("initdb", "-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
            var disk = durable ? "" : " -c fsync=off -c synchronous_commit=off -c full_page_writes=off";
            await AsOwnerAsync("pg_ctl", "start", "-w", "-D", server.Data, "-l", Path.Combine(folder, "log"), "-o",
                $"-c listen_addresses=127.0.0.1 -c port={server.port} -c unix_socket_directories='' -c max_connections=600{disk}");
            return server;
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A connection string to a database of this cluster.</summary>
    /// <remarks>Hundreds of databases, each with a pool: connections that idle are closed soon, or a quick machine would run out of them.</remarks>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={port};Username=postgres;Database={database};Include Error Detail=true;Connection Idle Lifetime=10;Connection Pruning Interval=2";

    /// <summary>A new database; a copy of <paramref name="template"/> costs far less than migrating again. Nobody may be connected to the template.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string template = "template0")
    {
        var name = $"t{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"", connection);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        await AsOwnerAsync("pg_ctl", "stop", "-w", "-m", "immediate", "-D", Data);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>At the end of the process, when nothing may wait or fail: the server is killed, its files go as far as they can.</summary>
    public void Abandon()
    {
        try
        {
            using var server = Process.GetProcessById(int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture));
            server.Kill();
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // Already gone, or gone as far as it can: nobody is left to be told.
        }
    }

    private string Data => Path.Combine(folder, "data");

    private static Task AsOwnerAsync(string command, params string[] arguments)
    {
        var program = Path.Combine(Binaries() ?? throw new InvalidOperationException(Missing), command);
        return Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", program, .. arguments])
            : RunAsync(program, arguments);
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        // pg_ctl hands its streams on to the server, which keeps them open: what it says goes to a file by -l, not to a pipe.
        var keepsStreams = arguments.Contains("start");
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = keepsStreams ? null : Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode == 0) return;
        throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}. {(said is null ? "" : string.Join('\n', await said))}");
    }

    private static string? Binaries() => !Directory.Exists("/usr/lib/postgresql") ? null
        : Directory.EnumerateDirectories("/usr/lib/postgresql")
            .Where(v => File.Exists(Path.Combine(v, "bin", "initdb")))
            .OrderByDescending(v => int.TryParse(Path.GetFileName(v), out var major) ? major : 0)
            .Select(v => Path.Combine(v, "bin")).FirstOrDefault();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
