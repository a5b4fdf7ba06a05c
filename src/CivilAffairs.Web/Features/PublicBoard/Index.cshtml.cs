using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.PublicBoard;

/// <summary>公示栏: what is on notice or published today, by place. Not for search engines: it names people in need.</summary>
[EnableRateLimiting(PublicLimits.Read)]
internal sealed class IndexModel(IReader reader, TimeProvider time) : PageModel
{
    private const int PageSize = 20;

    /// <summary>Village or township; empty: the whole county.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Place { get; set; }

    /// <summary>From 1.</summary>
    [BindProperty(SupportsGet = true, Name = "page")]
    public int Number { get; set; } = 1;

    public IReadOnlyList<PublicNotice> Notices { get; private set; } = [];
    public int Pages { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Response.Headers["X-Robots-Tag"] = "noindex";
        await using var db = reader.Open();
        var up = db.Up(time.Today());
        if (Place is { Length: 9 or 12 } place) up = up.Where(n => n.Division.StartsWith(place));
        Pages = Math.Max(1, (await up.CountAsync(cancel) + PageSize - 1) / PageSize);
        Number = Math.Clamp(Number, 1, Pages);
        Notices = await up.OrderByDescending(n => n.FirstDay).ThenByDescending(n => n.Id).Skip((Number - 1) * PageSize).Take(PageSize).ToListAsync(cancel);
    }
}
