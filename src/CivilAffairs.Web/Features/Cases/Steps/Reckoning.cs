using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>What the workflow itself worked out so far: whoever confirms an amount must see it.</summary>
/// <param name="Eligible">Null: not judged yet.</param>
/// <param name="Failed">The rules that are not met.</param>
/// <param name="AmountFen">Null: not computed yet.</param>
public sealed record Reckoning(bool? Eligible, IReadOnlyList<LocalText> Failed, long? AmountFen)
{
    public static Reckoning None { get; } = new(null, [], null);

    /// <summary>Read from the instance's variables into which the definition's rules and formulas write.</summary>
    internal static async Task<Reckoning> ReadAsync(CivilAffairsDb db, Case @case, MatterRevision revision, MatterLibrary library, IWorkflowEngine engine, CancellationToken cancel)
    {
        var instance = await db.Set<WorkflowInstance>().AsNoTracking().Where(i => i.CaseId == @case.Id).OrderByDescending(i => i.Id).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (instance is null || instance.State.Length == 0) return None;
        return Of(revision, instance.Workflow, engine.Variables(library.Definition(revision, instance.Workflow), new WorkflowState(instance.State)));
    }

    /// <param name="variables">As a step left them.</param>
    internal static Reckoning Of(MatterRevision revision, string workflow, IReadOnlyDictionary<string, JsonNode?> variables)
    {
        var definition = JsonNode.Parse(revision.Workflows[workflow]);
        var names = (definition?["variables"] as JsonArray ?? []).OfType<JsonObject>().ToDictionary(v => (string)v["id"]!, v => (string)v["name"]!);
        // In the order of the definition: of several, the last that has come about is the one that counts.
        JsonNode? Last(string type, string output) => Activities(definition).Where(a => (string?)a["type"] == type)
            .Select(a => names.GetValueOrDefault((string?)a[output]?["memoryReference"]?["id"] ?? "")).OfType<string>()
            .Select(name => variables.GetValueOrDefault(name)).LastOrDefault(value => value is not null);
        var judged = Last("CivilAffairs.EligibilityRule", "result") as JsonObject;
        var rules = DefinitionRules.Of(revision.Workflows[workflow]);
        var failed = (judged?["failed"] as JsonArray ?? []).Select(id => rules.GetValueOrDefault((string?)id ?? "")).OfType<JsonObject>();
        return new Reckoning((bool?)judged?["eligible"], [.. failed.Select(r => new LocalText((string?)r["zh"] ?? "", (string?)r["en"] ?? ""))], (long?)Last("CivilAffairs.ComputeBenefit", "amount"));
    }

    /// <summary>Whether another says the same.</summary>
    internal bool Same(Reckoning other) => (Eligible, AmountFen) == (other.Eligible, other.AmountFen) && Failed.SequenceEqual(other.Failed);

    private static IEnumerable<JsonObject> Activities(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Activities),
        JsonObject activity => activity.SelectMany(p => Activities(p.Value)).Prepend(activity),
        _ => [],
    };
}
