using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Designer.Studio;

/// <summary>The Studio's own files: packed as they lie there, unpacked for who needs it, kept for ever where the name says what is inside.</summary>
public sealed class StudioFilesTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    private const string Start = "/studio/_framework/blazor.webassembly.js";

    [Fact]
    public async Task A_browser_gets_the_packed_file_and_another_client_the_same_unpacked()
    {
        var packed = await SendAsync(Start, "br, gzip");
        Assert.Equal(("br", "text/javascript"), (string.Join(',', packed.Content.Headers.ContentEncoding), packed.Content.Headers.ContentType!.MediaType));
        var plain = await SendAsync(Start, "gzip");
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        await using var unpacked = new System.IO.Compression.BrotliStream(await packed.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        Assert.Equal(await reader.ReadToEndAsync(), await plain.Content.ReadAsStringAsync());
        Assert.NotEqual(packed.Headers.ETag, plain.Headers.ETag);
        using var again = new HttpRequestMessage(HttpMethod.Get, Start);
        again.Headers.TryAddWithoutValidation("Accept-Encoding", "br");
        again.Headers.IfNoneMatch.Add(packed.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await Client().SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task Names_with_a_fingerprint_are_kept_for_ever_and_have_their_type()
    {
        var folder = Repository.Path("src/CivilAffairs.Web/node_modules/@elsa-workflows/elsa-studio-wasm/_framework");
        foreach (var (pattern, type) in new[] { ("dotnet.native.*.wasm", "application/wasm"), ("icudt.*.dat", "application/octet-stream") })
        {
            var answer = await SendAsync($"/studio/_framework/{Path.GetFileName(Directory.GetFiles(folder, pattern).Single())}", "br");
            Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            Assert.Equal((true, TimeSpan.FromDays(365)), (answer.Headers.CacheControl!.Public, answer.Headers.CacheControl.MaxAge));
            Assert.Contains("immutable", answer.Headers.CacheControl.ToString(), StringComparison.Ordinal);
        }
        Assert.Contains("no-cache", (await SendAsync(Start, "br")).Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/studio/_content/MudBlazor/MudBlazor.min.js.map")]
    [InlineData("/studio/_framework/blazor.webassembly.js.br")]
    [InlineData("/studio/index.html")]
    [InlineData("/studio/package.json")]
    [InlineData("/studio/_framework/../package.json")]
    [InlineData("/studio/_framework/%2e%2e/package.json")]
    public async Task What_is_not_loaded_is_not_served(string path) => Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(path, "br")).StatusCode);

    [Fact]
    public async Task The_settings_name_no_other_server()
    {
        var settings = JsonNode.Parse(await (await SendAsync("/studio/appsettings.json", "br")).Content.ReadAsStringAsync())!;
        Assert.Equal("/elsa/api", (string)settings["Backend"]!["Url"]!);
    }

    [Fact]
    public async Task The_studio_s_policy_holds_for_it_alone()
    {
        var studio = Policy(await SendAsync(Start, "br"));
        Assert.Contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-", studio, StringComparison.Ordinal);
        Assert.Contains("worker-src 'self' blob:", studio, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", studio, StringComparison.Ordinal);
        foreach (var word in new[] { "'unsafe-eval'", "http:", "https:", "*" }) Assert.DoesNotContain(word, studio, StringComparison.Ordinal);
        foreach (var other in new[] { "/", "/desk", "/sign-in" }) Assert.DoesNotContain("wasm-unsafe-eval", Policy(await SendAsync(other, "br")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_package_the_page_says_what_to_install()
    {
        await using var bare = new TestApp(settings: new Dictionary<string, string> { ["Studio:Folder"] = Path.Combine(Path.GetTempPath(), "no-such-folder") });
        var manager = await TestAccounts.OfficerAsync(bare, null, new HeldRole(Roles.Manager, "341299"));
        using var person = await SignedIn.AsAsync(bare, manager.UserName!);
        using var page = await person.PageAsync("/studio/edit/rural-dibao/apply");
        Assert.Contains("npm ci", page.QuerySelector("#studio-missing")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("false", page.Body!.GetAttribute("data-installed"));
        Assert.Equal(HttpStatusCode.NotFound, (await person.GetAsync(Start)).StatusCode);
    }

    private static string Policy(HttpResponseMessage answer) => Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));

    private HttpClient Client() => app.CreateClient(new() { AllowAutoRedirect = false });

    private async Task<HttpResponseMessage> SendAsync(string path, string encodings)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encodings);
        return await Client().SendAsync(request);
    }
}
