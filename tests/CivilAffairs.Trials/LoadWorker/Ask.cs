using System.Text.Json;

namespace CivilAffairs.LoadWorker;

/// <summary>One keyed command as a client sends it, whole, so that it can be sent again after a kill.</summary>
/// <param name="Do"><c>start</c>, <c>submit</c> or <c>complete</c>.</param>
/// <param name="Key">Idempotency key.</param>
/// <param name="ActorId">The sender.</param>
/// <param name="Role">An officer's; null: the applicant.</param>
/// <param name="At">The story's instant.</param>
/// <param name="Target">The case, or for <c>complete</c> the task; empty for <c>start</c>.</param>
/// <param name="Fields">JSON object of the task form's answers.</param>
public sealed record Ask(string Do, string Key, Guid ActorId, string ActorName, string? Role, string? Division, DateTimeOffset At, Guid Target, string Outcome = "", string Fields = "{}");

/// <summary>What the worker says, one JSON line each: first what it asks, then what it was told.</summary>
/// <param name="Done">Key of an <see cref="Ask"/>, or <c>claim:TASK</c>, <c>timer:ID</c>, <c>ready</c>.</param>
/// <param name="Result">JSON of the acknowledged result.</param>
/// <param name="Refused">The refusal's type: nothing was done.</param>
public sealed record Said(Ask? Ask = null, string? Done = null, string? Result = null, string? Refused = null)
{
    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <returns>Null for a line that the kill cut off.</returns>
    public static Said? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Said>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
