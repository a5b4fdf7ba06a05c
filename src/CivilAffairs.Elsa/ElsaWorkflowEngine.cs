using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.ElsaRuntime.Bursts;
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

    /// <summary>Nowhere: Elsa does not say where an instance would stand in another definition, and running cases are not moved by guessing.</summary>
    public PlacementResult Place(IWorkflowDefinition from, WorkflowState state, IWorkflowDefinition to, StepInput input, IReadOnlyDictionary<string, DateOnly>? since = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(input);
        if (input.Trigger is not MoveTrigger) throw new StepRefusedException("An instance is placed with MoveTrigger.");
        var (own, next) = (Own(from, nameof(from)), Own(to, nameof(to)));
        var bookmarks = Inside(sp => ElsaStep.BookmarksAsync(sp, own, CaseState.Read(state.Json)));
        var waits = bookmarks.Select(b => new PlacedWait(b.Id, b.Kind, Naming.Of(own.Own.Activities.First(a => a.Id == b.ActivityId)), null)).ToList();
        var root = Naming.Of(next.Own.Root);
        return new PlacementResult(null, waits, [new PlacementNote(PlacementCode.OtherRuntime, waits.FirstOrDefault()?.Now ?? root)], [], []);
    }

    public IReadOnlyList<Rename> Renames(IWorkflowDefinition from, IWorkflowDefinition to) => Renaming.Between(Own(from, nameof(from)).Own, Own(to, nameof(to)).Own);

    /// <summary>Whether this runtime wrote the state.</summary>
    internal static bool Wrote(WorkflowState state) => CaseState.Wrote(state.Json);

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
