using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Engine;

/// <summary>An instance at rest is put into another definition: what goes on there, and what has no safe place (docs/adr/0076).</summary>
public sealed class PlacementTests
{
    private const string Task = "CivilAffairs.HumanTask";

    [Fact]
    public void A_new_step_behind_runs_and_one_before_is_told_and_does_not()
    {
        var line = Line("a", "b", "c");
        var behind = new Instance(line).Done("a").Move(Line("a", "b", "new", "c"));
        Assert.Equal(["new"], behind.Done("b").Waiting());
        Assert.Equal(["c"], behind.Done("new").Waiting());
        Assert.Equal(InstanceStatus.Finished, behind.Done("c").Last.Status);

        var before = new Instance(line).Done("a").Done("b");
        var placed = before.Place(Line("a", "new", "b", "c"));
        Assert.Equal([(PlacementCode.PassedOver, "new")], placed.Remarks.Select(r => (r.Code, r.Activity.Id)));
        Assert.Equal(InstanceStatus.Finished, before.Move(Line("a", "new", "b", "c")).Done("c").Last.Status);
        Assert.DoesNotContain(before.Effects.OfType<CreateTask>(), t => t.ActivityId == "new");
    }

    [Fact]
    public void A_new_step_before_the_waiting_one_is_passed_when_the_chart_comes_round_again()
    {
        Flow Round(params string[] way)
        {
            var flow = Line(way);
            return flow.Connect(way[^1], way[0], "Back");
        }
        var moved = new Instance(Round("a", "b", "c")).Done("a").Done("b").Move(Round("a", "new", "b", "more", "c"));
        // It waits at c: both new steps lie before it, and are only passed after the way back.
        Assert.Equal(["c"], moved.Waiting());
        Assert.Equal(["a"], moved.Done("c", "Back").Waiting());
        foreach (var step in (string[])["a", "new", "b", "more"]) moved.Done(step);
        Assert.Equal(["c"], moved.Waiting());
        Assert.Equal(InstanceStatus.Finished, moved.Done("c").Last.Status);
    }

    [Fact]
    public void In_its_second_round_a_new_step_behind_runs_too()
    {
        Flow Round(params string[] way) => Line(way).Connect(way[^1], way[0], "Back");
        var moved = new Instance(Round("a", "b")).Done("a").Done("b", "Back").Move(Round("a", "new", "b"));
        Assert.Equal(["new"], moved.Done("a").Waiting());
        Assert.Equal(["b"], moved.Done("new").Waiting());
        Assert.Equal(InstanceStatus.Finished, moved.Done("b").Last.Status);
    }

    [Fact]
    public void The_arm_that_was_not_taken_counts_at_a_merge_whose_inputs_changed()
    {
        static Flow Arms(bool longer, bool longerOther) => Tasks("ask", "yes", "no", "merge").Also(longer, "new").Also(longerOther, "other")
            .Connect("ask", "yes").Connect("ask", "no", "Back").Join("yes", "merge", longer ? "new" : null).Join("no", "merge", longerOther ? "other" : null);
        foreach (var (longer, other) in (ReadOnlySpan<(bool, bool)>)[(true, false), (false, true), (true, true)])
        {
            var moved = new Instance(Arms(false, false)).Done("ask").Move(Arms(longer, other)).Done("yes");
            if (longer) Assert.Equal(["merge"], moved.Done("new").Waiting());
            Assert.Equal(["merge"], moved.Waiting());
            Assert.Equal(InstanceStatus.Finished, moved.Done("merge").Last.Status);
        }
    }

    [Fact]
    public void A_join_at_which_something_has_arrived_keeps_its_inputs_or_there_is_no_place()
    {
        static Flow Both(string mode, bool third, bool longer = false) => Tasks("a", "b", "end").Also(third, "c").Also(longer, "late").Add("Elsa.FlowFork", "fork", ("branches", "[\"A\",\"B\",\"C\"]")).Add("Elsa.FlowJoin", "join", ("mode", mode))
            .Connect("fork", "a", "A").Connect("fork", "b", "B").Connect("a", "join").Join("b", "join", longer ? "late" : null).Connect("join", "end").On(third, f => f.Connect("fork", "c", "C").Connect("c", "join"));
        foreach (var mode in (string[])["WaitAll", "WaitAllActive"])
        {
            // An input that is still to come may come by a longer way, whatever has arrived beside it.
            foreach (var done in (string[][])[[], ["a"]])
            {
                var longer = done.Aggregate(new Instance(Both(mode, false)), (i, t) => i.Done(t)).Move(Both(mode, false, longer: true));
                foreach (var step in ((string[])["a", "b", "late"]).Except(done)) longer.Done(step);
                Assert.Equal(["end"], longer.Waiting());
            }
            var half = new Instance(Both(mode, false)).Done("a");
            Assert.Equal(["join"], Codes(half.Place(Both(mode, true)), PlacementCode.JoinChanged));
            // What has arrived at a connection that is gone would be lost.
            Assert.Equal(["join"], Codes(new Instance(Both(mode, false)).Done("b").Place(Both(mode, false, longer: true)), PlacementCode.JoinChanged));
            Assert.Equal(["end"], half.Move(Both(mode, false)).Done("b").Waiting());
        }
        // A branch more, before anything has arrived: who waits for all would wait for it in vain, who waits for what runs would not.
        Assert.Equal(["join"], Codes(new Instance(Both("WaitAll", false)).Place(Both("WaitAll", true)), PlacementCode.JoinChanged));
        var without = new Instance(Both("WaitAllActive", false));
        Assert.Equal([(PlacementCode.PassedOver, "c")], without.Place(Both("WaitAllActive", true)).Remarks.Select(r => (r.Code, r.Activity.Id)));
        Assert.Equal(["end"], without.Move(Both("WaitAllActive", true)).Done("a").Done("b").Waiting());
        Assert.Equal(["join"], Codes(new Instance(Both("WaitAll", false)).Done("a").Place(Both("WaitAny", false)), PlacementCode.JoinChanged));
    }

    [Fact]
    public void What_was_done_is_not_done_again_and_what_was_to_come_is_not_left_out()
    {
        var at = new Instance(Line("a", "b", "c")).Done("a");
        Assert.Equal(["a"], Codes(at.Place(Line("b", "a", "c")), PlacementCode.WouldRepeat));
        Assert.Equal(["c"], Codes(at.Place(Line("a", "c", "b")), PlacementCode.WouldSkip));
        // A step that the new definition has no more is left out on purpose.
        Assert.Equal(InstanceStatus.Finished, at.Move(Line("a", "b")).Done("b").Last.Status);
    }

    [Fact]
    public void A_waiting_step_must_be_there_as_what_it_is_and_where_it_is()
    {
        var at = new Instance(Line("a", "b", "c")).Done("a");
        Assert.Equal(["b"], Codes(at.Place(Line("a", "c")), PlacementCode.Gone));
        Assert.Equal(["b"], Codes(at.Place(Tasks("a").Add("CivilAffairs.ApplicantTask", "b", ("kind", "Correction"), ("title", "b"), ("finishWithin", "5d"), ("outcomes", "[\"Done\"]")).Connect("a", "b")), PlacementCode.OtherType));
        Assert.Equal(["b"], Codes(at.Place(Tasks("a").Nest(Tasks("inner", "b")).Connect("a", "inner")), PlacementCode.OtherScope));
    }

    [Fact]
    public void A_renamed_step_is_found_by_what_the_manager_says_and_who_did_it_is_still_known()
    {
        static Flow Named(string first, string second) => Tasks().Add(Task, first, [.. Inputs("甲")]).Add(Task, second, [.. Inputs("乙"), ("notSameAs", $"[\"{first}\"]")]).Connect(first, second);
        var engine = new WorkflowEngine();
        var (from, to) = (Named("a", "b"), Named("x", "y"));
        var renames = engine.Renames(engine.Load(from.ToString()), engine.Load(to.ToString()));
        Assert.Equal([("a", "x"), ("b", "y")], renames.Select(r => (r.Old.Id, r.Suggested!)));

        var at = new Instance(from);
        at.Answer("a", "Done", "zhang");
        Assert.Equal([(PlacementCode.Gone, "b"), (PlacementCode.PerformerLost, "a")], at.Place(to).Faults.Select(f => (f.Code, f.Activity.Id)));
        // Who did a is barred from b: without knowing that x is a, nobody could say so.
        Assert.Equal(["a"], Codes(at.Place(to, ("b", "y")), PlacementCode.PerformerLost));
        at.Move(to, ("a", "x"), ("b", "y"));
        Assert.Throws<StepRefusedException>(() => at.Answer("y", "Done", "zhang"));
        Assert.Equal(InstanceStatus.Finished, at.Answer("y", "Done", "li").Status);
    }

    [Fact]
    public void Answers_given_must_still_be_answers_and_be_counted_as_they_were()
    {
        static Flow Seats(string outcomes, int seats = 2, string mode = "All", string title = "评议") =>
            new Flow().Add(Task, "vote", ("title", title), ("role", "INV"), ("level", "township"), ("finishWithin", "5wd"), ("mode", mode), ("seats", seats), ("outcomes", outcomes));
        var fresh = new Instance(Seats("""["Agree","Abstain","Oppose"]"""));
        Assert.True(fresh.Place(Seats("""["Agree","Oppose"]""")).IsSafe);
        Assert.Equal(["vote"], Codes(fresh.Place(Seats("""["Agree","Abstain","Oppose"]""", 3)), PlacementCode.SeatsChanged));
        var half = new Instance(Seats("""["Agree","Abstain","Oppose"]"""));
        half.Answer("vote", "Abstain", "zhang");
        var placed = half.Place(Seats("""["Agree","Oppose"]"""));
        Assert.Equal("Abstain", Assert.Single(placed.Faults, f => f.Code == PlacementCode.OutcomeGone).Detail);
        Assert.Equal(["vote"], Codes(half.Place(Seats("""["Agree","Abstain","Oppose"]""", mode: "Any")), PlacementCode.SeatsChanged));
        // A new title is only a label; the second seat closes it.
        half.Move(Seats("""["Agree","Abstain","Oppose"]""", title: "民主评议"));
        Assert.Equal(InstanceStatus.Finished, half.Answer("vote", "Abstain", "li").Status);
    }

    [Fact]
    public void Variables_go_by_id_and_a_value_must_fit_its_new_type()
    {
        static Flow With(string type, string name = "V", bool more = false) => More(Tasks("b").Variable(name, type), more)
            .Add("Elsa.SetVariable", "set", ("value", "js:'17'")).With("set", "variable", $$"""{"id":"v-{{name}}"}""").Connect("set", "b").With("b", "title", Text("JavaScript", $"'T' + get{name}()").ToJsonString());
        static Flow More(Flow flow, bool more) => more ? flow.Variable("W", "Int32") : flow;
        Assert.Equal("T17", Title(new Instance(With("Int32")).Place(With("Int64", more: true))));
        Assert.Equal("T17", Title(new Instance(With("String")).Place(With("String"))));
        Assert.Equal(["Workflow1"], Codes(new Instance(With("String")).Place(With("DateTime")), PlacementCode.VariableType));
        var dropped = new Instance(With("String")).Place(Tasks("b").Add("Elsa.Start", "set").Connect("set", "b"));
        Assert.Equal(("V", PlacementCode.VariableDropped), (dropped.Remarks.Single().Detail, dropped.Remarks.Single().Code));
        // One that was renamed keeps its value by its id.
        var renamed = With("String", "W").ToString().Replace("v-W", "v-V", StringComparison.Ordinal);
        var engine = new WorkflowEngine();
        var at = new Instance(With("String"));
        var placed = engine.Place(engine.Load(With("String").ToString()), at.Last.State, engine.Load(renamed), new StepInput(new MoveTrigger("", "", new Dictionary<string, string>()), at.Now, "m"));
        Assert.Equal("T17", Title(placed));
    }

    [Fact]
    public void In_a_loop_the_body_must_be_the_same_but_for_its_labels()
    {
        static Flow Each(string title, string outcomes = "[\"Done\"]", bool behind = false) => Tasks("end").Also(behind, "new").Add("Elsa.ForEach", "each", ("items", "[\"p\",\"q\"]"))
            .With("each", "body", new JsonObject { ["id"] = "one", ["name"] = "one", ["type"] = Task, ["title"] = Text("Literal", title), ["role"] = Text("Literal", "TCK"), ["finishWithin"] = Text("Literal", "5wd"), ["outcomes"] = Text("Object", outcomes) }.ToJsonString())
            .Join("each", "end", behind ? "new" : null);
        var at = new Instance(Each("核实")).Done("one");
        Assert.Equal(["each"], Codes(at.Place(Each("核实", "[\"Done\",\"Back\"]")), PlacementCode.LoopChanged));
        at.Move(Each("逐户核实", behind: true)).Done("one");
        Assert.Equal(["new"], at.Waiting());
        Assert.Equal(2, at.Effects.OfType<CreateTask>().Count(t => t.ActivityId == "one"));
    }

    [Fact]
    public void Sequences_go_on_behind_the_child_and_side_by_side_ones_must_be_the_same()
    {
        static Flow In(string container, params string[] children) => new Flow().Add(container, "in").With("in", "activities", new JsonArray([.. children.Select(c => JsonNode.Parse(new JsonObject
        {
            ["id"] = c, ["name"] = c, ["type"] = Task, ["title"] = Text("Literal", c), ["role"] = Text("Literal", "TCK"), ["finishWithin"] = Text("Literal", "5wd"), ["outcomes"] = Text("Object", "[\"Done\"]"),
        }.ToJsonString()))]).ToJsonString());
        var sequence = new Instance(In("Elsa.Sequence", "a", "b")).Done("a").Move(In("Elsa.Sequence", "a", "new", "b", "c"));
        Assert.Equal(["c"], sequence.Done("b").Waiting());
        var parallel = new Instance(In("Elsa.Parallel", "a", "b")).Done("a");
        Assert.Equal(["in"], Codes(parallel.Place(In("Elsa.Parallel", "a", "b", "c")), PlacementCode.JoinChanged));
        Assert.Equal(InstanceStatus.Finished, parallel.Move(In("Elsa.Parallel", "b", "a")).Done("b").Last.Status);
    }

    [Fact]
    public void Timers_and_notices_end_when_they_were_to_end_and_events_keep_their_name()
    {
        static Flow Waiting(string days, string name) => Tasks("end").Add("CivilAffairs.WaitUntil", "wait", ("date", days)).Add("Elsa.Event", "called", ("eventName", name)).Connect("wait", "end");
        var at = new Instance(Waiting("2026-03-01", "x").Add("Elsa.Start", "start").Connect("start", "wait").Connect("start", "called"));
        static Flow Changed(string day, string name) => Waiting(day, name).Add("Elsa.Start", "start").Connect("start", "wait").Connect("start", "called");
        var placed = at.Place(Changed("2026-04-01", "x"));
        Assert.Equal([(PlacementCode.WaitKept, "wait")], placed.Remarks.Select(r => (r.Code, r.Activity.Id)));
        Assert.Equal(["called"], Codes(at.Place(Changed("2026-03-01", "y")), PlacementCode.EventChanged));
        var due = at.Pending("wait", "timer").DueAt;
        at.Move(Changed("2026-04-01", "x"));
        Assert.Equal(due, at.Pending("wait", "timer").DueAt);
        Assert.Contains("end", at.Also(i => i.Due("wait")).Waiting());
    }

    [Fact]
    public void It_says_what_a_task_asks_there_with_limits_from_the_day_it_began()
    {
        static Flow Limited(string limit, string role) => new Flow().Add(Task, "a", ("title", "审核"), ("titleEn", "Review"), ("role", role), ("level", "township"), ("finishWithin", limit), ("outcomes", "[\"Done\"]"));
        var at = new Instance(Limited("10wd", "TRV"));
        var began = at.Last.Effects.OfType<CreateTask>().Single();
        at.Now = at.Now.AddDays(5);
        var engine = new WorkflowEngine();
        var input = new StepInput(new MoveTrigger("", "", new Dictionary<string, string>()), at.Now, "m") { Calendar = Instance.Weekdays };
        var placed = engine.Place(engine.Load(Limited("10wd", "TRV").ToString()), at.Last.State, engine.Load(Limited("5wd", "CCK").ToString()), input,
            new Dictionary<string, DateOnly> { [began.BookmarkId!] = began.FinishWithin.CountedFrom!.Value });
        var asks = Assert.IsType<CreateTask>(Assert.Single(placed.Asks));
        Assert.Equal(("CCK", began.FinishWithin.CountedFrom), (asks.Role, asks.FinishWithin.CountedFrom));
        Assert.Equal(new DateOnly(2026, 2, 18), asks.FinishWithin.LastDay);
    }

    [Fact]
    public void Nothing_is_placed_that_has_ended_or_cannot_be_computed()
    {
        var over = new Instance(Line("a")).Done("a");
        Assert.Throws<StepRefusedException>(() => over.Place(Line("a")));
        var placed = new Instance(Line("a")).Place(Line("a").With("a", "role", """{"expression":{"type":"JavaScript","value":"getFact('unknown')"}}"""));
        Assert.Equal(["a"], Codes(placed, PlacementCode.CannotEvaluate));
    }

    private static string Title(PlacementResult placed) => Assert.IsType<CreateTask>(Assert.Single(placed.Asks)).Title.Zh;
    private static IEnumerable<string> Codes(PlacementResult placed, PlacementCode code)
    {
        Assert.False(placed.IsSafe);
        Assert.All(placed.Faults, f => Assert.Equal(code, f.Code));
        return placed.Faults.Select(f => f.Activity.Id);
    }

    private static JsonObject Text(string type, string value) => new() { ["expression"] = new JsonObject { ["type"] = type, ["value"] = value } };
    private static IEnumerable<(string, object)> Inputs(string title) => [("title", title), ("role", "TCK"), ("level", "township"), ("finishWithin", "5wd"), ("outcomes", "[\"Done\",\"Back\"]")];
    private static Flow Tasks(params string[] tasks) => tasks.Length > 1 && tasks[0] == "inner"
        ? tasks[1..].Aggregate(new Flow("inner"), (flow, task) => flow.Add(Task, task, [.. Inputs(task)]))
        : tasks.Aggregate(new Flow(), (flow, task) => flow.Add(Task, task, [.. Inputs(task)]));

    private static Flow Line(params string[] way) => way.Zip(way.Skip(1)).Aggregate(Tasks(way), (flow, step) => flow.Connect(step.First, step.Second));

    [Theory, InlineData("Elsa.RunTask"), InlineData("Elsa.Delay")]
    public void Stock_waits_are_placed_as_well(string type)
    {
        Flow Stock(bool more) => Tasks("end").Add(type, "wait", type == "Elsa.RunTask" ? ("taskName", "x") : ("timeSpan", "1.00:00:00")).Also(more, "new").Join("wait", "end", more ? "new" : null);
        var at = new Instance(Stock(false)).Move(Stock(true));
        if (type == "Elsa.RunTask") at.Step(new AnswerTrigger(at.Pending("wait").Id, null));
        else at.Due("wait");
        Assert.Equal(["new"], at.Waiting());
    }
}

internal static class PlacementWords
{
    public static Instance Done(this Instance instance, string activity, string outcome = "Done") => instance.Also(i => i.Answer(activity, outcome));

    public static Instance Also(this Instance instance, Action<Instance> what)
    {
        what(instance);
        return instance;
    }

    public static IEnumerable<string> Waiting(this Instance instance) => instance.Last.Bookmarks.Select(b => b.ActivityId);

    public static Flow Also(this Flow flow, bool wanted, string task) =>
        wanted ? flow.Add("CivilAffairs.HumanTask", task, ("title", task), ("role", "TCK"), ("level", "township"), ("finishWithin", "5wd"), ("outcomes", "[\"Done\"]")) : flow;

    public static Flow On(this Flow flow, bool wanted, Func<Flow, Flow> more) => wanted ? more(flow) : flow;

    /// <summary>Directly, or by way of another.</summary>
    public static Flow Join(this Flow flow, string source, string target, string? by) => by is null ? flow.Connect(source, target) : flow.Connect(source, by).Connect(by, target);
}
