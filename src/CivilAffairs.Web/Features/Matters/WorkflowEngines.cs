using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>
/// Which runtime stands behind the port (docs/adr/0080): the setting <c>Workflows:Engine</c> says <c>Own</c> (also where it says
/// nothing) or <c>Elsa</c>. Nothing else in the product knows that there are two.
/// </summary>
internal static class WorkflowEngines
{
    internal const string Setting = "Workflows:Engine";

    /// <exception cref="InvalidOperationException">The setting names a runtime that is not there; a start with another than the one asked for would go unnoticed.</exception>
    internal static IWorkflowEngine Chosen(IConfiguration configuration) => configuration[Setting] switch
    {
        null or "" or "Own" => With(elsa: false),
        "Elsa" => With(elsa: true),
        var other => throw new InvalidOperationException($"{Setting} is '{other}'; it may be Own or Elsa."),
    };

#if ELSA
    private static ElsaRuntime.BothEngines With(bool elsa) => new(new WorkflowEngine(), new ElsaRuntime.ElsaWorkflowEngine(), elsa);
#else
    private static WorkflowEngine With(bool elsa) => !elsa ? new WorkflowEngine()
        : throw new InvalidOperationException($"{Setting} is 'Elsa', but this program was built without Elsa's runtime. Build it with -p:Engine=Elsa.");
#endif
}
