using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders.Digest;

/// <summary>The page in words: DigestTexts.resx is Chinese, DigestTexts.en.resx English.</summary>
public sealed class DigestTexts;

/// <summary>Whether an officer gets the digest: his own to say.</summary>
[Authorize(Policies.Officer)]
internal sealed class DigestModel(IReader reader, IWriter writer, ViewerAccessor viewers) : PageModel
{
    public bool Wanted { get; private set; }
    public bool HasAddress { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel) => (Wanted, HasAddress) = await DigestChoice.ReadAsync(reader, await viewers.RequireAsync(cancel), cancel);

    public async Task<IActionResult> OnPostAsync([FromForm] bool wanted, CancellationToken cancel)
    {
        await DigestChoice.SetAsync(writer, await viewers.RequireAsync(cancel), wanted, cancel);
        return RedirectToPage();
    }
}

internal static class DigestChoice
{
    public static void MapDigest(this RouteGroupBuilder api)
    {
        var digest = api.MapGroup("/digest").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Digest");
        digest.MapGet("", async (IReader reader, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (wanted, address) = await ReadAsync(reader, await viewers.RequireAsync(cancel), cancel);
            return TypedResults.Ok(new ApiDigest(wanted, address));
        }).WithSummary("Whether the caller gets the daily digest");
        digest.MapPut("", async (NewDigest body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, IWriter writer, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await SetAsync(writer, await viewers.RequireAsync(cancel), body.Wanted, cancel);
            return TypedResults.NoContent();
        }).Command().WithSummary("Switches the caller's daily digest on or off");
    }

    public static async Task<(bool Wanted, bool HasAddress)> ReadAsync(IReader reader, Viewer viewer, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var found = await db.Users.Where(a => a.Id == viewer.AccountId).Select(a => new { a.WithoutDigest, a.Email }).FirstAsync(cancel).ConfigureAwait(false);
        return (!found.WithoutDigest, !string.IsNullOrEmpty(found.Email));
    }

    public static Task SetAsync(IWriter writer, Viewer viewer, bool wanted, CancellationToken cancel) =>
        writer.WriteAsync((db, token) => db.Users.Where(a => a.Id == viewer.AccountId).ExecuteUpdateAsync(s => s.SetProperty(a => a.WithoutDigest, !wanted), token), cancel);
}

/// <param name="HasAddress">False: no letter can reach the caller at all.</param>
internal sealed record ApiDigest(bool Wanted, bool HasAddress);

internal sealed record NewDigest(bool Wanted);
