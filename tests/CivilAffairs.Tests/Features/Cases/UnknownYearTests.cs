using CivilAffairs.Engine.Time;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>A limit that reaches into a year without a calendar stays unknown, and is computed when the year is loaded (domain §3).</summary>
public sealed class UnknownYearTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly Calendars Known = Calendars.Load([Path.Combine(AppContext.BaseDirectory, "Data", "calendars")], demoThrough: null);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Loading_the_year_computes_what_waited_for_it(string kind)
    {
        var app = await databases.GetAsync(kind);
        // The year's end in Shanghai: ten working days reach into 2027, whose calendar nobody has.
        var at = new DateTimeOffset(2026, 12, 25, 2, 0, 0, TimeSpan.Zero);
        var @case = new Case
        {
            Matter = "rural-dibao", Revision = "r", Status = "Accepted", County = "341299", CreatedAt = at, ChangedAt = at,
            Clock = new LegalClock { StartedOn = new DateOnly(2026, 12, 25), LimitText = "30wd" },
        };
        var task = new WorkTask { CaseId = @case.Id, Matter = @case.Matter, InstanceId = @case.Id, BookmarkId = "b", ActivityId = "a", Role = "TRV", Division = "341299101", TitleZh = "办理", TitleEn = "Work", Outcomes = "[]", FinishLimit = "10wd", OpenedOn = CivilAffairs.Web.Platform.Time.BureauTime.Day(at), CreatedAt = at };
        var timer = new CaseTimer { CaseId = @case.Id, InstanceId = @case.Id, BookmarkId = "t", ActivityId = "t", LimitText = "nextWorkday:2026-12-31" };
        // Three days before the last day of a limit: the end of a cooling-off period that reaches into the year.
        var reminder = new CaseTimer { CaseId = @case.Id, InstanceId = @case.Id, BookmarkId = "r", ActivityId = "r", LimitText = DeferredDay.After("30d", new DateOnly(2026, 12, 20), -3) };
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.AddRangeOf(@case, task, timer, reminder)));

        var changes = app.Services.GetRequiredService<CalendarChanges>();
        Assert.Equal(0, await changes.ApplyAsync(Known.Working, "2026", default));
        var loaded = new WorkCalendar([.. Known.Years, CalendarFile.Demo(2027)]);
        Assert.Equal(4, await changes.ApplyAsync(loaded, "2027", default));
        Assert.Equal(0, await changes.ApplyAsync(loaded, "2027", default));
        await using var read = app.Services.GetRequiredService<IReader>().Open();
        var now = await read.Set<WorkTask>().SingleAsync(t => t.Id == task.Id);
        Assert.Equal(Limits.Compute("10wd", new DateOnly(2026, 12, 25), loaded).LastDay, now.FinishBy);
        Assert.Equal(2027, now.FinishBy!.Value.Year);
        Assert.NotNull(now.AmberFrom);
        Assert.Equal(Limits.Compute("30wd", new DateOnly(2026, 12, 25), loaded).LastDay, (await read.Set<Case>().SingleAsync(c => c.Id == @case.Id)).Clock.DueOn);
        // 19 January 2027 is a Tuesday.
        Assert.Equal(new DateOnly(2027, 1, 16), BureauTime.Day((await read.Set<CaseTimer>().SingleAsync(t => t.Id == reminder.Id)).DueAt!.Value));
        // 1 January 2027 is a Friday: a working day only in a made-up calendar of weekends.
        Assert.Equal(new DateOnly(2027, 1, 1), BureauTime.Day((await read.Set<CaseTimer>().SingleAsync(t => t.Id == timer.Id)).DueAt!.Value));
    }

    [Fact]
    public void Development_makes_later_years_up_and_says_so()
    {
        var development = Calendars.Load([Path.Combine(AppContext.BaseDirectory, "Data", "calendars")], demoThrough: 2030);
        Assert.All(development.Years, y => Assert.Equal(y.Year > 2026, y is { IsDemo: true, Source: "演示" }));
        Assert.Equal(2026, Known.Years.Max(y => y.Year));
        Assert.Null(WorkDays.AddWd(new DateOnly(2026, 12, 25), 10, Known.Working));
    }
}

internal static class Rows
{
    public static int AddRangeOf(this CivilAffairsDb db, params object[] rows)
    {
        db.AddRange(rows);
        return rows.Length;
    }
}
