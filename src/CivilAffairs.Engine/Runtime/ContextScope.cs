using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.Engine.Runtime;

internal sealed partial class Burst
{
    private int drawn;

    /// <summary>The expression's view of a burst, from one activity outward.</summary>
    internal sealed class ContextScope(Burst burst, ActivityContext context) : IScope
    {
        public WorkflowDefinition Definition => burst.Definition;
        public StepInput Input => burst.Input;
        public object? LastResult => burst.lastResult;
        /// <summary>What is directly in the nearest container; from further out, as in Elsa, variables carry the values.</summary>
        public IEnumerable<Definitions.ActivityNode> Neighbours =>
            Scopes().Skip(1).First(IsContainer).Activity is { } container ? container.Children.Values.SelectMany(list => list) : [burst.Definition.Root];

        public IEnumerable<string> VariableNames => Scopes().SelectMany(s => s.Values.Keys).Distinct();

        public string? CorrelationId { get => burst.State.CorrelationId; set => burst.State.CorrelationId = value; }
        public string? InstanceName { get => burst.State.Name; set => burst.State.Name = value; }

        public bool TryGetVariable(string name, out object? value)
        {
            foreach (var scope in Scopes())
                if (scope.Values.TryGetValue(name, out value)) return true;
            value = null;
            return false;
        }

        public void SetVariable(string name, object? value)
        {
            foreach (var scope in Scopes())
            {
                if (!scope.Values.ContainsKey(name)) continue;
                var declared = (scope.Activity?.Variables ?? burst.Definition.Variables).FirstOrDefault(v => v.Name == name);
                scope.Values[name] = declared is null ? value : Values.Convert(value, declared.TypeName, declared.IsArray);
                return;
            }
            // A new one lives as long as the container it was made in.
            Scopes().First(IsContainer).Values[name] = value;
        }

        public object? GetInput(string name) => burst.State.Inputs.TryGetValue(name, out var value) ? Values.FromJson(value)
            : Values.FromJson(burst.State.Inputs.FirstOrDefault(i => i.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value);

        /// <summary>The first output of that name in this burst, of an activity in the same container.</summary>
        public object? GetOutputFrom(string activity, string? output)
        {
            var node = Neighbours.FirstOrDefault(a => a.Id == activity) ?? Neighbours.FirstOrDefault(a => a.Name == activity)
                ?? throw new ExpressionException("Activity not found.");
            var containers = Scopes().Skip(1).Select(scope => (int?)scope.Id).ToHashSet();
            return burst.outputs.FirstOrDefault(o => o.Activity == node.Id && o.Output == (output ?? "Result") && containers.Contains(o.Container)).Value;
        }

        private List<string>? read;

        /// <summary>The parameters asked for since the last call, each once.</summary>
        internal IReadOnlyList<string> TakeRead()
        {
            IReadOnlyList<string> taken = read ?? [];
            read = null;
            return taken;
        }

        public JsonNode? Parameter(string key)
        {
            if (!burst.Input.Parameters.TryGetValue(key, out var value)) throw new ExpressionException($"The parameter '{key}' has no value on this day.");
            if (read?.Contains(key) != true) (read ??= []).Add(key);
            return value;
        }

        public JsonNode? Fact(string id) => burst.Input.Facts.TryGetValue(id, out var value) ? value
            // The day that the law counts from: every case has it, whatever its form asks.
            : id == StepInput.OccurredOnFact ? JsonValue.Create(IsoDay.Write(burst.Input.Day))
            : throw new ExpressionException($"The case has no fact '{id}'.");

        public Guid NextGuid() => new(Draw().AsSpan(0, 16));
        public double NextRandom() => (BitConverter.ToUInt64(Draw()) >> 11) / (double)(1UL << 53);

        private byte[] Draw() => SHA256.HashData(Encoding.UTF8.GetBytes($"{burst.Input.Seed}/{burst.drawn++}"));

        /// <summary>Whether it may declare variables.</summary>
        private static bool IsContainer(ActivityContext scope) => scope.Activity is null or { Type: "Elsa.Flowchart" or "Elsa.Sequence" or "Elsa.Parallel" };

        private IEnumerable<ActivityContext> Scopes()
        {
            for (var at = context; at is not null; at = burst.OwnerOf(at)) yield return at;
        }
    }
}
