using CivilAffairs.Engine.Port;
#if ELSA
using Elsa.Common.Models;
using Elsa.Extensions;
using Elsa.Persistence.EFCore.Extensions;
using Elsa.Persistence.EFCore.Modules.Management;
using Elsa.Persistence.EFCore.Modules.Runtime;
using Elsa.Workflows;
using Elsa.Workflows.Management;
using Elsa.Workflows.Management.Filters;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Filters;
using Elsa.Workflows.Runtime.OrderDefinitions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
#endif

namespace CivilAffairs.Tests.Elsa;

internal sealed record StockDefinition(string Id, string DefinitionId, int Version, string Name, bool Latest, bool Published, bool Readonly, IReadOnlyList<string> Activities, IReadOnlyList<string> Variables);

internal sealed record StockInstance(string Id, string DefinitionId, string VersionId, int Version, string? CorrelationId, string Status, string SubStatus, bool Executing, int Bookmarks, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt);

internal sealed record StockLine(long Sequence, string ActivityId, string Type, string Node, string Event, string Payload, DateTimeOffset At, string Run);

internal sealed record StockRun(string Id, string ActivityId, string Status, DateTimeOffset From, DateTimeOffset? To);

/// <summary>
/// What a stock Elsa finds in a database through her own stores: no service of ours is registered there, so none of our
/// activities is known either.
/// </summary>
internal sealed class StockElsa(string connection) : IAsyncDisposable
{
    private bool IsSqlite => connection.StartsWith("Data Source", StringComparison.Ordinal);

#if ELSA
    private ServiceProvider? services;

    private ServiceProvider Services => services ??= Build();

    /// <summary>Another node's writer of the same projection.</summary>
    public IProjection Writer() => new ElsaRuntime.Projection.ElsaProjection(connection, IsSqlite);

    public async Task<IReadOnlyList<StockDefinition>> DefinitionsAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IActivityRegistryPopulator>().PopulateRegistryAsync(default);
        var found = await scope.ServiceProvider.GetRequiredService<IWorkflowDefinitionStore>().FindManyAsync(new WorkflowDefinitionFilter());
        var (service, all) = (scope.ServiceProvider.GetRequiredService<IWorkflowDefinitionService>(), new List<StockDefinition>());
        foreach (var d in found)
        {
            var graph = await service.MaterializeWorkflowAsync(d);
            all.Add(new(d.Id, d.DefinitionId, d.Version, d.Name ?? "", d.IsLatest, d.IsPublished, d.IsReadonly, [.. graph.Nodes.Select(n => n.Activity.Id)], [.. d.Variables.Select(v => v.Name)]));
        }
        return all;
    }

    public async Task<StockInstance?> InstanceAsync(string id)
    {
        await using var scope = Services.CreateAsyncScope();
        var i = await scope.ServiceProvider.GetRequiredService<IWorkflowInstanceStore>().FindAsync(new WorkflowInstanceFilter { Id = id });
        return i is null ? null : new(i.Id, i.DefinitionId, i.DefinitionVersionId, i.Version, i.CorrelationId, i.Status.ToString(), i.SubStatus.ToString(), i.IsExecuting, i.WorkflowState.Bookmarks.Count, i.CreatedAt, i.UpdatedAt, i.FinishedAt);
    }

    public async Task<IReadOnlyList<StockLine>> JournalAsync(string id)
    {
        await using var scope = Services.CreateAsyncScope();
        var page = await scope.ServiceProvider.GetRequiredService<IWorkflowExecutionLogStore>().FindManyAsync(new WorkflowExecutionLogRecordFilter { WorkflowInstanceId = id }, PageArgs.FromPage(0, 2000),
            new WorkflowExecutionLogRecordOrder<long>(r => r.Sequence, global::Elsa.Common.Entities.OrderDirection.Ascending));
        return [.. page.Items.Select(l => new StockLine(l.Sequence, l.ActivityId, l.ActivityType, l.ActivityNodeId, l.EventName ?? "", l.Payload?.ToString() ?? "", l.Timestamp, l.ActivityInstanceId))];
    }

    public async Task<IReadOnlyList<StockRun>> RunsAsync(string id)
    {
        await using var scope = Services.CreateAsyncScope();
        var found = await scope.ServiceProvider.GetRequiredService<IActivityExecutionStore>().FindManyAsync(new ActivityExecutionRecordFilter { WorkflowInstanceId = id });
        return [.. found.Select(r => new StockRun(r.Id, r.ActivityId, r.Status.ToString(), r.StartedAt, r.CompletedAt))];
    }

    public async ValueTask DisposeAsync()
    {
        if (services is not null) await services.DisposeAsync();
    }

    private ServiceProvider Build()
    {
        var made = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        made.AddElsa(elsa => elsa
            .UseWorkflowManagement(m => m.UseEntityFrameworkCore(ef => _ = IsSqlite ? ef.UseSqlite(connection) : ef.UsePostgreSql(connection)))
            .UseWorkflowRuntime(r => r.UseEntityFrameworkCore(ef => _ = IsSqlite ? ef.UseSqlite(connection) : ef.UsePostgreSql(connection))));
        return made.BuildServiceProvider();
    }
#else
#pragma warning disable CA1822 // of an instance where Elsa is there
    public IProjection Writer() => throw Absent;
    public Task<IReadOnlyList<StockDefinition>> DefinitionsAsync() => throw Absent;
    public Task<StockInstance?> InstanceAsync(string id) => throw Absent;
    public Task<IReadOnlyList<StockLine>> JournalAsync(string id) => throw Absent;
    public Task<IReadOnlyList<StockRun>> RunsAsync(string id) => throw Absent;
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    private static InvalidOperationException Absent => new(SecondRuntime.Absent);
#pragma warning restore CA1822
#endif

    /// <summary>Every row of the stores, as text, in the order of ids; and how many rows there are of what a server would resume by.</summary>
    public async Task<(IReadOnlyList<string> Rows, long Resumable)> DumpAsync()
    {
        await using System.Data.Common.DbConnection open = IsSqlite ? new Microsoft.Data.Sqlite.SqliteConnection(connection) : new Npgsql.NpgsqlConnection(connection);
        await open.OpenAsync();
        var (rows, resumable) = (new List<string>(), 0L);
        foreach (var table in new[] { "WorkflowDefinitions", "WorkflowInstances", "WorkflowExecutionLogRecords", "ActivityExecutionRecords", "KeyValuePairs", "Bookmarks", "Triggers", "BookmarkQueueItems" })
        {
            await using var command = open.CreateCommand();
#pragma warning disable CA2100
            command.CommandText = $"SELECT * FROM {(IsSqlite ? "" : "\"Elsa\".")}\"{table}\" ORDER BY \"Id\"";
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                if (table is "Bookmarks" or "Triggers" or "BookmarkQueueItems") resumable++;
                rows.Add($"{table}: {string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetName(i)}={(reader.IsDBNull(i) ? "" : Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture))}"))}");
            }
        }
        return (rows, resumable);
    }
}
