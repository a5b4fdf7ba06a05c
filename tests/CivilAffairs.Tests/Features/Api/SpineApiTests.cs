using CivilAffairs.Tests.Features.Cases;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;

namespace CivilAffairs.Tests.Features.Api;

/// <summary>Examples of every matter over the HTTP API alone, on both databases: nobody in it uses anything but requests.</summary>
[Collection(ApiStories.Name)]
public sealed class SpineApiTests(StoryApps apps)
{
    [Theory, MemberData(nameof(SpineTests.SomeStories), MemberType = typeof(SpineTests))]
    public async Task A_case_goes_over_the_api_as_its_example_says(string kind, string matter, string name)
    {
        var story = new ApiStory(await apps.GetAsync(kind), matter);
        await story.PlayAsync(name);
        await AssertAsync(story);
    }

    /// <summary>The last day of a limit that reaches into a year whose calendar is not published stays unknown, and the case goes on.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_goes_on_where_the_calendar_ends(string kind)
    {
        var story = new ApiStory(await apps.ProductionAsync(kind));
        await story.PlayAsync("calendar-not-loaded");
        await AssertAsync(story);
    }

    private static async Task AssertAsync(ApiStory story)
    {
        var expect = story.Example.Expect;
        await using (var db = story.Places.Open()) await StoryEnd.CompareAsync(db, story.CaseId, expect);

        // What the database holds is what the people are told.
        if (!story.Places.Revision.Matter.Applicants.OnTheSpot)
        {
            var mine = await (await story.ApplicantAsync()).GetAsync($"/my/cases/{story.CaseId}");
            Assert.Equal(expect.Statuses[^1], (string?)mine["status"]);
        }
        var dossier = await story.DossierAsync();
        Assert.Equal(expect.Statuses[^1], (string?)dossier["status"]);
        Assert.Equal(expect.ClockLastDay?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), (string?)dossier["clock"]!["lastDay"]);
        Assert.Equal(expect.Documents ?? [], dossier["documents"]!.AsArray().Select(d => (string)d!["template"]!));
        var grants = dossier["grants"]!.AsArray().Select(g => (long?)g!["amountFen"]).ToList();
        if (grants.Count > 1) Assert.Contains(expect.AmountFen, grants);
        else Assert.Equal(expect.AmountFen, grants.SingleOrDefault());
    }
}
