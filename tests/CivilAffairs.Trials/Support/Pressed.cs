using System.Diagnostics;
using System.Text;
using CivilAffairs.LoadWorker;

namespace CivilAffairs.Trials.Support;

/// <summary>One life of the load worker: started, left to press for a while, killed with -9.</summary>
public static class Pressed
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="life">Makes its households others than those of earlier lives.</param>
    /// <param name="repeat">What earlier lives asked last; sent again first.</param>
    /// <param name="press">From when it is ready to the kill, at the least.</param>
    /// <param name="least">Commands acknowledged before the kill: a busy machine takes longer for them.</param>
    /// <returns>All that it said, up to the kill.</returns>
    public static async Task<IReadOnlyList<Said>> LiveAsync(int life, string folder, string? connection, IEnumerable<Ask> repeat, TimeSpan press, int least)
    {
        var start = new ProcessStartInfo("dotnet", [WorkerDll(), $"{life}", folder, .. connection is null ? [] : new[] { connection }])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8, StandardInputEncoding = new UTF8Encoding(false),
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = new List<Said>();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (acknowledged, enough) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        if (least == 0) enough.SetResult();
        var heard = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (Said.Read(line) is not { } one) continue;
                said.Add(one);
                if (one.Done == "ready")
                {
                    // Repeats are answered before it is ready, and do not count.
                    acknowledged = 0;
                    ready.TrySetResult();
                }
                if (one.Result is not null && ++acknowledged >= least && ready.Task.IsCompleted) enough.TrySetResult();
            }
            ready.TrySetException(new InvalidOperationException("The worker ended before it was ready."));
        });
        foreach (var ask in repeat) await process.StandardInput.WriteLineAsync(new Said(Ask: ask).Write());
        await process.StandardInput.WriteLineAsync();
        await process.StandardInput.FlushAsync();
        try
        {
            await ready.Task.WaitAsync(Patience);
            await Task.Delay(press);
            await Task.WhenAny(enough.Task, heard).WaitAsync(Patience);
        }
        catch (InvalidOperationException)
        {
            throw new InvalidOperationException(await errors);
        }
        finally
        {
            if (process.HasExited) ready.TrySetException(new InvalidOperationException());
            else process.Kill();
            await process.WaitForExitAsync();
            // What it had written before is still in the pipe.
            await heard;
        }
        // 137: killed. Anything else means that it fell over by itself.
        if (process.ExitCode != 137) throw new InvalidOperationException($"The worker ended with {process.ExitCode}. {await errors}");
        return said;
    }

    private static string WorkerDll()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CivilAffairs.sln")))
                return Path.Combine(folder.FullName, "tests", "CivilAffairs.Trials", "LoadWorker", "bin", configuration, "net10.0", "CivilAffairs.LoadWorker.dll");
        throw new InvalidOperationException("CivilAffairs.sln is in no folder above the trials.");
    }
}
