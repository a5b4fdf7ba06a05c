using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>
/// Writes reminders with their letters, in the caller's transaction: one for each person, subject and stage, ever. After a
/// power failure there are both, or neither and the next run writes them.
/// </summary>
internal static class ReminderLetters
{
    /// <returns>How many letters.</returns>
    public static async Task<int> WriteAsync(CivilAffairsDb db, IReadOnlyCollection<StageDue> dues, DateTimeOffset now)
    {
        var (rows, letters) = await PrepareAsync(db, dues, now).ConfigureAwait(false);
        // Nobody reads them again in this transaction.
        foreach (var row in rows) db.Append(row);
        return letters;
    }

    /// <summary>The same rows, not yet written: the store refuses those of which somebody wrote one meanwhile.</summary>
    public static async Task<(IReadOnlyList<object> Rows, int Letters)> PrepareAsync(CivilAffairsDb db, IReadOnlyCollection<StageDue> dues, DateTimeOffset now)
    {
        if (dues.Count == 0) return ([], 0);
        var posts = await Posts.LoadAsync(db, dues, BureauTime.Day(now)).ConfigureAwait(false);
        var known = await KnownAsync(db, dues).ConfigureAwait(false);
        var (rows, letters) = (new List<object>(), 0);
        foreach (var due in dues)
        {
            // What it says is the same for all of a kind.
            var said = new Dictionary<RecipientKind, string>();
            foreach (var recipient in posts.Of(due))
            {
                if (!known.Add((due.SubjectId, due.Stage, recipient.Id, recipient.Contact))) continue;
                var message = due.Passed ? null : Message(due, recipient, said, now);
                if (message is not null) rows.Add(message);
                rows.Add(new Reminder
                {
                    Subject = due.Subject, SubjectId = due.SubjectId, Stage = due.Stage, RecipientId = recipient.Id, RecipientKind = recipient.Kind, Contact = recipient.Contact, CaseId = due.CaseId,
                    MessageId = message?.Id, OccurredOn = due.Day, RecordedAt = now,
                });
                letters += due.Passed ? 0 : 1;
            }
        }
        return (rows, letters);
    }

    /// <summary>Who was told of these very stages: a certificate has many behind it, and a night thousands of certificates.</summary>
    private static async Task<HashSet<(Guid Subject, string Stage, Guid Recipient, string Contact)>> KnownAsync(CivilAffairsDb db, IReadOnlyCollection<StageDue> dues)
    {
        var (subjects, stages) = (dues.Select(d => d.SubjectId).ToArray(), dues.Select(d => d.Stage).ToArray());
        var told = db.LocksRows
            ? db.Set<Reminder>().FromSql($"""SELECT r.* FROM unnest({subjects}, {stages}) AS due(subject, stage) JOIN reminders r ON r."SubjectId" = due.subject AND r."Stage" = due.stage""")
            // Cross: the plan begins with the few.
            : db.Set<Reminder>().FromSql($"""SELECT r.* FROM json_each({Pairs(dues)}) AS due CROSS JOIN reminders r ON r."SubjectId" = due.value ->> 0 AND r."Stage" = due.value ->> 1""");
        return [.. (await told.AsNoTracking().Select(r => new { r.SubjectId, r.Stage, r.RecipientId, r.Contact }).ToListAsync().ConfigureAwait(false)).Select(r => (r.SubjectId, r.Stage, r.RecipientId, r.Contact))];
    }

    // Identifiers as EF writes them.
    private static string Pairs(IEnumerable<StageDue> dues) => JsonSerializer.Serialize(dues.Select(d => new[] { d.SubjectId.ToString().ToUpperInvariant(), d.Stage }));

    private static OutboxMessage Message(StageDue due, Recipient recipient, Dictionary<RecipientKind, string> said, DateTimeOffset now)
    {
        if (!said.TryGetValue(recipient.Kind, out var data))
        {
            due.Data["path"] = recipient.Kind == RecipientKind.Account ? due.DeskPath : due.OwnPath;
            said[recipient.Kind] = data = due.Data.ToJsonString();
        }
        var letter = ProductLetter.New(due.Template, data, now, due.CaseId, recipient.Kind == RecipientKind.Person ? recipient.Id : null, recipient.Kind == RecipientKind.Account ? recipient.Id : null);
        if (recipient.Kind == RecipientKind.Subject) (letter.SubjectId, letter.Contact) = (recipient.Id, recipient.Contact);
        // A matter may bring words of its own.
        if (due.Revision?.Templates.ContainsKey(due.Template) == true) letter.Revision = due.Revision.Hash;
        return letter;
    }
}
