using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Mail.Office;

/// <summary>
/// What an administrator does about letters 信件管理: sends parked ones again, gives them up, stops all of them and lets them go.
/// Each is one transaction with its line in the audit; what a letter says and to whom is not read here.
/// </summary>
public sealed class MailOffice
{
    /// <summary>The audit's chain of these decisions.</summary>
    public const string Chain = "mail";

    // "mail" in ASCII.
    private const long LockKey = 0x6d61696c;
    private readonly CommandRunner runner;

    internal MailOffice(CommandRunner runner) => this.runner = runner;

    /// <summary>Sends parked letters again from now on, with as many tries as at first and under the same Message-ID.</summary>
    /// <param name="ids">Those; what is not parked any more is left out.</param>
    /// <returns>How many.</returns>
    public Task<int> RetryAsync(Viewer actor, IReadOnlyCollection<Guid> ids, string? key, CancellationToken cancel = default) => runner.RunAsync(actor, key, "mail.retry", ids, async context =>
    {
        var letters = await ParkedAsync(context.Db, ids).ConfigureAwait(false);
        foreach (var letter in letters) (letter.State, letter.Attempts, letter.DueAt, letter.LastError) = (OutboxState.Pending, 0, context.Now, null);
        await ToldAsync(context, "mail.retried", letters).ConfigureAwait(false);
        return letters.Count;
    }, cancel);

    /// <summary>Gives parked letters up; they stay in the outbox as dropped.</summary>
    public Task<int> DropAsync(Viewer actor, IReadOnlyCollection<Guid> ids, string? key, CancellationToken cancel = default) => runner.RunAsync(actor, key, "mail.drop", ids, async context =>
    {
        var letters = await ParkedAsync(context.Db, ids).ConfigureAwait(false);
        foreach (var letter in letters) letter.State = OutboxState.Dropped;
        await ToldAsync(context, "mail.dropped", letters).ConfigureAwait(false);
        return letters.Count;
    }, cancel);

    /// <summary>From now on no letter is taken, on any node; those that a node holds already still go.</summary>
    /// <returns>False: they rest already.</returns>
    public Task<bool> PauseAsync(Viewer actor, string? key, CancellationToken cancel = default) => runner.RunAsync(actor, key, "mail.pause", "", async context =>
    {
        await LockAsync(context.Db).ConfigureAwait(false);
        if (await context.Db.Set<MailPause>().AnyAsync().ConfigureAwait(false)) return false;
        context.Db.Add(new MailPause { Since = context.Now, Reason = "administrator", ById = actor.AccountId });
        await context.Db.AppendAsync(Chain, actor.AccountId, "mail.paused", new { }, context.Now).ConfigureAwait(false);
        return true;
    }, cancel);

    /// <summary>Lets letters go again.</summary>
    /// <param name="dropOlder">After a restore: those that waited when it was made are given up, since they may have been sent after the backup.</param>
    /// <returns>How many were given up; null: they did not rest.</returns>
    public Task<int?> ResumeAsync(Viewer actor, bool dropOlder, string? key, CancellationToken cancel = default) => runner.RunAsync(actor, key, "mail.resume", dropOlder, async context =>
    {
        await LockAsync(context.Db).ConfigureAwait(false);
        if (await context.Db.Set<MailPause>().FirstOrDefaultAsync().ConfigureAwait(false) is not { } pause) return (int?)null;
        var dropped = !dropOlder ? 0 : await context.Db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Pending && m.CreatedAt <= pause.Since)
            .ExecuteUpdateAsync(s => s.SetProperty(m => m.State, OutboxState.Dropped)).ConfigureAwait(false);
        context.Db.Remove(pause);
        await context.Db.AppendAsync(Chain, actor.AccountId, "mail.resumed", new { pause.Since, pause.Reason, dropped }, context.Now).ConfigureAwait(false);
        return dropped;
    }, cancel);

    /// <summary>Two administrators at once: who comes second finds nothing parked any more.</summary>
    private static async Task<List<OutboxMessage>> ParkedAsync(CivilAffairsDb db, IReadOnlyCollection<Guid> ids)
    {
        await LockAsync(db).ConfigureAwait(false);
        return await db.Set<OutboxMessage>().Where(m => EF.Parameter(ids).Contains(m.Id) && m.State == OutboxState.Parked).ToListAsync().ConfigureAwait(false);
    }

    private static async Task LockAsync(CivilAffairsDb db)
    {
        if (db.LocksRows) await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})").ConfigureAwait(false);
    }

    private static async Task ToldAsync(CommandContext context, string action, List<OutboxMessage> letters)
    {
        if (letters.Count > 0) await context.Db.AppendAsync(Chain, context.Actor.AccountId, action, new { letters = letters.ConvertAll(l => l.Id) }, context.Now).ConfigureAwait(false);
    }
}
