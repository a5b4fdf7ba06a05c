using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Runtime;

namespace CivilAffairs.ElsaRuntime.Bursts;

/// <summary>
/// An instance between two bursts: Elsa's own workflow state, and beside it what Elsa has no place for. Inputs are kept here
/// too, since Elsa forgets those that are not declared.
/// </summary>
internal sealed class CaseState
{
    /// <summary>Written first: tells whose state it is.</summary>
    public string Runtime { get; set; } = Name;
    public string Elsa { get; set; } = "";
    public int NextId { get; set; } = 1;
    public Dictionary<string, JsonNode?> Inputs { get; set; } = [];
    public ClockState? Clock { get; set; }
    public Dictionary<string, List<string>> Performers { get; set; } = [];

    private const string Name = "Elsa 3";

    internal static bool Wrote(string json) => json.StartsWith($"{{\"{nameof(Runtime)}\":\"{Name}\"", StringComparison.Ordinal);
    internal string Write() => JsonSerializer.Serialize(this);
    internal static CaseState Read(string json) => JsonSerializer.Deserialize<CaseState>(json) ?? throw new JsonException("Empty workflow state.");
}
