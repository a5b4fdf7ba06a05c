using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Marriage;

/// <summary>What the law wants of a marriage registration, over the HTTP API on both databases (domain §7, B28, B32).</summary>
[Collection(ApiStories.Name)]
public sealed class MarriageApiTests(StoryApps apps)
{
    /// <summary>B28: born on 2004-05-10, refused the day before he is 22 and accepted on the day, whatever the officer thought.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_age_of_marriage_counts_to_the_day(string kind)
    {
        var app = await apps.GetAsync(kind);
        var early = new ApiStory(app, "marriage");
        // The officer overlooks it and says yes; the rule does not, and nothing but a refusal is left.
        await early.PlayAsync("age-reached", next => next == "timer", e => e.Moved(e.At.AddDays(-1)));
        var left = Assert.Single(await early.OpenAsync());
        Assert.Equal("refuse", (string)left["activity"]!);
        Assert.Equal("Submitted", (string)(await early.DossierAsync())["status"]!);

        var reached = new ApiStory(app, "marriage");
        await reached.PlayAsync("age-reached");
        Assert.Equal("Registered", (string)(await reached.DossierAsync())["status"]!);
    }

    /// <summary>B32: the fifth marriage of the year at this registry; the first of the next year begins anew.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_fifth_marriage_of_the_year_has_the_fifth_number(string kind)
    {
        await using var app = await StoryApps.StartAsync(kind);
        var numbers = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            var story = new ApiStory(app, "marriage");
            await story.PlayAsync("registered", change: i < 5 ? null : e => e.Moved(e.At.AddYears(1)));
            numbers.Add((string)(await story.DossierAsync())["documents"]!.AsArray()[0]!["number"]!);
        }
        Assert.Equal(["J341299-2026-000001", "J341299-2026-000002", "J341299-2026-000003", "J341299-2026-000004", "J341299-2026-000005", "J341299-2027-000001"], numbers);
    }

    /// <summary>Each of the two sees the case in their own account; nobody else does, and the code on the certificate tells nothing about them.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Both_see_their_case_and_the_public_sees_nothing(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "marriage");
        await story.PlayAsync("registered");
        var names = new List<string>();
        foreach (var party in new[] { "applicant", "spouse" })
        {
            var name = (string)story.Example.Form[party]!["name"]!;
            names.Add(name);
            names.Add((string)story.Example.Form[party]!["idNumber"]!);
            using var own = await ApiCaller.AsAsync(app, (await AccountAsync(app, story, party)).UserName!);
            var mine = await own.GetAsync($"/my/cases/{story.CaseId}");
            Assert.Equal("Registered", (string)mine["status"]!);
            var paper = Assert.Single(mine["documents"]!.AsArray());
            var pdf = await own.BytesAsync($"/cases/{story.CaseId}/documents/{(Guid)paper!["id"]!}/pdf");
            Assert.Equal(2, PdfText.Pages(pdf));
        }
        using var stranger = await ApiCaller.AsAsync(app, (await TestAccounts.ApplicantAsync(app)).UserName!);
        using (var closed = await stranger.SendAsync(HttpMethod.Get, $"/my/cases/{story.CaseId}")) await ApiCaller.RefusedAsync(closed, 404);

        using var nobody = ApiCaller.Nobody(app);
        Assert.DoesNotContain(story.CaseId.ToString(), (await nobody.GetAsync("/notices?pageSize=100")).ToJsonString(), StringComparison.Ordinal);
        await using var db = story.Places.Open();
        var code = db.Set<Web.Features.Cases.Model.IssuedDocument>().Single(d => d.CaseId == story.CaseId).VerifyCode;
        var page = await nobody.Client.GetStringAsync(new Uri($"/verify/{code}", UriKind.Relative));
        Assert.Contains("J341299-2026-", page, StringComparison.Ordinal);
        Assert.All(names, secret => Assert.DoesNotContain(secret, page, StringComparison.Ordinal));
    }

    /// <summary>Kept for a hundred years [MD 13]: nobody so much as proposes to destroy it before.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_marriage_is_kept_for_a_hundred_years(string kind)
    {
        await using var app = await StoryApps.StartAsync(kind);
        var story = new ApiStory(app, "marriage");
        await story.PlayAsync("registered");
        var decided = (DateTimeOffset)(await story.DossierAsync())["decidedAt"]!;
        foreach (var (years, due) in ((int, bool)[])[(11, false), (99, false), (101, true)])
        {
            app.Clock.Put(decided.AddYears(years));
            using var supervisor = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299"))).UserName!);
            Assert.Equal(due, (await supervisor.GetAsync("/retention/due?pageSize=100"))["items"]!.AsArray().Any(c => (Guid)c!["caseId"]! == story.CaseId));
            if (due) continue;
            using var early = await supervisor.PostAsync($"/cases/{story.CaseId}/erasure-proposals");
            await ApiCaller.RefusedAsync(early, 403, "erasure.tooEarly");
        }
    }

    /// <summary>Only the registry's officers file and decide, and two who come together are never one person.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_the_registry_marries_and_never_one_with_themselves(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "marriage");
        await story.FileAsync("registered");
        using var clerk = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299"))).UserName!);
        using (var refused = await clerk.PostAsync("/drafts", new JsonObject { ["matter"] = "marriage" })) await ApiCaller.RefusedAsync(refused, 403);
        var task = await story.TaskAsync("examine");
        using (var claimed = await clerk.PostAsync($"/tasks/{task}/claim")) Assert.Contains(claimed.StatusCode, (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.NotFound]);
        var registrar = await story.ApplicantAsync();
        var draft = await story.DraftAsync(registrar);
        var twice = story.Example.Form["spouse"]!.DeepClone().AsObject();
        twice["idNumber"] = (string)story.Example.Form["applicant"]!["idNumber"]!;
        await registrar.DoAsync(HttpMethod.Put, $"/drafts/{draft}/sections/spouse", twice);
        using var wrong = await registrar.PostAsync($"/drafts/{draft}/submit");
        Assert.NotNull((await ApiCaller.RefusedAsync(wrong, 422))["errors"]!["spouse.idNumber"]);
    }

    private static Task<Web.Platform.Security.Account> AccountAsync(TestApp app, ApiStory story, string party) => TestAccounts.OfPersonAsync(app, (string)story.Example.Form[party]!["idNumber"]!);
}
