using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.Engine.CaseActivities;

/// <summary>
/// Public notice 公示: plain days, not rolled; the way on opens on the first working day after the last one
/// (domain: "the next step may start on the following workday"). An objection 异议 ends the wait at once.
/// </summary>
internal sealed class PublicNotice(ActivityDeclaration declaration) : CaseBehaviour(declaration)
{
    internal override void Execute(ICaseBurst burst, ActivityContext context)
    {
        var first = Today(burst);
        var last = first.AddDays(Int(context, "Days", 7));
        var objection = burst.Wait(context, "task");
        burst.Effects.Add(new PublishNotice(context.Activity!.Id, objection.Id, Required(context, "Template"), Text(context, "Kind"), Text(context, "Place"), first, last, Parsed(context, "Data")));
        var next = burst.Input.Calendar is { } calendar ? WorkDays.NextWorkday(last, calendar) : null;
        DateTimeOffset? due = next is { } day ? Midnight(day) : null;
        var timer = burst.Wait(context, "timer", due: due);
        burst.Effects.Add(new CreateTimer(context.Activity!.Id, timer.Id, due, DeferredDay.NextWorkday(last)));
    }

    internal override void Resume(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload)
    {
        var outcome = bookmark.Kind == "timer" ? "NoObjection" : "Objection";
        var result = bookmark.Kind == "timer" ? [] : payload?.DeepClone() as JsonObject ?? [];
        result["outcome"] = outcome;
        burst.SetOutput(context, "Result", result);
        burst.Complete(context, [outcome]);
    }

    internal override void Withdrawn(ICaseBurst burst, ActivityContext context, BookmarkState bookmark) =>
        burst.Effects.Add(bookmark.Kind == "timer" ? new CancelTimer(context.Activity!.Id, bookmark.Id) : new CancelTask(context.Activity!.Id, bookmark.Id));
}

/// <summary>
/// Waits until 00:00 of a date in the bureau's zone, or until an instant; one that has passed goes on at once. Or for a
/// limit: until so many days after its last day, the day after it where nothing else is said, so that the last day is whole.
/// </summary>
internal sealed class WaitUntil(ActivityDeclaration declaration) : CaseBehaviour(declaration)
{
    internal override void Execute(ICaseBurst burst, ActivityContext context)
    {
        if (Text(context, "Limit") is { Length: > 0 } limit)
        {
            AfterLimit(burst, context, limit);
            return;
        }
        var due = context.Inputs["Date"] switch
        {
            DateTimeOffset instant => instant,
            DateTime instant => new DateTimeOffset(DateTime.SpecifyKind(instant, DateTimeKind.Utc)),
            _ => Midnight(DateOf(Required(context, "Date"))!.Value),
        };
        Until(burst, context, due, null);
    }

    private static void AfterLimit(ICaseBurst burst, ActivityContext context, string limit)
    {
        var (from, offset) = (DateOf(Text(context, "CountFrom")) ?? Day(burst), Int(context, "Offset", 1));
        var reckoned = Limits.Compute(limit, from, burst.Input.Calendar);
        if (reckoned is { LastDay: null, Unknown: false }) throw new InvalidOperationException("There is nothing to wait for: the limit is none.");
        // A year whose calendar is not loaded is never guessed: the day is known once it is.
        Until(burst, context, reckoned.LastDay is { } last ? Midnight(last.AddDays(offset)) : null, DeferredDay.After(limit, from, offset));
    }

    private static void Until(ICaseBurst burst, ActivityContext context, DateTimeOffset? due, string? text)
    {
        if (due <= burst.Input.Now)
        {
            burst.Complete(context);
            return;
        }
        var timer = burst.Wait(context, "timer", due: due);
        burst.Effects.Add(new CreateTimer(context.Activity!.Id, timer.Id, due, text));
    }

    internal override void Withdrawn(ICaseBurst burst, ActivityContext context, BookmarkState bookmark) =>
        burst.Effects.Add(new CancelTimer(context.Activity!.Id, bookmark.Id));
}

/// <summary>Rules of eligibility 资格条件 over facts and parameters; says which ones failed, so that a refusal can name them.</summary>
internal sealed class EligibilityRule(ActivityDeclaration declaration) : CaseBehaviour(declaration)
{
    internal override void Execute(ICaseBurst burst, ActivityContext context)
    {
        var scope = burst.Scope(context);
        var failed = new JsonArray();
        foreach (var rule in (Parsed(context, "Rules") as JsonArray ?? []).OfType<JsonObject>())
        {
            var id = Json.Text(rule["id"]) ?? "";
            try
            {
                if (!Values.Truth(JavaScript.Evaluate(Json.Text(rule["condition"]) ?? "false", scope))) failed.Add(JsonValue.Create(id));
            }
            catch (ExpressionException e)
            {
                throw new ExpressionException($"Rule '{id}': {e.Message}", e);
            }
        }
        var eligible = failed.Count == 0;
        burst.SetOutput(context, "Result", new JsonObject { ["eligible"] = eligible, ["failed"] = failed });
        burst.Complete(context, [eligible ? "Eligible" : "NotEligible"]);
    }
}

/// <summary>Computes an amount in integer fen 核定金额; a negative one is a fault of the formula, never paid as zero in silence.</summary>
internal sealed class ComputeBenefit(ActivityDeclaration declaration) : CaseBehaviour(declaration)
{
    internal override void Execute(ICaseBurst burst, ActivityContext context)
    {
        var amount = context.Inputs["Formula"] as long? ?? throw new InvalidOperationException("The formula gives no whole number of fen.");
        if (amount < 0) throw new InvalidOperationException($"The formula gives a negative amount ({amount} fen).");
        burst.SetOutput(context, "Amount", amount);
        burst.Complete(context);
    }
}
