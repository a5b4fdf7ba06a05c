using System.Net;
using CivilAffairs.Trials.Support;
using Xunit;

namespace CivilAffairs.Trials;

/// <summary>The product as a process: it starts without set-up, and a kill -9 leaves nothing that keeps it from starting again.</summary>
public sealed class RestartTrials
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task It_serves_its_first_page_again_after_a_kill(string environment)
    {
        await using var app = new RunningApp(environment);
        for (var start = 1; start <= 2; start++)
        {
            await app.StartAsync();
            using var page = await app.Client.GetAsync(new Uri("/", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Contains("frame-ancestors 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

            app.Kill();
            Assert.False(app.IsRunning);
            await Assert.ThrowsAsync<HttpRequestException>(() => app.Client.GetAsync(new Uri("/", UriKind.Relative)));
        }
    }
}
