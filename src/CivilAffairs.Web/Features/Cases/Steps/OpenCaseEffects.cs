using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Opens another case from a workflow. The stepper starts it once this case has come to rest, in the same transaction.</summary>
internal sealed class OpenCaseEffects(MatterLibrary library, CaseOpening opening) : IEffectHandler
{
    public IReadOnlyList<Type> Effects { get; } = [typeof(OpenCase)];

    public async ValueTask<JsonNode?> ApplyAsync(Effect effect, CaseStep step)
    {
        var open = (OpenCase)effect;
        var revision = library.Find(open.Matter) ?? throw Fault(open, $"There is no matter '{open.Matter}'.");
        if (!revision.Matter.Workflows.ContainsKey(open.Workflow)) throw Fault(open, $"The matter '{open.Matter}' has no workflow '{open.Workflow}'.");
        var data = open.Data as JsonObject ?? [];
        var about = await GrantFinder.AboutAsync(step, open.ActivityId, (string?)data["grantId"]).ConfigureAwait(false);
        var opened = await opening.OpenAsync(step, revision, open.Workflow, about, data).ConfigureAwait(false);
        step.Opened.Add(opened);
        return new JsonObject { ["caseId"] = opened.Step.Case.Id.ToString(), ["number"] = opened.Step.Case.Number };
    }

    private static CaseFaultedException Fault(OpenCase open, string message) => new([new Incident(open.ActivityId, message)]);
}
