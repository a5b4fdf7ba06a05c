using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>What a try-out begins with: the application as it was sent, and what the registers would say.</summary>
/// <param name="Workflow">Key in matter.json: <c>apply</c>.</param>
/// <param name="At">When the application is sent.</param>
/// <param name="Form">Section id → answers.</param>
internal sealed record TryOutStart(string Workflow, DateTimeOffset At, JsonObject Form)
{
    /// <summary>Values in place of the matter's first ones; money in fen.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Parameters { get; init; } = new Dictionary<string, JsonNode?>();
    public IReadOnlyDictionary<string, JsonNode?> Inputs { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>Per activity id what it finds in a register, run after run; what is not named finds nothing.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonObject>> Found { get; init; } = new Dictionary<string, IReadOnlyList<JsonObject>>();

    /// <summary>Whether samples select the case.</summary>
    public bool SampleSelects { get; init; }

    public static TryOutStart Of(ExampleFile example) => new(example.Workflow, example.At, example.Form.DeepClone().AsObject())
    {
        Parameters = example.Parameters, Inputs = example.Inputs, Found = example.Found, SampleSelects = example.SampleSelects,
    };
}

/// <summary>
/// One thing that the player does. A try-out is the list of them and its start, and nothing else: taking the last one away is
/// a step back.
/// </summary>
/// <param name="Kind"><see cref="Answer"/> or <see cref="Jump"/>.</param>
/// <param name="Activity">Of an answer: which activity is answered, the one that waits longest; an <c>Event</c> or a notice too.</param>
/// <param name="Result">Of an answer: <c>{outcome, …}</c> as the task's form asks it; of an event its payload.</param>
/// <param name="By">Who answers, made up: <c>tck-1</c>; null: somebody who may.</param>
/// <param name="At">Of a jump: where time goes to. Of an answer: when, where that is later than now.</param>
/// <param name="Form">Of an applicant's correction 补正: the application as it is sent again; null: as it was.</param>
internal sealed record TryOutInput(string Kind, string? Activity = null, JsonNode? Result = null, string? By = null, DateTimeOffset? At = null, JsonObject? Form = null)
{
    public const string Answer = "answer", Jump = "jump";

    public static TryOutInput Of(string activity, JsonNode? result, string? by = null, DateTimeOffset? at = null) => new(Answer, activity, result, by, at);

    public static TryOutInput To(DateTimeOffset at) => new(Jump, At: at);

    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
