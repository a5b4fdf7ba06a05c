using System.Data.Common;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Platform.Data;

/// <summary>
/// What several nodes share out among themselves on PostgreSQL: what one has taken and not yet committed the next neither takes
/// nor waits for. With the clause taken out of the very same statements the test sees both, so it can fail.
/// </summary>
public sealed class SharedRowsTests
{
    private const int Rows = 4;
    private const string Clause = "FOR UPDATE SKIP LOCKED";
    private static readonly DateOnly Today = new(2026, 3, 2);
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    [PostgresFact]
    public async Task What_one_node_has_in_hand_the_next_passes_by()
    {
        var connection = (await Databases.FreshAsync(Databases.Postgres))!;
        await using var app = new TestApp(connection);
        List<Guid> ids = [.. Enumerable.Range(0, Rows).Select(_ => Guid.CreateVersion7())];
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.AddRange(ids.Select(id => new OutboxMessage { Id = id, Address = "a@office.example", Subject = "通知", Body = "请查收。", MessageId = $"{id:N}@civilaffairs.invalid", CreatedAt = Now, DueAt = Now }));
            db.AddRange(ids.Select(id => new CertificateLook { On = Today, CertificateId = id }));
            return Task.FromResult(0);
        });
        // Held by everybody who looks at them, by who sends them, and as lines that go once they are looked at.
        (string What, Func<IWriter, Task<IReadOnlyList<Guid>>> Take)[] ways =
        [
            ("rows", w => w.WriteAsync<IReadOnlyList<Guid>>(async (db, _) => [.. (await db.LockFreeAsync<OutboxMessage>(ids)).Select(m => m.Id)])),
            ("letters", async w => [.. (await new OutboxQueue(w, new StoppedClock(Now)).TakeAsync(Rows / 2, default)).Select(m => m.Id)]),
            ("looks", w => w.WriteAsync<IReadOnlyList<Guid>>(async (db, _) => [.. (await CertificateLooks.TakeLinesAsync(db, ids[..(Rows / 2)], Today)).Select(l => l.CertificateId)])),
        ];
        foreach (var (what, take) in ways)
        {
            var (first, second, waited) = await AtOnceAsync(connection, take, stripped: false);
            Assert.False(waited, $"{what}: the second node waited");
            Assert.NotEmpty(first);
            Assert.Empty(first.Intersect(second));

            // Without the clause the same is taken twice, or waited for.
            (first, second, waited) = await AtOnceAsync(connection, take, stripped: true);
            Assert.NotEmpty(first);
            Assert.True(waited || first.Intersect(second).Any(), $"{what}: the test does not see that two nodes take the same");
        }
    }

    /// <summary>One node takes and rests before its commit; the other takes meanwhile. Neither keeps what it took, but for one that the other waits for.</summary>
    /// <returns>What each took, and whether the second had to wait for the first.</returns>
    private static async Task<(IReadOnlyList<Guid> First, IReadOnlyList<Guid> Second, bool Waited)> AtOnceAsync(string connection, Func<IWriter, Task<IReadOnlyList<Guid>>> take, bool stripped)
    {
        await using Node one = new(connection, stripped), two = new(connection, stripped);
        var first = await take(one);
        var taking = Task.Run(() => take(two));
        var waited = await Task.WhenAny(taking, Task.Delay(TimeSpan.FromSeconds(2))) != taking;
        await one.EndAsync(commits: waited);
        var second = await taking;
        await two.EndAsync(commits: false);
        return (first, second, waited);
    }

    /// <summary>A node's transaction that stays open after its work, over the product's own statements.</summary>
    private sealed class Node(string connection, bool stripped) : IWriter, IAsyncDisposable
    {
        private readonly PostgresDb db = new(new DbContextOptionsBuilder<PostgresDb>().UseNpgsql(connection).AddInterceptors(stripped ? [new Stripping()] : []).Options);

        public async Task<T> WriteAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default)
        {
            await db.Database.BeginTransactionAsync(cancel);
            return await work(db, cancel);
        }

        public Task<T> WriteGuardedAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => WriteAsync(work, cancel);

        public Task EndAsync(bool commits) => commits ? db.Database.CommitTransactionAsync() : db.Database.RollbackTransactionAsync();

        public ValueTask DisposeAsync() => db.DisposeAsync();
    }

    private sealed class Stripping : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Assert.Contains(Clause, command.CommandText, StringComparison.Ordinal);
            command.CommandText = command.CommandText.Replace(Clause, "", StringComparison.Ordinal);
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }
    }
}
