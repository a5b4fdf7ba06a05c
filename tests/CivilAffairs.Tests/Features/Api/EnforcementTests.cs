using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Api;

/// <summary>Separation of duties, near relatives and recusal (domain §2) as people meet them over the API, on both databases.</summary>
[Collection(ApiStories.Name)]
public sealed class EnforcementTests(StoryApps apps)
{
    private const string County = "341299";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_accepted_gives_no_opinion_and_serves_no_refusal(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.FileAsync("refused");
        await story.OfficerAsync("tck-1", new HeldRole(Roles.Clerk, story.Places.Township), new HeldRole(Roles.TownshipReviewer, story.Places.Township));
        await story.GoOnAsync(next => next == "opinion");
        Assert.Contains("审查申请材料", await WhyNotAsync(story, await story.OfficerAsync("tck-1"), "opinion", "task.sameAs"), StringComparison.Ordinal);
        await story.GoOnAsync(next => next == "serve");
        // No definition says it of this task: the matter's own rule TCK ≠ TRV does, with its source.
        var reason = await WhyNotAsync(story, await story.OfficerAsync("tck-1"), "serve", "task.separated");
        Assert.Contains("受理", reason, StringComparison.Ordinal);
        Assert.Contains("依据：L", reason, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_persons_visit_and_neither_gives_the_opinion(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.FileAsync("granted");
        await story.OfficerAsync("inv-1", new HeldRole(Roles.Investigator, story.Places.Township), new HeldRole(Roles.TownshipReviewer, story.Places.Township));
        await story.GoOnAsync(next => next == "visit");
        var seats = await story.OpenAsync("visit");
        Assert.Equal(2, seats.Count);
        var visitor = await story.OfficerAsync("inv-1");
        await visitor.DoAsync(HttpMethod.Post, $"/tasks/{(Guid)seats[0]["id"]!}/claim");
        using var second = await visitor.PostAsync($"/tasks/{(Guid)seats[1]["id"]!}/claim");
        Assert.Contains("不同的人员", (string?)(await ApiCaller.RefusedAsync(second, 403, "task.otherSeat"))["detail"], StringComparison.Ordinal);
        await visitor.DoAsync(HttpMethod.Post, $"/tasks/{(Guid)seats[0]["id"]!}/release");
        await story.GoOnAsync(next => next == "opinion");
        Assert.Contains("入户调查", await WhyNotAsync(story, await story.OfficerAsync("inv-1"), "opinion", "task.sameAs"), StringComparison.Ordinal);
        await story.GoOnAsync();
        Assert.Equal("Paying", (string?)(await story.DossierAsync())["status"]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_reviewed_for_the_county_does_not_decide(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.FileAsync("granted");
        await story.OfficerAsync("cck-1", new HeldRole(Roles.CountyClerk, County), new HeldRole(Roles.CountyApprover, County));
        await story.GoOnAsync(next => next == "confirm");
        Assert.Contains("复核", await WhyNotAsync(story, await story.OfficerAsync("cck-1"), "confirm", "task.sameAs"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_declared_relative_is_registered_and_makes_the_county_visit_mandatory(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.PlayAsync("relative", next => next == "countyVisit");
        // No sample was drawn: the declaration alone opened it, and the review waits for it.
        Assert.False(story.Example.SampleSelects);
        Assert.Single(await story.OpenAsync("countyVisit"));
        Assert.Empty(await story.OpenAsync("countyReview"));

        var township = story.Places.Township;
        foreach (var held in (HeldRole[])[new(Roles.Clerk, township), new(Roles.TownshipReviewer, township), new(Roles.CountyClerk, County), new(Roles.CountyApprover, County), new(Roles.Supervisor, County)])
        {
            var reader = await story.OfficerAsync($"reads-{held.Role}", held);
            Assert.Equal("DB 11", (string?)(await reader.GetListAsync("/registers")).Single(r => (string?)r!["id"] == "relatives")!["source"]);
            var line = Lines(await reader.GetAsync("/registers/relatives?pageSize=100"), story);
            Assert.Equal("relative", (string?)line!["reason"]);
            Assert.Contains("*", (string?)line["holders"]![0]!["name"], StringComparison.Ordinal);
        }
        var other = await story.OfficerAsync("other-township", new HeldRole(Roles.Clerk, "341299998"));
        Assert.Null(Lines(await other.GetAsync("/registers/relatives?pageSize=100"), story));
        foreach (var held in (HeldRole[])[new(Roles.Investigator, township), new(Roles.VillageWorker, story.Places.Village), new(Roles.Payments, County), new(Roles.Manager, County), new(Roles.Administrator, County)])
        {
            var stranger = await story.OfficerAsync($"no-{held.Role}", held);
            Assert.DoesNotContain(await stranger.GetListAsync("/registers"), r => (string?)r!["id"] == "relatives");
            using var hidden = await stranger.SendAsync(HttpMethod.Get, "/registers/relatives");
            await ApiCaller.RefusedAsync(hidden, 404);
        }
        await story.GoOnAsync();
        Assert.Equal("Paying", (string?)(await story.DossierAsync())["status"]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_household_without_relatives_is_in_no_register_and_is_visited_only_if_drawn(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.PlayAsync("granted", next => next == "countyReview");
        Assert.Empty(await story.OpenAsync("countyVisit"));
        Assert.Null(Lines(await (await story.SupervisorAsync()).GetAsync("/registers/relatives?pageSize=100"), story));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_is_recused_neither_sees_the_case_nor_takes_its_tasks(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted");
        var clerk = await story.OfficerAsync("near", new HeldRole(Roles.Clerk, story.Places.Township));
        var task = await story.TaskAsync("accept");
        Assert.Contains((await clerk.GetAsync("/tasks"))["items"]!.AsArray(), t => (Guid)t!["id"]! == task);
        await clerk.DoAsync(HttpMethod.Post, $"/tasks/{task}/claim");
        var me = (Guid)(await clerk.GetAsync("/session"))["accountId"]!;
        using (var notTheirs = await clerk.PostAsync($"/cases/{story.CaseId}/recusals", new JsonObject { ["reason"] = "relative", ["officerId"] = me.ToString() })) await ApiCaller.RefusedAsync(notTheirs, 403, "recusal.supervisorOnly");
        await clerk.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/recusals", new JsonObject { ["reason"] = "relative" });
        // Nobody else of the township is a clerk: the supervisor is told, and gives it to one who is posted there now.
        var supervisor = await story.SupervisorAsync();
        Assert.Contains((await supervisor.GetAsync("/desk/stranded"))["items"]!.AsArray(), t => (Guid)t!["id"]! == task);
        var other = (Guid)(await (await story.OfficerAsync("tck-1", new HeldRole(Roles.Clerk, story.Places.Township))).GetAsync("/session"))["accountId"]!;
        Assert.Equal([other], (await supervisor.GetListAsync($"/tasks/{task}/candidates")).Select(c => (Guid)c!["id"]!));
        using (var back = await supervisor.PostAsync($"/tasks/{task}/reassign", new JsonObject { ["reason"] = "recusal", ["officerId"] = me.ToString() })) await ApiCaller.RefusedAsync(back, 403, "reassign.recused");
        await supervisor.DoAsync(HttpMethod.Post, $"/tasks/{task}/reassign", new JsonObject { ["reason"] = "recusal", ["officerId"] = other.ToString() });

        Assert.DoesNotContain((await clerk.GetAsync("/tasks"))["items"]!.AsArray(), t => (Guid)t!["id"]! == task);
        foreach (var path in (string[])[$"/tasks/{task}/claim", $"/tasks/{task}/release", $"/cases/{story.CaseId}/withdraw"])
        {
            using var refused = await clerk.PostAsync(path);
            await ApiCaller.RefusedAsync(refused, 404, "notFound");
        }
        using var completed = await clerk.PostAsync($"/tasks/{task}/complete", new JsonObject { ["outcome"] = "Accept", ["fields"] = new JsonObject { ["relative"] = false } });
        await ApiCaller.RefusedAsync(completed, 404, "notFound");
        using var read = await clerk.SendAsync(HttpMethod.Get, $"/cases/{story.CaseId}");
        await ApiCaller.RefusedAsync(read, 404, "notFound");
        await story.GoOnAsync(next => next == "visit");
        Assert.Equal("Investigating", (string?)(await story.DossierAsync())["status"]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Where_the_township_decides_its_own_approver_does_and_nobody_of_the_county(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.FileAsync("township-decides");
        var township = story.Places.Township;
        await story.OfficerAsync("trv-1", new HeldRole(Roles.TownshipReviewer, township), new HeldRole(Roles.CountyApprover, township));
        await story.GoOnAsync(next => next == "confirm");
        Assert.Equal(township, (string?)(await story.OpenAsync("confirm")).Single()["division"]);
        Assert.DoesNotContain((await story.DossierAsync())["tasks"]!.AsArray(), t => (string?)t!["activity"] is "countyReview" or "countyVisit");
        Assert.NotEmpty(await WhyNotAsync(story, await story.OfficerAsync("trv-1"), "confirm", "task.sameAs"));
        // The county's approver has no work on it, so does not even see it.
        using var county = await (await story.OfficerAsync("county-cap", new HeldRole(Roles.CountyApprover, County))).PostAsync($"/tasks/{await story.TaskAsync("confirm")}/claim");
        await ApiCaller.RefusedAsync(county, 404);
        await story.GoOnAsync();
        Assert.Equal("Paying", (string?)(await story.DossierAsync())["status"]);
    }

    /// <summary>The sentence under which a claim is refused; the dossier says the same before anybody tries.</summary>
    private static async Task<string> WhyNotAsync(ApiStory story, ApiCaller who, string activity, string code)
    {
        var id = await story.TaskAsync(activity);
        using var claim = await who.PostAsync($"/tasks/{id}/claim");
        var detail = (string)(await ApiCaller.RefusedAsync(claim, (int)HttpStatusCode.Forbidden, code))["detail"]!;
        using var complete = await who.PostAsync($"/tasks/{id}/complete", new JsonObject { ["outcome"] = "Support" });
        await ApiCaller.RefusedAsync(complete, (int)HttpStatusCode.Forbidden, code);
        var shown = (await who.GetAsync($"/cases/{story.CaseId}"))["tasks"]!.AsArray().Single(t => (Guid)t!["id"]! == id)!;
        Assert.False((bool)shown["mayDo"]!);
        Assert.Equal(detail, (string?)shown["whyNot"]);
        return detail;
    }

    private static JsonNode? Lines(JsonObject register, ApiStory story) => register["items"]!.AsArray().SingleOrDefault(l => (Guid?)l!["caseId"] == story.CaseId);
}
