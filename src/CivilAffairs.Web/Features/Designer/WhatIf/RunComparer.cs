using System.Globalization;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Designer.TryOut;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Designer.WhatIf;

/// <summary>
/// What would have gone differently had a past run been handled by another revision (docs/adr/0075). Pure: the old run is
/// replayed from its journal, the new one is given the same answers at the same times as far as it asks for them, and both
/// are held against each other.
/// </summary>
/// <param name="held">Whether somebody is posted for a role in a division.</param>
internal sealed class RunComparer(IWorkflowEngine engine, WorkCalendar? calendar, Func<string, string, bool> held)
{
    /// <returns>Empty: all would have gone the same way.</returns>
    public IReadOnlyList<Difference> Compare(RecordedRun run, MatterRevision other)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(other);
        if (!other.Workflows.ContainsKey(run.Workflow)) return [new Difference(DifferenceKinds.NoWorkflow, "", run.Workflow)];
        if (Before(run) is not { } before) return [new Difference(DifferenceKinds.Unreadable, "")];
        var host = new RecordedHost(run, other, calendar, before.Results);
        if (host.Refused.Count > 0) return [.. host.Refused.Select(path => new Difference(DifferenceKinds.FormRefused, path)).Distinct()];
        var differences = new List<Difference>(host.MissingFacts.Select(path => new Difference(DifferenceKinds.MissingFact, path)));
        var course = new Course(engine, engine.Load(other.Workflows[run.Workflow]), host, run.Steps[0].At);
        var stopped = Play(run, course, new Queue<RecordedAnswer>(before.Answers), differences);
        Outcome(course, host, differences);
        differences.AddRange(RunDifferences.Of(before.Seen, Seen.Of(course.Happened), stopped));
        differences.AddRange(course.Effects.OfType<CreateTask>().Where(t => !held(t.Role, run.Case.DivisionAt(t.Level))).Select(t => new Difference(DifferenceKinds.Vacant, t.ActivityId, null, $"{t.Role} {run.Case.DivisionAt(t.Level)}")));
        differences.AddRange(Unanswered(before.Answers, run.Revision, other, course));
        return [.. differences.Distinct()];
    }

    /// <summary>The run as it was: what it brought about, and which answers went where. Null: its journal does not lead through its definition.</summary>
    private (Seen Seen, IReadOnlyList<RecordedAnswer> Answers, IReadOnlyDictionary<string, Queue<EffectResultTrigger>> Results)? Before(RecordedRun run)
    {
        var definition = engine.Load(run.Revision.Workflows[run.Workflow]);
        var (happened, answers, results) = (new List<Happening>(), new List<RecordedAnswer>(), new Dictionary<string, Queue<EffectResultTrigger>>());
        StepResult? last = null;
        foreach (var (step, i) in run.Steps.Select((s, i) => (s, i)))
        {
            if (Recorded(step, last) is { } answer) answers.Add(answer);
            if (step.Trigger is EffectResultTrigger result && last?.Bookmarks.FirstOrDefault(b => b.Id == result.BookmarkId) is { } asked)
            {
                if (!results.TryGetValue(asked.ActivityId, out var queue)) results[asked.ActivityId] = queue = new Queue<EffectResultTrigger>();
                queue.Enqueue(result);
            }
            try
            {
                last = engine.Step(definition, last?.State, new StepInput(step.Trigger, step.At, string.Create(CultureInfo.InvariantCulture, $"{run.InstanceId}-{i + 1}"))
                {
                    OccurredOn = step.OccurredOn, InstanceId = run.InstanceId, Parameters = step.Parameters, Facts = step.Facts.Values, Calendar = calendar,
                });
            }
            catch (StepRefusedException)
            {
                return null;
            }
            happened.Add(new Happening(i, step.At, step.Trigger, last));
        }
        return (Seen.Of(happened), answers, results);
    }

    private static RecordedAnswer? Recorded(RecordedStep step, StepResult? last) => step.Trigger switch
    {
        AnswerTrigger answer when last?.Bookmarks.FirstOrDefault(b => b.Id == answer.BookmarkId) is { } at => new RecordedAnswer(at.ActivityId, step.At, step.OccurredOn, answer.Result, answer.By, false),
        // One that the definition published itself comes again by itself.
        EventTrigger happened when last?.Bookmarks.FirstOrDefault(b => b.EventName == happened.EventName) is { } at && !last.Effects.OfType<EventPublished>().Any(p => p.EventName == happened.EventName)
            => new RecordedAnswer(at.ActivityId, step.At, step.OccurredOn, happened.Payload, null, true),
        _ => null,
    };

    /// <summary>Gives the recorded answers, each not before its time, while the new run asks for any of them; what it asks besides is left open.</summary>
    /// <returns>Whether it stands where nobody's record helps it on.</returns>
    private static bool Play(RecordedRun run, Course course, Queue<RecordedAnswer> recorded, List<Difference> differences)
    {
        var left = recorded.ToList();
        course.Step(run.Steps[0].Trigger, run.Steps[0].OccurredOn);
        while (course.Waits && !course.Circles)
        {
            var (bookmark, answer) = course.Last!.Bookmarks.Where(b => b.Kind is "task" or "event").Select(b => (Bookmark: b, Answer: left.Find(a => a.Activity == b.ActivityId))).Where(a => a.Answer is not null)
                .OrderBy(a => Later(a.Answer!.At, course.Now)).ThenBy(a => left.IndexOf(a.Answer!)).FirstOrDefault();
            var timer = course.NextTimer;
            if (bookmark is not null && (timer is null || Later(answer!.At, course.Now) <= timer.DueAt))
            {
                course.Pass(answer!.At, inclusive: false);
                left.Remove(answer);
                try
                {
                    course.Answer(bookmark, answer.Result?.DeepClone(), answer.By, answer.OccurredOn);
                }
                catch (StepRefusedException e)
                {
                    var outcome = Text(answer.Result);
                    differences.Add(new Difference(DifferenceKinds.Refused, answer.Activity, outcome, e.Message.Contains("may not perform", StringComparison.Ordinal) || e.Message.Contains("two seats", StringComparison.Ordinal) ? "samePerson" : "outcome"));
                    return true;
                }
                continue;
            }
            // Time alone leads on, but where somebody new is waited for and no record is left, the course of the old case ends here.
            if (timer is null || (left.Count == 0 && course.Last.Bookmarks.Any(b => course.Seats(b.Id).Count > 0 || course.Asked(b.Id) is not null))) break;
            course.Pass(timer.DueAt!.Value, inclusive: true);
        }
        // Where it fell there is no telling what would have been asked.
        if (course.Circles || course.Last?.Status == InstanceStatus.Faulted) return true;
        foreach (var never in left.Select(a => a.Activity).Distinct()) differences.Add(new Difference(DifferenceKinds.StepDropped, never));
        return course.Waits;
    }

    private static void Outcome(Course course, RecordedHost host, List<Difference> differences)
    {
        if (course.Circles) differences.Add(new Difference(DifferenceKinds.Fault, "", null, "circle"));
        foreach (var incident in course.Last?.Incidents ?? [])
            if (host.AskedInVain.Count == 0) differences.Add(new Difference(DifferenceKinds.Fault, incident.ActivityId, null, incident.Message));
            else differences.AddRange(host.AskedInVain.Order(StringComparer.Ordinal).Select(fact => new Difference(DifferenceKinds.MissingFact, incident.ActivityId, null, fact)));
    }

    /// <summary>Questions that the new task forms must have answered for the flow, and that nobody was asked.</summary>
    private static IEnumerable<Difference> Unanswered(IReadOnlyList<RecordedAnswer> answers, MatterRevision before, MatterRevision after, Course course)
    {
        foreach (var task in course.Effects.OfType<CreateTask>().Where(t => t.Form is not null).DistinctBy(t => t.ActivityId))
        {
            if (!after.Form.TaskForms.TryGetValue(task.Form!, out var form) || !answers.Any(a => a.Activity == task.ActivityId)) continue;
            var known = before.Form.TaskForms.TryGetValue(task.Form!, out var old) ? old.Fields.Select(f => f.Id).ToHashSet() : [];
            foreach (var field in form.Fields.Where(f => f.Flow && f.Required.Fixed == true && !known.Contains(f.Id))) yield return new Difference(DifferenceKinds.Answer, task.ActivityId, null, field.Id);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset at, DateTimeOffset now) => at > now ? at : now;

    private static string Text(System.Text.Json.Nodes.JsonNode? result) => (string?)((result as System.Text.Json.Nodes.JsonObject)?["outcome"] as System.Text.Json.Nodes.JsonValue) ?? "";
}

/// <summary>An answer of the past: to which activity, when, and what it said for the flow.</summary>
internal sealed record RecordedAnswer(string Activity, DateTimeOffset At, DateOnly? OccurredOn, System.Text.Json.Nodes.JsonNode? Result, string? By, bool IsEvent);
