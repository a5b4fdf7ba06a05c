using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CivilAffairs.Engine.Runtime;

internal enum ContextStatus { Running, Completed, Canceled, Faulted }

/// <summary>One run of one activity. Unfinished ones live on between bursts.</summary>
internal sealed class ActivityContext
{
    public int Id { get; set; }
    public string Node { get; set; } = "";
    public int? Owner { get; set; }
    public ContextStatus Status { get; set; }

    /// <summary>This run was scheduled over a backward edge.</summary>
    public bool Backward { get; set; }

    /// <summary>Its flowchart has already counted this visit (a WaitAny join counts when it is scheduled).</summary>
    public bool Counted { get; set; }
    public bool Breaking { get; set; }

    /// <summary>Variables of this scope by name: declared ones, and loop values.</summary>
    public Dictionary<string, JsonNode?>? Variables { get; set; }

    /// <summary>What the activity itself remembers.</summary>
    public JsonObject? Memory { get; set; }

    /// <summary>Visit counters of a flowchart.</summary>
    public FlowCounters? Counters { get; set; }

    [JsonIgnore] public Definitions.ActivityNode? Activity { get; set; }
    [JsonIgnore] public Dictionary<string, object?> Values { get; } = [];
    [JsonIgnore] public bool Completing { get; set; }
    [JsonIgnore] public Dictionary<string, object?> Inputs { get; } = [];

    /// <summary>Which parameters each input was computed from; those that used none are not in it.</summary>
    [JsonIgnore] public Dictionary<string, IReadOnlyList<string>> Read { get; } = [];

    public IReadOnlyList<string> ParametersRead(string input) => Read.GetValueOrDefault(input, []);
}

/// <summary>How often each activity and connection of a running flowchart was visited.</summary>
internal sealed class FlowCounters
{
    public Dictionary<string, int> Activities { get; set; } = [];
    public Dictionary<string, int> Connections { get; set; } = [];

    /// <summary>Connections whose last visit was followed.</summary>
    public HashSet<string> Followed { get; set; } = [];
}

internal sealed class BookmarkState
{
    public string Id { get; set; } = "";
    public int Context { get; set; }
    public string Activity { get; set; } = "";
    public string Kind { get; set; } = "";
    public string? Event { get; set; }
    public DateTimeOffset? Due { get; set; }

    /// <summary>Which of an activity's several waits this is (<c>seat</c>, <c>notice</c>…).</summary>
    public string? Tag { get; set; }
}

/// <summary>The legal clock 办理期限: every total limit of the case counts from its first day.</summary>
internal sealed class ClockState
{
    public DateOnly From { get; set; }

    /// <summary>The limit that stands now, as its definition wrote it.</summary>
    public string? Limit { get; set; }
    public List<PauseState> Pauses { get; set; } = [];
}

/// <summary>Days the clock leaves out, by the applicant's task that stopped it.</summary>
internal sealed class PauseState
{
    public int Context { get; set; }
    public DateOnly From { get; set; }
    public DateOnly? Through { get; set; }
}

/// <summary>All of an instance between two bursts.</summary>
internal sealed class InstanceState
{
    public Port.InstanceStatus Status { get; set; } = Port.InstanceStatus.Suspended;
    public int NextId { get; set; } = 1;
    public List<ActivityContext> Contexts { get; set; } = [];
    public List<BookmarkState> Bookmarks { get; set; } = [];
    public Dictionary<string, JsonNode?> Inputs { get; set; } = [];
    public Dictionary<string, JsonNode?> Outputs { get; set; } = [];
    public string? Name { get; set; }
    public string? CorrelationId { get; set; }
    public List<Port.Incident> Incidents { get; set; } = [];

    /// <summary>The legal clock while it runs.</summary>
    public ClockState? Clock { get; set; }

    /// <summary>Who performed which human task, by activity id: references, in the order of the answers.</summary>
    public Dictionary<string, List<string>> Performers { get; set; } = [];

    internal IEnumerable<ActivityContext> ChildrenOf(ActivityContext owner) => Contexts.Where(c => c.Owner == owner.Id);

    public string Write() => JsonSerializer.Serialize(this, StateJson.Default.InstanceState);

    public static InstanceState Read(string json) =>
        JsonSerializer.Deserialize(json, StateJson.Default.InstanceState) ?? throw new JsonException("Empty workflow state.");
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(InstanceState))]
internal sealed partial class StateJson : JsonSerializerContext;
