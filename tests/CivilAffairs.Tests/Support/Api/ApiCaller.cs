using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Api;
using Microsoft.AspNetCore.Mvc.Testing;

namespace CivilAffairs.Tests.Support.Api;

/// <summary>A program that speaks the HTTP API and nothing else: keeps the session's cookie and its request token.</summary>
public sealed class ApiCaller : IDisposable
{
    private string? token;

    private static int addresses;

    private ApiCaller(HttpClient client)
    {
        Client = client;
        var number = Interlocked.Increment(ref addresses);
        client.DefaultRequestHeaders.Add(StoryApp.AddressHeader, $"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}");
    }

    public HttpClient Client { get; }

    /// <summary>Not signed in.</summary>
    public static ApiCaller Nobody(TestApp app) => new((app ?? throw new ArgumentNullException(nameof(app)))
        .CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false }));

    /// <summary>Signs in through the API.</summary>
    public static async Task<ApiCaller> AsAsync(TestApp app, string userName, string password = TestAccounts.Password)
    {
        var caller = Nobody(app);
        using var answer = await caller.SignInAsync(userName, password);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{userName} was not let in: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return caller;
    }

    public async Task<HttpResponseMessage> SignInAsync(string userName, string password)
    {
        var answer = await SendAsync(HttpMethod.Post, "/session", new JsonObject { ["userName"] = userName, ["password"] = password });
        if (answer.IsSuccessStatusCode) await KeepTokenAsync(answer);
        return answer;
    }

    /// <summary>Remembers the request token of an answer about the session.</summary>
    public async Task KeepTokenAsync(HttpResponseMessage answer) => token = (string?)(await JsonAsync(answer))["requestToken"];

    public void ForgetToken() => token = null;

    /// <summary>Sends one request below <c>/api/v1</c>.</summary>
    /// <param name="body">JSON; null: none.</param>
    /// <param name="key">Idempotency key; null: none.</param>
    /// <param name="ifMatch">An ETag; null: none.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? body = null, string? key = null, string? ifMatch = null, string language = "zh-CN", HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri("/api/v1" + path, UriKind.Relative)) { Content = content ?? (body is null ? null : JsonContent.Create(body)) };
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        if (key is not null) request.Headers.Add(ApiRoutes.KeyHeader, key);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (token is not null) request.Headers.Add(ApiRoutes.TokenHeader, token);
        return await Client.SendAsync(request);
    }

    /// <summary>A command under a fresh key.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Post, path, body, NewKey());

    /// <summary>A command that must succeed.</summary>
    /// <returns>Its answer; null where it has none.</returns>
    public async Task<JsonObject?> DoAsync(HttpMethod method, string path, JsonNode? body = null, HttpContent? content = null)
    {
        using var answer = await SendAsync(method, path, body, NewKey(), content: content);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode == HttpStatusCode.NoContent ? null : await JsonAsync(answer);
    }

    /// <summary>What a GET tells, which must be there (200).</summary>
    public async Task<JsonObject> GetAsync(string path) => (await GetNodeAsync(path)).AsObject();

    public async Task<JsonArray> GetListAsync(string path) => (await GetNodeAsync(path)).AsArray();

    public async Task<byte[]> BytesAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>A file to attach.</summary>
    public static MultipartFormDataContent File(byte[] bytes, string name)
    {
        var part = new ByteArrayContent(bytes);
        part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return new MultipartFormDataContent { { part, "file", name } };
    }

    public static async Task<JsonObject> JsonAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await (answer ?? throw new ArgumentNullException(nameof(answer))).Content.ReadAsStringAsync())!.AsObject();

    /// <summary>The answer must be this refusal.</summary>
    /// <returns>Its problem details.</returns>
    public static async Task<JsonObject> RefusedAsync(HttpResponseMessage answer, int status, string? code = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!.AsObject();
        if (code is not null) Assert.Equal(code, (string?)problem["code"]);
        return problem;
    }

    public static string NewKey() => Guid.NewGuid().ToString("N");

    public void Dispose() => Client.Dispose();

    private async Task<JsonNode> GetNodeAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"GET {path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }
}
