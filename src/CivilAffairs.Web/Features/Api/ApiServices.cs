using System.Security.Cryptography;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Scalar.AspNetCore;

namespace CivilAffairs.Web.Features.Api;

/// <summary>
/// The HTTP API v1: what the pages do, for programs, over the same commands and queries. Described at
/// <c>/api/openapi/v1.json</c>, read at <c>/api/docs</c>, both for officers. Each feature maps its own routes.
/// </summary>
internal static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddOpenApi("v1", ApiDescription.Configure);
        services.ConfigureHttpJsonOptions(options =>
        {
            // What is required is required, and null is not a text: said with the property's name.
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            options.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            options.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All);
        });
        // Always, not in Development alone: a refusal reads the same everywhere.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    /// <param name="features">Maps the routes of the features.</param>
    public static void MapApi(this IEndpointRouteBuilder app, Action<RouteGroupBuilder> features)
    {
        var api = app.MapGroup("/api/v1").WithMetadata(new JsonLimit());
        api.MapTasks();
        api.MapCases();
        features(api);
        app.MapOpenApi("/api/openapi/{documentName}.json");
        app.MapScalarApiReference("/api/docs", (options, context) =>
        {
            // The page starts by a script in its source; this one answer's policy names it, and lets no other in.
            var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.DocsPolicy(nonce);
            // All from this server: no fonts, agents or tools of the maker's.
            options.WithOpenApiRoutePattern("/api/openapi/{documentName}.json").WithNonce(nonce).DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools();
        });
    }

    /// <summary>A body of JSON has at most 1 MB; attachments have their own limit.</summary>
    private sealed class JsonLimit : Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 1_000_000;
    }
}
