using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using Elsa.Common.Models;
using Elsa.KeyValues.Contracts;
using Elsa.KeyValues.Entities;
using Elsa.KeyValues.Models;
using Elsa.Workflows;
using Elsa.Workflows.Management;
using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Management.Filters;
using Elsa.Workflows.Management.Mappers;
using Elsa.Workflows.Management.Materializers;
using Elsa.Workflows.Management.Models;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Entities;
using Microsoft.Extensions.DependencyInjection;
using WorkflowState = Elsa.Workflows.State.WorkflowState;

namespace CivilAffairs.ElsaRuntime.Projection;

/// <summary>One batch as rows of Elsa's stores, which write a row anew where its id is there already.</summary>
internal sealed class ElsaRows(IServiceProvider services) : IProjected
{
    private const int Page = 500;
    private const string Outcomes = "Outcomes";
    private readonly IKeyValueStore marks = services.GetRequiredService<IKeyValueStore>();
    private readonly IWorkflowDefinitionStore definitions = services.GetRequiredService<IWorkflowDefinitionStore>();
    private readonly IPayloadSerializer payloads = services.GetRequiredService<IPayloadSerializer>();

    public async Task<string?> MarkAsync(string key, CancellationToken cancel) => (await marks.FindAsync(new KeyValueFilter { Key = key }, cancel).ConfigureAwait(false))?.SerializedValue;

    public async Task<IReadOnlyList<ProjectedVersion>> VersionsAsync(CancellationToken cancel)
    {
        var all = new List<ProjectedVersion>();
        for (var page = 0; ; page++)
        {
            var found = await definitions.FindSummariesAsync(new WorkflowDefinitionFilter(), PageArgs.FromPage(page, Page), cancel).ConfigureAwait(false);
            all.AddRange(found.Items.Select(d => new ProjectedVersion(d.DefinitionId, d.Version ?? 0, d.IsLatest, d.IsPublished)));
            if (found.Items.Count < Page) return all;
        }
    }

    internal async Task WriteAsync(ProjectionBatch batch, CancellationToken cancel)
    {
        await definitions.SaveManyAsync(batch.Definitions.Select(Row), cancel).ConfigureAwait(false);
        await services.GetRequiredService<IWorkflowInstanceStore>().SaveManyAsync(batch.Instances.Select(Row), cancel).ConfigureAwait(false);
        await services.GetRequiredService<IActivityExecutionStore>().SaveManyAsync(batch.Instances.SelectMany(i => i.Runs.Select(r => Row(i, r))), cancel).ConfigureAwait(false);
        await services.GetRequiredService<IWorkflowExecutionLogStore>().SaveManyAsync(batch.Instances.SelectMany(i => i.Lines.Select(l => Row(i, l))), cancel).ConfigureAwait(false);
        foreach (var (key, value) in batch.Marks) await marks.SaveAsync(new SerializedKeyValuePair { Key = key, SerializedValue = value }, cancel).ConfigureAwait(false);
    }

    private WorkflowDefinition Row(ProjectedDefinition definition)
    {
        var (id, number, latest, published) = definition.Version;
        var json = JsonNode.Parse(definition.Json)!.AsObject();
        // As it stands: activities that Elsa does not know keep all that is said of them.
        var root = json["root"]!.ToJsonString();
        json.Remove("root");
        var model = services.GetRequiredService<IActivitySerializer>().Deserialize<WorkflowDefinitionModel>(json.ToJsonString());
        return new WorkflowDefinition
        {
            Id = definition.Id, DefinitionId = id, Version = number, Name = model.Name, Description = model.Description, ToolVersion = model.ToolVersion, CreatedAt = definition.CreatedAt,
            IsLatest = latest, IsPublished = published,
            // Matters are changed where they are published; a save of the copy would be lost.
            IsReadonly = true,
            MaterializerName = JsonWorkflowMaterializer.MaterializerName, StringData = root,
            Variables = [.. services.GetRequiredService<VariableDefinitionMapper>().Map(model.Variables)], Inputs = model.Inputs ?? [], Outputs = model.Outputs ?? [], Outcomes = model.Outcomes ?? [],
            CustomProperties = model.CustomProperties ?? new Dictionary<string, object>(), Options = model.Options ?? new WorkflowOptions(),
        };
    }

    private static WorkflowInstance Row(ProjectedInstance instance)
    {
        var (status, substatus) = instance.Status switch
        {
            InstanceStatus.Suspended => (WorkflowStatus.Running, WorkflowSubStatus.Suspended),
            InstanceStatus.Finished => (WorkflowStatus.Finished, WorkflowSubStatus.Finished),
            _ => (WorkflowStatus.Finished, WorkflowSubStatus.Faulted),
        };
        var version = ProjectedDefinition.IdOf(instance.DefinitionId, instance.Version);
        // What a fault said may name somebody.
        var incidents = instance.Lines.Where(l => l.Event == "Faulted").Select(l => new ActivityIncident(l.Activity.Id, l.Activity.NodeId, l.Activity.Type, "", null, l.At)).ToList();
        return new WorkflowInstance
        {
            Id = instance.Id, DefinitionId = instance.DefinitionId, DefinitionVersionId = version, Version = instance.Version, CorrelationId = instance.Number, Name = instance.Number,
            Status = status, SubStatus = substatus, IncidentCount = incidents.Count, CreatedAt = instance.CreatedAt, UpdatedAt = instance.UpdatedAt, FinishedAt = instance.FinishedAt,
            WorkflowState = new WorkflowState
            {
                Id = instance.Id, DefinitionId = instance.DefinitionId, DefinitionVersionId = version, DefinitionVersion = instance.Version, CorrelationId = instance.Number, Name = instance.Number,
                Status = status, SubStatus = substatus, Incidents = incidents, ExecutionLogSequence = instance.Lines.Count,
                CreatedAt = instance.CreatedAt, UpdatedAt = instance.UpdatedAt, FinishedAt = instance.FinishedAt,
            },
        };
    }

    private ActivityExecutionRecord Row(ProjectedInstance instance, ProjectedRun run)
    {
        var record = new ActivityExecutionRecord
        {
            Id = run.Id, WorkflowInstanceId = instance.Id, ActivityId = run.Activity.Id, ActivityNodeId = run.Activity.NodeId, ActivityType = run.Activity.Type, ActivityTypeVersion = run.Activity.Version,
            ActivityName = run.Activity.Name, StartedAt = run.From, CompletedAt = run.To, Status = Enum.Parse<ActivityStatus>(run.State), AggregateFaultCount = run.State == "Faulted" ? 1 : 0,
        };
        // The store writes what stands here and not what stands above.
        record.SerializedSnapshot = new ActivityExecutionRecordSnapshot { SerializedPayload = Said(run.Outcomes) is { } said ? payloads.Serialize(said) : null };
        return record;
    }

    private static WorkflowExecutionLogRecord Row(ProjectedInstance instance, ProjectedLine line) => new()
    {
        Id = line.Id, WorkflowInstanceId = instance.Id, WorkflowDefinitionId = instance.DefinitionId, WorkflowDefinitionVersionId = ProjectedDefinition.IdOf(instance.DefinitionId, instance.Version), WorkflowVersion = instance.Version,
        ActivityInstanceId = line.Run, ActivityId = line.Activity.Id, ActivityNodeId = line.Activity.NodeId, ActivityType = line.Activity.Type, ActivityTypeVersion = line.Activity.Version, ActivityName = line.Activity.Name,
        Timestamp = line.At, Sequence = line.Sequence, EventName = line.Event, Payload = Said(line.Outcomes),
    };

    private static Dictionary<string, object>? Said(IReadOnlyList<string> outcomes) => outcomes.Count == 0 ? null : new() { [Outcomes] = outcomes.ToList() };
}
