using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Designer.Studio;

/// <summary>Somebody in front of the Studio: signed in, on its page, calling its API as the page does.</summary>
internal sealed class StudioKit(SignedIn person) : IDisposable
{
    internal const string Dibao = "rural-dibao.apply";
    private const string Home = "http://localhost";

    public HttpClient Client => person.Client;

    public static async Task<StudioKit> AsAsync(TestApp app, string role, string division = "341299", string page = "/studio/edit/rural-dibao/apply")
    {
        var account = await TestAccounts.OfficerAsync(app, null, new HeldRole(role, division));
        var kit = new StudioKit(await SignedIn.AsAsync(app, account.UserName!)) { Viewer = new Viewer(account.Id, account.DisplayName, AccountKind.Officer, [new HeldRole(role, division)]) };
        using var answer = await kit.Client.GetAsync(new Uri(page, UriKind.Relative));
        return kit;
    }

    public string Name => Viewer.Name;
    public Viewer Viewer { get; private init; } = Viewer.System;

    /// <summary>A GET that must succeed.</summary>
    public async Task<JsonObject> GetAsync(string path)
    {
        using var answer = await Client.GetAsync(new Uri($"/elsa/api{path}", UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    public Task<JsonObject> DefinitionAsync(string id = Dibao) => GetAsync($"/workflow-definitions/by-definition-id/{id}?versionOptions=Latest");

    public async Task<HttpResponseMessage> PostAsync(string path, JsonNode? body, string? origin = Home)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/elsa/api{path}", UriKind.Relative)) { Content = JsonContent.Create(body) };
        if (origin is not null) request.Headers.Add("Origin", origin);
        return await Client.SendAsync(request);
    }

    /// <summary>Saves as the editor does: what its typed model does not know is lost on the way.</summary>
    public Task<HttpResponseMessage> SaveAsync(JsonObject definition, bool publish = false) =>
        PostAsync("/workflow-definitions", new JsonObject { ["model"] = AsEditor(definition), ["publish"] = publish });

    /// <summary>The reasons of a refused save.</summary>
    public static async Task<string> ReasonsAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        // The editor's client looks at the reasons only under this type.
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return string.Join('\n', JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!["generalErrors"]!.AsArray().Select(r => (string)r!));
    }

    /// <summary>The editor's model: known properties only, variables' values as text, nothing that is null.</summary>
    public static JsonObject AsEditor(JsonObject definition)
    {
        var model = new JsonObject();
        foreach (var key in new[] { "id", "definitionId", "name", "description", "toolVersion", "createdAt", "version", "customProperties", "options", "outcomes", "isLatest", "isPublished", "root" })
            if (definition[key] is { } value) model[key] = value.DeepClone();
        model["variables"] = Items(definition["variables"], "id", "name", "typeName", "isArray", "value", "storageDriverTypeName");
        foreach (var item in model["variables"]!.AsArray()) if (item!["value"] is { } value) item["value"] = value.ToString();
        model["inputs"] = Items(definition["inputs"], "type", "name", "displayName", "description", "category", "uiHint", "isArray");
        model["outputs"] = Items(definition["outputs"], "type", "name", "displayName", "description", "category", "isArray");
        return model;
    }

    private static JsonArray Items(JsonNode? list, params string[] keys) =>
        [.. (list as JsonArray ?? []).Select(item => new JsonObject(keys.Where(k => item![k] is not null).Select(k => KeyValuePair.Create(k, item![k]?.DeepClone()))))];

    public void Dispose() => person.Dispose();
}
