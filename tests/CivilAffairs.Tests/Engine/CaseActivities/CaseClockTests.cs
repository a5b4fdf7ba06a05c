using CivilAffairs.Engine.Port;
using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Engine.CaseActivities;

/// <summary>The legal clock counts from its first day whatever happens later.</summary>
public sealed class CaseClockTests
{
    private static readonly DateTimeOffset Accepted = new(2026, 2, 11, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_extended_limit_counts_from_the_start_and_not_from_the_extension()
    {
        var instance = new Instance(Clock("start").Add("Elsa.RunTask", "wait", ("taskName", "wait")).Add("CivilAffairs.CaseClock", "extend", ("action", "Extend"), ("limit", "45wd"))
            .Connect("start", "wait").Connect("wait", "extend"), Accepted);
        instance.Now = Accepted.AddDays(20);
        instance.Step(new AnswerTrigger(instance.Pending("wait").Id, null));
        Assert.Equal([new DateOnly(2026, 3, 25), new DateOnly(2026, 4, 15)], instance.Effects.OfType<SetCaseClock>().Select(c => c.Limit!.LastDay!.Value));
    }

    [Fact]
    public void A_correction_leaves_out_the_days_from_notice_through_resubmission()
    {
        var instance = new Instance(Correction(), Accepted);
        Assert.True(Last(instance, "Pause").Limit!.Unknown);
        instance.Now = Accepted.AddDays(2);
        instance.Answer("correct", "Corrected");
        // Wednesday 11 to Friday 13 do not count: day 1 is Monday 16.
        Assert.Equal(new DateOnly(2026, 3, 27), Last(instance, "Resume").Limit!.LastDay);
        Assert.Equal(new DateOnly(2026, 4, 17), Last(instance, "Extend").Limit!.LastDay);
    }

    [Fact]
    public void A_correction_that_lapses_ends_the_pause_too()
    {
        var instance = new Instance(Correction(), Accepted);
        instance.Due("correct");
        Assert.Single(instance.Effects.OfType<SetCaseClock>(), c => c.Action == "Resume");
    }

    [Fact]
    public void A_correction_before_the_clock_runs_says_nothing_of_it()
    {
        var flow = Correct(new Flow()).Add("Elsa.End", "end").Connect("correct", "end", "Corrected").Connect("correct", "end", "Expired");
        var instance = new Instance(flow, Accepted);
        instance.Answer("correct", "Corrected");
        Assert.Empty(instance.Effects.OfType<SetCaseClock>());
    }

    [Fact]
    public void A_clock_that_does_not_run_cannot_be_extended()
    {
        var instance = new Instance(new Flow().Add("CivilAffairs.CaseClock", "extend", ("action", "Extend"), ("limit", "45wd")), Accepted);
        Assert.Equal(InstanceStatus.Faulted, instance.Last.Status);
    }

    private static SetCaseClock Last(Instance instance, string action) => instance.Effects.OfType<SetCaseClock>().Last(c => c.Action == action);

    private static Flow Clock(string id) => new Flow().Add("CivilAffairs.CaseClock", id, ("action", "Start"), ("limit", "30wd"));

    private static Flow Correct(Flow flow) => flow.Add("CivilAffairs.ApplicantTask", "correct", ("kind", "Correction"), ("title", "补正材料"), ("finishWithin", "15wd"), ("pausesClock", true), ("outcomes", """["Corrected"]"""));

    private static Flow Correction() => Correct(Clock("start")).Add("CivilAffairs.CaseClock", "extend", ("action", "Extend"), ("limit", "45wd"))
        .Connect("start", "correct").Connect("correct", "extend", "Corrected").Connect("correct", "extend", "Expired");
}
