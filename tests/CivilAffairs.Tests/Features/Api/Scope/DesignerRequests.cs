using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support.Api;

namespace CivilAffairs.Tests.Features.Api.Scope;

/// <summary>Requests about definitions; those that change something name a version that was never there.</summary>
internal static class DesignerRequests
{
    private const string Stale = "\"999\"", Matter = "/designer/matters/rural-dibao";

    public static void Add(Dictionary<string, Func<ApiCaller, Task<HttpResponseMessage>>> all)
    {
        const string route = "/api/v1/designer/matters";
        all[$"GET {route}"] = Get("/designer/matters");
        all[$"GET {route}/{{id}}"] = Get(Matter);
        all[$"GET {route}/{{id}}/changes"] = Get($"{Matter}/changes?from=1&to=1");
        all[$"GET {route}/{{id}}/files"] = Get($"{Matter}/files?version=1");
        all[$"GET {route}/{{id}}/archive"] = Get($"{Matter}/archive?version=1");
        all[$"GET {route}/{{id}}/workflows/{{workflow}}"] = Get($"{Matter}/workflows/apply?version=1");
        all[$"POST {route}"] = Send(HttpMethod.Post, "/designer/matters", new JsonObject { ["id"] = "", ["nameZh"] = "", ["nameEn"] = "" });
        all[$"POST {route}/archive"] = c => c.SendAsync(HttpMethod.Post, "/designer/matters/archive", key: ApiCaller.NewKey(), ifMatch: Stale, content: ApiCaller.File([1, 2, 3], "a.zip"));
        all[$"PATCH {route}/{{id}}/draft"] = Send(HttpMethod.Patch, $"{Matter}/draft", new JsonObject { ["files"] = new JsonObject { ["a.txt"] = "a" } });
        all[$"PUT {route}/{{id}}/workflows/{{workflow}}"] = Send(HttpMethod.Put, $"{Matter}/workflows/apply", new JsonObject());
        all[$"GET {route}/{{id}}/form"] = Get($"{Matter}/form");
        all[$"GET {route}/{{id}}/people"] = Get($"{Matter}/people");
        all[$"GET {route}/{{id}}/deadlines"] = Get($"{Matter}/deadlines");
        all[$"GET {route}/{{id}}/roles"] = Get($"{Matter}/roles");
        all[$"GET {route}/{{id}}/uses"] = Get($"{Matter}/uses?of=members.health");
        all[$"PUT {route}/{{id}}/form"] = Send(HttpMethod.Put, $"{Matter}/form", new JsonObject());
        all[$"PUT {route}/{{id}}/people"] = Send(HttpMethod.Put, $"{Matter}/people", new JsonObject());
        all[$"PUT {route}/{{id}}/deadlines"] = c => c.SendAsync(HttpMethod.Put, $"{Matter}/deadlines", new JsonArray(), ApiCaller.NewKey(), Stale);
        all[$"GET {route}/{{id}}/draft/history"] = Get($"{Matter}/draft/history");
        all[$"DELETE {route}/{{id}}/draft"] = Send(HttpMethod.Delete, $"{Matter}/draft", null);
        all[$"POST {route}/{{id}}/draft/submit"] = Send(HttpMethod.Post, $"{Matter}/draft/submit", new JsonObject { ["comment"] = "" });
        all[$"POST {route}/{{id}}/draft/publish"] = Send(HttpMethod.Post, $"{Matter}/draft/publish", new JsonObject { ["comment"] = "" });
        all[$"POST {route}/{{id}}/draft/rebase"] = Send(HttpMethod.Post, $"{Matter}/draft/rebase", null);
        all[$"POST {route}/{{id}}/draft/folder"] = Send(HttpMethod.Post, $"{Matter}/draft/folder", null);
        all[$"POST {route}/{{id}}/retire"] = Send(HttpMethod.Post, $"{Matter}/retire", new JsonObject { ["comment"] = "", ["number"] = 1 });
        all[$"POST {route}/{{id}}/versions/{{number}}/publish"] = Send(HttpMethod.Post, $"{Matter}/versions/1/publish", new JsonObject { ["comment"] = "" });
        all[$"POST {route}/{{id}}/versions/{{number}}/restore"] = Send(HttpMethod.Post, $"{Matter}/versions/1/restore", null);
        Papers(all, $"{route}/{{id}}");
    }

    private static void Papers(Dictionary<string, Func<ApiCaller, Task<HttpResponseMessage>>> all, string route)
    {
        all[$"GET {route}/papers"] = Get($"{Matter}/papers");
        all[$"GET {route}/papers/{{file}}"] = Get($"{Matter}/papers/granted.mail");
        all[$"POST {route}/papers"] = Send(HttpMethod.Post, $"{Matter}/papers", new JsonObject { ["file"] = "a", ["kind"] = "mail", ["nameZh"] = "", ["nameEn"] = "" });
        all[$"PUT {route}/papers/{{file}}"] = Send(HttpMethod.Put, $"{Matter}/papers/granted.mail", new JsonObject { ["nameZh"] = "", ["nameEn"] = "", ["optional"] = false, ["text"] = "" });
        all[$"DELETE {route}/papers/{{file}}"] = Send(HttpMethod.Delete, $"{Matter}/papers/granted.mail", null);
        all[$"GET {route}/settings"] = Get($"{Matter}/settings");
        all[$"PUT {route}/settings"] = Send(HttpMethod.Put, $"{Matter}/settings", new JsonObject());
        all[$"POST {route}/papers/{{file}}/preview"] = c => c.SendAsync(HttpMethod.Post, $"{Matter}/papers/granted.mail/preview", new JsonObject());
    }

    private static Func<ApiCaller, Task<HttpResponseMessage>> Get(string path) => c => c.SendAsync(HttpMethod.Get, path);

    private static Func<ApiCaller, Task<HttpResponseMessage>> Send(HttpMethod method, string path, JsonObject? body) => c => c.SendAsync(method, path, body?.DeepClone(), ApiCaller.NewKey(), Stale);
}
