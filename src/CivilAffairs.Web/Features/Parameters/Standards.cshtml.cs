using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace CivilAffairs.Web.Features.Parameters;

/// <summary>标准公开: what holds in a place on a day.</summary>
[EnableRateLimiting(PublicLimits.Read)]
internal sealed class StandardsModel(PublishedStandards standards) : PageModel
{
    /// <summary>A township's code; empty: the county.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Place { get; set; }

    /// <summary>As typed; empty: today.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Day { get; set; }

    /// <summary>Key of what is wrong with the day or the place; null: nothing.</summary>
    public string? Fault { get; private set; }
    public DateOnly On { get; private set; }
    public IReadOnlyList<StandardsOfMatter> Matters { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        On = standards.Today;
        var place = Place?.Trim() ?? "";
        if (!standards.Knows(place)) Fault = "Public.PlaceUnknown";
        else if (!string.IsNullOrWhiteSpace(Day) && FieldText.ReadDay(Day) is null) Fault = "Public.DayWrong";
        else if (!string.IsNullOrWhiteSpace(Day) && FieldText.ReadDay(Day) is { } day)
        {
            if (day > On) Fault = "Public.DayAhead";
            else On = day;
        }
        if (Fault is null) Matters = await standards.OnAsync(place, On, cancel);
    }
}
