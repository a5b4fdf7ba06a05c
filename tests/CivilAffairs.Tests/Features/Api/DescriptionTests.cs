using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Platform.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Api;

/// <summary>The OpenAPI document describes every route of the API, and as it is.</summary>
[Collection(ApiStories.Name)]
public sealed class DescriptionTests(StoryApps apps)
{
    private static readonly string[] Schemes = ["session", "requestToken"];

    [Fact]
    public async Task Every_route_is_described_with_its_answers_headers_and_sign_in()
    {
        var app = await apps.GetAsync(Databases.Sqlite);
        Assert.Empty(Faults(await DocumentAsync(app), ApiRouteList.Of(app)));
    }

    [Theory]
    [InlineData("summary")]
    [InlineData("tags")]
    [InlineData("security")]
    [InlineData("parameters")]
    [InlineData("responses.422")]
    [InlineData("responses.401.content")]
    [InlineData("")]
    public async Task The_guard_sees_what_is_missing(string removed)
    {
        var app = await apps.GetAsync(Databases.Sqlite);
        var document = await DocumentAsync(app);
        var operation = document["paths"]!["/api/v1/tasks/{id}/claim"]!.AsObject();
        if (removed.Length == 0) operation.Remove("post");
        else
        {
            var at = operation["post"]!.AsObject();
            foreach (var step in removed.Split('.')[..^1]) at = at[step]!.AsObject();
            at.Remove(removed.Split('.')[^1]);
        }
        Assert.NotEmpty(Faults(document, ApiRouteList.Of(app)));
    }

    [Fact]
    public async Task The_reading_page_is_there_for_everybody()
    {
        using var nobody = ApiCaller.Nobody(await apps.GetAsync(Databases.Sqlite));
        using var page = await nobody.Client.GetAsync(new Uri("/api/docs/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private static async Task<JsonObject> DocumentAsync(StoryApp app)
    {
        using var nobody = ApiCaller.Nobody(app);
        return JsonNode.Parse(await nobody.Client.GetStringAsync(new Uri("/api/openapi/v1.json", UriKind.Relative)))!.AsObject();
    }

    /// <summary>One line for each thing that the document does not say, or says though it is not so.</summary>
    private static List<string> Faults(JsonObject document, IReadOnlyList<ApiRoute> routes)
    {
        var faults = new List<string>();
        var described = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key.ToUpperInvariant()} {p.Key}")).ToHashSet();
        faults.AddRange(described.Except(routes.Select(r => r.Name)).Select(r => $"{r} is described and not there"));
        faults.AddRange(Schemes.Where(s => document["components"]?["securitySchemes"]?[s] is null).Select(s => $"no security scheme {s}"));
        var names = new HashSet<string>();
        foreach (var route in routes)
        {
            var operation = document["paths"]![route.Path]?[route.Method.ToLowerInvariant()] as JsonObject;
            if (operation is null)
            {
                faults.Add($"{route.Name} is not described");
                continue;
            }
            void Expect(bool holds, string what)
            {
                if (!holds) faults.Add($"{route.Name}: {what}");
            }
            var responses = operation["responses"]!.AsObject();
            var parameters = operation["parameters"]?.AsArray() ?? [];
            var body = operation["requestBody"] is not null;
            Expect((string?)operation["summary"] is { Length: > 5 }, "no summary");
            Expect(operation["tags"]?.AsArray().Count == 1, "no tag");
            Expect((string?)operation["operationId"] is { } id && names.Add(id), "no name of its own");
            var signedIn = route.Endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null;
            Expect(signedIn == (operation["security"]?.AsArray().Count == 1), "sign-in");
            Expect(!signedIn || (operation["security"]?[0]?.AsObject().ContainsKey("requestToken") == true) == (route.Method != "GET"), "request token");
            Expect(parameters.Any(p => (string?)p!["name"] == ApiRoutes.KeyHeader && (bool?)p["required"] == true && (string?)p["description"] is not null) == route.IsCommand, "idempotency key");
            Expect(parameters.All(p => p!["schema"] is not null), "a parameter without schema");
            string[] wanted = [.. signedIn ? ["401"] : (string[])[], .. route.IsCommand ? ["400", "409", "422", "503"] : (string[])[], .. body ? ["400", "413", "415"] : (string[])[]];
            foreach (var status in wanted) Expect(responses.ContainsKey(status), $"no answer {status}");
            foreach (var (status, response) in responses)
            {
                Expect((string?)response!["description"] is { Length: > 4 }, $"{status} without description");
                var content = response["content"] as JsonObject;
                if (status[0] == '4' || status[0] == '5') Expect(content?.ContainsKey("application/problem+json") == true, $"{status} without problem details");
                else if (status != "204") Expect(content?.Any(c => c.Value?["schema"] is not null) == true, $"{status} without schema");
            }
            Expect(responses.Any(r => r.Key[0] == '2'), "no answer for success");
        }
        var problem = document["components"]?["schemas"]?["ProblemDetails"]?["properties"];
        if (problem?["code"] is null || problem["errors"] is null) faults.Add("problem details without code and errors");
        return faults;
    }
}

/// <summary>One route of the API as it is mapped.</summary>
internal sealed record ApiRoute(string Method, string Path, RouteEndpoint Endpoint)
{
    public string Name => $"{Method} {Path}";

    /// <summary>Takes an idempotency key.</summary>
    public bool IsCommand => Endpoint.Metadata.GetMetadata<ApiCommand>() is not null;
}

internal static class ApiRouteList
{
    public static IReadOnlyList<ApiRoute> Of(TestApp app) => [.. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("api/v1/", StringComparison.Ordinal))
        .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => new ApiRoute(m, Plain(e.RoutePattern.RawText!), e)))];

    /// <summary>Without constraints: <c>/api/v1/tasks/{id}</c>.</summary>
    private static string Plain(string pattern) => "/" + string.Join('/', pattern.Trim('/').Split('/').Select(p => p.StartsWith('{') ? p.Split(':')[0].TrimEnd('}') + "}" : p));
}
