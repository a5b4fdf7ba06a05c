using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;

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
        public IEnumerable<(string Activity, string Output)> KnownOutputs => burst.outputs.Keys;
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
            Scopes().Last().Values[name] = value;
        }

        public object? GetInput(string name) => burst.State.Inputs.TryGetValue(name, out var value) ? Values.FromJson(value) : null;

        public object? GetOutputFrom(string activity, string? output)
        {
            if (burst.outputs.TryGetValue((activity, output ?? "Result"), out var value)) return value;
            var byId = burst.Definition.Activities.FirstOrDefault(a => a.Id == activity);
            return byId is not null && burst.outputs.TryGetValue((byId.Name, output ?? "Result"), out value) ? value : null;
        }

        public JsonNode? Parameter(string key) => burst.Input.Parameters.TryGetValue(key, out var value) ? value
            : throw new ExpressionException($"The parameter '{key}' has no value on this day.");

        public JsonNode? Fact(string id) => burst.Input.Facts.TryGetValue(id, out var value) ? value
            : throw new ExpressionException($"The case has no fact '{id}'.");

        public Guid NextGuid() => new(Draw().AsSpan(0, 16));
        public double NextRandom() => (BitConverter.ToUInt64(Draw()) >> 11) / (double)(1UL << 53);

        private byte[] Draw() => SHA256.HashData(Encoding.UTF8.GetBytes($"{burst.Input.Seed}/{burst.drawn++}"));

        private IEnumerable<ActivityContext> Scopes()
        {
            for (var at = context; at is not null; at = burst.OwnerOf(at)) yield return at;
        }
    }
}
