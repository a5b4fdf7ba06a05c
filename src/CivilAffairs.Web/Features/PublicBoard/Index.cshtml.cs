using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace CivilAffairs.Web.Features.PublicBoard;

/// <summary>公示栏: what is on notice or published today, by place. Not for search engines: it names people in need.</summary>
[EnableRateLimiting(PublicLimits.Read)]
internal sealed class IndexModel(Board board) : PageModel
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
        var (notices, total, page) = await board.ReadAsync(Place, Number, PageSize, cancel);
        (Notices, Number, Pages) = (notices, page, Math.Max(1, (total + PageSize - 1) / PageSize));
    }
}
