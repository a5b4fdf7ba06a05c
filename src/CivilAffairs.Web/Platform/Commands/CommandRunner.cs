using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Commands;

/// <summary>What a command works with: one transaction, one instant, one actor.</summary>
public sealed record CommandContext(CivilAffairsDb Db, Viewer Actor, DateTimeOffset Now);

/// <summary>
/// Runs commands once. The record of a command is written in the transaction that does it: after a power failure a repeat
/// finds either the result or nothing done. A refusal is not recorded, so that it may be tried again.
/// </summary>
public sealed class CommandRunner(IWriter writer, TimeProvider time)
{
    private static readonly Questions Known = new(Questions.Rows<CommandRecord>("FROM commands WHERE \"ActorId\" = @actor AND \"Key\" = @key"));

    /// <param name="actor">Who sends it.</param>
    /// <param name="key">Idempotency key, 1 to 100 characters; null: this command is safe to repeat by its nature.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="body">Everything that says what is wanted; serialised only to compare repeats.</param>
    /// <param name="work">Its result is kept as JSON: references only.</param>
    /// <exception cref="KeyReusedException">The key came before with another body.</exception>
    /// <exception cref="BusyException">Nothing was done.</exception>
    public Task<T> RunAsync<T>(Viewer actor, string? key, string name, object body, Func<CommandContext, Task<T>> work, CancellationToken cancel = default) =>
        RunAsync(actor, key, name, body, work, guarded: false, cancel);

    /// <summary>The same for work as <see cref="IWriter.WriteGuardedAsync"/> wants it.</summary>
    public Task<T> RunGuardedAsync<T>(Viewer actor, string? key, string name, object body, Func<CommandContext, Task<T>> work, CancellationToken cancel = default) =>
        RunAsync(actor, key, name, body, work, guarded: true, cancel);

    private async Task<T> RunAsync<T>(Viewer actor, string? key, string name, object body, Func<CommandContext, Task<T>> work, bool guarded, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (key is { Length: 0 or > 100 }) throw new ArgumentException("An idempotency key has 1 to 100 characters.", nameof(key));
        var hash = key is null ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\n{JsonSerializer.Serialize(body)}")));
        using var span = ProductTelemetry.Source.StartActivity($"command {name}");
        // Most bodies are the id of what the command is about; the others hold what people typed.
        if (body is Guid subject) span?.SetTag("civilaffairs.subject", subject);
        // The first run of guarded work need not ask whether it was done before: its record has a key, so a repeat cannot be
        // stored, whatever it did or why it refused; and then the record is looked for.
        var asks = !guarded;
        var (began, outcome, error) = (time.GetTimestamp(), "done", (string?)null);
        try
        {
            try
            {
                return await OnceAsync().ConfigureAwait(false);
            }
            catch (Exception failure) when (key is not null && failure is not (KeyReusedException or BusyException or OperationCanceledException))
            {
                // Two equal commands at once on PostgreSQL: the later one failed on the record's key, or was refused for what
                // the first had done while it waited; now it finds the record.
                if (await writer.WriteAsync((db, _) => FindAsync(db), cancel).ConfigureAwait(false) is { } done) return Result(done);
                asks = true;
                if (failure is DbUpdateException) return await OnceAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (Exception e)
        {
            (outcome, error) = ("refused", e.GetType().Name);
            throw;
        }
        finally
        {
            ProductTelemetry.Commands.Record(time.GetElapsedTime(began), "civilaffairs.command", name, outcome, error, span);
        }

        Task<T> OnceAsync() => guarded ? writer.WriteGuardedAsync(InTransactionAsync, cancel) : writer.WriteAsync(InTransactionAsync, cancel);

        async Task<T> InTransactionAsync(CivilAffairsDb db, CancellationToken _)
        {
            if (key is not null && (asks || !(db.IsSnapshot || db.LocksRows)) && await FindAsync(db).ConfigureAwait(false) is { } done) return Result(done);
            // Cut as the database cuts it: the journal's instant must be the one the step saw, or a replay differs.
            var now = new DateTimeOffset(UtcConverter.Cut(time.GetUtcNow().UtcDateTime));
            var result = await work(new CommandContext(db, actor, now)).ConfigureAwait(false);
            if (key is not null)
                db.Append(new CommandRecord { ActorId = actor.AccountId, Key = key, BodyHash = hash, Result = JsonSerializer.Serialize(result), At = now });
            return result;
        }

        async Task<CommandRecord?> FindAsync(CivilAffairsDb db)
        {
            var answers = await Known.AskAsync(db, ("@actor", actor.AccountId), ("@key", key!)).ConfigureAwait(false);
            await using var _ = answers.ConfigureAwait(false);
            return await answers.OneAsync<CommandRecord>().ConfigureAwait(false);
        }

        T Result(CommandRecord done)
        {
            if (done.BodyHash != hash) throw new KeyReusedException();
            outcome = "repeated";
            return JsonSerializer.Deserialize<T>(done.Result)!;
        }
    }
}

/// <summary>The idempotency key was used before for something else. HTTP 422.</summary>
public sealed class KeyReusedException() : Exception("This idempotency key was used for another request.");
