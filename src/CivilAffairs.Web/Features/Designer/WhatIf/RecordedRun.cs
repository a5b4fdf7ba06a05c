using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Designer.WhatIf;

/// <summary>One run of a past case as its journal keeps it: everything that went in, step by step. Personal answers are in <see cref="RecordedFacts.Form"/>; it lives in memory only.</summary>
/// <param name="Case">Id and number.</param>
/// <param name="Revision">What it was handled by.</param>
/// <param name="Workflow">Key in matter.json.</param>
/// <param name="InstanceId">As the definition saw it.</param>
internal sealed record RecordedRun(RecordedCase Case, MatterRevision Revision, string Workflow, string InstanceId, IReadOnlyList<RecordedStep> Steps);

/// <param name="Status">As it ended.</param>
internal sealed record RecordedCase(Guid Id, string Number, string Status, DateTimeOffset SubmittedAt, string County, string? Township, string? Village)
{
    /// <summary>Where a task of a level goes; the county where the case has no such place.</summary>
    public string DivisionAt(string? level) => level switch { "village" => Village ?? Township ?? County, "township" => Township ?? County, _ => County };
}

/// <param name="OccurredOn">The day on which it happened; null: on that of <paramref name="At"/>.</param>
/// <param name="Parameters">By key; money in fen.</param>
internal sealed record RecordedStep(StepTrigger Trigger, DateTimeOffset At, DateOnly? OccurredOn, RecordedFacts Facts, IReadOnlyDictionary<string, JsonNode?> Parameters);

/// <summary>Facts that steps could read, and the application from which they were computed.</summary>
/// <param name="Day">As of which they were; null, like <paramref name="Form"/>: not known.</param>
internal sealed record RecordedFacts(IReadOnlyDictionary<string, JsonNode?> Values, JsonObject? Form, DateOnly? Day);

/// <summary>Something that would have gone differently.</summary>
/// <param name="Kind">One of <see cref="DifferenceKinds"/>.</param>
/// <param name="Activity">Which step; empty: the case as a whole.</param>
/// <param name="Before">As it was: a code, a limit, a template; null: nothing.</param>
/// <param name="After">As it would have been.</param>
internal sealed record Difference(string Kind, string Activity, string? Before = null, string? After = null);

/// <summary>What can go differently, the gravest first.</summary>
internal static class DifferenceKinds
{
    public const string Fault = "fault", MissingFact = "missingFact", FormRefused = "formRefused", Refused = "refused", NoWorkflow = "noWorkflow", Result = "result", Outcomes = "outcomes",
        StepDropped = "stepDropped", StepAdded = "stepAdded", Answer = "missingAnswer", Vacant = "vacant", Role = "role", Deadline = "deadline", Clock = "clock", Order = "order", Amount = "amount", Papers = "papers", Unreadable = "unreadable";

    public static IReadOnlyList<string> All { get; } =
        [Fault, MissingFact, FormRefused, Refused, NoWorkflow, Result, Amount, Outcomes, Answer, StepDropped, StepAdded, Order, Role, Vacant, Deadline, Clock, Papers, Unreadable];
}
