using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;

namespace CivilAffairs.Tests.Elsa;

/// <summary>Our own runtime with one thing changed in what it tells, to prove that the walk would see it.</summary>
internal sealed class OtherwiseEngine(string what) : IWorkflowEngine
{
    private readonly WorkflowEngine engine = new();

    public IWorkflowDefinition Load(string json) => engine.Load(json);

    public StepResult Step(IWorkflowDefinition definition, WorkflowState? state, StepInput input)
    {
        if (what == "refusal" && input.Trigger is AnswerTrigger) throw new StepRefusedException("Nobody is let in.");
        var step = engine.Step(definition, state, input);
        return what switch
        {
            "outcome" => step with { Journal = [.. step.Journal.Select(j => j.Outcomes is null ? j : j with { Outcomes = ["Otherwise"] })] },
            "effect" => step with { Effects = [.. step.Effects.Select(e => e is SetStatus set ? set with { Status = "Otherwise" } : e)] },
            "variable" => step with { Variables = step.Variables.ToDictionary(v => v.Key, _ => (JsonNode?)"otherwise") },
            _ => step,
        };
    }

    public IReadOnlyDictionary<string, JsonNode?> Variables(IWorkflowDefinition definition, WorkflowState state) => engine.Variables(definition, state);
    public PlacementResult Place(IWorkflowDefinition from, WorkflowState state, IWorkflowDefinition to, StepInput input, IReadOnlyDictionary<string, DateOnly>? since = null) => engine.Place(from, state, to, input, since);
    public IReadOnlyList<Rename> Renames(IWorkflowDefinition from, IWorkflowDefinition to) => engine.Renames(from, to);
}
