using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>The editor of one workflow. Who may not see it is refused here, before the Studio starts: it breaks over a refusal.</summary>
[Authorize(Policy = Policies.Officer)]
internal sealed class EditModel(StudioDefinitions definitions, StudioStates states, ViewerAccessor viewers, StudioFiles files, StudioGuard guard, EndpointDataSource routes) : StudioPage(files, guard)
{
    [BindProperty(SupportsGet = true)]
    public string Matter { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public string Workflow { get; set; } = "";

    public string Name { get; private set; } = "";
    /// <summary>The matter's own pages for who manages it, as far as the product has them: publishing and versions, trying out, and what would have gone otherwise.</summary>
    public IEnumerable<(string Text, string Href)> Actions => !MayEdit ? []
        : new[] { ("ToMatter", ""), ("ToTry", "/try"), ("ToWhatIf", "/what-if") }.Where(a => Has($"desk/matters/{{Id}}{a.Item2}")).Select(a => (a.Item1, $"/desk/matters/{Matter}{a.Item2}"));
    public bool MayEdit { get; private set; }
    public StudioState? State { get; private set; }

    public override string Element => "elsa-workflow-definition-editor";
    public override string IdName => "definition-id";
    public override string ElementId => StudioDefinition.IdOf(Matter, Workflow);
    public override string Api => $"{StudioRoutes.Prefix}/matters/{Matter}";
    public override string? StateAddress => $"{Api}/state?workflow={Uri.EscapeDataString(Workflow)}";

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var found = await definitions.LatestAsync(await viewers.RequireAsync(cancel), ElementId, cancel) ?? throw new UnknownCaseException();
        (MayEdit, State) = (found.MayEdit, await states.OfAsync(found, cancel));
        Name = $"{found.Revision.Matter.Name.In(Languages.IsEnglish ? "en" : "zh")} · {states.Workflow(found)}";
        Outcomes = states.Outcomes(found.Revision);
        LetWrite();
    }

    private bool Has(string pattern) => routes.Endpoints.OfType<RouteEndpoint>().Any(e => e.RoutePattern.RawText?.Trim('/') == pattern);
}

/// <summary>Where a sign-in in a second window ends: it tells the first one, which goes on.</summary>
[Authorize(Policy = Policies.Officer)]
internal sealed class SignedInModel(StudioGuard guard) : PageModel
{
    public void OnGet() => guard.Let(HttpContext, User.AccountId()!.Value);
}
