using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CivilAffairs.Trials.Support;

/// <summary>Development's clock: of a running product moved by its page, of one that stands by its file, as somebody sets a machine's clock.</summary>
internal static partial class DevClock
{
    /// <summary>These wait for their hour, whenever the process starts.</summary>
    private static readonly string[] NotAtStart = ["digest", "documents"];

    /// <returns>The product's time.</returns>
    public static DateTimeOffset Now(string folder) => DateTimeOffset.UtcNow + Shift(folder);

    public static void Set(string folder, TimeSpan shift) => File.WriteAllText(Path.Combine(folder, "clock"), shift.ToString("c", CultureInfo.InvariantCulture));

    /// <summary>Returns when every job has run at the new time; none failed.</summary>
    public static async Task MoveToAsync(RunningApp app, DateTimeOffset at)
    {
        var page = await app.Client.GetStringAsync(new Uri("/dev/clock", UriKind.Relative));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["at"] = at.ToString("O", CultureInfo.InvariantCulture), ["__RequestVerificationToken"] = Token().Match(page).Groups[1].Value });
        using var answer = await app.Client.PostAsync(new Uri("/dev/clock?handler=Due", UriKind.Relative), form);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains("failed=False", answer.Headers.Location!.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Starts the product and returns when it has made up what came due while it stood, and every letter is sent.</summary>
    public static async Task<DateTimeOffset> StartAsync(RunningApp app)
    {
        // What ran before this start proves nothing, however short ago it was.
        var before = await RunsAsync(app.DataFolder);
        var started = Now(app.DataFolder).AddSeconds(-1);
        await app.StartAsync();
        await Eventually.HoldsAsync("every job has run", async () =>
        {
            var runs = await RunsAsync(app.DataFolder);
            return runs.Count > 8 && runs.TrueForAll(r => before.Find(b => b.Id == r.Id)?.LastStartedAt != r.LastStartedAt && r.LastStartedAt >= started && r.LastStartedAt < started.AddHours(1) && r.LastFinishedAt >= r.LastStartedAt && r.LastFinishedAt < started.AddHours(1));
        });
        await using var look = Running.Open(app);
        // Killed with a letter in hand, it would be held for five minutes.
        await Eventually.HoldsAsync("every letter is sent", async () => !await look.Set<OutboxMessage>().AnyAsync(m => m.State == OutboxState.Pending));
        Assert.Empty(await look.Set<JobRun>().Where(r => r.LastError != null).Select(r => $"{r.Id} {r.LastError}").ToListAsync());
        return Now(app.DataFolder);
    }

    /// <returns>Nothing where the product has never started.</returns>
    private static async Task<List<JobRun>> RunsAsync(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "civilaffairs.db"))) return [];
        await using var db = Running.Open(folder);
        return await db.Set<JobRun>().Where(r => !NotAtStart.Contains(r.Id)).ToListAsync();
    }

    private static TimeSpan Shift(string folder) => Path.Combine(folder, "clock") is var file && File.Exists(file) ? TimeSpan.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : TimeSpan.Zero;

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}

/// <summary>The SQLite database of a product that runs, to look into.</summary>
internal static class Running
{
    public static CivilAffairsDb Open(RunningApp app) => Open(app.DataFolder);

    public static CivilAffairsDb Open(string folder) =>
        new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite($"Data Source={Path.Combine(folder, "civilaffairs.db")};Mode=ReadOnly;Pooling=False").UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options);
}

internal static class Eventually
{
    public static async Task HoldsAsync(string what, Func<Task<bool>> holds, int milliseconds = 100)
    {
        for (var until = DateTime.UtcNow.AddMinutes(2); !await holds(); await Task.Delay(milliseconds))
            if (DateTime.UtcNow > until) throw new TimeoutException($"Not in time: {what}.");
    }
}
