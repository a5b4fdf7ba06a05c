using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CivilAffairs.Trials.Support;

/// <summary>
/// The product as its users run it: a process of its own, on a free loopback port, with a data folder of its own.
/// <see cref="Kill"/> ends it as a power cut would; <see cref="StartAsync"/> starts it again on the same folder.
/// </summary>
/// <param name="settings">Environment variables of the process.</param>
/// <param name="shared">A data folder that it shares with others and that stays; null: one of its own.</param>
public sealed partial class RunningApp(string environment, IReadOnlyDictionary<string, string>? settings = null, string? shared = null) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly List<string> output = [], standardOutput = [];
    private Process? process;

    /// <summary>What <c>CIVILAFFAIRS_DATA</c> says to the process; it goes when the app is disposed.</summary>
    public string DataFolder { get; } = shared ?? Directory.CreateTempSubdirectory("civilaffairs-").FullName;

    /// <summary>Knows the address of the running process, and follows no redirect.</summary>
    public HttpClient Client { get; private set; } = new();

    /// <summary>Everything the process wrote so far, standard error included.</summary>
    public string Output { get { lock (output) return string.Join('\n', output); } }

    /// <summary>The lines of standard output alone: outside Development, the log.</summary>
    public IReadOnlyList<string> StandardOutput { get { lock (output) return [.. standardOutput]; } }

    public int ProcessId => process?.Id ?? 0;

    public bool IsRunning => process is { HasExited: false };

    /// <summary>Returns once <c>/health/ready</c> answers 200.</summary>
    /// <exception cref="InvalidOperationException">The process ended or was not ready in time; its output is in the message.</exception>
    public async Task StartAsync()
    {
        if (IsRunning) throw new InvalidOperationException("It runs already.");
        Begin();
        var waited = Stopwatch.StartNew();
        Client.Dispose();
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = await AddressAsync(waited) };
        while (!await IsReadyAsync()) await PauseAsync(waited);
    }

    /// <summary>Starts it and waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunToItsEndAsync()
    {
        Begin();
        using var patience = new CancellationTokenSource(Patience);
        await process!.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    private void Begin()
    {
        lock (output)
        {
            output.Clear();
            standardOutput.Clear();
        }
        var start = new ProcessStartInfo("dotnet", [ProductDll(), "--urls", "http://127.0.0.1:0", "--environment", environment])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = DataFolder,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>()) start.Environment[name] = value;
        start.Environment["CIVILAFFAIRS_DATA"] = DataFolder;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null) lock (output) standardOutput.Add(line.Data);
        };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>kill -9: nothing in the process gets a chance to finish.</summary>
    public void Kill()
    {
        process?.Kill(entireProcessTree: true);
        process?.WaitForExit();
        process?.Dispose();
        process = null;
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        Client.Dispose();
        if (shared is null) Directory.Delete(DataFolder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<Uri> AddressAsync(Stopwatch waited)
    {
        while (true)
        {
            if (Listening().Match(Output) is { Success: true } line) return new Uri(line.Groups[1].Value);
            await PauseAsync(waited);
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task PauseAsync(Stopwatch waited)
    {
        if (!IsRunning || waited.Elapsed > Patience)
            throw new InvalidOperationException($"The product {(IsRunning ? "was not ready in time" : "ended")}. It wrote:\n{Output}");
        await Task.Delay(25);
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null) lock (output) output.Add(line.Data);
    }

    // The product's own build output, in the configuration these tests were built in.
    private static string ProductDll()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CivilAffairs.sln")))
                return Path.Combine(folder.FullName, "src", "CivilAffairs.Web", "bin", configuration, "net10.0", "CivilAffairs.Web.dll");
        throw new InvalidOperationException("CivilAffairs.sln is in no folder above the trials.");
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
