using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.Tests.Support;

/// <summary>One instance driven step by step; its state goes through text between any two steps.</summary>
public sealed class Instance
{
    private static readonly WorkflowEngine Engine = new();
    private IWorkflowDefinition definition;
    private int step;

    public Instance(Flow flow, DateTimeOffset? now = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        Now = now ?? new DateTimeOffset(2026, 2, 11, 1, 0, 0, TimeSpan.Zero);
        definition = Engine.Load(flow.ToString());
        Last = Run(null, new StartTrigger(new Dictionary<string, JsonNode?>()));
    }

    public DateTimeOffset Now { get; set; }
    public StepResult Last { get; private set; }
    public List<Effect> Effects { get; } = [];
    public Dictionary<string, JsonNode?> Facts { get; } = [];
    public Dictionary<string, JsonNode?> Parameters { get; } = [];

    /// <summary>Monday to Friday of 2026 without holidays: enough to count on.</summary>
    public static WorkCalendar Weekdays { get; } = new([new YearCalendar(2026, new HashSet<DateOnly>(), new HashSet<DateOnly>(), true, "test")]);

    public Bookmark Pending(string activity, string kind = "task") => Last.Bookmarks.Single(b => b.ActivityId == activity && b.Kind == kind);

    public StepResult Answer(string activity, string outcome, string? by = null, JsonObject? fields = null)
    {
        var result = fields?.DeepClone() as JsonObject ?? [];
        result["outcome"] = outcome;
        return Step(new AnswerTrigger(Pending(activity).Id, result, by));
    }

    public StepResult Due(string activity)
    {
        var timer = Pending(activity, "timer");
        if (timer.DueAt > Now) Now = timer.DueAt.Value;
        return Step(new TimerTrigger(timer.Id));
    }

    public StepResult Effect(string activity, JsonNode? result) => Step(new EffectResultTrigger(Pending(activity, "effect").Id, result));

    public StepResult Step(StepTrigger trigger) => Last = Run(Last.State, trigger);

    /// <summary>Where it would stand in another flow.</summary>
    public PlacementResult Place(Flow to, params (string Old, string New)[] renamed)
    {
        ArgumentNullException.ThrowIfNull(to);
        var move = new MoveTrigger("this", "that", renamed.ToDictionary(r => r.Old, r => r.New));
        return Engine.Place(definition, Last.State, Engine.Load(to.ToString()), new StepInput(move, Now, "move") { Facts = Facts, Parameters = Parameters, Calendar = Weekdays });
    }

    /// <summary>Goes on there.</summary>
    /// <exception cref="InvalidOperationException">It has no safe place there.</exception>
    public Instance Move(Flow to, params (string Old, string New)[] renamed)
    {
        var placed = Place(to, renamed);
        var bookmarks = placed.Waits.Zip(Last.Bookmarks, (w, b) => b with { ActivityId = w.Next?.Id ?? "" }).ToList();
        (Last, definition) = (Last with { State = placed.State ?? throw new InvalidOperationException(string.Join("; ", placed.Faults)), Bookmarks = bookmarks }, Engine.Load(to.ToString()));
        return this;
    }

    private StepResult Run(WorkflowState? state, StepTrigger trigger)
    {
        var result = Engine.Step(definition, state is null ? null : new WorkflowState(state.Json),
            new StepInput(trigger, Now, $"step-{step++}") { Facts = Facts, Parameters = Parameters, Calendar = Weekdays });
        Effects.AddRange(result.Effects);
        return result;
    }
}
