using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Supervision;

/// <summary>
/// Letters about what was just said about a supervision order 督办: an answer to who issued it, all else to who has the case in
/// hand. They name the order, the case and the day, never the words or whom the case is about. What a day brings tells the
/// deadline watch.
/// </summary>
internal static class SupervisionLetters
{
    private const string Asked = "supervision.mail", Answered = "supervision-answer.mail", Ended = "supervision-ended.mail";

    /// <summary>More than any office has; one letter each.</summary>
    private const int Most = 100;

    /// <summary>Adds the letters to the caller's transaction. Nobody is written to about what they did themselves.</summary>
    public static async Task TellAsync(CivilAffairsDb db, Case @case, SupervisionOrder order, SupervisionEntryKind kind, Guid actor, DateTimeOffset now)
    {
        var readers = kind == SupervisionEntryKind.Answered ? [order.IssuedById] : await OfficeAsync(db, @case.Id, BureauTime.Day(now)).ConfigureAwait(false);
        if (kind is SupervisionEntryKind.Closed or SupervisionEntryKind.Withdrawn)
            readers = [.. readers, .. await db.Set<SupervisionEntry>().Where(e => e.OrderId == order.Id && e.Kind == SupervisionEntryKind.Answered).Select(e => e.RecordedById).Distinct().Take(Most).ToListAsync().ConfigureAwait(false)];
        var template = kind switch { SupervisionEntryKind.Answered => Answered, SupervisionEntryKind.Issued or SupervisionEntryKind.Demanded => Asked, _ => Ended };
        var (caseId, wanted) = (@case.Id, readers.Distinct().Where(r => r != actor).ToList());
        var told = await db.Users.Where(a => wanted.Contains(a.Id) && !a.Disabled && !db.Set<CaseRecusal>().Any(r => r.CaseId == caseId && r.AccountId == a.Id)).OrderBy(a => a.Id).Take(Most).Select(a => a.Id).ToListAsync().ConfigureAwait(false);
        foreach (var reader in told)
        {
            var id = Guid.CreateVersion7();
            db.Add(new OutboxMessage
            {
                Id = id, CaseId = caseId, AccountId = reader, Template = template, Revision = OutboxMessage.Product, MessageId = Recipients.MessageId(id), CreatedAt = now, DueAt = now,
                Data = new JsonObject { ["number"] = order.Number, ["lastDay"] = BureauTime.Iso(order.DueOn), ["path"] = $"/desk/cases/{caseId}" }.ToJsonString(),
            });
        }
    }

    /// <summary>Who holds an open task of the case; for one that nobody holds, and where none is open, whoever has the post that it waits for or was done by.</summary>
    private static async Task<IReadOnlyList<Guid>> OfficeAsync(CivilAffairsDb db, Guid caseId, DateOnly today)
    {
        var inHand = SupervisionScope.InHand(db).Where(t => t.CaseId == caseId);
        var holders = await inHand.Where(t => t.State == TaskState.Open && t.HolderId != null).Select(t => t.HolderId!.Value).Distinct().ToListAsync().ConfigureAwait(false);
        var posted = await db.Set<Posting>().Where(p => p.From <= today && (p.To == null || p.To >= today) && inHand.Any(t => (t.HolderId == null || t.State == TaskState.Done) && t.Role == p.Role && t.Division == p.Division))
            .Select(p => p.AccountId).Distinct().Take(Most).ToListAsync().ConfigureAwait(false);
        return [.. holders, .. posted];
    }
}
