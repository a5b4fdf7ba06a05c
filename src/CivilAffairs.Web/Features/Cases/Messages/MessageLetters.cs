using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Messages;

/// <summary>
/// Tells the other side by e-mail that there is a message: its number and where to read it, never what it says, what it is
/// about or who wrote. Of what one side writes on a day the first that is still unread is told; the others lie beside it.
/// </summary>
internal static class MessageLetters
{
    private const string ToParty = "message.mail", ToOfficer = "message-office.mail";

    /// <summary>Adds the letters to the caller's transaction. Call it before the message itself is added.</summary>
    public static async Task AddAsync(CivilAffairsDb db, Case @case, CaseMessage message, DateTimeOffset now)
    {
        var (side, day) = (message.Side, message.OccurredOn);
        if (await db.Set<CaseMessage>().AnyAsync(m => m.CaseId == @case.Id && m.Side == side && m.ReadAt == null && m.OccurredOn == day).ConfigureAwait(false)) return;
        if (side == MessageSide.Applicant)
        {
            foreach (var officer in await OfficersAsync(db, @case.Id).ConfigureAwait(false)) db.Add(Letter(@case.Id, ToOfficer, $"/desk/cases/{@case.Id}?tab=messages", now, account: officer));
            return;
        }
        var persons = await db.Set<CaseParty>().Where(p => p.CaseId == @case.Id && p.Current && p.Sees).Select(p => p.PersonId).Distinct().ToListAsync().ConfigureAwait(false);
        foreach (var person in persons) db.Add(Letter(@case.Id, ToParty, $"/my/cases/{@case.Id}/messages", now, person: person));
        // Who filed it for somebody else without being a party of it.
        if (@case.ApplicantAccountId is { } account && !await db.Users.AnyAsync(a => a.Id == account && a.PersonId != null && persons.Contains(a.PersonId.Value)).ConfigureAwait(false))
            db.Add(Letter(@case.Id, ToParty, $"/my/cases/{@case.Id}/messages", now, account: account));
    }

    /// <summary>Who has the case in hand, or else who wrote about it last; nobody else gets a letter: the others find it at their desk.</summary>
    private static async Task<IReadOnlyList<Guid>> OfficersAsync(CivilAffairsDb db, Guid caseId)
    {
        var holders = await db.Set<WorkTask>().Where(t => t.CaseId == caseId && t.State == TaskState.Open && t.HolderId != null && t.Role != Roles.Applicant).Select(t => t.HolderId!.Value).Distinct().ToListAsync().ConfigureAwait(false);
        if (holders.Count == 0)
            holders = await db.Set<CaseMessage>().Where(m => m.CaseId == caseId && m.Side == MessageSide.Office).OrderByDescending(m => m.RecordedAt).Select(m => m.RecordedById).Take(1).ToListAsync().ConfigureAwait(false);
        return await db.Users.Where(a => holders.Contains(a.Id) && !a.Disabled && !db.Set<CaseRecusal>().Any(r => r.CaseId == caseId && r.AccountId == a.Id)).Select(a => a.Id).ToListAsync().ConfigureAwait(false);
    }

    private static OutboxMessage Letter(Guid caseId, string template, string path, DateTimeOffset now, Guid? person = null, Guid? account = null) =>
        ProductLetter.New(template, new JsonObject { ["path"] = path }.ToJsonString(), now, caseId, person, account);
}
