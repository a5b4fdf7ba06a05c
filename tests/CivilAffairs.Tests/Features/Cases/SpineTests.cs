using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>
/// Every example of every matter, from application to its end, through the real commands: those that walked first on both
/// databases, of the others all on SQLite and some on PostgreSQL, since the commands and tables are the same.
/// </summary>
public sealed class SpineTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    /// <summary>Their stories go everywhere. Of a matter that is not among them, so many do.</summary>
    private static readonly HashSet<string> Everywhere = ["divorce", "marriage", "marriage-reissue", "rural-dibao", "so-renewal"];
    private const int Some = 3;

    public static TheoryData<string, string, string> Stories => Told(all: Databases.Sqlite);

    /// <summary>For what asks each story over again by another way: of the later matters some on either database.</summary>
    public static TheoryData<string, string, string> SomeStories => Told(all: null);

    private static TheoryData<string, string, string> Told(string? all)
    {
        var data = new TheoryData<string, string, string>();
        // Nobody applies for what the bureau opens by itself: OrganisationTests plays it.
        foreach (var matter in Matters.ShippedMatters.Folders.Where(m => Matters.ShippedMatters.Load(m).Revision!.Matter.Applicants.Channels.Count > 0))
        {
            // Its calendar ends with the year: played where the calendar can be chosen.
            // What the registers say changes while the case is open: ReissueApiTests lets it happen in between.
            // Those of a review begin with a decided case: ReviewTests plays them.
            var examples = Matters.ShippedMatters.Load(matter).Revision!.Examples.Where(e => e.Key is not ("calendar-not-loaded.json" or "ended-in-between.json") && e.Value.Workflow == "apply").Select(e => e.Key[..^".json".Length]).ToList();
            foreach (var kind in Databases.Kinds)
                foreach (var example in examples.Take(kind == all || Everywhere.Contains(matter) ? int.MaxValue : Some)) data.Add(kind, matter, example);
        }
        return data;
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
