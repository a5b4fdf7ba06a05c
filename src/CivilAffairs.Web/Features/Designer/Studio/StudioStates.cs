using System.Text.Json;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>What the header says: which version this is and whose, and what the check finds.</summary>
/// <param name="Gone">Which steps of the version in force are no longer in the draft, so that none goes unseen; null: all are there.</param>
internal sealed record StudioState(string Version, string Check, IReadOnlyList<string> Faults, string? Gone);

internal sealed class StudioStates(StudioDrafts drafts, MatterLibrary library, IStringLocalizer<StudioTexts> texts, IStringLocalizer<CaseTexts> cases)
{
    public async Task<StudioState> OfAsync(StudioDefinition definition, CancellationToken cancel)
    {
        var faults = definition.IsDraft ? await drafts.CheckAsync(definition.Revision.Matter.Id, cancel).ConfigureAwait(false) : [];
        var gone = Gone(definition);
        return new(Version(definition), (faults.Count == 0 ? texts["CheckGood"] : texts["CheckFaults", faults.Count]) + (gone.Count == 0 ? "" : texts["CheckGone", gone.Count]), faults,
            gone.Count == 0 ? null : texts["Gone", string.Join(texts["And"], gone)].Value);
    }

    private List<string> Gone(StudioDefinition definition)
    {
        if (!definition.IsDraft || library.Find(definition.Revision.Matter.Id)?.Workflows.GetValueOrDefault(definition.Workflow) is not { } inForce) return [];
        var now = DefinitionJson.Activities(DefinitionJson.Parse(definition.Text)["root"]).Select(a => a["id"]!.ToString()).ToHashSet();
        return [.. DefinitionJson.Activities(DefinitionJson.Parse(inForce)["root"]).Where(a => !now.Contains(a["id"]!.ToString())).Select(ActivityNames.Name)];
    }

    /// <summary>第 2 版 · 草稿（谁，何时）.</summary>
    public string Version(StudioDefinition definition) => !definition.IsDraft ? texts["InForce", definition.Version, Display.Time(definition.At)]
        : definition.By is { Length: > 0 } by ? texts["DraftBy", definition.Version, by, Display.Time(definition.At)] : texts["DraftOf", definition.Version, Display.Time(definition.At)];

    /// <summary>What outcomes of this matter are called: JSON, code → words.</summary>
    public string Outcomes(MatterRevision revision)
    {
        const string prefix = "Outcome.";
        var words = cases.GetAllStrings(includeParentCultures: true).Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)).DistinctBy(t => t.Name).ToDictionary(t => t.Name[prefix.Length..], t => t.Value);
        foreach (var named in texts.GetAllStrings(includeParentCultures: true).Where(t => t.Name.StartsWith("Port.", StringComparison.Ordinal))) words.TryAdd(named.Name["Port.".Length..], named.Value);
        foreach (var code in revision.Matter.Outcomes.Keys) words[code] = revision.Matter.OutcomeWord(code)!;
        return JsonSerializer.Serialize(words);
    }

    /// <summary>A workflow's own name: 农村低保申请.</summary>
    public string Workflow(StudioDefinition definition)
    {
        if (Languages.IsEnglish) return texts[$"Workflow.{definition.Workflow}"] is { ResourceNotFound: false } named ? named.Value : definition.Workflow;
        try
        {
            return WorkflowDefinition.Parse(definition.Text).Name;
        }
        catch (Engine.Port.DefinitionException)
        {
            return definition.Workflow;
        }
    }
}
