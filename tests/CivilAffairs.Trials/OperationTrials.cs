using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Trials.Support;
using Xunit;

namespace CivilAffairs.Trials;

/// <summary>What those who run the product have in hand: its log, its health, its telemetry, and what a second process says.</summary>
public sealed class OperationTrials
{
    [Fact]
    public async Task In_production_every_line_of_standard_output_is_JSON_and_telemetry_leaves_the_process()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var app = new RunningApp("Production", collector.Settings);
        await app.StartAsync();
        foreach (var (path, status) in new[] { ("/", HttpStatusCode.OK), ("/nowhere?q=1", HttpStatusCode.NotFound), ("/health/live", HttpStatusCode.OK) })
        {
            using var answer = await app.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(status, answer.StatusCode);
        }
        var ready = JsonNode.Parse(await app.Client.GetStringAsync(new Uri("/health/ready", UriKind.Relative)))!;
        // No mail server is set: letters wait, and the site stays up.
        Assert.Equal("degraded", (string)ready["status"]!);
        Assert.Equal(["mail"], ready["checks"]!.AsArray().Where(c => (string)c!["status"]! != "healthy").Select(c => (string)c!["name"]!));

        await collector.WaitForAsync("job case-timers", "traces");
        await collector.WaitForAsync("http.route", "traces");
        await collector.WaitForAsync("civilaffairs.job.duration", "metrics");
        Assert.True(collector.Has("civilaffairs", "traces"));
        Assert.False(collector.Has("/nowhere"));

        Assert.NotEmpty(app.StandardOutput);
        foreach (var line in app.StandardOutput)
        {
            var entry = JsonNode.Parse(line)!;
            Assert.EndsWith("Z", (string)entry["Timestamp"]!, StringComparison.Ordinal);
            Assert.NotNull(entry["LogLevel"]);
        }
        Assert.Contains(app.StandardOutput, l => l.Contains("\"Route\":\"(none)\"", StringComparison.Ordinal) && l.Contains("\"TraceId\":\"", StringComparison.Ordinal));
        // The set-up link is a secret, and goes to standard error.
        for (var i = 0; i < 200 && !app.Output.Contains("/setup?token=", StringComparison.Ordinal); i++) await Task.Delay(50);
        Assert.Contains("/setup?token=", app.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(app.StandardOutput, l => l.Contains("token=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_process_on_the_same_SQLite_folder_says_so_and_ends()
    {
        await using var first = new RunningApp("Production");
        await first.StartAsync();
        await using var second = new RunningApp("Production", shared: first.DataFolder);
        Assert.Equal(1, await second.RunToItsEndAsync());
        Assert.Contains("正被另一个进程使用", second.Output, StringComparison.Ordinal);
        Assert.Contains($"{first.DataFolder} is in use by another process", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
        using var still = await first.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }
}
