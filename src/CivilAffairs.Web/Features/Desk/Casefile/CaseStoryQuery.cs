using System.Text.Json;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>What happened in a case, from its audit: who did what, and what the product did by itself.</summary>
internal static class CaseStoryQuery
{
    /// <summary>Steps of a draft are the applicant's own business.</summary>
    private static readonly string[] NotTold = ["draft.started", "draft.discarded", "counter.identified"];

    /// <param name="withdrawal">Why it was withdrawn, in the party's words.</param>
    public static async Task<IReadOnlyList<StoryLine>> ReadAsync(CivilAffairsDb db, Case @case, MatterRevision revision, IReadOnlyList<WorkTask> tasks,
        IReadOnlyList<IssuedDocument> documents, string? withdrawal, CancellationToken cancel)
    {
        var chain = @case.Id.ToString();
        var lines = await db.Set<AuditEntry>().AsNoTracking().Where(a => a.Chain == chain).OrderByDescending(a => a.Sequence).Take(500).ToListAsync(cancel).ConfigureAwait(false);
        var concerned = lines.ToDictionary(l => l.Sequence, Concerned);
        var actors = lines.Select(l => l.ActorId).Concat(concerned.Values.OfType<Guid>()).Concat(lines.Select(For).OfType<Guid>()).Distinct().ToList();
        var names = await db.Users.Where(a => actors.Contains(a.Id)).Select(a => new { a.Id, a.DisplayName }).ToDictionaryAsync(a => a.Id, a => a.DisplayName, cancel).ConfigureAwait(false);
        foreach (var task in tasks.Where(t => t.ClosedById is not null && t.ClosedBy is not null)) names.TryAdd(task.ClosedById!.Value, task.ClosedBy!);
        var byActivity = tasks.GroupBy(t => t.ActivityId).ToDictionary(g => g.Key, g => g.First());
        var story = lines.Where(l => !NotTold.Contains(l.Action)).Select(line =>
        {
            using var details = JsonDocument.Parse(line.Details);
            string Text(string name) => details.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
            var subject = Text("activityId") is { Length: > 0 } activity ? byActivity.TryGetValue(activity, out var task) ? Title(task) : ""
                : line.Action.StartsWith("supervision.", StringComparison.Ordinal) ? Text("number")
                : Text("documentId") is { Length: > 0 } paper ? Document(documents, paper) : Slot(revision, Text("slot"));
            var by = line.ActorId == Guid.Empty ? null : CaseWords.Actor(names.GetValueOrDefault(line.ActorId, ""), For(line) is { } absent ? names.GetValueOrDefault(absent, "") : null);
            var kind = line.Action switch
            {
                "case.submitted" when @case.Channel == Channel.Counter => "case.submitted.counter",
                "case.withdrawn" when withdrawal is not null => "case.withdrawn.reason",
                _ => line.Action,
            };
            return new StoryLine(line.At, kind, by, subject, kind == "case.withdrawn.reason" ? withdrawal! : Text("outcome") is { Length: > 0 } outcome ? outcome : Text("reason"),
                concerned[line.Sequence] is { } officer ? names.GetValueOrDefault(officer, "") : "", IsoDay.Read(Text("occurredOn")) ?? IsoDay.Read(Text("receivedOn")));
        }).ToList();
        story.AddRange(documents.Select(d => new StoryLine(d.IssuedAt, "document.issued", null, Languages.IsEnglish ? d.NameEn : d.NameZh, d.Number)));
        // Of one instant: first what was decided, above it what came of it.
        return [.. story.OrderByDescending(l => l.At).ThenBy(l => l.Kind == "document.issued" ? 0 : 1)];
    }

    public static string Title(WorkTask task) => Languages.IsEnglish ? task.TitleEn : task.TitleZh;

    /// <summary>The officer whom a recusal or reassignment is about.</summary>
    private static Guid? Concerned(AuditEntry line)
    {
        if (line.Action is not ("recusal.declared" or "recusal.ordered" or "task.reassigned")) return null;
        using var details = JsonDocument.Parse(line.Details);
        return details.RootElement.TryGetProperty(line.Action == "task.reassigned" ? "to" : "account", out var id) && id.TryGetGuid(out var officer) ? officer : null;
    }

    /// <summary>The absent officer in whose name a deputy did it.</summary>
    private static Guid? For(AuditEntry line)
    {
        if (!line.Details.Contains("\"for\"", StringComparison.Ordinal)) return null;
        using var details = JsonDocument.Parse(line.Details);
        return details.RootElement.TryGetProperty("for", out var id) && id.TryGetGuid(out var absent) ? absent : null;
    }

    private static string Document(IReadOnlyList<IssuedDocument> documents, string id) =>
        Guid.TryParse(id, out var sought) && documents.FirstOrDefault(d => d.Id == sought) is { } found ? Languages.IsEnglish ? found.NameEn : found.NameZh : "";

    private static string Slot(MatterRevision revision, string slot) =>
        revision.Form.Attachments.FirstOrDefault(a => a.Id == slot)?.Label.In(Languages.IsEnglish ? "en" : "zh") ?? "";
}
