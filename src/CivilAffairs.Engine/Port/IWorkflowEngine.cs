using System.Text.Json.Nodes;

namespace CivilAffairs.Engine.Port;

/// <summary>
/// Runs workflow definitions one step at a time. The port behind which our own engine stands, and Elsa's runtime where it
/// was built in (docs/adr/0080): nothing above it may know which one runs.
/// </summary>
/// <remarks>
/// Pure: the same arguments always give the same result. There is no clock, database or web behind it; whatever
/// would be random (new ids) is derived from <see cref="StepInput.Seed"/>.
/// </remarks>
public interface IWorkflowEngine
{
    /// <summary>Reads a definition once; the result is immutable and may be shared by all threads.</summary>
    /// <param name="json">An Elsa 3 definition as exported by Studio, UTF-16 text.</param>
    /// <exception cref="DefinitionException">The text is not a workflow definition.</exception>
    IWorkflowDefinition Load(string json);

    /// <summary>Runs one burst: from the trigger until nothing is left to do.</summary>
    /// <param name="definition">What <see cref="Load"/> returned.</param>
    /// <param name="state">The state the last step returned; null for a new instance (then the trigger is <see cref="StartTrigger"/>).</param>
    /// <param name="input">What triggered the step, and everything the step may read.</param>
    /// <exception cref="StepRefusedException">The trigger names a bookmark that is not pending, or the instance has ended.</exception>
    StepResult Step(IWorkflowDefinition definition, WorkflowState? state, StepInput input);

    /// <summary>The definition's variables as a step left them, by name: for people to look at between two steps.</summary>
    IReadOnlyDictionary<string, JsonNode?> Variables(IWorkflowDefinition definition, WorkflowState state);

    /// <summary>
    /// Where an instance would stand in another definition (docs/adr/0076). Runs no activity, makes no effect, changes
    /// nothing: the caller decides whether to go on from <see cref="PlacementResult.State"/>.
    /// </summary>
    /// <param name="from">The definition it runs in.</param>
    /// <param name="state">Of a suspended instance, at rest.</param>
    /// <param name="to">The one it shall run in.</param>
    /// <param name="input">With a <see cref="MoveTrigger"/>; its facts and parameters are what the new definition's inputs are evaluated with.</param>
    /// <param name="since">By bookmark, the day from which the limits of what waits count; absent: the input's.</param>
    /// <exception cref="StepRefusedException">The instance is not suspended, or the state is not of <paramref name="from"/>.</exception>
    PlacementResult Place(IWorkflowDefinition from, WorkflowState state, IWorkflowDefinition to, StepInput input, IReadOnlyDictionary<string, DateOnly>? since = null);

    /// <summary>The runtime that wrote a state, to run that instance again from its beginning; this one, where there is no other.</summary>
    IWorkflowEngine WriterOf(WorkflowState state) => this;

    /// <summary>What an instance could wait for, or somebody have done, in one definition and not in the other, with what may be the same under a new id.</summary>
    IReadOnlyList<Rename> Renames(IWorkflowDefinition from, IWorkflowDefinition to);
}

/// <summary>A definition ready to run. Opaque to callers but for its identity.</summary>
public interface IWorkflowDefinition
{
    string DefinitionId { get; }
    string Name { get; }
    int Version { get; }
}

/// <summary>An instance between two bursts: opaque JSON that only the engine which wrote it reads.</summary>
public sealed record WorkflowState(string Json);

/// <summary>Where an instance stands after a burst (Elsa's workflow sub-status).</summary>
public enum InstanceStatus { Suspended, Finished, Faulted }

/// <summary>All that a step may read.</summary>
/// <param name="Trigger">What happened.</param>
/// <param name="Now">The instant of the decision, UTC.</param>
/// <param name="Seed">Unique per step; ids made inside the step derive from it, so that a replay gives the same ids.</param>
public sealed record StepInput(StepTrigger Trigger, DateTimeOffset Now, string Seed)
{
    /// <summary>Id of the fact under which definitions read <see cref="Day"/>.</summary>
    public const string OccurredOnFact = "occurredOn";

    /// <summary>Asia/Shanghai; without summer time since 1992, so a constant is exact for every date a case can have.</summary>
    internal static readonly TimeSpan BureauOffset = TimeSpan.FromHours(8);

    /// <summary>The day on which what is recorded now happened 发生日期, never after <see cref="Now"/>'s; null: on that day.</summary>
    public DateOnly? OccurredOn { get; init; }

    /// <summary>The day that the law counts from: when it happened, in Asia/Shanghai. Definitions read it as the fact <c>occurredOn</c>.</summary>
    public DateOnly Day => OccurredOn ?? Recorded;

    /// <summary>The day on which it is recorded, in Asia/Shanghai.</summary>
    public DateOnly Recorded => DateOnly.FromDateTime(Now.ToOffset(BureauOffset).DateTime);

    /// <summary>The instance's own id, as <c>getWorkflowInstanceId()</c> shows it.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>Effective parameter values by key (numbers, booleans, strings), read by <c>getParameter(key)</c>; money in integer fen.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Parameters { get; init; } = Empty;

    /// <summary>Facts of the case by id (numbers, booleans, codes, dates as yyyy-MM-dd; no personal data), read by <c>getFact(id)</c>; money in integer fen.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Facts { get; init; } = Empty;

    /// <summary>Working days known at this instant; null where nothing is loaded (then limits in days come out unknown).</summary>
    public Time.WorkCalendar? Calendar { get; init; }

    private static readonly Dictionary<string, JsonNode?> Empty = [];
}

/// <summary>What caused a step.</summary>
public abstract record StepTrigger;

/// <summary>A new instance. Inputs by name.</summary>
public sealed record StartTrigger(IReadOnlyDictionary<string, JsonNode?> Inputs) : StepTrigger;

/// <summary>
/// Somebody or something answered a waiting activity: a person a task, a host a <c>RunTask</c>, a citizen a notice.
/// For tasks of people <paramref name="Result"/> is an object with <c>outcome</c>, and the fields that steer the flow;
/// <paramref name="By"/> is a reference to the person (never a name).
/// </summary>
public sealed record AnswerTrigger(string BookmarkId, JsonNode? Result, string? By = null) : StepTrigger;

/// <summary>A stored due time has come.</summary>
public sealed record TimerTrigger(string BookmarkId) : StepTrigger;

/// <summary>An event was published to this instance; every bookmark of that name resumes, one burst each.</summary>
public sealed record EventTrigger(string EventName, JsonNode? Payload) : StepTrigger;

/// <summary>What the host made of an effect that asked for a result (a number, an id, a drawn sample), within the same transaction.</summary>
public sealed record EffectResultTrigger(string BookmarkId, JsonNode? Result) : StepTrigger;

/// <summary>What a step brings about. The host applies <paramref name="Effects"/> in order, in the transaction that stores <paramref name="State"/>.</summary>
public sealed record StepResult(
    WorkflowState State,
    InstanceStatus Status,
    IReadOnlyList<Bookmark> Bookmarks,
    IReadOnlyList<Effect> Effects,
    IReadOnlyList<JournalEvent> Journal,
    IReadOnlyList<string?> Lines,
    IReadOnlyList<Incident> Incidents)
{
    public IReadOnlyDictionary<string, JsonNode?> Variables { get; init; } = new Dictionary<string, JsonNode?>();
    public IReadOnlyDictionary<string, JsonNode?> Outputs { get; init; } = new Dictionary<string, JsonNode?>();
    public string? InstanceName { get; init; }
    public string? CorrelationId { get; init; }
}

/// <summary>A place where the instance waits. Oldest first in every list.</summary>
/// <param name="Kind"><c>task</c> (people and RunTask), <c>event</c>, <c>timer</c> or <c>effect</c> (waits for the host's result).</param>
/// <param name="DueAt">For timers: the stored due time, without an upper limit; null while the working-day calendar it needs is not loaded.</param>
public sealed record Bookmark(string Id, string ActivityId, string Kind, string? EventName = null, DateTimeOffset? DueAt = null);

/// <summary>One line of Elsa's execution log.</summary>
public sealed record JournalEvent(string ActivityId, string Event, IReadOnlyList<string>? Outcomes = null);

/// <summary>An exception inside a burst, by the activity it belongs to.</summary>
public sealed record Incident(string ActivityId, string Message);

/// <summary>The text is not a workflow definition.</summary>
/// <param name="text">Why not, for who wrote it.</param>
/// <param name="detail">What only a developer understands; it stands in the message and nowhere else.</param>
public sealed class DefinitionException(LocalText text, Exception? inner = null, string? detail = null) : Exception(detail is null ? text.En : $"{text.En} {detail}", inner)
{
    public LocalText Text { get; } = text;
}

/// <summary>The step does not fit the state: unknown or already consumed bookmark, ended instance.</summary>
public sealed class StepRefusedException(string message) : Exception(message);
