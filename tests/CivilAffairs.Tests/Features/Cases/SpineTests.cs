using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>Every example of every matter, from application to its end, through the real commands on both databases.</summary>
public sealed class SpineTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    public static TheoryData<string, string, string> Stories
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var kind in Databases.Kinds)
                // Nobody applies for what the bureau opens by itself: OrganisationTests plays it.
                foreach (var matter in Matters.ShippedMatters.Folders.Where(m => Matters.ShippedMatters.Load(m).Revision!.Matter.Applicants.Channels.Count > 0))
                    // Its calendar ends with the year: played where the calendar can be chosen.
                    // What the registers say changes while the case is open: ReissueApiTests lets it happen in between.
                    // Those of a review begin with a decided case: ReviewTests plays them.
                    foreach (var (example, file) in Matters.ShippedMatters.Load(matter).Revision!.Examples.Where(e => e.Key is not ("calendar-not-loaded.json" or "ended-in-between.json") && e.Value.Workflow == "apply"))
                        data.Add(kind, matter, example[..^".json".Length]);
            return data;
        }
    }

    [Theory, MemberData(nameof(Stories))]
    public async Task A_case_goes_as_its_example_says(string kind, string matter, string name)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app, matter);
        var caseId = await story.PlayAsync(name);
        await using var db = story.Open();
        await StoryEnd.CompareAsync(db, caseId, story.Revision.Examples[name + ".json"].Expect);
    }
}
