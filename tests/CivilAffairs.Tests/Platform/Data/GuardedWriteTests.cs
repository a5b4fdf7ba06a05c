using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Platform.Data;

/// <summary>Work that is tried beside SQLite's writer is stored as it was tried, or run again where somebody was faster.</summary>
public sealed class GuardedWriteTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Works_on_one_chain_at_the_same_moment_are_all_stored_one_after_the_other(string kind)
    {
        var app = await databases.GetAsync(kind);
        var writer = app.Services.GetRequiredService<IWriter>();
        var one = await NewCaseAsync(writer);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => writer.WriteGuardedAsync((db, _) => DecideAsync(db, one)))));
        await using var read = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(40, await read.Set<Case>().Where(c => c.Id == one).Select(c => c.Version).SingleAsync());
        Assert.Equal(Enumerable.Range(1, 40), await read.Set<AuditEntry>().Where(a => a.Chain == one.ToString()).OrderBy(a => a.Sequence).Select(a => a.Sequence).ToListAsync());
        Assert.Empty(await read.VerifyAsync(default));
    }

    [Theory, InlineData("version"), InlineData("chain"), InlineData("deleted")]
    public async Task Who_was_overtaken_runs_again_in_the_writer(string by)
    {
        var app = await databases.GetAsync(Databases.Sqlite);
        var writer = app.Services.GetRequiredService<IWriter>();
        var one = await NewCaseAsync(writer);
        var runs = new List<bool>();
        var seen = await writer.WriteGuardedAsync(async (db, cancel) =>
        {
            runs.Add(db.IsSnapshot);
            var found = await db.Set<Case>().SingleOrDefaultAsync(c => c.Id == one, cancel);
            if (db.IsSnapshot) await writer.WriteAsync((faster, _) => OvertakeAsync(faster, one, by), cancel);
            if (found is null) return -1;
            if (by == "chain") await db.AppendAsync(one.ToString(), Guid.Empty, "tried", null, DateTimeOffset.UtcNow);
            else found.Version++;
            return found.Version;
        });
        Assert.Equal([true, false], runs);
        Assert.Equal(by switch { "version" => 2, "chain" => 0, _ => -1 }, seen);
        await using var read = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(by == "chain" ? 2 : 0, await read.Set<AuditEntry>().CountAsync(a => a.Chain == one.ToString()));
        Assert.Equal(by == "version" ? 2 : 0, await read.Set<Case>().Where(c => c.Id == one).Select(c => c.Version).SingleOrDefaultAsync());
    }

    [Theory, InlineData("asks for the writer"), InlineData("saves"), InlineData("writes by hand")]
    public async Task What_cannot_be_tried_is_run_in_the_writer(string how)
    {
        var app = await databases.GetAsync(Databases.Sqlite);
        var writer = app.Services.GetRequiredService<IWriter>();
        var one = await NewCaseAsync(writer);
        var runs = new List<bool>();
        await writer.WriteGuardedAsync(async (db, cancel) =>
        {
            runs.Add(db.IsSnapshot);
            await DecideAsync(db, one);
            if (how == "saves") await db.SaveChangesAsync(cancel);
            else if (how == "writes by hand") await db.Set<Case>().Where(c => c.Id == one).ExecuteUpdateAsync(u => u.SetProperty(c => c.ApplicantName, "x"), cancel);
            else db.RequireWriter();
            return 0;
        });
        Assert.Equal([true, false], runs);
        await using var read = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(1, await read.Set<Case>().Where(c => c.Id == one).Select(c => c.Version).SingleAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_throws_leaves_nothing_and_is_refused_by_the_writer_alone(string kind)
    {
        var app = await databases.GetAsync(kind);
        var writer = app.Services.GetRequiredService<IWriter>();
        var one = await NewCaseAsync(writer);
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => writer.WriteGuardedAsync<int>(async (db, _) =>
        {
            await DecideAsync(db, one);
            throw new InvalidOperationException(db.IsSnapshot ? "refused on a snapshot" : "refused");
        }));
        Assert.Equal("refused", thrown.Message);
        await using var read = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(0, await read.Set<Case>().Where(c => c.Id == one).Select(c => c.Version).SingleAsync());
        Assert.Equal(0, await read.Set<AuditEntry>().CountAsync(a => a.Chain == one.ToString()));
    }

    private static async Task<int> DecideAsync(CivilAffairsDb db, Guid id)
    {
        // As a decision does: PostgreSQL locks the row, SQLite has the version and the chain.
        var cases = db.LocksRows ? db.Set<Case>().FromSql($"SELECT * FROM cases WHERE \"Id\" = {id} FOR UPDATE") : db.Set<Case>().Where(c => c.Id == id);
        (await cases.SingleAsync()).Version++;
        await db.AppendAsync(id.ToString(), Guid.Empty, "decided", null, DateTimeOffset.UtcNow);
        return 0;
    }

    private static async Task<int> OvertakeAsync(CivilAffairsDb db, Guid id, string by)
    {
        if (by == "chain") await db.AppendAsync(id.ToString(), Guid.Empty, "faster", null, DateTimeOffset.UtcNow);
        else if (by == "version") (await db.Set<Case>().SingleAsync(c => c.Id == id)).Version++;
        else db.Remove(await db.Set<Case>().SingleAsync(c => c.Id == id));
        return 0;
    }

    private static Task<Guid> NewCaseAsync(IWriter writer) => writer.WriteAsync((db, _) =>
    {
        var one = new Case { Matter = "rural-dibao", Revision = "none" };
        db.Add(one);
        return Task.FromResult(one.Id);
    });
}
