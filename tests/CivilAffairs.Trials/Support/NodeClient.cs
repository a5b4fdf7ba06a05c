using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CivilAffairs.Trials.Support;

/// <summary>An officer whose one session reaches every node, as behind a balancer.</summary>
public sealed class NodeClient : IDisposable
{
    private readonly HttpClient client = new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false });

    private string token = "";

    /// <summary>Signs in at one node.</summary>
    public static async Task<NodeClient> SignInAsync(Uri node, string userName, string password)
    {
        var person = new NodeClient();
        using var answer = await person.client.PostAsJsonAsync(new Uri(node, "/api/v1/session"), new { userName, password });
        if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{userName} was not let in: {(int)answer.StatusCode}");
        person.token = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["requestToken"]!;
        return person;
    }

    /// <returns>Status and body.</returns>
    public async Task<(HttpStatusCode Status, string Body)> PostAsync(Uri node, string path, string key, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        request.Headers.Add("RequestVerificationToken", token);
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => client.Dispose();
}
