using CivilAffairs.Engine.Port;
using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Engine.CaseActivities;

public sealed class HumanTaskTests
{
    private static Instance Task(string mode, int seats, params (string, object)[] more) => new(new Flow().Variable("R")
        .Add("CivilAffairs.HumanTask", "review",
            [("title", "审核"), ("titleEn", "Review"), ("role", "TRV"), ("level", "township"), ("startWithin", "3wd"), ("finishWithin", "10wd"),
             ("outcomes", """["Agree","Return","Refuse"]"""), ("mode", mode), ("seats", seats), ("result", "-> R"), .. more])
        .Add("Elsa.WriteLine", "line", ("text", "js:getR().outcome + ' ' + getR().by.join(',')"))
        .Connect("review", "line", "Agree").Connect("review", "line", "Return").Connect("review", "line", "Refuse"));

    [Fact]
    public void A_task_tells_the_host_its_role_limits_and_outcomes()
    {
        var task = Assert.IsType<CreateTask>(Assert.Single(Task("Single", 1).Effects));
        Assert.Equal(("TRV", "township", 1), (task.Role, task.Level, task.Seat));
        Assert.Equal(new DateOnly(2026, 2, 16), task.StartWithin.LastDay);
        Assert.Equal(new DateOnly(2026, 2, 25), task.FinishWithin.LastDay);
        Assert.Equal(["Agree", "Return", "Refuse"], task.Outcomes);
    }

    [Fact]
    public void One_person_decides_alone()
    {
        var result = Task("Single", 1).Answer("review", "Return", "a");
        Assert.Equal(InstanceStatus.Finished, result.Status);
        Assert.Equal(["Return a"], result.Lines);
    }

    [Fact]
    public void An_outcome_the_manager_did_not_name_is_refused_and_leaves_no_trace()
    {
        var task = Task("Single", 1);
        var before = task.Last.State.Json;
        Assert.Throws<StepRefusedException>(() => task.Answer("review", "Approve", "a"));
        Assert.Equal(before, task.Last.State.Json);
        Assert.Equal(InstanceStatus.Finished, task.Answer("review", "Agree", "a").Status);
    }

    [Fact]
    public void A_consumed_bookmark_is_not_taken_twice()
    {
        var task = Task("All", 2);
        var id = task.Pending("review").Id;
        task.Answer("review", "Agree", "a");
        task.Answer("review", "Agree", "b");
        Assert.Throws<StepRefusedException>(() => task.Step(new AnswerTrigger(id, System.Text.Json.Nodes.JsonValue.Create("Agree"), "c")));
    }

    [Fact]
    public void Two_investigators_must_be_two_persons()
    {
        var task = Task("All", 2);
        Assert.Equal(2, task.Effects.OfType<CreateTask>().Count());
        Assert.Equal(InstanceStatus.Suspended, task.Answer("review", "Agree", "a").Status);
        Assert.Throws<StepRefusedException>(() => task.Answer("review", "Agree", "a"));
        Assert.Equal(["Agree a,b"], task.Answer("review", "Agree", "b").Lines);
    }

    [Fact]
    public void All_take_the_last_listed_outcome_when_they_differ()
    {
        var task = Task("All", 2);
        task.Answer("review", "Agree", "a");
        Assert.Equal(["Refuse a,b"], task.Answer("review", "Return", "b").Lines);
    }

    [Fact]
    public void Any_ends_with_the_first_answer_and_takes_the_other_seats_back()
    {
        var task = Task("Any", 3);
        Assert.Equal(["Return b"], task.Answer("review", "Return", "b").Lines);
        Assert.Single(task.Effects.OfType<CancelTask>());
    }

    [Theory]
    [InlineData("Agree,Agree", "Agree")]
    [InlineData("Agree,Return,Agree", "Agree")]
    [InlineData("Agree,Return,Refuse", "Refuse")]
    public void A_share_ends_when_it_is_reached_or_out_of_reach(string answers, string expected)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var task = Task("Share", 3, ("share", 66));
        var by = 'a';
        foreach (var answer in answers.Split(',')) task.Answer("review", answer, $"{by++}");
        Assert.Equal(InstanceStatus.Finished, task.Last.Status);
        Assert.StartsWith(expected, Assert.Single(task.Last.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void In_order_opens_one_seat_after_the_other_and_stops_at_a_no()
    {
        var task = Task("InOrder", 3);
        Assert.Single(task.Effects.OfType<CreateTask>());
        task.Answer("review", "Agree", "a");
        Assert.Equal([1, 2], task.Effects.OfType<CreateTask>().Select(t => t.Seat));
        Assert.Equal(["Return a,b"], task.Answer("review", "Return", "b").Lines);
    }

    /// <summary>A review, then a decision by somebody else; the decision may send it back.</summary>
    private static Instance Circle(string reviewNotSameAs = "[]") => new(new Flow()
        .Add("CivilAffairs.HumanTask", "review", ("title", "审核"), ("role", "TRV"), ("level", "township"), ("finishWithin", "5wd"), ("outcomes", """["Agree"]"""), ("mode", "All"), ("seats", 2), ("notSameAs", reviewNotSameAs))
        .Add("CivilAffairs.HumanTask", "decide", ("title", "确认"), ("role", "CAP"), ("level", "county"), ("finishWithin", "5wd"), ("outcomes", """["Grant","Return"]"""), ("notSameAs", """["review"]"""))
        .Add("Elsa.Finish", "end").Connect("review", "decide", "Agree").Connect("decide", "end", "Grant").Connect("decide", "review", "Return"));

    [Fact]
    public void Whoever_took_any_seat_of_the_earlier_step_is_refused_and_leaves_no_trace()
    {
        var task = Circle();
        task.Answer("review", "Agree", "a");
        task.Answer("review", "Agree", "b");
        var before = task.Last.State.Json;
        Assert.Throws<StepRefusedException>(() => task.Answer("decide", "Grant", "a"));
        Assert.Throws<StepRefusedException>(() => task.Answer("decide", "Grant", "b"));
        Assert.Equal(before, task.Last.State.Json);
        Assert.Equal(InstanceStatus.Finished, task.Answer("decide", "Grant", "c").Status);
    }

    [Fact]
    public void The_performers_of_every_round_are_remembered()
    {
        var task = Circle();
        foreach (var by in new[] { "a", "b" }) task.Answer("review", "Agree", by);
        task.Answer("decide", "Return", "c");
        foreach (var by in new[] { "d", "e" }) task.Answer("review", "Agree", by);
        foreach (var by in new[] { "a", "b", "d", "e" }) Assert.Throws<StepRefusedException>(() => task.Answer("decide", "Grant", by));
        Assert.Equal(InstanceStatus.Finished, task.Answer("decide", "Grant", "c").Status);
    }

    [Fact]
    public void Who_decided_cannot_review_when_the_case_comes_back()
    {
        var task = Circle("""["decide"]""");
        foreach (var by in new[] { "a", "b" }) task.Answer("review", "Agree", by);
        task.Answer("decide", "Return", "c");
        Assert.Throws<StepRefusedException>(() => task.Answer("review", "Agree", "c"));
        Assert.Equal(InstanceStatus.Suspended, task.Answer("review", "Agree", "a").Status);
    }
}
