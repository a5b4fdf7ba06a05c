using CivilAffairs.Engine.Time;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Apply;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Apply;

/// <summary>The status page says how long such cases usually take once enough were decided, and keeps to the legal limit before.</summary>
public sealed class UsualTimeTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Five_decided_cases_say_what_is_usual_and_four_do_not(string kind)
    {
        await using var app = await StoryApps.StartAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted");
        var accepted = new DateOnly(2026, 1, 5);
        // 1, 2, 3 and 30 working days; another matter's and what is under way count nothing.
        foreach (var decided in (DateOnly[])[new(2026, 1, 6), new(2026, 1, 7), new(2026, 1, 8), new(2026, 2, 13)]) await DecidedAsync(app, "rural-dibao", "Paying", accepted, decided);
        await DecidedAsync(app, "other", "Paying", accepted, new(2026, 1, 6));
        await DecidedAsync(app, "rural-dibao", "Withdrawn", accepted, new(2026, 1, 6));
        Assert.Null(await AskedAsync(story));
        using (var before = await PageAsync(app, story)) Assert.Null(before.QuerySelector(".usual"));
        await DecidedAsync(app, "rural-dibao", "Refused", accepted, new(2026, 1, 9));
        // Not asked anew for each look.
        Assert.Null(await AskedAsync(story));
        app.Clock.Put(app.Clock.GetUtcNow().AddMinutes(61));
        Assert.Equal(3, await AskedAsync(story));
        using var page = await PageAsync(app, story);
        Assert.Contains("通常需要 3 个工作日", page.QuerySelector(".usual")!.TextContent, StringComparison.Ordinal);
        // The guide tells everybody; what nine in ten take only from ten on, when the slowest is not one person's.
        using var anybody = SignedIn.Nobody(app);
        using (var guide = await anybody.PageAsync("/matters/rural-dibao"))
        {
            Assert.Contains("受理起 3 个工作日内", guide.QuerySelector(".real")!.TextContent, StringComparison.Ordinal);
            Assert.DoesNotContain("九成", guide.QuerySelector(".real")!.TextContent, StringComparison.Ordinal);
        }
        for (var i = 0; i < 5; i++) await DecidedAsync(app, "rural-dibao", "Refused", accepted, new(2026, 1, 12));
        app.Clock.Put(app.Clock.GetUtcNow().AddMinutes(61));
        using var later = await anybody.PageAsync("/matters/rural-dibao");
        Assert.Contains("九成在 5 个工作日内", later.QuerySelector(".real")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("10 件", later.QuerySelector(".real")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Working_days_are_counted_as_limits_are_and_the_median_is_rounded_up()
    {
        var calendar = new WorkCalendar([YearCalendar(2026)]);
        Assert.Equal((0, 1, 1), (CivilAffairs.Engine.Time.WorkDays.Between(new(2026, 3, 2), new(2026, 3, 2), calendar), CivilAffairs.Engine.Time.WorkDays.Between(new(2026, 3, 2), new(2026, 3, 3), calendar), CivilAffairs.Engine.Time.WorkDays.Between(new(2026, 3, 6), new(2026, 3, 9), calendar)));
        Assert.Null(CivilAffairs.Engine.Time.WorkDays.Between(new(2026, 12, 31), new(2027, 1, 5), calendar));
        Assert.Equal((3, 3, 7), (UsualTime.Median([1, 3, 9]), UsualTime.Median([2, 2, 3, 9]), UsualTime.Median([7])));
        Assert.Equal((9, 10, 18), (UsualTime.Ninetieth([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), UsualTime.Ninetieth([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), UsualTime.Ninetieth([.. Enumerable.Range(1, 20)])));
    }

    private static YearCalendar YearCalendar(int year) => new(year, new HashSet<DateOnly>(), new HashSet<DateOnly>(), false, "test");

    private static async Task<int?> AskedAsync(ApiStory story) => (int?)(await (await story.ApplicantAsync()).GetAsync($"/my/cases/{story.CaseId}"))["usualWorkDays"];

    private static async Task<AngleSharp.Dom.IDocument> PageAsync(StoryApp app, ApiStory story)
    {
        using var person = await SignedIn.AsAsync(app, (string)story.Example.Form["applicant"]!["idNumber"]!);
        return await person.PageAsync($"/my/cases/{story.CaseId}");
    }

    private static Task<int> DecidedAsync(StoryApp app, string matter, string status, DateOnly accepted, DateOnly decided) => app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
    {
        var at = new DateTimeOffset(decided.ToDateTime(new TimeOnly(15, 0)), TimeSpan.FromHours(8)).ToUniversalTime();
        db.Add(new Case { Matter = matter, Revision = "r", Status = status, County = "341299", AcceptedOn = accepted, DecidedAt = at, CreatedAt = at, ChangedAt = at });
        return Task.FromResult(0);
    });
}
