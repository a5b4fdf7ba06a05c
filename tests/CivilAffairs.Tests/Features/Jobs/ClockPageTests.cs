using System.Net;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Jobs;

/// <summary>The clock that moves in Development: forward, for good, and with everything that is due by then.</summary>
public sealed class ClockPageTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Seven_days_of_notice_pass_at_the_push_of_a_button(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted", new DateTimeOffset(2026, 2, 25, 0, 0, 0, TimeSpan.Zero));
        var clock = app.Services.GetRequiredService<MovableClock>();
        // The story's notice lies in the past of the real clock: here it ends in nine days.
        var due = clock.GetUtcNow().AddDays(9);
        await using (var db = story.Open()) await db.Set<CaseTimer>().Where(t => t.CaseId == caseId).ExecuteUpdateAsync(t => t.SetProperty(x => x.DueAt, due));

        using var nobody = SignedIn.Nobody(app);
        using var page = await nobody.PageAsync("/dev/clock");
        Assert.Null(page.QuerySelector(".clock-moved"));
        using var moved = await nobody.SendAsync(page, "/dev/clock", [], "tbody form");
        Assert.Equal(HttpStatusCode.Redirect, moved.StatusCode);
        using var after = await nobody.PageAsync(moved.Headers.Location!.ToString());
        Assert.NotNull(after.QuerySelector(".note.green"));
        Assert.NotNull(after.QuerySelector(".clock-moved"));
        Assert.InRange(clock.Shift, TimeSpan.FromDays(8.9), TimeSpan.FromDays(9.1));
        await using var then = story.Open();
        Assert.Equal("CountyReview", (await then.Set<Case>().SingleAsync(c => c.Id == caseId)).Status);
    }

    [Fact]
    public async Task What_is_no_later_day_is_told_beside_the_field_and_moves_nothing()
    {
        await using var app = new TestApp();
        using var nobody = SignedIn.Nobody(app);
        foreach (var typed in new[] { "gestern", "2026-02-30", "2020-01-01", "2999-01-01" })
        {
            using var answer = await nobody.SubmitAsync("/dev/clock", new() { ["To"] = typed }, "form:has(#To)");
            using var page = await SignedIn.ReadAsync(answer);
            Assert.NotNull(page.QuerySelector("#To-error"));
            Assert.Equal(typed, page.QuerySelector("#To")!.GetAttribute("value"));
        }
        Assert.False(app.Services.GetRequiredService<MovableClock>().IsMoved);
    }

    [Fact]
    public async Task Outside_Development_there_is_no_such_page_and_no_such_clock()
    {
        await using var app = new TestApp(settings: new Dictionary<string, string> { ["environment"] = "Production" });
        using var nobody = SignedIn.Nobody(app);
        using var page = await nobody.GetAsync("/dev/clock");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Same(TimeProvider.System, app.Services.GetRequiredService<TimeProvider>());
    }

    [Fact]
    public void It_goes_forward_only_and_is_where_it_was_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("civilaffairs-clock-");
        try
        {
            var file = Path.Combine(folder.FullName, "clock");
            var clock = new MovableClock(file);
            Assert.True(clock.MoveTo(clock.GetUtcNow().AddDays(3)));
            Assert.False(clock.MoveTo(clock.GetUtcNow().AddDays(-1)));
            Assert.False(clock.MoveTo(clock.GetUtcNow().AddYears(20)));
            Assert.Equal(clock.Shift, new MovableClock(file).Shift);
            File.WriteAllText(file, "yesterday");
            Assert.Throws<InvalidDataException>(() => new MovableClock(file));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
