using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.ElsaRuntime.Bursts;

/// <summary>
/// What one burst may read, and what it brings about. Elsa's services find it through <see cref="Current"/>: her clock, her ids
/// and her chance are the step's, so that a replay gives the same again.
/// </summary>
internal sealed class BurstRun(ElsaDefinition definition, StepInput input, CaseState state)
{
    private static readonly AsyncLocal<BurstRun?> Running = new();
    private int drawn;
    private List<string>? read;

    /// <exception cref="InvalidOperationException">No burst runs: something of Elsa's works outside a step.</exception>
    internal static BurstRun Current => Running.Value ?? throw new InvalidOperationException("Elsa works outside a step.");
    internal static BurstRun? Maybe => Running.Value;
    internal static void Enter(BurstRun run) => Running.Value = run;

    internal ElsaDefinition Definition => definition;
    internal StepInput Input => input;
    internal CaseState Case => state;
    internal List<Effect> Effects { get; } = [];
    internal LineWriter Output { get; } = new();

    /// <summary>Set before anything runs.</summary>
    internal WatchedBookmarks Bookmarks { get; set; } = null!;

    /// <summary>What the bookmark that is being resumed is answered with.</summary>
    internal JsonNode? Payload { get; set; }

    /// <summary>Of the instance, not of the world: whatever needs more puts the instance's own before it.</summary>
    internal string NextId() => $"{state.NextId++}";

    internal JsonNode? Parameter(string key)
    {
        if (!input.Parameters.TryGetValue(key, out var value)) throw new ExpressionException($"The parameter '{key}' has no value on this day.");
        if (read?.Contains(key) != true) (read ??= []).Add(key);
        return value;
    }

    internal JsonNode? Fact(string id) => input.Facts.TryGetValue(id, out var value) ? value
        : id == StepInput.OccurredOnFact ? JsonValue.Create(IsoDay.Write(input.Day))
        : throw new ExpressionException($"The case has no fact '{id}'.");

    /// <summary>The parameters asked for since the last call, each once.</summary>
    internal IReadOnlyList<string> TakeRead()
    {
        IReadOnlyList<string> taken = read ?? [];
        read = null;
        return taken;
    }

    internal Guid NextGuid() => new(Draw().AsSpan(0, 16));
    internal double NextRandom() => (BitConverter.ToUInt64(Draw()) >> 11) / (double)(1UL << 53);
    private byte[] Draw() => SHA256.HashData(Encoding.UTF8.GetBytes($"{input.Seed}/{drawn++}"));
}
