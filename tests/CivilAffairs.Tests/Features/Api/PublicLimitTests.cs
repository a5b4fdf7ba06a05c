using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Api;

/// <summary>What needs no sign-in is limited over the API as it is on the pages.</summary>
public sealed class PublicLimitTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task Nobody_floods_notices_with_objections_or_tries_codes()
    {
        using var nobody = ApiCaller.Nobody(app);
        for (var i = 0; i < 10; i++)
        {
            using var taken = await nobody.PostAsync($"/notices/{Guid.NewGuid()}/objections", new JsonObject { ["text"] = "情况不符" });
            Assert.Equal(HttpStatusCode.NotFound, taken.StatusCode);
        }
        using (var flooded = await nobody.PostAsync($"/notices/{Guid.NewGuid()}/objections", new JsonObject { ["text"] = "情况不符" })) await ApiCaller.RefusedAsync(flooded, 429, "tooMany");
        HttpStatusCode last;
        var tries = 0;
        do
        {
            using var tried = await nobody.SendAsync(HttpMethod.Get, $"/verifications/{tries++:0000000000}");
            last = tried.StatusCode;
        }
        while (last == HttpStatusCode.NotFound && tries < 200);
        Assert.Equal((HttpStatusCode.TooManyRequests, 61), (last, tries));
    }

    /// <summary>Its timer would keep a stopped application in memory, with all it holds.</summary>
    [Fact]
    public async Task What_counts_ends_with_the_application()
    {
        CivilAffairs.Web.Platform.Pages.PublicLimiter limiter;
        await using (var stopping = new TestApp())
        {
            limiter = stopping.Services.GetRequiredService<CivilAffairs.Web.Platform.Pages.PublicLimiter>();
            await limiter.LimitAsync(new DefaultHttpContext(), _ => Task.CompletedTask);
        }
        await Assert.ThrowsAsync<ObjectDisposedException>(() => limiter.LimitAsync(new DefaultHttpContext(), _ => Task.CompletedTask));
    }
}
