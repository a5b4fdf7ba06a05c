using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Print;

/// <summary>What of a case can be printed, and the case file that was asked for: waits, is ready, or why there is none.</summary>
[Authorize(Policy = Policies.Officer)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal sealed class PrintModel(CasePrints prints, ViewerAccessor viewers, IReader reader) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public string Number { get; private set; } = "";
    public CasePrint? Last { get; private set; }
    public string Key { get; } = Guid.NewGuid().ToString("N");

    public async Task OnGetAsync(CancellationToken cancel)
    {
        await using var db = reader.Open();
        var viewer = await viewers.RequireAsync(cancel);
        Number = await db.Set<Case>().Where(c => c.Status != "Draft").OneVisibleTo(db, viewer, Id).Select(c => c.Number ?? "").FirstOrDefaultAsync(cancel) ?? throw new UnknownCaseException();
        Last = await prints.LastAsync(viewer, Id, cancel);
        // Without a script: the browser asks again by itself.
        if (Last is { State: PrintState.Waiting }) Response.Headers.Append("Refresh", "4");
    }

    public async Task<IActionResult> OnPostAsync(string? key, CancellationToken cancel)
    {
        if (key is not { Length: > 0 and <= 100 }) return BadRequest();
        await prints.AskAsync(await viewers.RequireAsync(cancel), Id, key, cancel: cancel);
        return LocalRedirect($"/desk/cases/{Id}/print");
    }
}
