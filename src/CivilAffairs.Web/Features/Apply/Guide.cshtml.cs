using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>办事指南: what people read before they apply. Open to everybody.</summary>
internal sealed class GuideModel(MatterLibrary library) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    public MatterFile Matter { get; private set; } = null!;
    public bool Online => Matter.Applicants.Channels.Contains("online");

    public void OnGet() => Matter = library.FindOffered(Id)?.Matter ?? throw new UnknownCaseException();
}
