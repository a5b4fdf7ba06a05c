using System.Net.Mime;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Cases.Web;

/// <summary>
/// Turns refusals into answers: problem details that name the field under <c>/api</c>, elsewhere the status page with the
/// refusal's own words. Faults of the product pass through.
/// </summary>
internal sealed class RefusalMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, Refusals refusals)
    {
        try
        {
            await next(context);
            if (IsApi(context) && context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
                await AnswerAsync(context, refusals.OfStatus(context.Response.StatusCode, context.User.HasClaim(c => c.Type == ViewerClaims.Temporary)));
        }
        catch (Exception exception) when (!context.Response.HasStarted && refusals.Of(exception) is not null)
        {
            // A page asks, and leads back to what was wanted.
            if (exception is AccessReasonException wanted && !IsApi(context))
            {
                context.Response.Redirect($"/desk/cases/{wanted.CaseId}/reason?to={Uri.EscapeDataString(context.Request.Path)}");
                return;
            }
            var refusal = refusals.Of(exception)!;
            // What cannot be read as a request cannot be run again as a status page either.
            if (exception is BadHttpRequestException && !IsApi(context))
            {
                (context.Response.StatusCode, context.Response.ContentType) = (refusal.Status, "text/plain; charset=utf-8");
                await context.Response.WriteAsync(refusal.Text);
            }
            else await AnswerAsync(context, refusal);
        }
    }

    private static async Task AnswerAsync(HttpContext context, Refusal refusal)
    {
        var api = IsApi(context);
        if (refusal.Status == StatusCodes.Status401Unauthorized && !api)
        {
            await context.ChallengeAsync();
            return;
        }
        // Not Clear(): the security headers stay.
        (context.Response.StatusCode, context.Response.ContentType, context.Response.ContentLength) = (refusal.Status, null, null);
        if (refusal.Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "5";
        // Without a body: the status page is run in its place and finds the words.
        if (!api) context.Items[Refusal.Item] = refusal;
        else await context.Response.WriteAsJsonAsync(Problem(refusal), options: null, contentType: MediaTypeNames.Application.ProblemJson);
    }

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api");

    private static ProblemDetails Problem(Refusal refusal)
    {
        var problem = new ProblemDetails { Status = refusal.Status, Title = refusal.Title, Detail = refusal.Text, Extensions = { ["code"] = refusal.Code } };
        if (refusal.Faults.Count > 0)
            problem.Extensions["errors"] = refusal.Faults.GroupBy(f => f.Path).ToDictionary(g => g.Key, g => g.Select(f => Languages.IsEnglish ? f.En : f.Zh).ToArray());
        return problem;
    }
}
