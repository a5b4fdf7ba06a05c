using System.Text.Json;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <param name="Sequence">From 0.</param>
/// <param name="Run">Which execution of the activity it belongs to, from 1: a step that is gone through again has several.</param>
internal sealed record StoryEvent(int Sequence, DateTimeOffset At, string ActivityId, string Event, IReadOnlyList<string> Outcomes, int Run);

/// <param name="Events">JSON of the journal's row.</param>
internal sealed record StoryStep(DateTimeOffset At, string Events);

/// <summary>One execution of an activity.</summary>
internal sealed record ActivityRun(string ActivityId, int Run, DateTimeOffset From, DateTimeOffset? To, string State, IReadOnlyList<string> Outcomes)
{
    /// <summary>Waits for somebody or something.</summary>
    public bool Waits => To is null;
}

/// <summary>Where an instance of a case's workflow stands and how it came there, from its journal. References only: no answer of anybody is in it.</summary>
internal sealed record InstanceStory(Guid Id, Guid CaseId, string Number, string Workflow, MatterRevision Revision, WorkflowDefinition Definition, string Status, string State, IReadOnlyList<StoryEvent> Events)
{
    public DateTimeOffset From => Events.Count > 0 ? Events[0].At : DateTimeOffset.UnixEpoch;
    public DateTimeOffset Until => Events.Count > 0 ? Events[^1].At : DateTimeOffset.UnixEpoch;
    public bool IsOver => Status != nameof(InstanceStatus.Suspended);
    public string VersionId => $"{StudioDefinition.IdOf(Revision.Matter.Id, Workflow)}.{Revision.Hash}";

    /// <summary>Executions in the order of their begin.</summary>
    public IReadOnlyList<ActivityRun> Runs { get; } = Pair(Events);

    private static List<ActivityRun> Pair(IReadOnlyList<StoryEvent> events) =>
    [
        .. events.GroupBy(e => (e.ActivityId, e.Run)).Select(g =>
        {
            var end = g.LastOrDefault(e => e.Event is "Completed" or "Canceled" or "Faulted");
            return new ActivityRun(g.Key.ActivityId, g.Key.Run, g.First().At, end?.At, end?.Event ?? "Running", end?.Outcomes ?? []);
        }),
    ];

    /// <summary>The activity's place in the tree as the editor names it.</summary>
    public string NodeId(string activityId) => activityId == "Workflow1" ? activityId
        : Node(activityId) is not { } node ? $"Workflow1:{Definition.Root.Id}:{activityId}" : (string?)node.Raw["nodeId"] ?? $"Workflow1:{Path(node)}";

    /// <summary>The same for the same execution, however often it is told.</summary>
    public string RunId(string activityId, int run) => $"{Id}-{activityId}-{run}";

    public ActivityNode? Node(string activityId) => Definition.Activities.FirstOrDefault(a => a.Id == activityId);

    private static string Path(ActivityNode node) => node.Parent is null ? node.Id : $"{Path(node.Parent)}:{node.Id}";
}

/// <summary>Instances of the cases that a person sees, by the scope of cases and no other.</summary>
internal sealed class InstanceStories(IReader reader, MatterLibrary library, IWorkflowEngine engine)
{
    /// <summary>More steps than this no case has; what is older is then not told.</summary>
    private const int MostSteps = 2000;

    /// <returns>Null: there is none, or the viewer does not see its case.</returns>
    public async Task<InstanceStory?> FindAsync(Viewer viewer, Guid instanceId, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var instance = await db.Set<WorkflowInstance>().AsNoTracking().FirstOrDefaultAsync(i => i.Id == instanceId, cancel).ConfigureAwait(false);
        if (instance is null) return null;
        var number = await db.Set<Case>().AsNoTracking().OneVisibleTo(db, viewer, instance.CaseId).Select(c => new { c.Number }).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        return number is null ? null : await ReadAsync(db, instance, number.Number ?? "", cancel).ConfigureAwait(false);
    }

    /// <summary>All of one case, in the order in which they began.</summary>
    public async Task<IReadOnlyList<InstanceStory>> OfCaseAsync(Viewer viewer, Guid caseId, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var number = await db.Set<Case>().AsNoTracking().OneVisibleTo(db, viewer, caseId).Select(c => new { c.Number }).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (number is null) return [];
        var stories = new List<InstanceStory>();
        foreach (var instance in await db.Set<WorkflowInstance>().AsNoTracking().Where(i => i.CaseId == caseId).OrderBy(i => i.Id).Take(20).ToListAsync(cancel).ConfigureAwait(false))
            stories.Add(await ReadAsync(db, instance, number.Number ?? "", cancel).ConfigureAwait(false));
        return stories;
    }

    /// <summary>A page of them without their journals, last begun first.</summary>
    /// <param name="definitionId">Matter and workflow; null: any.</param>
    public async Task<(IReadOnlyList<(WorkflowInstance Instance, Case Case)> Rows, int Total)> ListAsync(Viewer viewer, string? definitionId, int page, int size, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var visible = db.Set<Case>().AsNoTracking().VisibleTo(db, viewer);
        var rows = from i in db.Set<WorkflowInstance>().AsNoTracking() join c in visible on i.CaseId equals c.Id where c.Status != "Draft" select new { i, c };
        if (definitionId?.Split('.', 2) is [var matter, var workflow]) rows = rows.Where(r => r.c.Matter == matter && r.i.Workflow == workflow);
        var total = await rows.CountAsync(cancel).ConfigureAwait(false);
        var found = await rows.OrderByDescending(r => r.i.Id).Skip(page * size).Take(size).ToListAsync(cancel).ConfigureAwait(false);
        return ([.. found.Select(r => (r.i, r.c))], total);
    }

    private async Task<InstanceStory> ReadAsync(CivilAffairsDb db, WorkflowInstance instance, string number, CancellationToken cancel)
    {
        var journal = await db.Set<JournalRow>().AsNoTracking().Where(j => j.InstanceId == instance.Id).OrderBy(j => j.Step).Take(MostSteps).Select(j => new StoryStep(j.At, j.Events)).ToListAsync(cancel).ConfigureAwait(false);
        return await TellAsync(instance, number, journal, cancel).ConfigureAwait(false);
    }

    /// <summary>Told from its journal, whoever asks: the caller has asked who may see it.</summary>
    /// <param name="journal">In the order of steps.</param>
    internal async Task<InstanceStory> TellAsync(WorkflowInstance instance, string number, IEnumerable<StoryStep> journal, CancellationToken cancel)
    {
        var revision = await library.RevisionAsync(instance.Revision, cancel).ConfigureAwait(false);
        var (events, runs) = (new List<StoryEvent>(), new Dictionary<string, int>());
        foreach (var step in journal)
            foreach (var happened in JsonSerializer.Deserialize<JournalEvent[]>(step.Events, JsonSerializerOptions.Web) ?? [])
            {
                if (happened.ActivityId is null || happened.Event is null) continue;
                if (happened.Event == "Started") runs[happened.ActivityId] = runs.GetValueOrDefault(happened.ActivityId) + 1;
                events.Add(new StoryEvent(events.Count, step.At, happened.ActivityId, happened.Event, happened.Outcomes ?? [], Math.Max(1, runs.GetValueOrDefault(happened.ActivityId))));
            }
        // The tree of activities is drawn here, whichever runtime it is loaded for.
        var tree = library.Definition(revision, instance.Workflow) as WorkflowDefinition ?? WorkflowDefinition.Parse(revision.Workflows[instance.Workflow]);
        return new InstanceStory(instance.Id, instance.CaseId, number, instance.Workflow, revision, tree, instance.Status, instance.State, events);
    }

    /// <summary>Figures, days and yes or no as they stand; what people wrote stays on the case's own page, behind its mask.</summary>
    public IReadOnlyList<(string Id, string Name, System.Text.Json.Nodes.JsonNode? Value)> Variables(InstanceStory story)
    {
        var values = engine.Variables(library.Definition(story.Revision, story.Workflow), new WorkflowState(story.State));
        return [.. story.Definition.Variables.Select(v => (v.Id, v.Name, values.GetValueOrDefault(v.Name) is System.Text.Json.Nodes.JsonValue value
            && (value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False || DateOnly.TryParseExact(value.ToString(), "yyyy-MM-dd", out _)) ? value.DeepClone() : null))];
    }
}
