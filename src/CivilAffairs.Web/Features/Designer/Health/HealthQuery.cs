using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Health;

/// <summary>
/// Whether a matter's definitions fit those who work by them: posts that nobody holds, steps that are late again and again, ways
/// that no case takes. Looks at the newest cases of the last year, <see cref="MostCases"/> at most and a hundred at a time, by
/// the indexes of cases' days and of what belongs to a case.
/// </summary>
internal sealed class HealthQuery(IReader reader, MatterLibrary library, DivisionDirectory divisions, TimeProvider time)
{
    public const int MostCases = 1_000;

    /// <summary>With fewer cases, or a task done less often, nothing can be said.</summary>
    public const int LeastCases = 10;

    /// <summary>Percent of a step's tasks past their last day from which it is told.</summary>
    public const int LatePercent = 50;
    private const int AtOnce = 100;

    /// <exception cref="NotAllowedException">Not a manager of the county.</exception>
    /// <exception cref="UnknownCaseException">There is no such matter in force.</exception>
    public async Task<MatterHealth> ReadAsync(Viewer viewer, string matter, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        DesignerAccess.Require(viewer);
        var revision = library.Find(matter) ?? throw new UnknownCaseException();
        var (today, since) = (time.Today(), BureauTime.Start(time.Today().AddYears(-1)));
        await using var db = reader.Open();
        var cases = await db.Set<Case>().ManagedVisibleTo(db, viewer).Where(c => c.Matter == matter && c.SubmittedAt >= since)
            .OrderByDescending(c => c.SubmittedAt).Take(MostCases + 1).Select(c => c.Id).ToListAsync(cancel).ConfigureAwait(false);
        var (tasks, ways, workflows) = (new Dictionary<string, (int Total, int Late)>(), new Dictionary<(string Workflow, string Activity, string Port), int>(), new Dictionary<Guid, string>());
        foreach (var some in cases.Take(MostCases).Chunk(AtOnce))
        {
            await CountAsync(db, some, today, tasks, cancel).ConfigureAwait(false);
            await WalkAsync(db, some, ways, workflows, cancel).ConfigureAwait(false);
        }
        var looked = Math.Min(cases.Count, MostCases);
        return new MatterHealth(matter, revision.Hash, looked, cases.Count > MostCases, await VacantAsync(db, viewer, revision, today, cancel).ConfigureAwait(false),
            [.. tasks.Where(t => t.Value.Total >= LeastCases && t.Value.Late * 100 >= t.Value.Total * LatePercent).OrderByDescending(t => t.Value.Late * 100 / t.Value.Total).ThenBy(t => t.Key, StringComparer.Ordinal).Select(t => new LateStep(t.Key, t.Value.Total, t.Value.Late))],
            looked < LeastCases ? [] : Unused(revision, ways));
    }

    /// <summary>Seats done, or past their last day: how many of them were late.</summary>
    private static async Task CountAsync(CivilAffairsDb db, Guid[] cases, DateOnly today, Dictionary<string, (int Total, int Late)> tasks, CancellationToken cancel)
    {
        var counted = await db.Set<WorkTask>().Where(t => cases.Contains(t.CaseId) && t.Role != Roles.Applicant && t.FinishBy != null && (t.State == TaskState.Done || (t.State == TaskState.Open && t.FinishBy < today)))
            .GroupBy(t => t.ActivityId).Select(g => new { Activity = g.Key, Total = g.Count(), Late = g.Count(t => (t.OccurredOn ?? today) > t.FinishBy) }).ToListAsync(cancel).ConfigureAwait(false);
        foreach (var one in counted)
            tasks[one.Activity] = tasks.TryGetValue(one.Activity, out var before) ? (before.Total + one.Total, before.Late + one.Late) : (one.Total, one.Late);
    }

    /// <summary>Which ways out of their activities the cases took.</summary>
    private static async Task WalkAsync(CivilAffairsDb db, Guid[] cases, Dictionary<(string, string, string), int> ways, Dictionary<Guid, string> workflows, CancellationToken cancel)
    {
        foreach (var instance in await db.Set<WorkflowInstance>().Where(i => cases.Contains(i.CaseId)).Select(i => new { i.Id, i.Workflow }).ToListAsync(cancel).ConfigureAwait(false)) workflows[instance.Id] = instance.Workflow;
        await foreach (var row in db.Set<JournalRow>().Where(j => cases.Contains(j.CaseId)).Select(j => new { j.InstanceId, j.Events }).AsAsyncEnumerable().WithCancellation(cancel).ConfigureAwait(false))
            foreach (var happened in JsonSerializer.Deserialize<JournalEvent[]>(row.Events, JsonSerializerOptions.Web) ?? [])
                if (happened.Event == "Completed")
                    foreach (var port in happened.Outcomes ?? ["Done"])
                    {
                        var way = (workflows.GetValueOrDefault(row.InstanceId, ""), happened.ActivityId, port);
                        ways[way] = ways.GetValueOrDefault(way) + 1;
                    }
    }

    /// <summary>Of activities with several ways on that cases came to, those ways that none took.</summary>
    private static List<UnusedBranch> Unused(MatterRevision revision, Dictionary<(string Workflow, string Activity, string Port), int> ways)
    {
        var unused = new List<UnusedBranch>();
        foreach (var (workflow, definition) in revision.Workflows)
            foreach (var activity in Connections(JsonNode.Parse(definition)).GroupBy(c => c.Activity).Where(g => g.Select(c => c.Port).Distinct().Count() > 1))
            {
                var reached = ways.Where(w => w.Key.Workflow == workflow && w.Key.Activity == activity.Key).Sum(w => w.Value);
                if (reached < LeastCases) continue;
                unused.AddRange(activity.Select(c => c.Port).Distinct().Where(port => !ways.ContainsKey((workflow, activity.Key, port))).Select(port => new UnusedBranch(workflow, activity.Key, port, reached)));
            }
        return unused;
    }

    private static IEnumerable<(string Activity, string Port)> Connections(JsonNode? node) => node switch
    {
        JsonObject map => (map["connections"] as JsonArray ?? []).Select(c => c?["source"]).Where(s => s?["activity"] is not null).Select(s => ((string)s!["activity"]!, (string?)s["port"] ?? "Done")).Concat(map.SelectMany(m => Connections(m.Value))),
        JsonArray list => list.SelectMany(Connections),
        _ => [],
    };

    /// <summary>Posts that the definitions give tasks to, in each office of their level where the viewer designs matters, and that nobody holds today.</summary>
    private async Task<IReadOnlyList<VacantPost>> VacantAsync(CivilAffairsDb db, Viewer viewer, MatterRevision revision, DateOnly today, CancellationToken cancel)
    {
        var needed = Needed(revision).Distinct().ToList();
        var roles = needed.Select(n => n.Role).Distinct().ToArray();
        var posts = await db.Set<Posting>().Where(p => roles.Contains(p.Role) && p.From <= today && (p.To == null || p.To >= today) && db.Users.Any(a => a.Id == p.AccountId && !a.Disabled))
            .Select(p => new { p.Role, p.Division }).Distinct().ToListAsync(cancel).ConfigureAwait(false);
        var held = posts.Select(p => (p.Role, p.Division)).ToHashSet();
        var mine = viewer.Held.Where(h => h.Role == Roles.Manager).Select(h => h.Division).ToList();
        var offices = divisions.All.Where(d => mine.Exists(m => d.Code.StartsWith(m, StringComparison.Ordinal))).ToLookup(d => d.Code.Length);
        return [.. needed.OrderBy(n => n.Level, StringComparer.Ordinal).ThenBy(n => n.Role, StringComparer.Ordinal).Select(n =>
        {
            var all = offices[n.Level switch { "village" => 12, "township" => 9, _ => 6 }].Select(d => d.Code).ToList();
            return new VacantPost(n.Role, n.Level, all.Count, [.. all.Where(d => !held.Contains((n.Role, d)))]);
        }).Where(v => v.Divisions.Count > 0)];
    }

    /// <summary>Role and level of every officers' task whose role is written out.</summary>
    private static IEnumerable<(string Role, string Level)> Needed(MatterRevision revision) => revision.Workflows.Values.SelectMany(d => Tasks(JsonNode.Parse(d)));

    private static IEnumerable<(string Role, string Level)> Tasks(JsonNode? node) => node switch
    {
        JsonObject map => (Text(map["type"]) == "CivilAffairs.HumanTask" && Text(map["role"]?["expression"]?["value"]) is { } role && Roles.All.Contains(role)
            ? [(role, Text(map["level"]?["expression"]?["value"]) is "village" or "township" ? Text(map["level"]?["expression"]?["value"])! : "county")] : Enumerable.Empty<(string, string)>()).Concat(map.SelectMany(m => Tasks(m.Value))),
        JsonArray list => list.SelectMany(Tasks),
        _ => [],
    };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
