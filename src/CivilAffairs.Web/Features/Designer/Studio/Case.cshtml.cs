using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>Where a case stands in its workflow, in words and as the diagram, for whoever sees the case.</summary>
[Authorize(Policy = Policies.Officer)]
internal sealed class CaseModel(InstanceStories stories, CaseDiagramWords words, StudioStates states, ViewerAccessor viewers, StudioFiles files, StudioGuard guard) : StudioPage(files, guard)
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>One of the case's workflows; absent: the one that is at work, or the last.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Instance { get; set; }

    public InstanceStory? Story { get; private set; }
    public CaseWordsOfDiagram? Words { get; private set; }
    public IReadOnlyList<(Guid Id, string Name)> Others { get; private set; } = [];

    /// <summary>Where each step of the outer diagram is drawn: its id to x, y, width and height in the diagram's own units, as JSON.</summary>
    public string Places { get; private set; } = "{}";

    public override string Element => "elsa-workflow-instance-viewer";
    public override string IdName => "instance-id";
    public override string ElementId => Story!.Id.ToString();
    public override string Api => StudioRoutes.Prefix;

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var all = await stories.OfCaseAsync(await viewers.RequireAsync(cancel), Id, cancel);
        Story = (Instance is { } chosen ? all.FirstOrDefault(s => s.Id == chosen) : all.LastOrDefault(s => !s.IsOver) ?? (all.Count > 0 ? all[^1] : null)) ?? throw new UnknownCaseException();
        Words = words.Of(Story);
        Others = [.. all.Select(s => (s.Id, s.Definition.Name))];
        Places = new JsonObject(Story.Definition.Root.All("activities").Select(a => (a.Id, Place: Place(a.Raw))).Where(p => p.Place is not null).Select(p => KeyValuePair.Create(p.Id, (JsonNode?)p.Place))).ToJsonString();
        Outcomes = states.Outcomes(Story.Revision);
        LetWrite();
    }

    /// <returns>Null: nobody ever placed it.</returns>
    private static JsonArray? Place(JsonObject step) => step["metadata"]?["designer"] is JsonObject drawn && drawn["position"] is JsonObject at
        ? [at["x"]?.DeepClone(), at["y"]?.DeepClone(), drawn["size"]?["width"]?.DeepClone(), drawn["size"]?["height"]?.DeepClone()] : null;
}
