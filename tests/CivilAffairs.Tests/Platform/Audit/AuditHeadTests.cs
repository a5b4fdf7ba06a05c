using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Platform.Audit;

/// <summary>The nightly heads: one for each day, also for those on which nothing ran, and whatever is changed behind the product shows.</summary>
public sealed class AuditHeadTests
{
    private const int Days = 8, LinesADay = 30;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Days_on_which_nothing_ran_are_made_up_one_by_one(string kind)
    {
        var clock = new ShiftedClock();
        await using var app = await Databases.StartAsync(kind, clock);
        var job = app.Services.GetServices<IJob>().Single(j => j.Id == "audit-head");
        Assert.True(job.AtStart);
        Assert.Equal(0, await job.RunAsync(default));
        await WriteAsync(app, "chain", clock.GetUtcNow());
        clock.Forward(TimeSpan.FromDays(1));
        Assert.Equal(1, await job.RunAsync(default));
        await WriteAsync(app, "chain", clock.GetUtcNow());
        clock.Forward(TimeSpan.FromDays(3));
        Assert.Equal(3, await job.RunAsync(default));
        Assert.Equal(0, await job.RunAsync(default));

        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var heads = await db.Set<AuditHead>().OrderBy(h => h.Day).ToListAsync();
        var yesterday = BureauTime.Day(clock.GetUtcNow() - TimeSpan.FromMinutes(5)).AddDays(-1);
        Assert.Equal(Enumerable.Range(0, 4).Select(i => yesterday.AddDays(i - 3)), heads.Select(h => h.Day));
        // The second line and the note of the first closing came on the second day, nothing on the two after it.
        Assert.Equal([1, 3, 3, 3], heads.Select(h => h.Entries));
        Assert.Equal(4, heads.Select(h => h.Hash).Distinct().Count());
        Assert.Empty(await db.VerifyAsync(default));
    }

    /// <summary>A clock that goes ten years on: a few transactions, quick, and cut off in between it goes on where it was.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Ten_years_are_closed_in_a_dozen_transactions_and_go_on_where_they_were_cut_off(string kind)
    {
        var clock = new ShiftedClock();
        await using var app = await Databases.StartAsync(kind, clock);
        await WriteAsync(app, "chain", clock.GetUtcNow());
        clock.Forward(TimeSpan.FromDays(1));
        Assert.Equal(1, await JobOf(app.Services.GetRequiredService<IWriter>()).RunAsync(default));
        // Here and there somebody did something, and on the last of these days.
        foreach (var days in new[] { 0, 100, 101, 2000, 3651 }) await WriteAsync(app, "chain", clock.GetUtcNow().AddDays(days));
        clock.Forward(TimeSpan.FromDays(3652));

        var (cut, watch) = (new CutOff(app.Services.GetRequiredService<IWriter>(), after: 2), System.Diagnostics.Stopwatch.StartNew());
        await Assert.ThrowsAsync<TimeoutException>(() => JobOf(cut).RunAsync(default));
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(1 + 2 * AuditHeads.Days, await db.Set<AuditHead>().CountAsync());
        Assert.Empty(await db.VerifyAsync(default));

        var rest = new CutOff(app.Services.GetRequiredService<IWriter>(), after: int.MaxValue);
        Assert.Equal(3652 - 2 * AuditHeads.Days, await JobOf(rest).RunAsync(default));
        // One after each other in a transaction of its own it took 3,652.
        Assert.InRange(rest.Begun, 1, 8);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(0, await JobOf(rest).RunAsync(default));
        Assert.Empty(await db.VerifyAsync(default));

        // Each is what the lines of its day and the head before it give, computed without the product's own reading.
        var (heads, lines) = (await db.Set<AuditHead>().OrderBy(h => h.Day).ToListAsync(), await db.Set<AuditEntry>().ToListAsync());
        Assert.Equal(3653, heads.Count);
        foreach (var (head, before) in heads.Zip(heads.Prepend(null)))
        {
            var own = lines.Where(l => l.At <= head.At && l.At > (before?.At ?? DateTimeOffset.MinValue)).Select(l => l.Hash).Order(StringComparer.Ordinal).ToList();
            var text = string.Join('\n', [before?.Hash ?? "", $"{head.Day:yyyy-MM-dd}", .. own]);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), head.Hash);
            Assert.Equal((before?.Entries ?? 0) + own.Count, head.Entries);
        }

        AuditHeadJob JobOf(IWriter writer) => ActivatorUtilities.CreateInstance<AuditHeadJob>(app.Services, writer, (TimeProvider)clock);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_nodes_at_once_make_one_head_a_day(string kind)
    {
        var clock = new ShiftedClock();
        await using var app = await Databases.StartAsync(kind, clock);
        await WriteAsync(app, "chain", clock.GetUtcNow());
        clock.Forward(TimeSpan.FromDays(1));
        var job = app.Services.GetServices<IJob>().Single(j => j.Id == "audit-head");
        await job.RunAsync(default);
        clock.Forward(TimeSpan.FromDays(9));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => job.RunAsync(default))));
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(10, await db.Set<AuditHead>().CountAsync());
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Whatever_is_changed_behind_the_product_shows(string kind)
    {
        await using var app = await ClosedAsync(kind);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var (day, last) = (new DateOnly(2026, 3, 4), new DateOnly(2026, 3, 1).AddDays(Days - 1));
        var (lines, heads) = (db.Set<AuditEntry>(), db.Set<AuditHead>());
        Assert.Empty(await db.VerifyAsync(default));

        async Task SeesAsync(string fault, Func<Task> change)
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await change();
            Assert.Contains(fault, await db.VerifyAsync(default));
            await transaction.RollbackAsync();
            db.ChangeTracker.Clear();
        }
        await SeesAsync("even 8: the line was changed", () => lines.Where(a => a.Chain == "even" && a.Sequence == 8).ExecuteUpdateAsync(s => s.SetProperty(a => a.Action, "forged")));
        await SeesAsync("even 9: a line before it is missing", () => lines.Where(a => a.Chain == "even" && a.Sequence == 8).ExecuteDeleteAsync());
        // The end of a chain: no later line of it is left to tell.
        await SeesAsync($"{last:yyyy-MM-dd}: the head of the day does not fit", () => lines.Where(a => a.Chain == "even" && a.Sequence == Days * LinesADay / 2).ExecuteDeleteAsync());
        await SeesAsync($"{new DateOnly(2026, 3, 1):yyyy-MM-dd}: the head of the day does not fit", () => lines.Where(a => a.Chain == "even").ExecuteDeleteAsync());
        // Slipped in with hashes that fit, dated in a day that is closed.
        await SeesAsync($"{day:yyyy-MM-dd}: the head of the day does not fit", async () =>
        {
            // The product itself dates nothing in a closed day.
            var before = await lines.AsNoTracking().Where(a => a.Chain == "even").OrderBy(a => a.Sequence).LastAsync();
            var slipped = new AuditEntry { Chain = "even", Sequence = before.Sequence + 1, At = AuditHeads.EndOf(day).AddHours(-2), Action = "slipped.in", Details = "{}", Hash = "" };
            slipped.Hash = AuditTrail.HashOf(slipped, before.Hash);
            db.Add(slipped);
            await db.SaveChangesAsync();
        });
        await SeesAsync($"{day:yyyy-MM-dd}: the head of the day is missing", () => heads.Where(h => h.Day == day).ExecuteDeleteAsync());
        await SeesAsync($"{last:yyyy-MM-dd}: the head of the day is missing", () => heads.Where(h => h.Day == last).ExecuteDeleteAsync());
        await SeesAsync($"{day:yyyy-MM-dd}: the head of the day does not fit", () => heads.Where(h => h.Day == day).ExecuteUpdateAsync(s => s.SetProperty(h => h.Entries, h => h.Entries + 1)));
        await SeesAsync($"{last:yyyy-MM-dd}: the audit does not say that this head was made",
            () => lines.Where(a => a.Chain == AuditHeads.Chain && a.Sequence == Days).ExecuteDeleteAsync());
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_clock_that_was_ahead_and_is_put_back_leaves_closed_days_closed(string kind)
    {
        await using var app = await ClosedAsync(kind);
        var last = AuditHeads.EndOf(new DateOnly(2026, 3, 1).AddDays(Days - 1));
        await WriteAsync(app, "even", last.AddDays(-2));
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(last.AddMicroseconds(1), (await db.Set<AuditEntry>().Where(a => a.Chain == "even").OrderBy(a => a.Sequence).LastAsync()).At);
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_proof_reads_each_line_once_for_its_chain_and_once_for_its_day(string kind)
    {
        await using var app = await ClosedAsync(kind);
        await using var from = app.Services.GetRequiredService<IReader>().Open();
        var (lines, reads) = (await from.Set<AuditEntry>().CountAsync(), new Reads());
        await using CivilAffairsDb db = from is SqliteDb
            ? new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite(from.Database.GetConnectionString()).AddInterceptors(reads).Options)
            : new PostgresDb(new DbContextOptionsBuilder<PostgresDb>().UseNpgsql(from.Database.GetConnectionString()).AddInterceptors(reads).Options);
        Assert.Empty(await db.VerifyAsync(default));
        // A read more for each query, which finds its end.
        Assert.InRange(reads.Rows, 2 * lines, 2 * lines + 3 * Days + 5);
    }

    /// <summary>Eight days of lines in two chains, all closed.</summary>
    private static async Task<TestApp> ClosedAsync(string kind)
    {
        var app = await Databases.StartAsync(kind);
        var (reader, writer) = (app.Services.GetRequiredService<IReader>(), app.Services.GetRequiredService<IWriter>());
        for (var i = 0; i < Days; i++)
        {
            var day = new DateOnly(2026, 3, 1).AddDays(i);
            await writer.WriteAsync(async (db, _) =>
            {
                for (var n = 0; n < LinesADay; n++) await db.AppendAsync(n % 2 == 0 ? "even" : "odd", Guid.Empty, "noted", new { n }, AuditHeads.EndOf(day).AddMinutes(n - 700));
                return 0;
            });
            Assert.Single(await AuditHeads.CloseAsync(reader, writer, day, AuditHeads.EndOf(day).AddMinutes(10), default));
        }
        return app;
    }

    private static Task<int> WriteAsync(TestApp app, string chain, DateTimeOffset at) => app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, _) =>
    {
        await db.AppendAsync(chain, Guid.Empty, "noted", null, at);
        return 0;
    });

    private sealed class Reads : DbCommandInterceptor
    {
        public int Rows { get; private set; }

        public override ValueTask<InterceptionResult> DataReaderClosingAsync(DbCommand command, DataReaderClosingEventData eventData, InterceptionResult result)
        {
            Rows += eventData.ReadCount;
            return base.DataReaderClosingAsync(command, eventData, result);
        }
    }
}
