using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.ElsaRuntime.Bursts;
using Elsa.Expressions.Models;
using Elsa.Extensions;

namespace CivilAffairs.ElsaRuntime.Expressions;

/// <summary>What our own expressions, and our functions inside Elsa's, see of an instance that Elsa runs.</summary>
internal sealed class ElsaScope(ExpressionExecutionContext elsa) : IScope
{
    private readonly BurstRun run = BurstRun.Current;

    public WorkflowDefinition Definition => run.Definition.Own;
    public StepInput Input => run.Input;
    public IEnumerable<string> VariableNames => elsa.GetVariableNamesInScope();
    public IEnumerable<ActivityNode> Neighbours => run.Definition.Own.Activities;
    public object? LastResult => ElsaValues.FromClr(elsa.GetLastResult());

    public string? CorrelationId
    {
        get => elsa.GetWorkflowExecutionContext().CorrelationId;
        set => elsa.GetWorkflowExecutionContext().CorrelationId = value;
    }

    public string? InstanceName
    {
        get => elsa.GetWorkflowExecutionContext().Name;
        set => elsa.GetWorkflowExecutionContext().Name = value;
    }

    public bool TryGetVariable(string name, out object? value)
    {
        var variable = elsa.EnumerateVariablesInScope().FirstOrDefault(v => v.Name == name && v.TryGet(elsa, out _));
        value = variable is null ? null : ElsaValues.FromClr(variable.Get(elsa));
        return variable is not null;
    }

    public void SetVariable(string name, object? value) => elsa.SetVariableInScope(name, ElsaValues.ToClr(value));
    public object? GetInput(string name) => ElsaValues.FromClr(elsa.GetInput(name));
    public object? GetOutputFrom(string activity, string? output) => ElsaValues.FromClr(elsa.GetOutput(activity, output));
    public Guid NextGuid() => run.NextGuid();
    public double NextRandom() => run.NextRandom();
    public JsonNode? Parameter(string key) => run.Parameter(key);
    public JsonNode? Fact(string id) => run.Fact(id);
}
