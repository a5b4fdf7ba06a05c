using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Retention;

/// <summary>Over HTTP: what is due and why, proposed by one person and decided by another, on both databases.</summary>
[Collection(ApiStories.Name)]
public sealed class RetentionApiTests(StoryApps apps)
{
    private const string County = "341299";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_is_due_proposed_kept_proposed_again_and_destroyed(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.PlayAsync("refused");
        var decided = (DateTimeOffset)(await story.DossierAsync())["decidedAt"]!;
        app.Clock.Put(decided.AddYears(10));
        var (supervisor, leader, clerk) = (await story.OfficerAsync("sup-r", new HeldRole(Roles.Supervisor, County)), await story.OfficerAsync("ldr-r", new HeldRole(Roles.Leader, County)), await story.OfficerAsync("tck-r", new HeldRole(Roles.Clerk, story.Places.Township)));
        Assert.Null(await DueAsync(supervisor, story));
        using (var early = await supervisor.PostAsync($"/cases/{story.CaseId}/erasure-proposals")) await ApiCaller.RefusedAsync(early, 403, "erasure.tooEarly");

        app.Clock.Put(decided.AddYears(10).AddDays(2));
        (supervisor, leader, clerk) = (await story.OfficerAsync("sup-r"), await story.OfficerAsync("ldr-r"), await story.OfficerAsync("tck-r"));
        var due = await DueAsync(supervisor, story);
        Assert.Equal(("10y", "decision", "Refused"), ((string)due!["keep"]!, (string)due["from"]!, (string)due["status"]!));
        Assert.NotEmpty((string)due["source"]!);
        Assert.NotNull(await DueAsync(leader, story));
        // Who sees the case in another post has no part in this.
        Assert.Empty((await clerk.GetAsync("/retention/due"))["items"]!.AsArray());
        using (var others = await clerk.PostAsync($"/cases/{story.CaseId}/erasure-proposals")) await ApiCaller.RefusedAsync(others, 403, "erasure.proposerOnly");

        var first = await ProposeAsync(supervisor, story);
        Assert.Equal(first, await ProposeAsync(supervisor, story));
        Assert.Null(await DueAsync(supervisor, story));
        Assert.Equal(story.CaseId, (Guid)(await ProposedAsync(leader, first))!["caseId"]!);
        using (var own = await supervisor.PostAsync($"/erasure-proposals/{first}/approve", Reason("noFurtherUse"))) await ApiCaller.RefusedAsync(own, 403, "erasure.approverOnly");
        foreach (var (verb, wrong) in ((string, string)[])[("approve", "dispute"), ("keep", "noFurtherUse"), ("keep", "")])
            using (var odd = await leader.PostAsync($"/erasure-proposals/{first}/{verb}", Reason(wrong))) Assert.NotNull((await ApiCaller.RefusedAsync(odd, 400))["errors"]!["reason"]);
        await leader.DoAsync(HttpMethod.Post, $"/erasure-proposals/{first}/keep", Reason("dispute"));
        Assert.NotNull(await DueAsync(supervisor, story));
        using (var late = await leader.PostAsync($"/erasure-proposals/{first}/approve", Reason("noFurtherUse"))) await ApiCaller.RefusedAsync(late, 409, "decided");

        // One person may hold both posts, and still not act as both.
        var both = await story.OfficerAsync("both-r", new HeldRole(Roles.Supervisor, County), new HeldRole(Roles.Leader, County));
        var second = await ProposeAsync(both, story);
        using (var alone = await both.PostAsync($"/erasure-proposals/{second}/approve", Reason("noFurtherUse"))) await ApiCaller.RefusedAsync(alone, 403, "erasure.samePerson");
        using (var alone = await both.PostAsync($"/erasure-proposals/{second}/keep", Reason("value"))) await ApiCaller.RefusedAsync(alone, 403, "erasure.samePerson");
        for (var times = 1; times <= 2; times++)
            using (var done = await leader.SendAsync(HttpMethod.Post, $"/erasure-proposals/{second}/approve", Reason("transferred"), key: $"erase-{second}")) Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
        using (var gone = await supervisor.SendAsync(HttpMethod.Get, $"/cases/{story.CaseId}")) await ApiCaller.RefusedAsync(gone, 410);
        Assert.Null(await ProposedAsync(leader, second));
        using (var none = await supervisor.SendAsync(HttpMethod.Get, "/retention/due?pageSize=101")) await ApiCaller.RefusedAsync(none, 400);
    }

    private static JsonObject Reason(string code) => new() { ["reason"] = code };

    private static async Task<JsonNode?> DueAsync(ApiCaller who, ApiStory story) =>
        (await who.GetAsync("/retention/due?pageSize=100"))["items"]!.AsArray().SingleOrDefault(c => (Guid)c!["caseId"]! == story.CaseId);

    private static async Task<JsonNode?> ProposedAsync(ApiCaller who, Guid proposal) =>
        (await who.GetAsync("/retention/proposals?pageSize=100"))["items"]!.AsArray().SingleOrDefault(p => (Guid)p!["id"]! == proposal);

    private static async Task<Guid> ProposeAsync(ApiCaller who, ApiStory story) => (Guid)(await who.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/erasure-proposals"))!["id"]!;
}
