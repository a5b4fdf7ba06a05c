using System.Text.Json.Nodes;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.Engine.CaseActivities;

/// <summary>
/// Work for one or several officers 人工办理. One bookmark, one seat a person, all different persons. A late task never
/// answers itself.
/// </summary>
internal sealed class HumanTask(ActivityDeclaration declaration) : CaseBehaviour(declaration)
{
    private sealed record Answered(int Seat, string? By, string Outcome);

    internal override void Execute(ICaseBurst burst, ActivityContext context)
    {
        if (List(context, "Outcomes").Count == 0) throw new InvalidOperationException("The task has no outcomes.");
        var seats = Seats(context);
        Memory.Set(context, "answers", new JsonArray());
        var bookmark = burst.Wait(context, "task");
        for (var seat = 1; seat <= (Mode(context) == "InOrder" ? 1 : seats); seat++) Open(burst, context, bookmark, seat);
    }

    internal override string? Refuse(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload)
    {
        // The inputs were evaluated in an earlier burst; the outcomes are needed before this one touches anything.
        var outcomes = Evaluator.Evaluate(context.Activity!.Raw["outcomes"], "List<String>", burst.Scope(context)) as JsonArray;
        var outcome = Outcome(payload);
        if (outcomes is null || !outcomes.Any(o => Json.Text(o) == outcome))
            return $"'{outcome}' is not an outcome of this task.";
        if (By(payload) is { } by)
        {
            if (Answers(context).Any(a => a.By == by)) return "One person cannot take two seats of the same task.";
            if (Earlier(burst, context).FirstOrDefault(step => burst.Performers.TryGetValue(step, out var performers) && performers.Contains(by)) is { } step)
                return $"The person has performed '{step}' and may not perform '{context.Activity.Id}' as well.";
        }
        if (Seat(payload) is { } seat && Answers(context).Any(a => a.Seat == seat))
            return $"Seat {seat} has already been answered.";
        return null;
    }

    internal override void Resume(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload)
    {
        var answers = Answers(context);
        var seat = Seat(payload) ?? Enumerable.Range(1, Seats(context)).First(s => answers.TrueForAll(a => a.Seat != s));
        answers.Add(new Answered(seat, By(payload), Outcome(payload)));
        if (By(payload) is { } by) Performed(burst, context.Activity!.Id, by);
        Keep(context, answers, payload);
        if (Decide(context, answers) is not { } outcome)
        {
            if (Mode(context) == "InOrder") Open(burst, context, bookmark, answers.Count + 1);
            burst.Keep(bookmark);
            return;
        }
        if (Mode(context) != "InOrder" && answers.Count < Seats(context)) burst.Effects.Add(new CancelTask(context.Activity!.Id, bookmark.Id));
        var result = context.Memory?["fields"]?.DeepClone() as JsonObject ?? [];
        result["outcome"] = outcome;
        result["by"] = new JsonArray([.. answers.Select(a => (JsonNode?)a.By)]);
        burst.SetOutput(context, "Result", result);
        burst.Complete(context, [outcome]);
    }

    internal override void Withdrawn(ICaseBurst burst, ActivityContext context, BookmarkState bookmark) =>
        burst.Effects.Add(new CancelTask(context.Activity!.Id, bookmark.Id));

    /// <summary>The outcome once it stands, null while another seat is needed.</summary>
    private static string? Decide(ActivityContext context, List<Answered> answers)
    {
        var (seats, outcomes) = (Seats(context), List(context, "Outcomes"));
        switch (Mode(context))
        {
            case "Any":
                return answers[0].Outcome;
            case "InOrder":
                return answers[^1].Outcome != outcomes[0] || answers.Count >= seats ? answers[^1].Outcome : null;
            case "Share":
                var needed = (int)Math.Ceiling(Int(context, "Share", 50) * seats / 100m);
                var best = answers.GroupBy(a => a.Outcome).MaxBy(g => g.Count())!;
                if (best.Count() >= needed) return best.Key;
                return best.Count() + seats - answers.Count < needed ? outcomes[^1] : null;
            default:
                if (answers.Count < seats) return null;
                return answers.TrueForAll(a => a.Outcome == answers[0].Outcome) ? answers[0].Outcome : outcomes[^1];
        }
    }

    private static void Open(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, int seat) => burst.Effects.Add(Ask(burst, context, bookmark, seat, Day(burst)));

    private static CreateTask Ask(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, int seat, DateOnly day) =>
        new(context.Activity!.Id, bookmark.Id, seat, new LocalText(Required(context, "Title"), Text(context, "TitleEn")),
            Required(context, "Role"), Text(context, "Level"), LimitOf(burst, context, "StartWithin", day), LimitOf(burst, context, "FinishWithin", day),
            Text(context, "NoLimitReason") is { Length: > 0 } reason ? reason : null, Text(context, "Form") is { Length: > 0 } form ? form : null,
            List(context, "Outcomes"), List(context, "NotSameAs"), Text(context, "Source") is { Length: > 0 } source ? source : null);

    internal override Effect Asks(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, DateOnly since) => Ask(burst, context, bookmark, 1, since);

    /// <summary>A half-finished task keeps its answers: they must still be answers there, and be counted as they were.</summary>
    internal override (PlacementCode Code, string Detail)? Unplaceable(ActivityContext was, ActivityContext becomes)
    {
        var outcomes = List(becomes, "Outcomes");
        if (Answers(becomes).FirstOrDefault(a => !outcomes.Contains(a.Outcome)) is { } lost) return (PlacementCode.OutcomeGone, lost.Outcome);
        if (outcomes.Count == 0) return (PlacementCode.OutcomeGone, "");
        // The seats are open as they were counted: nobody is asked anew, and nobody sent away.
        var same = Seats(was) == Seats(becomes) && Mode(was) == Mode(becomes) && (Mode(was) != "Share" || Int(was, "Share", 50) == Int(becomes, "Share", 50));
        return same ? null : (PlacementCode.SeatsChanged, "");
    }

    private static void Performed(ICaseBurst burst, string activity, string by)
    {
        var performers = burst.Performers;
        if (!performers.TryGetValue(activity, out var list)) performers[activity] = list = [];
        if (!list.Contains(by)) list.Add(by);
    }

    /// <summary>Steps whose performers may not take a seat; read before the inputs of this burst are.</summary>
    private static IEnumerable<string> Earlier(ICaseBurst burst, ActivityContext context) =>
        (Evaluator.Evaluate(context.Activity!.Raw["notSameAs"], "List<String>", burst.Scope(context)) as JsonArray ?? []).Select(Json.Text).OfType<string>();

    private static List<Answered> Answers(ActivityContext context) =>
        [.. (context.Memory?["answers"] as JsonArray ?? []).OfType<JsonObject>().Select(a => new Answered((int)a["seat"]!, Json.Text(a["by"]), Json.Text(a["outcome"])!))];

    private static void Keep(ActivityContext context, List<Answered> answers, JsonNode? payload)
    {
        Memory.Set(context, "answers", new JsonArray([.. answers.Select(a => (JsonNode)new JsonObject { ["seat"] = a.Seat, ["by"] = a.By, ["outcome"] = a.Outcome })]));
        var fields = context.Memory!["fields"] as JsonObject ?? [];
        foreach (var (name, value) in payload as JsonObject ?? [])
            if (name is not ("by" or "seat" or "outcome")) fields[name] = value?.DeepClone();
        context.Memory["fields"] = fields.Parent is null ? fields : fields.DeepClone();
    }

    private static string Mode(ActivityContext context) => Text(context, "Mode") is { Length: > 0 } mode ? mode : "Single";
    private static int Seats(ActivityContext context) => Mode(context) == "Single" ? 1 : Math.Clamp(Int(context, "Seats", 1), 1, 50);
    private static string? By(JsonNode? payload) => Json.Text((payload as JsonObject)?["by"]);
    private static int? Seat(JsonNode? payload) => (payload as JsonObject)?["seat"] is JsonValue value && value.TryGetValue<int>(out var seat) ? seat : null;

    /// <summary>An answer is <c>{outcome, …}</c>, or the outcome alone.</summary>
    internal static string Outcome(JsonNode? payload) => Json.Text((payload as JsonObject)?["outcome"]) ?? Json.Text(payload) ?? "";
}

/// <summary>Work for the applicant 申请人事项: correction, appointment, signature. If its limit passes, the outcome is <c>Expired</c>.</summary>
internal sealed class ApplicantTask(ActivityDeclaration declaration) : CaseBehaviour(declaration)
{
    internal override void Execute(ICaseBurst burst, ActivityContext context)
    {
        var limit = LimitOf(burst, context, "FinishWithin", Today(burst));
        var bookmark = burst.Wait(context, "task");
        burst.Effects.Add(Ask(context, bookmark, limit));
        if (Flag(context, "PausesClock")) CaseClock.Pause(burst, context);
        if (limit.LastDay is null && !limit.Unknown) return;
        // The last day belongs to the applicant whole: the limit has passed at 24:00.
        DateTimeOffset? due = limit.LastDay is { } last ? Midnight(last.AddDays(1)) : null;
        var timer = burst.Wait(context, "timer", due: due);
        burst.Effects.Add(new CreateTimer(context.Activity!.Id, timer.Id, due, due is null ? DeferredDay.After(limit.Text, limit.CountedFrom ?? Today(burst), 1) : limit.Text));
    }

    private static CreateApplicantTask Ask(ActivityContext context, BookmarkState bookmark, Limit limit) =>
        new(context.Activity!.Id, bookmark.Id, Required(context, "Kind"), new LocalText(Required(context, "Title"), Text(context, "TitleEn")),
            Text(context, "Form") is { Length: > 0 } form ? form : null, limit, Flag(context, "PausesClock"), List(context, "Outcomes"));

    internal override Effect? Asks(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, DateOnly since) =>
        bookmark.Kind == "task" ? Ask(context, bookmark, LimitOf(burst, context, "FinishWithin", since)) : null;

    /// <summary>A correction is no appointment: what the applicant was asked for decides what an answer does.</summary>
    internal override (PlacementCode Code, string Detail)? Unplaceable(ActivityContext was, ActivityContext becomes) =>
        Text(was, "Kind") != Text(becomes, "Kind") ? (PlacementCode.OtherType, Text(becomes, "Kind"))
        : List(becomes, "Outcomes").Count == 0 ? (PlacementCode.OutcomeGone, "") : null;

    internal override string? Refuse(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload)
    {
        if (bookmark.Kind == "timer") return null;
        var outcomes = Evaluator.Evaluate(context.Activity!.Raw["outcomes"], "List<String>", burst.Scope(context)) as JsonArray;
        return outcomes is not null && outcomes.Any(o => Json.Text(o) == HumanTask.Outcome(payload)) ? null : $"'{HumanTask.Outcome(payload)}' is not an outcome of this task.";
    }

    internal override void Resume(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload)
    {
        CaseClock.Resume(burst, context);
        var outcome = bookmark.Kind == "timer" ? "Expired" : HumanTask.Outcome(payload);
        var result = bookmark.Kind == "timer" ? [] : payload?.DeepClone() as JsonObject ?? [];
        result["outcome"] = outcome;
        burst.SetOutput(context, "Result", result);
        burst.Complete(context, [outcome]);
    }

    internal override void Withdrawn(ICaseBurst burst, ActivityContext context, BookmarkState bookmark)
    {
        CaseClock.Resume(burst, context);
        burst.Effects.Add(bookmark.Kind == "timer" ? new CancelTimer(context.Activity!.Id, bookmark.Id) : new CancelTask(context.Activity!.Id, bookmark.Id));
    }
}
