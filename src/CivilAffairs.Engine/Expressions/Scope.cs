using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Expressions;

/// <summary>What an expression can see and change: the burst's view from one activity outward.</summary>
internal interface IScope
{
    WorkflowDefinition Definition { get; }
    StepInput Input { get; }

    /// <summary>Names of all visible variables, nearest first, without repeats.</summary>
    IEnumerable<string> VariableNames { get; }
    bool TryGetVariable(string name, out object? value);

    /// <summary>Sets the nearest variable of that name, converted to its type; creates one on the workflow if there is none.</summary>
    void SetVariable(string name, object? value);
    object? GetInput(string name);
    object? GetOutputFrom(string activity, string? output);
    object? LastResult { get; }

    /// <summary>Activities whose outputs can be read: those in the containers around this one.</summary>
    IEnumerable<ActivityNode> Neighbours { get; }
    string? CorrelationId { get; set; }
    string? InstanceName { get; set; }

    /// <summary>A fresh id that a replay of the same step would give again.</summary>
    Guid NextGuid();
    double NextRandom();
    JsonNode? Parameter(string key);
    JsonNode? Fact(string id);
}

/// <summary>An expression could not be evaluated.</summary>
public sealed class ExpressionException(string message, Exception? inner = null) : Exception(message, inner);
