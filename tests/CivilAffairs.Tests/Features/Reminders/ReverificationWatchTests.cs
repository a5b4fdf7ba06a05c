using System.Globalization;
using CivilAffairs.Engine.Time;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Reminders;

/// <summary>Re-verifications are spread over the working days of their month by village, and told of thirty and seven days before they open.</summary>
public sealed class ReverificationWatchTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly DateOnly Due = new(2026, 9, 25);

    [Fact]
    public void Villages_take_turns_and_nothing_opens_after_its_day_or_on_a_day_off()
    {
        var end = new DateOnly(2026, 9, 30);
        var days = Enumerable.Range(0, 10).Select(v => Spread.Day(end, v, 10, ReminderDesk.Calendar, new DateOnly(2026, 7, 1))!.Value).ToList();
        Assert.Equal(days.Order().Distinct(), days);
        Assert.Equal((new DateOnly(2026, 9, 1), true), (days[0], days[^1] > new DateOnly(2026, 9, 24)));
        foreach (var village in Enumerable.Range(0, 10))
            for (var due = new DateOnly(2026, 9, 1); due <= end; due = due.AddDays(1))
            {
                var day = Spread.Day(due, village, 10, ReminderDesk.Calendar, new DateOnly(2026, 7, 1))!.Value;
                Assert.True(day <= due && day.Month == 9 && ReminderDesk.Calendar.IsWorkday(day) == true, $"{due} {village}: {day}");
                // Whose turn comes before its day keeps the village's turn.
                if (days[village] <= due) Assert.Equal(days[village], day);
            }
        // Planned late: never before today. First of a month that is a day off: the statutory day itself.
        Assert.Equal(new DateOnly(2026, 9, 24), Spread.Day(Due, 0, 10, ReminderDesk.Calendar, new DateOnly(2026, 9, 24)));
        Assert.Equal(new DateOnly(2026, 5, 1), Spread.Day(new DateOnly(2026, 5, 1), 0, 10, ReminderDesk.Calendar, new DateOnly(2026, 1, 1)));
        Assert.Null(Spread.Day(new DateOnly(2031, 5, 1), 0, 10, ReminderDesk.Calendar, Due));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_village_s_plans_open_on_one_day_that_stays_whoever_plans_again(string kind)
    {
        var desk = await ReminderDesk.OpenAsync(await databases.GetAsync(kind));
        var villages = Enumerable.Range(201, 6).Select(n => desk.Township + n.ToString(CultureInfo.InvariantCulture)).ToList();
        await County.WriteAsync(desk.App.Services.GetRequiredService<IWriter>(), [.. villages.Select(v => County.Of(v, "测试村", "Village"))]);
        await desk.App.Services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
        var plans = new List<(string Village, Guid Id)>();
        foreach (var village in villages.Concat(villages)) plans.Add((village, (await PlanAsync(desk, new DateOnly(2026, 9, 30), village)).Plan.Id));
        // Long before: nothing is given, and they are not looked at again before their time.
        await desk.Plans(new DateOnly(2026, 3, 1)).RunAsync(default);
        var early = await RowsAsync(desk, plans);
        Assert.All(early, p => Assert.Equal((null, new DateOnly(2026, 7, 1)), (p.OpensOn, p.WatchOn)));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => desk.Plans(new DateOnly(2026, 7, 1)).RunAsync(default))));
        await desk.Plans(new DateOnly(2026, 7, 1)).RunAsync(default);
        var given = await RowsAsync(desk, plans);
        Assert.All(given, p => Assert.InRange(p.OpensOn!.Value, new DateOnly(2026, 9, 1), p.DueOn));
        var byVillage = plans.Zip(given, (p, row) => (p.Village, row.OpensOn)).GroupBy(p => p.Village).ToList();
        Assert.All(byVillage, v => Assert.Single(v.Select(p => p.OpensOn).Distinct()));
        Assert.Equal(6, byVillage.Select(v => v.First().OpensOn).Distinct().Count());
        foreach (var day in new DateOnly[] { new(2026, 8, 1), new(2026, 9, 10), new(2026, 7, 1) }) await desk.Plans(day).RunAsync(default);
        Assert.Equal(given.Select(p => p.OpensOn), (await RowsAsync(desk, plans)).Select(p => p.OpensOn));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Village_township_and_household_hear_of_it_thirty_and_seven_days_before(string kind)
    {
        var desk = await ReminderDesk.OpenAsync(await databases.GetAsync(kind));
        var (village, clerk) = (await desk.OfficerAsync("VIL", desk.Village), await desk.OfficerAsync("TCK", desk.Township));
        await desk.OfficerAsync("VIL", desk.Township + "202");
        var (plan, person) = await PlanAsync(desk, Due, desk.Village);
        await desk.Plans(new DateOnly(2026, 7, 1)).RunAsync(default);
        // Its township has no list of villages here: the month's first working day.
        var opens = (await RowsAsync(desk, [("", plan.Id)]))[0].OpensOn!.Value;
        Assert.Equal(new DateOnly(2026, 9, 1), opens);
        var told = new List<(DateOnly, string)>();
        for (var day = new DateOnly(2026, 7, 1); day < opens; day = day.AddDays(1))
        {
            var before = (await desk.RemindersAsync(plan.Id)).Count;
            await desk.Plans(day).RunAsync(default);
            if ((await desk.RemindersAsync(plan.Id)).Count is var now && now > before) told.Add((day, $"{now - before}"));
        }
        Assert.Equal([(opens.AddDays(-30), "3"), (opens.AddDays(-7), "3")], told);
        Assert.Equal(new[] { village.Id, clerk.Id, person }.Order(), (await desk.RemindersAsync(plan.Id)).Where(r => r.Stage == "7d").Select(r => r.Reader).Order());
        await using var db = desk.Read();
        Assert.Equal(["reverification-household.mail"], await db.Set<OutboxMessage>().Where(m => m.PersonId == person).Select(m => m.Template!).Distinct().ToListAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_benefit_that_ends_before_reminds_nobody_and_of_missed_stages_the_latest_is_sent(string kind)
    {
        var desk = await ReminderDesk.OpenAsync(await databases.GetAsync(kind));
        var (plan, person) = await PlanAsync(desk, Due, desk.Village);
        var (ended, _) = await PlanAsync(desk, Due, desk.Village, lastMonth: new DateOnly(2026, 8, 1));
        await desk.Plans(new DateOnly(2026, 7, 1)).RunAsync(default);
        await desk.Plans(new DateOnly(2026, 8, 28)).RunAsync(default);
        Assert.Equal([("30d", person, false), ("7d", person, true)], await desk.RemindersAsync(plan.Id));
        Assert.Empty(await desk.RemindersAsync(ended.Id));
    }

    private static async Task<(PlannedReverification Plan, Guid Person)> PlanAsync(ReminderDesk desk, DateOnly due, string village, DateOnly? lastMonth = null)
    {
        var @case = desk.NewCase();
        (@case.Village, @case.ClosedAt) = (village, DateTimeOffset.UtcNow);
        var person = (await TestAccounts.ApplicantAsync(desk.App)).PersonId!.Value;
        var grant = new Grant { CaseId = @case.Id, Matter = @case.Matter, Benefit = "dibao", HolderName = "张三", Parameters = "[]", FirstMonth = new DateOnly(2025, 9, 1), LastMonth = lastMonth };
        var plan = new PlannedReverification { CaseId = @case.Id, GrantId = grant.Id, Benefit = "dibao", Workflow = "reverify", DueOn = due };
        await desk.StoreAsync(@case, new CaseParty { CaseId = @case.Id, PersonId = person, Role = PartyRole.Applicant }, grant, plan);
        return (plan, person);
    }

    private static async Task<List<PlannedReverification>> RowsAsync(ReminderDesk desk, List<(string Village, Guid Id)> plans)
    {
        await using var db = desk.Read();
        var ids = plans.ConvertAll(p => p.Id);
        var rows = await db.Set<PlannedReverification>().Where(p => ids.Contains(p.Id)).ToListAsync();
        return [.. ids.Select(id => rows.Single(r => r.Id == id))];
    }
}
