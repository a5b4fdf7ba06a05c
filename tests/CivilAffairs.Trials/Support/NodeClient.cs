using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CivilAffairs.Trials.Support;

/// <summary>An officer whose one session reaches every node, as behind a balancer.</summary>
public sealed partial class NodeClient : IDisposable
{
    private readonly HttpClient client = new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false });

    /// <summary>Signs in through the page of one node.</summary>
    public static async Task<NodeClient> SignInAsync(Uri node, string userName, string password)
    {
        var person = new NodeClient();
        var page = await person.client.GetStringAsync(new Uri(node, "/sign-in"));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["UserName"] = userName, ["Password"] = password, ["__RequestVerificationToken"] = Token().Match(page).Groups[1].Value,
        });
        using var answer = await person.client.PostAsync(new Uri(node, "/sign-in"), form);
        return answer.StatusCode == HttpStatusCode.Redirect ? person : throw new InvalidOperationException($"{userName} was not let in: {(int)answer.StatusCode}");
    }

    /// <returns>Status and body.</returns>
    public async Task<(HttpStatusCode Status, string Body)> PostAsync(Uri node, string path, string key, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => client.Dispose();

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="([^"]+)""")]
    private static partial Regex Token();
}
