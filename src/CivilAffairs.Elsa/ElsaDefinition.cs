using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;
using CivilAffairs.ElsaRuntime.Activities;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Management.Mappers;
using Elsa.Workflows.Management.Models;
using Elsa.Workflows.Models;
using VariableDefinition = CivilAffairs.Engine.Definitions.VariableDefinition;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.ElsaRuntime;

/// <summary>A definition as Elsa runs it, and as our own reader sees it (for its checks, its ids and its variables).</summary>
internal sealed class ElsaDefinition(WorkflowDefinition own, WorkflowGraph graph) : IWorkflowDefinition
{
    private readonly Dictionary<string, VariableDefinition> variables = own.Variables.Concat(own.Activities.SelectMany(a => a.Variables)).GroupBy(v => v.Id).ToDictionary(g => g.Key, g => g.First());

    public string DefinitionId => own.DefinitionId;
    public string Name => own.Name;
    public int Version => own.Version;
    internal WorkflowDefinition Own => own;
    internal WorkflowGraph Graph => graph;
    internal VariableDefinition? Variable(string id) => variables.GetValueOrDefault(id);

    /// <exception cref="DefinitionException">The text is not a workflow definition.</exception>
    internal static async Task<ElsaDefinition> LoadAsync(IServiceProvider services, string json)
    {
        var own = WorkflowDefinition.Parse(json);
        try
        {
            var model = services.GetRequiredService<IActivitySerializer>().Deserialize<WorkflowDefinitionModel>(json);
            // Elsa forgets between two bursts whatever names no driver, without a word.
            foreach (var input in model.Inputs ?? []) input.StorageDriverType ??= typeof(WorkflowInstanceStorageDriver);
            var workflow = new Workflow(
                new WorkflowIdentity(own.DefinitionId, own.Version, model.Id ?? $"{own.DefinitionId}:{own.Version}"), new WorkflowPublication(model.IsLatest, model.IsPublished),
                new WorkflowMetadata(model.Name, model.Description, model.CreatedAt, model.ToolVersion), model.Options ?? new WorkflowOptions(), model.Root!,
                [.. services.GetRequiredService<VariableDefinitionMapper>().Map(model.Variables)], model.Inputs ?? [], model.Outputs ?? [], model.Outcomes ?? [],
                model.CustomProperties ?? new Dictionary<string, object>(), model.IsReadonly, model.IsSystem);
            foreach (var variable in workflow.Variables) variable.StorageDriverType ??= typeof(WorkflowInstanceStorageDriver);
            var graph = await services.GetRequiredService<IWorkflowGraphBuilder>().BuildAsync(workflow).ConfigureAwait(false);
            foreach (var activity in graph.Nodes.Select(n => n.Activity).OfType<Activity>().Distinct()) activity.Behaviors.Add(new CancelStaysInside(activity));
            return new ElsaDefinition(own, graph);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or DefinitionException))
        {
            throw new DefinitionException(new LocalText("Elsa 读不出这个流程定义。", "Elsa cannot read the definition."), e, e.Message);
        }
    }
}
