using System.Globalization;
using CivilAffairs.LoadWorker;
using CivilAffairs.Trials.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Trials;

/// <summary>Development's county is told although the power fails while it is: before the first page, and twice after it.</summary>
public sealed class CountyTrials
{
    private const int Stories = 45;
    private static readonly int Before = DemoStories.All.Count + DemoOrganisations.Cases;

    [Fact]
    public async Task A_county_that_was_cut_off_goes_on_and_has_every_case_once()
    {
        await using var app = new RunningApp("Development", new Dictionary<string, string> { ["Demo__Cases"] = (Before + Stories).ToString(CultureInfo.InvariantCulture) });
        var start = app.StartAsync();
        while (await CountAsync(app.DataFolder) < 9) await Task.Delay(50);
        app.Kill();
        await Assert.ThrowsAnyAsync<Exception>(() => start);

        foreach (var until in new[] { Before + 8, Before + 30 })
        {
            await app.StartAsync();
            while (await CountAsync(app.DataFolder) < until) await Task.Delay(50);
            app.Kill();
        }
        await app.StartAsync();
        for (var page = ""; !page.Contains("<h1", StringComparison.Ordinal) || page.Contains("正在准备示例数据", StringComparison.Ordinal); await Task.Delay(200))
            page = await app.Client.GetStringAsync(new Uri("/", UriKind.Relative));
        app.Kill();

        await using var services = Product.Open(app.DataFolder, null, "Development");
        await using var db = services.GetRequiredService<IReader>().Open();
        Assert.Empty((await services.GetRequiredService<CaseProof>().RunAsync()).Faults);
        Assert.Empty(await db.VerifyAsync(default));
        var marks = await db.Set<CommandRecord>().Where(c => c.Key.StartsWith("demo.")).Select(c => c.Key).ToListAsync();
        Assert.Contains("demo.year.told", marks);
        // Who came to a counter or applied online: each story's case, once. What the county opened by itself is none of them.
        var cases = await db.Set<Case>().Where(c => c.Channel != Channel.Office).ToListAsync();
        Assert.Equal(DemoStories.All.Count + marks.Count(m => m.StartsWith("demo.organisation.", StringComparison.Ordinal) && m.EndsWith(".start", StringComparison.Ordinal)) + marks.Count(m => m.StartsWith("demo.yearOrganisation.", StringComparison.Ordinal) && m.EndsWith(".start", StringComparison.Ordinal)) + Stories, cases.Count);
        Assert.Equal(DemoStories.All.Count(s => s.Draft is not null) + CountyPlan.Stories(couples: false).Take(Stories).Count(s => s.Draft is not null), cases.Count(c => c.Status == "Draft"));
        // Nothing was left where it was cut off: all that are under way wait for somebody.
        Assert.All(cases.Where(c => c.DecidedAt is null && c.Number is not null), c => Assert.True(db.Set<WorkTask>().Any(t => t.CaseId == c.Id && t.State == TaskState.Open) || db.Set<CaseTimer>().Any(t => t.CaseId == c.Id && t.State == TimerState.Waiting) || c.Status is "Withdrawn" or "Lapsed" or "NotAccepted" or "Terminated", $"{c.Number} {c.Status}"));
        SqliteConnection.ClearAllPools();
    }

    private static async Task<int> CountAsync(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "civilaffairs.db"))) return 0;
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "civilaffairs.db")};Mode=ReadOnly;Pooling=False");
        try
        {
            await connection.OpenAsync();
            await using var count = connection.CreateCommand();
            count.CommandText = "SELECT COUNT(*) FROM cases";
            return Convert.ToInt32(await count.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }
        catch (SqliteException)
        {
            // Not there yet, or being recovered.
            return 0;
        }
    }
}
