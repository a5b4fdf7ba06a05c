using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>
/// What Elsa Studio asks of its server, answered from our store (docs/adr/0073): the same once for everything, under
/// <c>/elsa/api</c>, and once for a matter, so that its lists offer what this matter has.
/// </summary>
internal static class StudioRoutes
{
    internal const string Prefix = "/elsa/api";

    /// <summary>A definition with its frame; far above what anybody draws.</summary>
    internal const long LargestBody = 8_000_000;

    public static void MapStudio(this IEndpointRouteBuilder app)
    {
        Map(app.MapGroup(Prefix));
        Map(app.MapGroup($"{Prefix}/matters/{{matter}}"));
    }

    private static void Map(RouteGroupBuilder group)
    {
        group.RequireAuthorization(Policies.Officer).WithMetadata(new BodyLimit()).AddEndpointFilter(AnswerAsync).ExcludeFromDescription();
        group.MapGet("/session", (HttpContext context, StudioGuard guard) =>
        {
            // Who signed in anew in another window gets the page's cookie with the answer.
            guard.Let(context, context.User.AccountId()!.Value);
            return TypedResults.Json(new JsonObject { ["account"] = context.User.AccountId() });
        });
        group.MapGet("/state", async (HttpContext context, string workflow, StudioDefinitions definitions, StudioStates states, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var found = await definitions.LatestAsync(await viewers.RequireAsync(cancel), StudioDefinition.IdOf(context.GetRouteValue("matter")?.ToString() ?? "", workflow), cancel) ?? throw new UnknownCaseException();
            return TypedResults.Json(await states.OfAsync(found, cancel), System.Text.Json.JsonSerializerOptions.Web);
        });
        group.MapStudioDescriptors();
        group.MapStudioDefinitions();
        group.MapStudioInstances();
        group.MapFallback("{**path}", () => TypedResults.Json(new JsonObject { ["statusCode"] = 404, ["message"] = "Not found" }, statusCode: StatusCodes.Status404NotFound));
    }

    /// <summary>Refused so that the editor shows why: it takes 400 with these errors, and breaks over any other status.</summary>
    internal static IResult Refused(params IEnumerable<LocalText> reasons) => TypedResults.Json(
        new JsonObject
        {
            ["statusCode"] = 400, ["message"] = "One or more errors occurred!",
            ["errors"] = new JsonObject { ["generalErrors"] = new JsonArray([.. reasons.Select(r => (JsonNode)(Languages.IsEnglish ? r.En : r.Zh))]) },
        }, statusCode: StatusCodes.Status400BadRequest, contentType: "application/problem+json");

    /// <summary>A list as Elsa's server writes one.</summary>
    internal static IResult List(params IEnumerable<JsonNode?> items)
    {
        JsonArray array = [.. items];
        return TypedResults.Json(new JsonObject { ["items"] = array, ["count"] = array.Count });
    }

    /// <summary>Never kept; writes only from our own page; refusals as the editor can show them.</summary>
    private static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var context = call.HttpContext;
        context.Response.Headers.CacheControl = "no-store";
        var writes = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        if (writes && !StudioGuard.IsOurs(context.Request)) return TypedResults.Json(new JsonObject { ["statusCode"] = 403, ["message"] = "Another origin" }, statusCode: StatusCodes.Status403Forbidden);
        if (writes && !context.RequestServices.GetRequiredService<StudioGuard>().IsLet(context.Request, context.User.AccountId()!.Value))
            return TypedResults.Json(new JsonObject { ["statusCode"] = 401, ["message"] = "Sign in" }, statusCode: StatusCodes.Status401Unauthorized);
        try
        {
            return await next(call);
        }
        catch (UnknownCaseException)
        {
            return TypedResults.Json(new JsonObject { ["statusCode"] = 404, ["message"] = "Not found" }, statusCode: StatusCodes.Status404NotFound);
        }
        catch (Exception e) when (writes && e is not OperationCanceledException && context.RequestServices.GetRequiredService<Refusals>().Of(e) is { Status: < 500 } refusal)
        {
            return Refused([new LocalText(refusal.Text, refusal.Text), .. refusal.Faults.Select(f => new LocalText(f.Zh, f.En))]);
        }
    }

    /// <summary>The matter whose part of the API was asked; null: of none.</summary>
    internal static async Task<MatterRevision?> MatterAsync(HttpContext context, Viewer viewer, StudioDrafts drafts, MatterLibrary library, CancellationToken cancel) =>
        context.GetRouteValue("matter") is not string matter ? null
            : (await drafts.ReadAsync(viewer, matter, cancel)).GetValueOrDefault(matter)?.Revision ?? library.Find(matter);

    private sealed class BodyLimit : Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => LargestBody;
    }
}
