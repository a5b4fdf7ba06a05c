using System.Security.Cryptography;
using System.Text;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Desk.Handover;

/// <summary>
/// Hands over 移交 what an officer has in hand. Each task is a transaction of its own, under the rules of giving one away: what
/// the successor may not do stays where it is and is named. A supervisor hands over anybody's, an officer their own. After a power failure some are handed over and the rest are
/// not; the same request, with its key, does the rest and nothing twice. One letter, written with the first task, tells of all.
/// </summary>
internal sealed class HandoverCommands(RecusalCommands tasks)
{
    /// <param name="chosen">Tasks by name, at most <see cref="HandoverQuery.Most"/>: "all" would be others on a repeat than before.</param>
    /// <param name="key">Idempotency key of the whole.</param>
    /// <param name="progress">Told how many were dealt with.</param>
    /// <param name="from">Who holds them: the actor, or anybody where the actor supervises; null: nobody, and they are given out.</param>
    /// <exception cref="NotAllowedException">The actor supervises nobody, and it is not their own work.</exception>
    /// <exception cref="InvalidAnswersException">By <c>to</c>, <c>reason</c> or <c>tasks</c>.</exception>
    public async Task<HandoverReport> HandOverAsync(Viewer actor, Guid? from, Guid to, string reason, IReadOnlyCollection<Guid> chosen, string key, Func<int, Task>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(chosen);
        Require(actor, from);
        if (from == to) throw Fault("to", "移交人和接收人不能是同一人。", "Somebody cannot hand over to themself.");
        if (!RecusalCommands.ReassignReasons.Contains(reason)) throw Fault("reason", "请选择理由。", "Choose the reason.");
        var wanted = Named(chosen);
        if (wanted.Count == 0) throw Fault("tasks", "请至少选择一件任务。", "Choose at least one task.");
        // The same for each repeat, and of nobody else's request.
        var letter = new Guid(Hash($"letter\n{actor.AccountId}\n{key}\n{to}")[..16]);
        var (given, refused) = (new List<Guid>(), new List<RefusedTask>());
        foreach (var id in wanted)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                await tasks.ReassignAsync(actor, id, to, reason, $"handover.{Convert.ToHexStringLower(Hash($"{key}\n{id}\n{from}\n{to}\n{reason}"))}", new HandedOver(from, letter), cancel).ConfigureAwait(false);
                given.Add(id);
            }
            // One that is destroyed or too busy keeps nobody from the others, nor from the report.
            catch (Exception e) when (e is NotAllowedException or UnknownCaseException or AlreadyDecidedException or CaseErasedException or BusyException)
            {
                refused.Add(new RefusedTask(id, e));
            }
            if (progress is not null) await progress(given.Count + refused.Count).ConfigureAwait(false);
        }
        return new HandoverReport(given, refused);
    }

    /// <returns>Each once.</returns>
    /// <exception cref="InvalidAnswersException">Too many, by <c>tasks</c>.</exception>
    internal static List<Guid> Named(IReadOnlyCollection<Guid> chosen)
    {
        var wanted = chosen.Distinct().ToList();
        return wanted.Count <= HandoverQuery.Most ? wanted : throw Fault("tasks", $"一次最多移交 {HandoverQuery.Most} 件。", $"At most {HandoverQuery.Most} tasks at once.");
    }

    /// <exception cref="NotAllowedException">Neither a supervisor nor their own work.</exception>
    internal static void Require(Viewer actor, Guid? from)
    {
        if (!actor.HoldsAny(Roles.Supervisor) && (!actor.IsOfficer || from != actor.AccountId)) throw new NotAllowedException("recusal.supervisorOnly");
    }

    // A key has at most 100 characters, whatever was sent; asked of another or for another reason it is another command.
    private static byte[] Hash(string of) => SHA256.HashData(Encoding.UTF8.GetBytes(of));

    private static InvalidAnswersException Fault(string path, string zh, string en) => new([new FieldFault(path, zh, en)]);
}

/// <param name="Given">Tasks that the successor has in hand now.</param>
internal sealed record HandoverReport(IReadOnlyList<Guid> Given, IReadOnlyList<RefusedTask> Refused);

/// <param name="Why">One of the refusals that <see cref="Refusals"/> puts into words.</param>
internal sealed record RefusedTask(Guid Id, Exception Why);
