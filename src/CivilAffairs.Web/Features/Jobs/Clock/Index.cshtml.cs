using System.Globalization;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Jobs.Clock;

/// <summary>
/// <c>/dev/clock</c>, Development only: puts the product's clock forward and runs what is due by then. Open to anybody,
/// as the mailbox is: every account of a Development installation is, too.
/// </summary>
[AllowAnonymous]
internal sealed class IndexModel(IReader reader, JobRunner jobs, IServiceProvider services, IStringLocalizer<ClockTexts> texts) : PageModel
{
    private const int Listed = 10;

    // Absent outside Development, and where a test brought its own clock.
    private readonly MovableClock? clock = services.GetRequiredService<TimeProvider>() as MovableClock;

    public DateTimeOffset Now => clock!.GetUtcNow();
    public DateTimeOffset Real => Now - clock!.Shift;
    public IReadOnlyList<DueTimer> Next { get; private set; } = [];

    /// <summary>As typed.</summary>
    [BindProperty]
    public string? To { get; set; }

    /// <summary>Whether this answers a move.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Moved { get; set; }

    /// <summary>Whether a job could not do what was due.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Failed { get; set; }

    /// <summary>A date as the field wants it.</summary>
    public string Example => BureauTime.Iso(BureauTime.Day(Now).AddDays(8));

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => clock is null ? NotFound() : await ShownAsync(cancel);

    public async Task<IActionResult> OnPostOnAsync([FromForm] int days, CancellationToken cancel) =>
        clock is null ? NotFound() : days is 1 or 7 ? await MoveAsync(Now.AddDays(days), cancel) : BadRequest();

    public async Task<IActionResult> OnPostDueAsync([FromForm] DateTimeOffset at, CancellationToken cancel) =>
        clock is null ? NotFound() : await MoveAsync(at, cancel);

    public async Task<IActionResult> OnPostDayAsync(CancellationToken cancel)
    {
        if (clock is null) return NotFound();
        if (DateOnly.TryParseExact(To?.Trim(), ["yyyy-MM-dd", "yyyy-M-d", "yyyy年M月d日"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return await MoveAsync(BureauTime.Start(day, new TimeOnly(9, 0)), cancel);
        ModelState.AddModelError(nameof(To), texts["ToWrong", Example]);
        return await ShownAsync(cancel);
    }

    private async Task<IActionResult> MoveAsync(DateTimeOffset to, CancellationToken cancel)
    {
        if (!clock!.MoveTo(to))
        {
            ModelState.AddModelError(nameof(To), texts["ToBack", Display.Day(Real + MovableClock.Furthest)]);
            return await ShownAsync(cancel);
        }
        // Killed in between, the clock has moved and the jobs run at the next start or the next minute.
        foreach (var job in jobs.Jobs) await jobs.NowAsync(job.Id, cancel);
        await using var db = reader.Open();
        var failed = await db.Set<Platform.Jobs.JobRun>().AnyAsync(r => r.LastError != null, cancel);
        return RedirectToPage(new { moved = true, failed });
    }

    private async Task<PageResult> ShownAsync(CancellationToken cancel)
    {
        var now = Now;
        await using var db = reader.Open();
        Next = await db.Set<CaseTimer>().Where(t => t.State == TimerState.Waiting && t.DueAt > now).OrderBy(t => t.DueAt)
            .Join(db.Set<Case>(), t => t.CaseId, c => c.Id, (t, c) => new DueTimer(t.DueAt!.Value, c.Number ?? "")).Take(Listed).ToListAsync(cancel);
        return Page();
    }
}

/// <param name="Number">Of the case.</param>
internal sealed record DueTimer(DateTimeOffset At, string Number);
