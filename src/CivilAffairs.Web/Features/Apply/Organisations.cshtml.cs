using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>The organisations that the applicant acts for 我的组织: their certificates, days left, and the renewal from here.</summary>
internal sealed class OrganisationsModel(MyOrganisations mine, DraftCommands drafts, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    public IReadOnlyList<MyOrganisation> Organisations { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel) => Organisations = await mine.ReadAsync(await ViewerAsync(cancel), cancel);

    public async Task<IActionResult> OnPostAsync(Guid organisation, string matter, string? key, CancellationToken cancel)
    {
        var id = await drafts.StartAboutAsync(await ViewerAsync(cancel), matter ?? "", organisation, key is { Length: > 0 and <= 100 } ? $"{key}.{organisation:N}" : Key, cancel);
        return LocalRedirect($"/my/drafts/{id}");
    }
}
