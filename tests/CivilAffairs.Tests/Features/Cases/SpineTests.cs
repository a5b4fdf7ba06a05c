using CivilAffairs.Tests.Features.Matters.Examples;
using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>
/// Examples of every matter, from application to its end, through the real commands: so many that every step, way, paper and letter of it
/// happens (<see cref="Replays.Cover"/>). All of them on SQLite; on PostgreSQL those of the matters that walked first and the richest of the
/// others, since the commands and tables are the same. The engine alone replays every example there is.
/// </summary>
public sealed class SpineTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    /// <summary>Their stories go everywhere. Of a matter that is not among them, so many do.</summary>
    private static readonly HashSet<string> Everywhere = ["divorce", "marriage", "marriage-reissue", "rural-dibao", "so-renewal"];
    private const int Some = 2;

    public static TheoryData<string, string, string> Stories => Told((kind, matter) => kind == Databases.Sqlite || Everywhere.Contains(matter) ? int.MaxValue : Some);

    /// <summary>For what tells the stories over again by another way: those of the matters that walked first, and some of each.</summary>
    public static TheoryData<string, string, string> SomeStories => Told((kind, matter) => kind == Databases.Sqlite && Everywhere.Contains(matter) ? int.MaxValue : Some);

    private static TheoryData<string, string, string> Told(Func<string, string, int> count)
    {
        var data = new TheoryData<string, string, string>();
        // Nobody applies for what the bureau opens by itself: OrganisationTests plays it.
        foreach (var matter in Matters.ShippedMatters.Folders.Where(m => Matters.ShippedMatters.Load(m).Revision!.Matter.Applicants.Channels.Count > 0))
        {
            // Its calendar ends with the year: played where the calendar can be chosen.
            // What the registers say changes while the case is open: ReissueApiTests lets it happen in between.
            // Those of a review begin with a decided case: ReviewTests plays them.
            var examples = Replays.Cover(matter).Where(e => e is not ("calendar-not-loaded" or "ended-in-between")).ToList();
            foreach (var kind in Databases.Kinds)
                foreach (var example in examples.Take(count(kind, matter))) data.Add(kind, matter, example);
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
