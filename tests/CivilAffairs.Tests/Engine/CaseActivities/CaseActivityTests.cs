using System.Text.Json.Nodes;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Port;
using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Engine.CaseActivities;

public sealed class CaseActivityTests
{
    [Fact]
    public void A_notice_runs_plain_days_and_goes_on_the_next_working_day()
    {
        // Posted Friday 2026-02-13 in Shanghai (already the 13th there at 17:00 UTC of the 12th): ends Friday 20, on from Monday 23.
        var notice = new Instance(Notice(), new DateTimeOffset(2026, 2, 12, 17, 0, 0, TimeSpan.Zero));
        var posted = Assert.Single(notice.Effects.OfType<PublishNotice>());
        Assert.Equal((new DateOnly(2026, 2, 13), new DateOnly(2026, 2, 20)), (posted.FirstDay, posted.LastDay));
        Assert.Equal(new DateTimeOffset(2026, 2, 22, 16, 0, 0, TimeSpan.Zero), notice.Pending("notice", "timer").DueAt);
        Assert.Equal(["none"], notice.Due("notice").Lines);
        Assert.Single(notice.Effects.OfType<CancelTask>());
    }

    [Fact]
    public void An_objection_ends_the_wait_and_takes_the_timer_back()
    {
        var notice = new Instance(Notice());
        Assert.Equal(["objection"], notice.Answer("notice", "Objection").Lines);
        Assert.Single(notice.Effects.OfType<CancelTimer>());
        Assert.Equal(InstanceStatus.Finished, notice.Last.Status);
    }

    [Fact]
    public void A_correction_lapses_after_the_last_day_and_not_before()
    {
        var task = new Instance(new Flow()
            .Add("CivilAffairs.ApplicantTask", "correct", ("kind", "Correction"), ("title", "补正材料"), ("finishWithin", "15wd"), ("pausesClock", true), ("outcomes", """["Corrected"]"""))
            .Add("Elsa.WriteLine", "ok", ("text", "corrected")).Add("Elsa.WriteLine", "late", ("text", "lapsed"))
            .Connect("correct", "ok", "Corrected").Connect("correct", "late", "Expired"));
        var asked = Assert.Single(task.Effects.OfType<CreateApplicantTask>());
        Assert.True(asked.PausesClock);
        Assert.Equal(new DateOnly(2026, 3, 4), asked.FinishWithin.LastDay);
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 16, 0, 0, TimeSpan.Zero), task.Pending("correct", "timer").DueAt);
        Assert.Equal(["lapsed"], task.Due("correct").Lines);
    }

    [Fact]
    public void Rules_say_which_of_them_failed()
    {
        var flow = new Flow().Variable("E")
            .Add("Elsa.RunTask", "wait", ("taskName", "go"))
            .Add("CivilAffairs.EligibilityRule", "rules", ("result", "-> E"),
                ("rules", """[{"id":"income","condition":"getFact('income') < getParameter('standard')"},{"id":"property","condition":"getFact('cars') === 0"}]"""))
            .Add("Elsa.WriteLine", "yes", ("text", "eligible")).Add("Elsa.WriteLine", "no", ("text", "js:getE().failed.join(',')"))
            .Connect("wait", "rules").Connect("rules", "yes", "Eligible").Connect("rules", "no", "NotEligible");
        var instance = new Instance(flow);
        instance.Parameters["standard"] = 900_000;
        instance.Facts["income"] = 900_000;
        instance.Facts["cars"] = 1;
        Assert.Equal(["income,property"], instance.Step(new AnswerTrigger(instance.Pending("wait").Id, null)).Lines);
    }

    [Fact]
    public void A_fact_nobody_supplied_is_a_fault_and_not_a_silent_null()
    {
        var instance = new Instance(new Flow().Add("Elsa.WriteLine", "line", ("text", "js:getFact('income')")));
        Assert.Equal(InstanceStatus.Faulted, instance.Last.Status);
    }

    [Fact]
    public void An_amount_is_divided_once_and_rounded_up_to_whole_yuan()
    {
        // Worked example 41: (5 × 6 002 − 862) / 12 = 2 429 exactly.
        var instance = new Instance(new Flow().Variable("A", "Int64")
            .Add("CivilAffairs.ComputeBenefit", "compute", ("formula", "js:ceilDiv(5 * 600200 - 86200, 1200) * 100"), ("amount", "-> A"))
            .Add("Elsa.WriteLine", "line", ("text", "js:getA()")).Connect("compute", "line"));
        Assert.Equal(["242900"], instance.Last.Lines);
    }

    [Fact]
    public void A_benefit_starts_the_month_after_the_decision()
    {
        var instance = new Instance(new Flow().Variable("G")
            .Add("CivilAffairs.GrantBenefit", "grant", ("benefit", "rural-dibao"), ("amount", 120_000), ("from", "nextMonth"), ("grant", "-> G"))
            .Add("Elsa.WriteLine", "line", ("text", "js:getG().grantId")).Connect("grant", "line"), new DateTimeOffset(2026, 2, 28, 2, 0, 0, TimeSpan.Zero));
        Assert.Equal(new DateOnly(2026, 3, 1), Assert.Single(instance.Effects.OfType<GrantBenefit>()).FirstMonth);
        Assert.Equal(["g-1"], instance.Effect("grant", new JsonObject { ["grantId"] = "g-1" }).Lines);
    }

    [Theory]
    [InlineData(true, "visit")]
    [InlineData(false, "desk")]
    public void A_drawn_sample_steers_the_flow(bool selected, string expected)
    {
        var instance = new Instance(new Flow()
            .Add("CivilAffairs.DrawSample", "draw", ("sample", "county-visit"), ("percent", 30))
            .Add("Elsa.WriteLine", "visit", ("text", "visit")).Add("Elsa.WriteLine", "desk", ("text", "desk"))
            .Connect("draw", "visit", "Selected").Connect("draw", "desk", "NotSelected"));
        Assert.Equal(30m, Assert.Single(instance.Effects.OfType<DrawSample>()).Percent);
        Assert.Equal([expected], instance.Effect("draw", new JsonObject { ["selected"] = selected }).Lines);
    }

    [Theory]
    [InlineData(1, "2026-02-16T16:00:00Z")]
    [InlineData(-3, "2026-02-12T16:00:00Z")]
    public void A_wait_for_a_limit_ends_once_its_last_day_is_over_or_so_many_days_from_it(int offset, string due)
    {
        // 30 days from 15 January end on a Saturday, which rolls to Monday the 16th.
        var wait = new Instance(new Flow().Add("CivilAffairs.WaitUntil", "wait", ("limit", "30d"), ("countFrom", "2026-01-15"), ("offset", offset))
            .Add("Elsa.WriteLine", "line", ("text", "js:lastDay('30d', '2026-01-15') + ' ' + addDays('2026-02-28', 1) + ' ' + ageOn('2004-02-29', '2026-02-28')")).Connect("wait", "line"), new DateTimeOffset(2026, 1, 15, 2, 0, 0, TimeSpan.Zero));
        Assert.Equal(DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture), wait.Pending("wait", "timer").DueAt);
        Assert.Equal(["2026-02-16 2026-03-01 22"], wait.Due("wait").Lines);
    }

    [Fact]
    public void A_wait_for_a_limit_in_a_year_without_a_calendar_says_from_what_it_is_computed()
    {
        var wait = new Instance(new Flow().Add("CivilAffairs.WaitUntil", "wait", ("limit", "30d"), ("countFrom", "2026-12-20")), new DateTimeOffset(2026, 12, 20, 2, 0, 0, TimeSpan.Zero));
        var timer = Assert.Single(wait.Effects.OfType<CreateTimer>());
        Assert.Equal((null, "after:30d:2026-12-20:1"), (timer.DueAt, timer.LimitText));
    }

    [Theory]
    [InlineData("Valid", "married")]
    [InlineData("Ended", "ended")]
    [InlineData("None", "no")]
    public void What_a_register_holds_steers_the_flow(string state, string expected)
    {
        var instance = new Instance(new Flow()
            .Add("CivilAffairs.FindRegisterEntry", "find", ("register", "marriages"), ("subjects", """["applicant","spouse"]"""))
            .Add("Elsa.WriteLine", "married", ("text", "married")).Add("Elsa.WriteLine", "ended", ("text", "ended")).Add("Elsa.WriteLine", "no", ("text", "no"))
            .Connect("find", "married", "Valid").Connect("find", "ended", "Ended").Connect("find", "no", "None"));
        Assert.Equal(["applicant", "spouse"], Assert.Single(instance.Effects.OfType<FindRegisterEntry>()).Subjects);
        Assert.Equal([expected], instance.Effect("find", new JsonObject { ["state"] = state }).Lines);
    }

    [Fact]
    public void Finishing_the_workflow_takes_open_tasks_and_timers_back()
    {
        var instance = new Instance(new Flow()
            .Add("Elsa.Start", "start")
            .Add("CivilAffairs.HumanTask", "task", ("title", "审核"), ("role", "TRV"), ("level", "township"), ("finishWithin", "5wd"), ("outcomes", """["Ok"]"""))
            .Add("Elsa.Event", "withdraw", ("eventName", "Withdraw")).Add("Elsa.Finish", "finish")
            .Connect("start", "task").Connect("start", "withdraw").Connect("withdraw", "finish"));
        var result = instance.Step(new EventTrigger("Withdraw", null));
        Assert.Equal(InstanceStatus.Finished, result.Status);
        Assert.Empty(result.Bookmarks);
        Assert.Equal("task", Assert.Single(result.Effects.OfType<CancelTask>()).ActivityId);
    }

    [Fact]
    public void Every_declaration_has_a_name_and_help_in_both_languages()
    {
        Assert.NotEmpty(CaseActivityCatalogue.Declarations);
        Assert.All(CaseActivityCatalogue.Declarations, d => Assert.All([d.Name, d.Help, .. d.Inputs.Select(i => i.Label)], text => Assert.False(string.IsNullOrWhiteSpace(text.Zh) || string.IsNullOrWhiteSpace(text.En))));
        Assert.Equal(CaseActivityCatalogue.Declarations.Count, CaseActivityCatalogue.Declarations.Select(d => d.Type).Distinct().Count());
    }

    private static Flow Notice() => new Flow()
        .Add("CivilAffairs.PublicNotice", "notice", ("template", "notice"), ("kind", "公示"), ("place", "village"), ("days", 7))
        .Add("Elsa.WriteLine", "none", ("text", "none")).Add("Elsa.WriteLine", "objection", ("text", "objection"))
        .Connect("notice", "none", "NoObjection").Connect("notice", "objection", "Objection");
}
