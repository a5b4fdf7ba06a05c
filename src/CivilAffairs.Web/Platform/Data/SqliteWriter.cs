using System.Threading.Channels;
using CivilAffairs.Web.Platform.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// One writer for SQLite with group commit: whatever waits is run one after the other, each in a savepoint of one
/// transaction, and shares its one commit, whose fsync is what costs. Callers learn of success only after that commit.
/// </summary>
/// <remarks>
/// Power failure before the commit: none of the group is there and no caller was told otherwise. After it: all of it is.
/// A work that throws is rolled back to its savepoint and does not touch its neighbours. The queue is bounded.
/// Guarded work is tried on a snapshot beside the writer, by as many threads as there are processors; the writer then only
/// stores its rows, and runs the work itself where one of them is not as the attempt had read it.
/// </remarks>
internal sealed class SqliteWriter : IWriter, IWriterState, IAsyncDisposable
{
    private const int QueueLength = 1024, LargestGroup = 64;
    private readonly Channel<Job> queue = Channel.CreateBounded<Job>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly SqliteConnection connection;
    private readonly SqliteStatements statements;
    private readonly SqliteCommand maker = new(); // of parameters
    private readonly SqliteSnapshots snapshots;
    private readonly DbContextOptions<SqliteDb> options;
    private readonly TimeProvider time;
    private readonly Task loop;
    // Who has it may use the connection.
    private readonly SemaphoreSlim turn = new(1);
    private long groupBegan;
    private int trying;

    public SqliteWriter(string connectionString, Action<DbContextOptionsBuilder>? configure = null, TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        connection = new SqliteConnection(connectionString);
        var builder = new DbContextOptionsBuilder<SqliteDb>().UseSqlite(connection);
        configure?.Invoke(builder);
        options = builder.Options;
        statements = new SqliteStatements(connection);
        snapshots = new SqliteSnapshots(connectionString, configure);
        loop = Task.Run(RunAsync);
    }

    public int Waiting => queue.Reader.Count;

    public int Capacity => QueueLength;

    /// <summary>When the group in hand was begun.</summary>
    public DateTimeOffset? StuckSince => Interlocked.Read(ref groupBegan) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public async Task<T> WriteAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default)
    {
        var job = new Job<T>(work, cancel);
        if (!queue.Writer.TryWrite(job)) throw new BusyException();
        return await job.Result.ConfigureAwait(false);
    }

    public async Task<T> WriteGuardedAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default)
    {
        if (Interlocked.Increment(ref trying) > QueueLength)
        {
            Interlocked.Decrement(ref trying);
            throw new BusyException();
        }
        (T Value, RowChanges Changes)? attempt;
        try
        {
            attempt = await snapshots.TryAsync(work, cancel).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref trying);
        }
        if (attempt is null) return await WriteAsync(work, cancel).ConfigureAwait(false);
        // Nothing to write (a repeated command): what was read is on disk.
        if (attempt.Value.Changes.IsEmpty) return attempt.Value.Value;
        var job = new Job<T>(work, cancel) { Attempt = attempt };
        // With nobody to share a commit with, it is made here and now: two changes of thread cost as much as the commit.
        if (Volatile.Read(ref trying) == 0 && Waiting == 0 && !queue.Reader.Completion.IsCompleted && turn.Wait(0, CancellationToken.None))
            await GroupAsync([job]).ConfigureAwait(false);
        else if (!queue.Writer.TryWrite(job)) throw new BusyException();
        return await job.Result.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var group = new List<Job>();
        while (await queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            await turn.WaitAsync().ConfigureAwait(false);
            while (group.Count < LargestGroup && queue.Reader.TryRead(out var job)) group.Add(job);
            await GroupAsync(group).ConfigureAwait(false);
            group.Clear();
        }
    }

    /// <summary>Whose turn it is; ends it.</summary>
    private async Task GroupAsync(List<Job> group)
    {
        Interlocked.Exchange(ref groupBegan, time.GetUtcNow().UtcTicks);
        var began = time.GetTimestamp();
        try
        {
            await CommitAsync(group).ConfigureAwait(false);
            ProductTelemetry.Groups.Record(group.Count);
            ProductTelemetry.Commits.Record(time.GetElapsedTime(began).TotalSeconds);
        }
        catch (Exception e)
        {
            foreach (var job in group) job.Fail(e);
            statements.Forget();
            connection.Close();
        }
        finally
        {
            Interlocked.Exchange(ref groupBegan, 0);
            turn.Release();
        }
    }

    private async Task CommitAsync(List<Job> group)
    {
        if (connection.State != System.Data.ConnectionState.Open)
        {
            connection.Open();
            SqlitePragmas.Apply(connection);
        }
        // deferred: false takes the write lock now, so that no statement fails half-way for want of it.
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var job in group)
        {
            if (job.Abandoned) continue;
            statements.Execute("SAVEPOINT work", [], transaction);
            try
            {
                if (!job.TryStore(statements, transaction))
                {
                    statements.Execute("ROLLBACK TO work", [], transaction);
                    using var db = new SqliteDb(options);
                    db.Database.UseTransaction(transaction);
                    db.Database.AutoSavepointsEnabled = false;
                    await job.RunAsync(db).ConfigureAwait(false);
                    // By statements that are parsed once; what a row alone does not tell, as EF does it.
                    if (RowChanges.Of(db, maker, copies: true) is { } changes) statements.Store(changes, transaction);
                    else await db.SaveChangesAsync().ConfigureAwait(false);
                }
            }
            catch (Exception e)
            {
                statements.Execute("ROLLBACK TO work", [], transaction);
                job.Refuse(e);
            }
            statements.Execute("RELEASE work", [], transaction);
        }
        transaction.Commit();
        foreach (var job in group) job.Finish();
    }

    public async ValueTask DisposeAsync()
    {
        // Known to the container under two names, it is disposed of twice.
        if (!queue.Writer.TryComplete()) return;
        await loop.ConfigureAwait(false);
        await turn.WaitAsync().ConfigureAwait(false);
        snapshots.Dispose();
        statements.Forget();
        await maker.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
        turn.Dispose();
    }

    private abstract class Job(CancellationToken cancel)
    {
        protected Exception? Refusal { get; private set; }
        public bool Abandoned { get; private set; }

        /// <returns>True: what an attempt would write is written, unchanged. False: the work has to run.</returns>
        public abstract bool TryStore(SqliteStatements statements, SqliteTransaction transaction);
        public abstract Task RunAsync(CivilAffairsDb db);
        public abstract void Finish();
        public abstract void Fail(Exception reason);
        public void Refuse(Exception reason) => Refusal = reason;
        protected bool Skip() => Abandoned = cancel.IsCancellationRequested;
    }

    private sealed class Job<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel) : Job(cancel)
    {
        private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? value;
        public Task<T> Result => done.Task;

        /// <summary>Null: none was made.</summary>
        public (T Value, RowChanges Changes)? Attempt { get; init; }

        public override bool TryStore(SqliteStatements statements, SqliteTransaction transaction)
        {
            if (Skip()) throw new OperationCanceledException();
            if (Attempt is not { } attempt || !statements.TryStore(attempt.Changes, transaction)) return false;
            value = attempt.Value;
            return true;
        }

        public override async Task RunAsync(CivilAffairsDb db)
        {
            if (Skip()) throw new OperationCanceledException();
            value = await work(db, CancellationToken.None).ConfigureAwait(false);
        }

        public override void Finish()
        {
            if (Refusal is { } reason) done.TrySetException(reason);
            else done.TrySetResult(value!);
        }

        public override void Fail(Exception reason) => done.TrySetException(Refusal ?? reason);
    }
}
