using System.Text.RegularExpressions;
using CivilAffairs.Trials.Support;
using Xunit;

namespace CivilAffairs.Trials;

/// <summary>An empty installation offers its first start a way in, and only outside Development.</summary>
public sealed partial class SetupTrials
{
    [Fact]
    public async Task The_first_start_outside_Development_prints_a_link_that_works()
    {
        await using var app = new RunningApp("Production");
        await app.StartAsync();
        var link = await PrintedAsync(app) ?? throw new InvalidOperationException($"No link was printed:\n{app.Output}");
        Assert.Equal(app.Client.BaseAddress!.Authority, link.Authority);
        var page = await app.Client.GetStringAsync(link);
        Assert.Contains("name=\"UserName\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain(link.Query["?token=".Length..], await EverythingStoredAsync(app), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Development_prints_none()
    {
        await using var app = new RunningApp("Development");
        await app.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("/setup?token=", app.Output, StringComparison.Ordinal);
    }

    private static async Task<Uri?> PrintedAsync(RunningApp app)
    {
        for (var i = 0; i < 200; i++, await Task.Delay(50))
            if (Link().Match(app.Output) is { Success: true } found) return new Uri(found.Value);
        return null;
    }

    private static async Task<string> EverythingStoredAsync(RunningApp app)
    {
        var parts = new List<string>();
        foreach (var file in Directory.EnumerateFiles(app.DataFolder, "civilaffairs.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            parts.Add(await reader.ReadToEndAsync());
        }
        Assert.NotEmpty(parts);
        return string.Concat(parts);
    }

    [GeneratedRegex(@"http://\S+/setup\?token=[0-9a-f]{64}")]
    private static partial Regex Link();
}
