using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>The workflows of every matter, for whoever may open them.</summary>
[Authorize(Policy = Policies.Officer)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal sealed class IndexModel(StudioDefinitions definitions, StudioStates states, ViewerAccessor viewers) : PageModel
{
    public IReadOnlyList<(string Id, string Name, IReadOnlyList<(string Workflow, string Name, string Version)> Lines)> Groups { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel) =>
        Groups = [.. (await definitions.ListAsync(await viewers.RequireAsync(cancel), cancel)).GroupBy(d => d.Revision.Matter.Id)
            .Select(g => (g.Key, g.First().Revision.Matter.Name.In(Languages.IsEnglish ? "en" : "zh"), (IReadOnlyList<(string, string, string)>)[.. g.Select(d => (d.Workflow, states.Workflow(d), states.Version(d)))]))];
}
