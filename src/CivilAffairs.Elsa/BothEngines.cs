using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.ElsaRuntime;

/// <summary>
/// Both runtimes behind one port: a new instance starts on the one that is chosen, and every instance stays with the one that
/// wrote its state. So the choice may change while cases are open.
/// </summary>
public sealed class BothEngines(IWorkflowEngine own, ElsaWorkflowEngine elsa, bool elsaStarts) : IWorkflowEngine, IDisposable
{
    public IWorkflowDefinition Load(string json)
    {
        // Elsa reads a definition when an instance needs it: most starts of the program need few of them.
        var first = own.Load(json);
        return new Definition(first, new Lazy<IWorkflowDefinition>(() => elsa.Load(json)));
    }

    public StepResult Step(IWorkflowDefinition definition, WorkflowState? state, StepInput input) =>
        OnElsa(state) ? elsa.Step(Of(definition).Elsa.Value, state, input) : own.Step(Of(definition).Own, state, input);

    public IReadOnlyDictionary<string, JsonNode?> Variables(IWorkflowDefinition definition, WorkflowState state) =>
        OnElsa(state) ? elsa.Variables(Of(definition).Elsa.Value, state) : own.Variables(Of(definition).Own, state);

    public PlacementResult Place(IWorkflowDefinition from, WorkflowState state, IWorkflowDefinition to, StepInput input, IReadOnlyDictionary<string, DateOnly>? since = null) =>
        OnElsa(state) ? elsa.Place(Of(from).Elsa.Value, state, Of(to).Elsa.Value, input, since) : own.Place(Of(from).Own, state, Of(to).Own, input, since);

    public IReadOnlyList<Rename> Renames(IWorkflowDefinition from, IWorkflowDefinition to) => own.Renames(Of(from).Own, Of(to).Own);

    /// <summary>The same two, where a new instance starts on the one that wrote the state.</summary>
    public IWorkflowEngine WriterOf(WorkflowState state) => OnElsa(state) == elsaStarts ? this : new BothEngines(own, elsa, !elsaStarts);

    public void Dispose() => elsa.Dispose();

    private bool OnElsa(WorkflowState? state) => state is null ? elsaStarts : ElsaWorkflowEngine.Wrote(state);

    private static Definition Of(IWorkflowDefinition definition) =>
        definition as Definition ?? throw new ArgumentException("The definition was loaded by another engine.", nameof(definition));

    private sealed record Definition(IWorkflowDefinition Own, Lazy<IWorkflowDefinition> Elsa) : IWorkflowDefinition
    {
        public string DefinitionId => Own.DefinitionId;
        public string Name => Own.Name;
        public int Version => Own.Version;
    }
}
