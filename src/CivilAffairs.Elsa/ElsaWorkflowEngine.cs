using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.ElsaRuntime.Bursts;
using CivilAffairs.ElsaRuntime.Moves;
using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.ElsaRuntime;

/// <summary>
/// Elsa 3 behind the port (docs/adr/0080): she gets the state of an instance and gives back the new one, and stores nothing
/// herself. Our activities collect their effects while she runs them.
/// </summary>
public sealed class ElsaWorkflowEngine : IWorkflowEngine, IDisposable
{
    private readonly ServiceProvider services = ElsaHost.Build();

    public IWorkflowDefinition Load(string json) => Inside(sp => ElsaDefinition.LoadAsync(sp, json));

    public StepResult Step(IWorkflowDefinition definition, WorkflowState? state, StepInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var own = Own(definition, nameof(definition));
        if (state is null != input.Trigger is StartTrigger)
            throw new StepRefusedException(state is null ? "A new instance starts with StartTrigger." : "The instance has already started.");
        return Inside(sp => new ElsaStep(services, own, input).RunAsync(state is null ? new CaseState() : CaseState.Read(state.Json)));
    }

    public IReadOnlyDictionary<string, JsonNode?> Variables(IWorkflowDefinition definition, WorkflowState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var own = Own(definition, nameof(definition));
        return Inside(sp => ElsaStep.VariablesAsync(sp, own, CaseState.Read(state.Json)));
    }

    public PlacementResult Place(IWorkflowDefinition from, WorkflowState state, IWorkflowDefinition to, StepInput input, IReadOnlyDictionary<string, DateOnly>? since = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(input);
        var placement = new ElsaPlacement(Own(from, nameof(from)), Own(to, nameof(to)), input);
        return Inside(sp => placement.RunAsync(sp, CaseState.Read(state.Json), since));
    }

    public IReadOnlyList<Rename> Renames(IWorkflowDefinition from, IWorkflowDefinition to) => Renaming.Between(Own(from, nameof(from)).Own, Own(to, nameof(to)).Own);

    /// <summary>Whether this runtime wrote the state.</summary>
    internal static bool Wrote(WorkflowState state) => CaseState.Wrote(state.Json);

    /// <summary>Whether this runtime runs activities of a type, hers or ours.</summary>
    public bool Knows(string type) => services.GetRequiredService<IActivityRegistry>().Find(type) is not null;

    public void Dispose() => services.Dispose();

    private static ElsaDefinition Own(IWorkflowDefinition definition, string name)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return definition as ElsaDefinition ?? throw new ArgumentException("The definition was loaded by another engine.", name);
    }

    /// <summary>Elsa is asynchronous throughout, though nothing in a burst waits for anything; no context of the caller's is entered.</summary>
    private T Inside<T>(Func<IServiceProvider, Task<T>> work) => Task.Run(async () =>
    {
        // Elsa prints and reads by the culture of whoever asks; a step must not depend on it.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        await using var scope = services.CreateAsyncScope();
        return await work(scope.ServiceProvider).ConfigureAwait(false);
    }).GetAwaiter().GetResult();
}
