using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Tests.Features.Matters.Examples;
using CivilAffairs.Web.Features.Designer.TryOut;
using CivilAffairs.Web.Features.Matters;
using BureauTime = CivilAffairs.Web.Platform.Time.BureauTime;
using CivilAffairs.Tests.Engine.Time;
using Xunit;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>The engine of try-outs: a pure function of revision, start and inputs, held against the examples' own replay.</summary>
public sealed class TryOutTests
{
    private static readonly WorkflowEngine Engine = new();

    public static TheoryData<string, string> Examples => ExampleTests.Examples;

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_played_as_a_try_out_goes_as_written(string matter, string example)
    {
        var (revision, file) = Load(matter, example);
        var play = Play(revision, file);
        Assert.Null(play.Refusal);
        Assert.Empty(play.FormFaults);
        Assert.Empty(new ExampleRun(play.Course.Last!, [.. play.Course.Effects], [.. play.Course.Journal], []).Differences(file.Expect));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void What_is_kept_of_a_try_out_is_an_example_that_goes_as_written(string matter, string example)
    {
        var (revision, file) = Load(matter, example);
        var text = TryOutExample.Write(Engine, Play(revision, file), TryOutStart.Of(file), new Words { Zh = "试办", En = "Tried out" }, Calendars.Shipped);
        var faults = new List<MatterFault>();
        var kept = MatterJson.Read<ExampleFile>("kept.json", text, faults);
        Assert.Empty(faults);
        Assert.Empty(ExampleReplay.Run(Engine, revision, kept!, Calendars.Shipped).Differences(kept!.Expect));
        Assert.Equal(file.Expect.Instance, kept.Expect.Instance);
        Assert.Equal(file.Expect.Statuses, kept.Expect.Statuses);
        Assert.Equal(file.Expect.AmountFen, kept.Expect.AmountFen);
    }

    [Fact]
    public void A_step_back_is_the_play_without_its_last_input()
    {
        var (revision, file) = Load("rural-dibao", "granted.json");
        var inputs = TryOutScript.Inputs(Engine, revision, file, Calendars.Shipped);
        var seen = new List<string>();
        var play = TryOutPlay.Run(Engine, revision, TryOutStart.Of(file), [], Calendars.Shipped);
        foreach (var input in inputs)
        {
            seen.Add(play.Course.Last!.State.Json);
            play.Then(input);
        }
        for (var n = inputs.Count - 1; n >= 0; n--)
            Assert.Equal(seen[n], TryOutPlay.Run(Engine, revision, TryOutStart.Of(file), inputs.Take(n), Calendars.Shipped).Course.Last!.State.Json);
    }

    [Fact]
    public void An_answer_that_the_task_s_form_refuses_is_named_by_its_field_and_changes_nothing()
    {
        var (revision, file) = Load("rural-dibao", "granted.json");
        var play = TryOutPlay.Run(Engine, revision, TryOutStart.Of(file), [], Calendars.Shipped);
        var before = play.Course.Last!.State.Json;
        play.Then(TryOutInput.Of("accept", new JsonObject { ["outcome"] = "Correct" }));
        Assert.Equal("form", play.Refusal?.Code);
        Assert.NotEmpty(play.Refusal!.Faults);
        Assert.Equal(before, play.Course.Last.State.Json);
        Assert.Empty(play.Done);
    }

    [Fact]
    public void Who_is_not_waited_for_is_refused()
    {
        var (revision, file) = Load("rural-dibao", "granted.json");
        var play = TryOutPlay.Run(Engine, revision, TryOutStart.Of(file), [TryOutInput.Of("confirm", new JsonObject { ["outcome"] = "Grant" })], Calendars.Shipped);
        Assert.Equal("notWaiting", play.Refusal?.Code);
    }

    [Fact]
    public void An_application_that_the_form_refuses_does_not_begin()
    {
        var (revision, file) = Load("rural-dibao", "granted.json");
        var form = file.Form.DeepClone().AsObject();
        form["applicant"]!["idNumber"] = "341299197803150139";
        var play = TryOutPlay.Run(Engine, revision, TryOutStart.Of(file) with { Form = form }, [], Calendars.Shipped);
        Assert.Contains(play.FormFaults, f => f.Path == "applicant.idNumber");
        Assert.False(play.Begun);
    }

    [Fact]
    public void Two_seats_are_taken_by_two_made_up_persons()
    {
        var (revision, file) = Load("rural-dibao", "granted.json");
        var play = TryOutPlay.Run(Engine, revision, TryOutStart.Of(file), [TryOutInput.Of("accept", file.Answers["accept"][0].Result)], Calendars.Shipped);
        foreach (var answer in file.Answers["visit"]) play.Then(TryOutInput.Of("visit", answer.Result, at: answer.At));
        Assert.Null(play.Refusal);
        Assert.Equal(["tck-1", "inv-1", "inv-2"], play.Done.Select(d => d.By));
    }

    [Fact]
    public void Time_jumps_to_the_day_that_is_asked_and_what_was_due_has_happened()
    {
        var (revision, file) = Load("rural-dibao", "correction-lapsed.json");
        var start = TryOutStart.Of(file);
        var asked = TryOutScript.Inputs(Engine, revision, file, Calendars.Shipped).TakeWhile(i => i.Kind == TryOutInput.Answer).ToList();
        var play = TryOutPlay.Run(Engine, revision, start, asked, Calendars.Shipped);
        var due = play.Course.NextTimer!.DueAt!.Value;
        Assert.True(Again(due.AddMinutes(-1)).Course.Waits);
        Assert.DoesNotContain(Again(due.AddMinutes(-1)).Case.Statuses, s => s.Status == "Lapsed");
        Assert.Equal("Lapsed", Again(due).Case.Status);
        Assert.Equal(BureauTime.Day(due), Again(due).Today);

        TryOutPlay Again(DateTimeOffset to) => TryOutPlay.Run(Engine, revision, start, [.. asked, TryOutInput.To(to)], Calendars.Shipped);
    }

    private static (MatterRevision Revision, ExampleFile Example) Load(string matter, string example)
    {
        var revision = ShippedMatters.Load(matter).Revision!;
        return (revision, revision.Examples[example]);
    }

    private static TryOutPlay Play(MatterRevision revision, ExampleFile example) =>
        TryOutPlay.Run(Engine, revision, TryOutStart.Of(example), TryOutScript.Inputs(Engine, revision, example, Calendars.Shipped), Calendars.Shipped);
}
