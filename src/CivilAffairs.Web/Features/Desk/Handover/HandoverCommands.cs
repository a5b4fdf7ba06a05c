using System.Security.Cryptography;
using System.Text;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Desk.Handover;

/// <summary>
/// Hands over 移交 what an officer has in hand. Each task is a transaction of its own, under the rules of giving one away: what
/// the successor may not do stays where it is and is named. After a power failure some are handed over and the rest are
/// not; the same request, with its key, does the rest and nothing twice. One letter, written with the first task, tells of all.
/// </summary>
internal sealed class HandoverCommands(RecusalCommands tasks, HandoverQuery query)
{
    /// <param name="chosen">Of the officer's tasks; null: all, the most pressing <see cref="HandoverQuery.Most"/> of them.</param>
    /// <param name="key">Idempotency key of the whole.</param>
    /// <param name="progress">Told how many were dealt with.</param>
    /// <exception cref="NotAllowedException">The actor supervises nobody.</exception>
    /// <exception cref="InvalidAnswersException">By <c>to</c>, <c>reason</c> or <c>tasks</c>.</exception>
    public async Task<HandoverReport> HandOverAsync(Viewer actor, Guid from, Guid to, string reason, IReadOnlyCollection<Guid>? chosen, string key, Func<int, Task>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (!actor.HoldsAny(Roles.Supervisor)) throw new NotAllowedException("recusal.supervisorOnly");
        if (from == to) throw Fault("to", "移交人和接收人不能是同一人。", "Somebody cannot hand over to themself.");
        if (!RecusalCommands.ReassignReasons.Contains(reason)) throw Fault("reason", "请选择理由。", "Choose the reason.");
        var wanted = (chosen ?? (await query.ReadAsync(actor, from, cancel).ConfigureAwait(false)).Tasks.Select(t => t.Id)).Distinct().ToList();
        if (wanted.Count > HandoverQuery.Most) throw Fault("tasks", $"一次最多移交 {HandoverQuery.Most} 件。", $"At most {HandoverQuery.Most} tasks at once.");
        // The same for each repeat, and of nobody else's request.
        var letter = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"handover\n{actor.AccountId}\n{key}\n{to}"))[..16]);
        var (given, refused) = (new List<Guid>(), new List<RefusedTask>());
        foreach (var id in wanted)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                await tasks.ReassignAsync(actor, id, to, reason, Key(key, id), new HandedOver(from, letter), cancel).ConfigureAwait(false);
                given.Add(id);
            }
            catch (Exception e) when (e is NotAllowedException or UnknownCaseException or AlreadyDecidedException)
            {
                refused.Add(new RefusedTask(id, e));
            }
            if (progress is not null) await progress(given.Count + refused.Count).ConfigureAwait(false);
        }
        return new HandoverReport(given, refused);
    }

    // A key has at most 100 characters, whatever was sent.
    private static string Key(string key, Guid task) => $"handover.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\n{task}")))}";

    private static InvalidAnswersException Fault(string path, string zh, string en) => new([new FieldFault(path, zh, en)]);
}

/// <param name="Given">Tasks that the successor has in hand now.</param>
internal sealed record HandoverReport(IReadOnlyList<Guid> Given, IReadOnlyList<RefusedTask> Refused);

/// <param name="Why">One of the refusals that <see cref="Refusals"/> puts into words.</param>
internal sealed record RefusedTask(Guid Id, Exception Why);
