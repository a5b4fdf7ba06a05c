using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Platform.Data;

public sealed class WriterTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly DateOnly Day = new(2026, 11, 24);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_throws_leaves_nothing_and_does_not_touch_its_neighbours(string kind)
    {
        var app = await databases.GetAsync(kind);
        var writer = app.Services.GetRequiredService<IWriter>();
        var tag = Guid.NewGuid().ToString("N");
        var works = Enumerable.Range(0, 40).Select(i => writer.WriteAsync(async (db, cancel) =>
        {
            await db.AppendAsync($"{tag[..20]}-{i}", Guid.Empty, "tried", null, DateTimeOffset.UtcNow);
            await db.SaveChangesAsync(cancel);
            return i % 4 == 3 ? throw new InvalidOperationException("refused") : i;
        })).ToList();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.WhenAll(works));
        Assert.Equal(30, works.Count(w => w.IsCompletedSuccessfully));
        await using var read = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(30, await read.Set<AuditEntry>().CountAsync(a => a.Chain.StartsWith(tag.Substring(0, 20))));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_repeated_command_returns_its_first_result_and_another_body_is_refused(string kind)
    {
        var app = await databases.GetAsync(kind);
        var runner = app.Services.GetRequiredService<CommandRunner>();
        var actor = new Viewer(Guid.NewGuid(), "someone", AccountKind.Officer, []);
        var runs = 0;
        Task<int> Run(string key, string body) => runner.RunAsync(actor, key, "test", body, _ => Task.FromResult(Interlocked.Increment(ref runs)));
        Assert.Equal(1, await Run("a", "x"));
        Assert.Equal(1, await Run("a", "x"));
        await Assert.ThrowsAsync<KeyReusedException>(() => Run("a", "y"));
        Assert.Equal(2, await Run("b", "y"));
        var together = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Run("c", "z")));
        Assert.Single(together.Distinct());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_audit_is_whole_until_a_line_is_changed(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var writer = app.Services.GetRequiredService<IWriter>();
        for (var i = 0; i < 3; i++)
            await writer.WriteAsync(async (db, _) => { await db.AppendAsync("chain", Guid.Empty, "noted", new { i }, AuditHeads.EndOf(Day)); return 0; });
        await AuditHeads.CloseAsync(app.Services.GetRequiredService<IReader>(), writer, Day, AuditHeads.EndOf(Day).AddMinutes(10), default);
        await using var read = app.Services.GetRequiredService<IReader>().Open();
        Assert.Empty(await read.VerifyAsync(default));

        await writer.WriteAsync((db, cancel) => db.Set<AuditEntry>().Where(a => a.Chain == "chain" && a.Sequence == 2).ExecuteUpdateAsync(s => s.SetProperty(a => a.Details, "{\"i\":9}"), cancel));
        Assert.Equal("chain 2: the line was changed", Assert.Single(await read.VerifyAsync(default)));
        await writer.WriteAsync((db, cancel) => db.Set<AuditEntry>().Where(a => a.Chain == "chain" && a.Sequence == 3).ExecuteDeleteAsync(cancel));
        Assert.Contains("2026-11-24: the head of the day does not fit", await read.VerifyAsync(default));
    }
}
