using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Diagnostics;

namespace CivilAffairs.Web.Features.Mail.Choice;

/// <summary>
/// RFC 8058: a mail program sends the form field <c>List-Unsubscribe=One-Click</c> to the address of the letter's own header,
/// without cookies and without ever having read a page; the address is the secret, so no form token is asked.
/// </summary>
internal static class OneClick
{
    internal static void MapMailChoice(this IEndpointRouteBuilder app) => app.MapPost("/mail/off/{id:guid}/{token}/one-click", async (Guid id, string token, HttpRequest request, MailChoices choices, CancellationToken cancel) =>
    {
        // A program asks: the page for a status would be run as this same request, and miss the form's token.
        if (request.HttpContext.Features.Get<IStatusCodePagesFeature>() is { } pages) pages.Enabled = false;
        if (!choices.Holds(id, token)) return Results.NotFound();
        if (!request.HasFormContentType || (await request.ReadFormAsync(cancel))["List-Unsubscribe"] != "One-Click") return Results.BadRequest();
        await choices.SetAsync(id, off: true, cancel);
        return Results.Ok();
    }).DisableAntiforgery().RequireRateLimiting(PublicLimits.Send).ExcludeFromDescription();
}
