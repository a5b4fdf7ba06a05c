using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CivilAffairs.Web.Features.Jobs.Board;

/// <summary>The jobs in plain words; administrators also run one now.</summary>
[Authorize(Policies.Overseer)]
internal sealed class JobsModel(JobBoard board, JobRunner runner, JobStarter starter, ViewerAccessor viewers, TimeProvider time) : PageModel
{
    public IReadOnlyList<JobLine> Lines { get; private set; } = [];
    public IReadOnlyList<FailedLine> FailedItems { get; private set; } = [];
    public bool MayRun { get; private set; }
    public DateTimeOffset Now { get; private set; }

    /// <summary>The job whose history is shown.</summary>
    [BindProperty(SupportsGet = true)] public string? Job { get; set; }
    public IReadOnlyList<JobPast> History { get; private set; } = [];

    /// <summary>The job that was run at somebody's wish, and whether it ended.</summary>
    [BindProperty(SupportsGet = true)] public string? Ran { get; set; }
    [BindProperty(SupportsGet = true)] public bool Ended { get; set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var viewer = await viewers.RequireAsync(cancel);
        (Now, Lines, MayRun, FailedItems) = (time.GetUtcNow(), await board.ReadAsync(cancel), viewer.HoldsAny(Roles.Administrator), await board.FailedAsync(viewer, cancel));
        if (Lines.All(l => l.Id != Job)) Job = null;
        if (Lines.All(l => l.Id != Ran)) Ran = null;
        if (Job is not null) History = await board.HistoryAsync(Job, cancel);
    }

    public async Task<IActionResult> OnPostAsync([FromForm] string id, CancellationToken cancel)
    {
        var viewer = await viewers.RequireAsync(cancel);
        if (!viewer.HoldsAny(Roles.Administrator)) return Forbid();
        if (runner.Jobs.All(j => j.Id != id)) return NotFound();
        return RedirectToPage(new { ran = id, ended = await starter.StartAsync(id, viewer.AccountId) });
    }
}
