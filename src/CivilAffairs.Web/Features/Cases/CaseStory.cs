using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>A state the case reached, and when.</summary>
public sealed record StatusPoint(string Status, DateTimeOffset At);

/// <summary>What became of a case, in its life-cycle states; and which may lie ahead.</summary>
/// <param name="Reached">In order of time, the filing first; the last one is where it stands.</param>
/// <param name="Ahead">The usual way on; empty once the case was decided.</param>
public sealed record CaseStory(IReadOnlyList<StatusPoint> Reached, IReadOnlyList<string> Ahead)
{
    // The straight way; a matter's definition has some of them.
    private static readonly string[] StraightOn = ["Submitted", "Accepted", "Investigating", "Reviewing", "Notice", "CountyReview", "Granted", "Paying", "Registered"];
    private static readonly ConcurrentDictionary<(string Revision, string Workflow), IReadOnlyDictionary<string, string>> Cache = new();

    /// <summary>From the journal: a status is set by an activity of the definition that names it.</summary>
    public static async Task<CaseStory> ReadAsync(CivilAffairsDb db, Case @case, MatterRevision revision, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(@case);
        ArgumentNullException.ThrowIfNull(revision);
        var instances = await db.Set<WorkflowInstance>().AsNoTracking().Where(i => i.CaseId == @case.Id).ToDictionaryAsync(i => i.Id, i => i.Workflow, cancel).ConfigureAwait(false);
        var reviews = await db.Set<CaseReview>().AsNoTracking().Where(r => r.CaseId == @case.Id).Select(r => r.RecordedAt).ToListAsync(cancel).ConfigureAwait(false);
        var decisions = await db.Set<CaseDecision>().AsNoTracking().Where(d => d.CaseId == @case.Id).Select(d => new StatusPoint(d.Status, d.RecordedAt)).ToListAsync(cancel).ConfigureAwait(false);
        var journal = await db.Set<JournalRow>().AsNoTracking().Where(j => j.CaseId == @case.Id).OrderBy(j => j.At).ThenBy(j => j.Step)
            .Select(j => new { j.InstanceId, j.Step, j.At, j.Events }).ToListAsync(cancel).ConfigureAwait(false);
        var earlier = await EarlierAsync(db, @case.Id, journal.Exists(j => j.Events.Contains("\"Moved\"", StringComparison.Ordinal)), cancel).ConfigureAwait(false);
        var reached = new List<StatusPoint>();
        if (@case.SubmittedAt is { } filed) reached.Add(new StatusPoint("Submitted", filed));
        foreach (var row in journal)
        {
            var setters = Setters(earlier.FirstOrDefault(m => m.InstanceId == row.InstanceId && m.Step > row.Step).Revision ?? revision, instances[row.InstanceId]);
            foreach (var happened in JsonSerializer.Deserialize<JournalEvent[]>(row.Events, JsonSerializerOptions.Web) ?? [])
                if (happened.Event == "Completed" && setters.TryGetValue(happened.ActivityId, out var status)) reached.Add(new StatusPoint(status, row.At));
        }
        // A review is nobody's activity; and a definition that keeps a decision computes which.
        reached.AddRange(reviews.Select(at => new StatusPoint(Case.UnderReview, at)));
        reached.AddRange(decisions.Where(d => !reached.Contains(d)));
        // Nor is the end of a benefit, which comes when its last month is over.
        if (@case.Status == "Ended" && reached.TrueForAll(p => p.Status != "Ended"))
            reached.AddRange((await db.Set<Grant>().AsNoTracking().Where(g => g.CaseId == @case.Id && g.EndedAt != null).Select(g => g.EndedAt!.Value).ToListAsync(cancel).ConfigureAwait(false)).Select(at => new StatusPoint("Ended", at)));
        return new CaseStory(InOrder(reached), Next(@case, Setters(revision, Filed(instances)).Values, decisions.Count > 0));
    }

    /// <summary>Under which revisions it ran before it was moved to another one, by the step that moved it.</summary>
    private static async Task<List<(Guid InstanceId, int Step, MatterRevision? Revision)>> EarlierAsync(CivilAffairsDb db, Guid caseId, bool wasMoved, CancellationToken cancel)
    {
        if (!wasMoved) return [];
        var rows = await db.Set<JournalRow>().AsNoTracking().Where(j => j.CaseId == caseId && j.Events.Contains("\"Moved\"")).OrderBy(j => j.Step).Select(j => new { j.InstanceId, j.Step, j.Input }).ToListAsync(cancel).ConfigureAwait(false);
        var moves = rows.ConvertAll(r => (r.InstanceId, r.Step, From: (string?)JsonNode.Parse(r.Input)!["from"]));
        var hashes = moves.Select(m => m.From).OfType<string>().Distinct().ToList();
        var bundles = await db.Set<PublishedRevision>().Where(r => hashes.Contains(r.Hash)).Select(r => new { r.Hash, r.Bundle }).ToListAsync(cancel).ConfigureAwait(false);
        return moves.ConvertAll(m => (m.InstanceId, m.Step, bundles.Find(b => b.Hash == m.From) is { } found ? MatterFolder.FromBundle(found.Bundle).Revision : null));
    }

    /// <summary>What may still come: of an open case what its workflow leads to, of a granted one the payment if its matter pays; none once a decision is kept.</summary>
    private static List<string> Next(Case @case, IEnumerable<string> statuses, bool kept)
    {
        if (@case.DecidedAt is null) return kept ? [] : Onward(@case.Status, statuses);
        return @case.Status == "Granted" && statuses.Contains("Paying") ? ["Paying"] : [];
    }

    /// <summary>What the case began with: its application, or what opened it ex officio.</summary>
    private static string Filed(Dictionary<Guid, string> instances) => instances.Count == 0 ? "apply" : instances.MinBy(i => i.Key).Value;

    private static List<StatusPoint> InOrder(List<StatusPoint> points)
    {
        var inOrder = new List<StatusPoint>();
        foreach (var point in points.OrderBy(p => p.At))
            if (inOrder.LastOrDefault()?.Status != point.Status) inOrder.Add(point);
        return inOrder;
    }

    private static List<string> Onward(string now, IEnumerable<string> known)
    {
        // A correction leads back to where the intake was.
        var from = Array.IndexOf(StraightOn, now == "Correction" ? "Submitted" : now);
        var has = known.ToHashSet();
        return [.. StraightOn.Skip(from + 1).Where(has.Contains)];
    }

    private static IReadOnlyDictionary<string, string> Setters(MatterRevision revision, string workflow) => Cache.GetOrAdd((revision.Hash, workflow), _ =>
    {
        var setters = new Dictionary<string, string>();
        Collect(JsonNode.Parse(revision.Workflows[workflow]), setters);
        return setters;
    });

    private static void Collect(JsonNode? node, Dictionary<string, string> setters)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list) Collect(item, setters);
            return;
        }
        if (node is not JsonObject activity) return;
        if ((string?)(activity["type"] as JsonValue) == "CivilAffairs.SetStatus" && (string?)activity["id"] is { } id
            && activity["status"]?["expression"]?["value"] is JsonValue literal && literal.TryGetValue<string>(out var status) && CaseStatuses.All.Contains(status))
            setters[id] = status;
        foreach (var (_, child) in activity) Collect(child, setters);
    }
}
