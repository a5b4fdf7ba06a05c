using CivilAffairs.LoadWorker;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Trials.Support;

/// <summary>
/// Development's county as its first start leaves it, and in it what comes due on days that are known: certificates that
/// end, households to be verified, tasks with limits, timers of cases. Each trial gets a copy of the folder.
/// </summary>
public sealed class ClockCounty : IAsyncLifetime
{
    internal static readonly Dictionary<string, string> Small = new() { ["Demo__Cases"] = "0" };
    private readonly string folder = Directory.CreateTempSubdirectory("civilaffairs-clock-").FullName;
    private readonly List<string> copies = [];

    internal IReadOnlyList<Certificate> Certificates { get; private set; } = [];
    internal IReadOnlyList<PlannedReverification> Plans { get; private set; } = [];
    internal IReadOnlyList<WorkTask> Tasks { get; private set; } = [];
    internal IReadOnlyList<CaseTimer> Timers { get; private set; } = [];

    /// <summary>What was told of these plans before, with whether a letter went.</summary>
    internal IReadOnlyList<(Guid Plan, string Stage, bool Sent)> Told { get; private set; } = [];

    /// <summary>Officers who handle organisations: each is told of every certificate.</summary>
    internal IReadOnlyList<Guid> Clerks { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await using (var mail = CivilAffairs.Tests.Support.SmtpServer.Start())
        await using (var app = new RunningApp("Development", With(mail), folder))
            // What the county's own past brings has come and gone before a trial begins.
            await DevClock.StartAsync(app);
        await using (var services = Product.Open(folder, null, "Development"))
        {
            await services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
            await services.GetRequiredService<MatterLibrary>().RefreshAsync(default);
            var (now, today) = (DateTimeOffset.UtcNow, BureauTime.Day(DateTimeOffset.UtcNow));
            // On the next day each has one stage, or its end; or nothing; or it comes within three days, in weeks, in years.
            int[] ends = [91, 61, 31, 8, 1, 0, 2, 3, 45, 92, 33, 62, 200, 1500];
            Certificates = await TrialOrganisations.EnterAsync(services, [.. ends.Select(e => (IReadOnlyList<DateOnly>)[today.AddDays(e)])]);
            await services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
            {
                Plans = await db.Set<PlannedReverification>().Where(p => p.SettledAt == null && p.GrantId != null && db.Set<Grant>().Any(g => g.Id == p.GrantId && g.LastMonth == null)
                    && db.Set<Case>().Any(c => c.Id == p.CaseId && c.Status == "Paying")).OrderBy(p => p.Id).Take(3).ToListAsync(cancel);
                foreach (var (plan, days) in Plans.Zip([1, 8, 31])) (plan.DueOn, plan.OpensOn, plan.WatchOn) = (today.AddDays(days), today.AddDays(days), DateOnly.MinValue);
                Timers = await db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.DueAt > now).OrderBy(t => t.Id).Take(3).ToListAsync(cancel);
                foreach (var (timer, hours) in Timers.Zip([20, 60, 5 * 8766])) timer.DueAt = now.AddHours(hours);
                var others = await db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.Role != Roles.Applicant && !db.Set<CaseTimer>().Any(o => o.CaseId == t.CaseId && o.State == TimerState.Waiting)).OrderBy(t => t.Id).ToListAsync(cancel);
                Tasks = [.. others.DistinctBy(t => t.CaseId).Take(4)];
                foreach (var (task, (amber, last)) in Tasks.Zip([(1, 5), (-2, 0), (2, 2), (400, 500)])) (task.AmberFrom, task.FinishBy, task.WatchOn) = (today.AddDays(amber), today.AddDays(last), today.AddDays(amber));
                var plans = Plans.Select(p => p.Id).ToList();
                Told = [.. (await db.Set<Reminder>().Where(r => plans.Contains(r.SubjectId)).Select(r => new { r.SubjectId, r.Stage, Sent = r.MessageId != null }).Distinct().ToListAsync(cancel)).Select(r => (r.SubjectId, r.Stage, r.Sent))];
                Clerks = await db.Users.Where(a => a.UserName!.StartsWith("county-soc")).Select(a => a.Id).ToListAsync(cancel);
                return 0;
            });
        }
        SqliteConnection.ClearAllPools();
        Assert.Equal((3, 3, 4, 2), (Plans.Count, Timers.Count, Tasks.Count, Clerks.Count));
    }

    internal static Dictionary<string, string> With(CivilAffairs.Tests.Support.SmtpServer mail) => new(Small)
    {
        ["Mail__Host"] = mail.Host, ["Mail__Port"] = mail.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), ["Mail__Security"] = "None",
    };

    internal string Copy()
    {
        var copy = Directory.CreateTempSubdirectory("civilaffairs-clock-").FullName;
        copies.Add(copy);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return copy;
    }

    public Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        foreach (var one in copies.Append(folder)) Directory.Delete(one, recursive: true);
        return Task.CompletedTask;
    }
}
