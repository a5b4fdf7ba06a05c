using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using Cronos;

namespace CivilAffairs.Engine.Activities;

/// <summary>Elsa.RunTask: the host does it and answers with a result.</summary>
internal sealed class RunTask : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("TaskName", "String"), new("Payload", "ObjectDictionary")];
    internal override IReadOnlyList<string> Outputs { get; } = ["Result", "TaskId"];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        var bookmark = burst.Wait(context, "task");
        burst.SetOutput(context, "TaskId", bookmark.Id);
        burst.Effects.Add(new RunTaskRequested(context.Activity!.Id, bookmark.Id, Values.Text(context.Inputs["TaskName"]) ?? "", Values.Plain(Values.ToJson(context.Inputs["Payload"]))));
    }

    internal override void Resume(Burst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload)
    {
        burst.SetOutput(context, "Result", Values.FromJson(payload?.DeepClone()));
        burst.Complete(context);
    }

    internal override void Withdrawn(Burst burst, ActivityContext context, BookmarkState bookmark) =>
        burst.Effects.Add(new CancelTask(context.Activity!.Id, bookmark.Id));
}

/// <summary>Elsa.Event: waits for a published name.</summary>
internal sealed class Event : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("EventName", "String")];
    internal override IReadOnlyList<string> Outputs { get; } = ["Result"];

    internal override void Execute(Burst burst, ActivityContext context) =>
        burst.Wait(context, "event", Values.Text(context.Inputs["EventName"]) ?? "");

    internal override (PlacementCode Code, string Detail)? Unplaceable(ActivityContext was, ActivityContext becomes) =>
        Equals(Values.Text(was.Inputs["EventName"]), Values.Text(becomes.Inputs["EventName"])) ? null : (PlacementCode.EventChanged, Values.Text(becomes.Inputs["EventName"]) ?? "");

    internal override void Resume(Burst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload)
    {
        burst.SetOutput(context, "Result", Values.FromJson(payload?.DeepClone()));
        burst.Complete(context);
    }
}

/// <summary>Elsa.PublishEvent.</summary>
internal sealed class PublishEvent : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("EventName", "String"), new("CorrelationId", "String"), new("Payload")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        burst.Effects.Add(new EventPublished(context.Activity!.Id, Values.Text(context.Inputs["EventName"]) ?? "",
            Values.Text(context.Inputs["CorrelationId"]), Values.Plain(Values.ToJson(context.Inputs["Payload"]))));
        burst.Complete(context);
    }
}

/// <summary>Elsa.SendEmail.</summary>
internal sealed class SendEmailActivity : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("To"), new("Subject", "String"), new("Body", "String")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        var to = context.Inputs["To"] is { } addresses && Values.Convert(addresses, "List<String>", true) is JsonArray list
            ? list.Select(item => Values.Text(Values.FromJson(item)) ?? "").Where(a => a.Length > 0).ToList() : [];
        burst.Effects.Add(new SendEmail(context.Activity!.Id, to, Values.Text(context.Inputs["Subject"]), Values.Text(context.Inputs["Body"])));
        burst.Complete(context);
    }
}

/// <summary>What all timers share: a stored due time, without an upper limit.</summary>
internal abstract class TimerBehaviour : Behaviour
{
    protected static void WaitUntil(Burst burst, ActivityContext context, DateTimeOffset due)
    {
        var bookmark = burst.Wait(context, "timer", due: due);
        burst.Effects.Add(new CreateTimer(context.Activity!.Id, bookmark.Id, due));
    }

    internal override void Withdrawn(Burst burst, ActivityContext context, BookmarkState bookmark) =>
        burst.Effects.Add(new CancelTimer(context.Activity!.Id, bookmark.Id));
}

/// <summary>Elsa.Delay and, inside a flow, Elsa.Timer.</summary>
internal sealed class Delay(string input) : TimerBehaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new(input, "TimeSpan")];

    internal override void Execute(Burst burst, ActivityContext context) =>
        WaitUntil(burst, context, burst.Input.Now + (context.Inputs[input] as TimeSpan? ?? TimeSpan.Zero));
}

/// <summary>Elsa.StartAt: waits for an instant; one already past completes at once.</summary>
internal sealed class StartAt : TimerBehaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("DateTime", "DateTimeOffset")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        var due = context.Inputs["DateTime"] as DateTimeOffset? ?? burst.Input.Now;
        if (due <= burst.Input.Now) burst.Complete(context);
        else WaitUntil(burst, context, due);
    }
}

/// <summary>Elsa.Cron: waits for the next occurrence (UTC); an invalid expression is a fault here and refused by the check.</summary>
internal sealed class Cron : TimerBehaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("CronExpression", "String")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        var text = Values.Text(context.Inputs["CronExpression"]);
        if (string.IsNullOrWhiteSpace(text))
        {
            burst.Complete(context); // Switched off: nothing to wait for.
            return;
        }
        var next = Parse(text).GetNextOccurrence(burst.Input.Now, TimeZoneInfo.Utc)
            ?? throw new InvalidOperationException("The cron expression never occurs again.");
        WaitUntil(burst, context, next);
    }

    /// <exception cref="CronFormatException">Not a cron expression of six fields, seconds first, as Elsa reads them.</exception>
    internal static CronExpression Parse(string text) => CronExpression.Parse(text, CronFormat.IncludeSeconds);
}

/// <summary>A type this engine does not know: kept in the file, refused by the check, a fault when it is reached.</summary>
internal sealed class UnknownActivity : Behaviour
{
    internal override void Execute(Burst burst, ActivityContext context) =>
        throw new InvalidOperationException($"Unknown activity type '{context.Activity!.Type}'.");
}
