using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>One definition run with a virtual clock: no time passes but to the next due timer.</summary>
internal sealed class Simulation
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
    private readonly IWorkflowEngine engine;
    private readonly IWorkflowDefinition definition;
    private DateTimeOffset now = Epoch;
    private int steps;

    private readonly SimulationData data;

    /// <param name="engine">Null: our own.</param>
    internal Simulation(string json, IReadOnlyDictionary<string, JsonNode?> inputs, SimulationData? data = null, IWorkflowEngine? engine = null)
    {
        this.engine = engine ?? new WorkflowEngine();
        this.data = data ?? SimulationData.None;
        definition = this.engine.Load(json);
        Apply(new StartTrigger(inputs), null);
    }

    internal StepResult Last { get; private set; } = null!;
    internal List<JournalEvent> Journal { get; } = [];
    internal List<string?> Lines { get; } = [];
    internal List<Effect> Effects { get; } = [];
    internal bool Ended => Last.Status != InstanceStatus.Suspended;

    internal Bookmark? Oldest(string activityId) => Last.Bookmarks.FirstOrDefault(b => b.ActivityId == activityId);

    internal void Answer(Bookmark bookmark, JsonNode? result)
    {
        StepTrigger trigger = bookmark.Kind switch
        {
            "event" => new EventTrigger(bookmark.EventName ?? "", result),
            "timer" => new TimerTrigger(bookmark.Id),
            "effect" => new EffectResultTrigger(bookmark.Id, result),
            _ => new AnswerTrigger(bookmark.Id, result),
        };
        if (bookmark.Kind == "timer" && bookmark.DueAt > now) now = bookmark.DueAt.Value;
        Apply(trigger, Last.State);
    }

    private void Apply(StepTrigger trigger, WorkflowState? state)
    {
        Last = engine.Step(definition, state, new StepInput(trigger, now, $"simulation-{steps++}")
        {
            InstanceId = "simulation", Parameters = data.Parameters, Facts = data.Facts, Calendar = data.Calendar,
        });
        Journal.AddRange(Last.Journal);
        Lines.AddRange(Last.Lines);
        Effects.AddRange(Last.Effects);
    }
}

/// <summary>What a definition may read beside its inputs: parameter values by key, facts of the made-up case by id, working days.</summary>
internal sealed record SimulationData(IReadOnlyDictionary<string, JsonNode?> Parameters, IReadOnlyDictionary<string, JsonNode?> Facts, WorkCalendar? Calendar)
{
    internal static readonly SimulationData None = new(new Dictionary<string, JsonNode?>(), new Dictionary<string, JsonNode?>(), null);
}
