using System.Net;
using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace CivilAffairs.Tests.Features;

public sealed partial class FirstPageTests(SqliteApp factory) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task The_first_page_speaks_Chinese_unless_asked_otherwise()
    {
        using var client = factory.CreateClient();
        Assert.Contains("民政事项办理", await client.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        Assert.Contains("Civil affairs services", await client.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_forbids_foreign_and_inline_scripts_and_framing()
    {
        using var client = factory.CreateClient();
        foreach (var path in new[] { "/", "/nowhere", "/css/site.css", "/health/live" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        }
        Assert.DoesNotMatch(InlineScript(), await client.GetStringAsync(new Uri("/", UriKind.Relative)));
    }

    [Fact]
    public async Task A_page_that_is_not_there_says_so_in_words()
    {
        using var client = factory.CreateClient();
        using var answer = await client.GetAsync(new Uri("/nowhere", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("没有找到这个页面", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_is_kept_and_the_way_back_leads_nowhere_else()
    {
        using var client = factory.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        using var forged = await Choose(client, "en", "/", null);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        var token = Token().Match(await client.GetStringAsync(new Uri("/", UriKind.Relative))).Groups[1].Value;
        using var chosen = await Choose(client, "en", "//elsewhere.example/", token);
        Assert.Equal("/", chosen.Headers.Location?.ToString());
        Assert.Contains("Civil affairs services", await client.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> Choose(HttpClient client, string culture, string returnUrl, string? token)
    {
        var fields = new Dictionary<string, string> { ["culture"] = culture, ["returnUrl"] = returnUrl };
        if (token is not null) fields["__RequestVerificationToken"] = token;
        using var form = new FormUrlEncodedContent(fields);
        return await client.PostAsync(new Uri("/language", UriKind.Relative), form);
    }

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="([^"]+)""")]
    private static partial Regex Token();

    [GeneratedRegex(@"<script(?![^>]*\bsrc=)|\son\w+=|style=")]
    private static partial Regex InlineScript();
}
