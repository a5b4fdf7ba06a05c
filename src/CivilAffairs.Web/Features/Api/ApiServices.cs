using CivilAffairs.Web.Platform.Security;
using Scalar.AspNetCore;

namespace CivilAffairs.Web.Features.Api;

/// <summary>The HTTP API v1: what the desk's pages do, for programs, in the caller's session. Described at <c>/api/openapi/v1.json</c>, read at <c>/api/docs</c>.</summary>
internal static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services) => services.AddOpenApi("v1", options => options.ShouldInclude = d => d.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true);

    public static void MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1").RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        api.MapTasks();
        api.MapCase();
        app.MapOpenApi("/api/openapi/{documentName}.json");
        app.MapScalarApiReference("/api/docs", options => options.WithOpenApiRoutePattern("/api/openapi/{documentName}.json").DisableDefaultFonts());
    }
}
