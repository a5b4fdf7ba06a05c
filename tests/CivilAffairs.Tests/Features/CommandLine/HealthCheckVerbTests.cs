using System.Globalization;
using CivilAffairs.Web.Features.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace CivilAffairs.Tests.Features.CommandLine;

/// <summary>What a container's health check gets from a real server on loopback.</summary>
public sealed class HealthCheckVerbTests : IAsyncLifetime
{
    private WebApplication server = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.MapGet("/well", () => "Healthy");
        server.MapGet("/ill", () => Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        server.MapGet("/elsewhere", () => Results.Redirect("/well"));
        await server.StartAsync();
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("/well", 0, "200 OK\n")]
    [InlineData("/ill", 1, "503 Service Unavailable\n")]
    [InlineData("/elsewhere", 1, "302 Found\n")]
    public void Only_a_success_is_healthy(string path, int code, string text) => Assert.Equal((code, text), Call(server.Urls.Single() + path));

    [Fact]
    public async Task A_server_that_is_down_is_not_healthy()
    {
        var address = server.Urls.Single();
        await server.StopAsync();
        var (code, text) = Call(address + "/well");
        Assert.Equal(1, code);
        Assert.NotEmpty(text);
    }

    [Theory]
    [InlineData()]
    [InlineData("/well")]
    [InlineData("ftp://127.0.0.1/well")]
    public void A_call_whose_words_are_off_exits_with_two(params string[] args) => Assert.Equal((2, ""), Call(args));

    private static (int? Code, string Text) Call(params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        return (Verbs.TryRun(["healthcheck", .. args], output, TextWriter.Null), output.ToString());
    }
}
