using System.Security.Cryptography;
using CivilAffairs.Web.Platform.Security;
using Scalar.AspNetCore;

namespace CivilAffairs.Web.Features.Api;

/// <summary>The HTTP API v1: what the desk's pages do, for programs, in the caller's session. Described at <c>/api/openapi/v1.json</c>, read at <c>/api/docs</c>, both for officers.</summary>
internal static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services) => services.AddOpenApi("v1", options => options.ShouldInclude = d => d.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true);

    public static void MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1").RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        api.MapTasks();
        api.MapCase();
        app.MapOpenApi("/api/openapi/{documentName}.json").RequireAuthorization(Policies.Officer);
        app.MapScalarApiReference("/api/docs", (options, context) =>
        {
            // The page starts by a script in its source; this one answer's policy names it, and lets no other in.
            var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.DocsPolicy(nonce);
            // All from this server: no fonts, agents or tools of the maker's.
            options.WithOpenApiRoutePattern("/api/openapi/{documentName}.json").WithNonce(nonce).DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools();
        }).RequireAuthorization(Policies.Officer);
    }
}
