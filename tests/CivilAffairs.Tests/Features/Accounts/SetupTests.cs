using System.Net;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Accounts.Setup;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Accounts;

/// <summary>The link itself; that a real start prints one is a trial of the whole process.</summary>
public sealed class SetupTests
{
    private static readonly Dictionary<string, string> First = new()
    {
        ["UserName"] = "chief", ["Name"] = "管理员甲", ["County"] = "341299", ["Password"] = "a-long-enough-one", ["Again"] = "a-long-enough-one",
    };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_link_makes_one_administrator_and_then_nothing(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var token = await IssueAsync(app);
        await using (var db = app.Services.GetRequiredService<IReader>().Open())
            Assert.DoesNotContain(token, (await db.Set<SetupLink>().SingleAsync()).Hash, StringComparison.Ordinal);

        using var chief = SignedIn.Nobody(app);
        using (var wrong = await chief.GetAsync("/setup?token=" + new string('0', 64))) Assert.Equal(HttpStatusCode.Gone, wrong.StatusCode);
        using (var none = await chief.GetAsync("/setup")) Assert.Equal(HttpStatusCode.Gone, none.StatusCode);
        using var done = await chief.SubmitAsync("/setup?token=" + token, First);
        Assert.Equal("/manage/accounts", done.Headers.Location?.ToString());
        using var list = await chief.PageAsync("/manage/accounts");
        Assert.Contains("管理员甲", list.QuerySelector("table")!.TextContent, StringComparison.Ordinal);

        using var second = SignedIn.Nobody(app);
        using var used = await second.GetAsync("/setup?token=" + token);
        Assert.Equal(HttpStatusCode.Gone, used.StatusCode);
        Assert.Null(await IssueOrNullAsync(app));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_who_use_one_link_at_once_make_one_administrator(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var token = await IssueAsync(app);
        var uses = await Task.WhenAll(Enumerable.Range(0, 2).Select(async i =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<SetupLinks>().UseAsync(token, $"chief{i}", "甲", "a-long-enough-one", "341299", default);
        }));
        Assert.Single(uses, account => account is not null);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_link_ends_after_a_day_and_when_a_newer_one_is_made(string kind)
    {
        var clock = new MovedClock();
        await using var app = await Databases.StartAsync(kind, clock);
        using var person = SignedIn.Nobody(app);
        var old = await IssueAsync(app);
        var token = await IssueAsync(app);
        using (var replaced = await person.GetAsync("/setup?token=" + old)) Assert.Equal(HttpStatusCode.Gone, replaced.StatusCode);
        using (var valid = await person.GetAsync("/setup?token=" + token)) Assert.Equal(HttpStatusCode.OK, valid.StatusCode);
        clock.Ahead = TimeSpan.FromHours(24);
        using var late = await person.GetAsync("/setup?token=" + token);
        Assert.Equal(HttpStatusCode.Gone, late.StatusCode);
    }

    private static async Task<string> IssueAsync(TestApp app) => await IssueOrNullAsync(app) ?? throw new InvalidOperationException("There is an account already.");

    private static async Task<string?> IssueOrNullAsync(TestApp app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SetupLinks>().IssueAsync(default);
    }

    private sealed class MovedClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
