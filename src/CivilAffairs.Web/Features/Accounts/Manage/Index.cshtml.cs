using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CivilAffairs.Web.Features.Accounts.Manage;

/// <summary>The officers, page by page.</summary>
[Authorize(Policies.Administrator)]
internal sealed class StaffListModel(Staff staff, TimeProvider time) : PageModel
{
    /// <summary>Part of a name.</summary>
    [BindProperty(SupportsGet = true)] public string? Q { get; set; }

    /// <summary>Page, from 1.</summary>
    [BindProperty(SupportsGet = true)] public int P { get; set; } = 1;
    public IReadOnlyList<StaffLine> Lines { get; private set; } = [];
    public bool More { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        P = Math.Clamp(P, 1, 10_000);
        (Lines, More) = await staff.ListAsync(P, Staff.PageSize, Q, time.Today(), cancel);
    }
}
