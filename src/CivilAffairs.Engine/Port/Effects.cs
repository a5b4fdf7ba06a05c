using System.Text.Json.Nodes;

namespace CivilAffairs.Engine.Port;

/// <summary>
/// Something the host shall do, as data. Effects whose <see cref="BookmarkId"/> is of kind <c>effect</c> are answered
/// by an <see cref="EffectResultTrigger"/> within the same transaction; the others need no answer at once.
/// </summary>
public abstract record Effect(string ActivityId, string? BookmarkId);

/// <summary>A text in both languages, as managers type it into a definition.</summary>
public sealed record LocalText(string Zh, string En);

/// <summary>A limit as written by the manager and, where the calendar is known, its last day.</summary>
/// <param name="Text"><c>10wd</c>, <c>7d</c>, <c>3M</c> or <c>none</c>.</param>
/// <param name="LastDay">The last day (red after 24:00 of it); null for none, or while the calendar year is not loaded.</param>
/// <param name="AmberFrom">Amber from this day: day ceil(0.8·n).</param>
/// <param name="Unknown">True while the calendar year the limit reaches into is not loaded.</param>
public sealed record Limit(string Text, DateOnly? LastDay, DateOnly? AmberFrom, bool Unknown)
{
    /// <summary>The day it counts from, not counted itself; null where it is none.</summary>
    public DateOnly? CountedFrom { get; init; }

    /// <summary>Keys of the parameters from which the definition took it: where the host finds its source.</summary>
    public IReadOnlyList<string> ParameterKeys { get; init; } = [];
}

/// <summary>Work for an officer. Answer: <see cref="AnswerTrigger"/> with <c>{outcome, …}</c>.</summary>
/// <param name="Seat">1-based: a task for several persons creates one effect per seat under one bookmark.</param>
/// <param name="NotSameAs">Activity ids whose performers may not take this seat.</param>
/// <param name="Source">The rule that asks for the step 依据: <c>DB 16, XK 34</c>.</param>
public sealed record CreateTask(string ActivityId, string BookmarkId, int Seat, LocalText Title, string Role, string Level,
    Limit StartWithin, Limit FinishWithin, string? NoLimitReason, string? Form, IReadOnlyList<string> Outcomes,
    IReadOnlyList<string> NotSameAs, string? Source = null) : Effect(ActivityId, BookmarkId);

/// <summary>Work for the applicant (correction 补正, appointment, signature). Answer like <see cref="CreateTask"/>.</summary>
public sealed record CreateApplicantTask(string ActivityId, string BookmarkId, string Kind, LocalText Title, string? Form,
    Limit FinishWithin, bool PausesClock, IReadOnlyList<string> Outcomes) : Effect(ActivityId, BookmarkId);

/// <summary>The task (all its open seats, or one of them) is no longer wanted.</summary>
public sealed record CancelTask(string ActivityId, string BookmarkId, int? Seat = null) : Effect(ActivityId, BookmarkId);

/// <summary>Fire a <see cref="TimerTrigger"/> at this instant; null: as soon as the calendar is loaded and the time computed.</summary>
public sealed record CreateTimer(string ActivityId, string BookmarkId, DateTimeOffset? DueAt, string? LimitText = null) : Effect(ActivityId, BookmarkId);
public sealed record CancelTimer(string ActivityId, string BookmarkId) : Effect(ActivityId, BookmarkId);

/// <summary>Start, extend, pause, resume or stop the legal clock of the case (the statutory total limit).</summary>
/// <param name="Day">The day on which it does so.</param>
/// <param name="Source">The rule that sets the limit 依据.</param>
public sealed record SetCaseClock(string ActivityId, string Action, Limit? Limit, DateOnly Day, string? Source = null) : Effect(ActivityId, null);
/// <summary>The state of the case.</summary>
/// <param name="On">The day from which it counts, where the law says another than that of the step: accepted as of receipt.</param>
public sealed record SetStatus(string ActivityId, string Status, DateOnly? On = null) : Effect(ActivityId, null);

/// <summary>A message to somebody. <paramref name="To"/>: <c>applicant</c>, <c>parties</c>, <c>role:TCK</c>…, of a case about an organisation <c>holder</c> or <c>supervisor</c>; <paramref name="Template"/> names a file of the matter.</summary>
public sealed record SendNotice(string ActivityId, string To, string Template, JsonNode? Data) : Effect(ActivityId, null);

/// <summary>Issue a numbered document from frozen data. Result: <c>{documentId, number}</c>.</summary>
public sealed record IssueDocument(string ActivityId, string BookmarkId, string Template, string NumberKind, bool Deliver, JsonNode? Data) : Effect(ActivityId, BookmarkId);

/// <summary>Put up a public notice 公示. The instance waits under the bookmark: an objection is an <see cref="AnswerTrigger"/> <c>{outcome:"Objection", …}</c>, its end a <see cref="TimerTrigger"/>.</summary>
/// <param name="LastDay">Last plain day of the notice, not rolled.</param>
public sealed record PublishNotice(string ActivityId, string BookmarkId, string Template, string Kind, string Place, DateOnly FirstDay, DateOnly LastDay, JsonNode? Data) : Effect(ActivityId, BookmarkId);

/// <summary>Publish a decision 公布 for the life of the benefit, or of a register entry; nothing waits for it.</summary>
/// <param name="LeastDays">Days it hangs whatever becomes of the benefit or entry, its first included; null: no such minimum.</param>
/// <param name="Entry">Id of the register entry that it tells of; null: it tells of the benefit.</param>
public sealed record PublishResult(string ActivityId, string Template, string Place, int? LeastDays, string? Entry, JsonNode? Data) : Effect(ActivityId, null);

/// <summary>Grant a benefit. Result: <c>{grantId}</c>.</summary>
/// <param name="FirstMonth">First month paid, as its first day.</param>
/// <param name="ParameterKeys">Keys whose value and source the grant freezes.</param>
public sealed record GrantBenefit(string ActivityId, string BookmarkId, string Benefit, long AmountFen, DateOnly FirstMonth, DateOnly? LastMonth, IReadOnlyList<string> ParameterKeys, JsonNode? Data) : Effect(ActivityId, BookmarkId);

/// <summary>Change a grant from a month on. Result: <c>{grantId}</c>.</summary>
/// <param name="Grant">Id of the grant; null: the host finds the one that the case is about.</param>
/// <param name="ParameterKeys">Keys whose value and source the change freezes.</param>
/// <param name="Data"><c>members</c> (persons protected) and <c>category</c> from then on; what it does not say stays.</param>
public sealed record AdjustBenefit(string ActivityId, string BookmarkId, string Benefit, string? Grant, long AmountFen, DateOnly FirstMonth, string Reason, IReadOnlyList<string> ParameterKeys, JsonNode? Data = null) : Effect(ActivityId, BookmarkId);

/// <summary>End a grant after a month. Result: <c>{grantId}</c>.</summary>
/// <param name="Grant">Like <see cref="AdjustBenefit"/>'s.</param>
public sealed record EndBenefit(string ActivityId, string BookmarkId, string Benefit, string? Grant, DateOnly LastMonth, string Reason) : Effect(ActivityId, BookmarkId);

/// <summary>Write a register entry. Result: <c>{entryId}</c>.</summary>
/// <param name="ValidFrom">First day it is valid; null: the day of what it enters.</param>
/// <param name="ValidTo">Last day; null: without an end.</param>
public sealed record WriteRegisterEntry(string ActivityId, string BookmarkId, string Register, JsonNode? Entry, DateOnly? ValidFrom, DateOnly? ValidTo) : Effect(ActivityId, BookmarkId);

/// <summary>Look for a register entry whose subjects are all of these parties of the case. Result: <c>{state, entryId, since, until, entry}</c>.</summary>
/// <param name="Subjects">Roles of parties: <c>applicant</c>, <c>spouse</c>…</param>
/// <remarks><c>state</c> is <c>Valid</c> where an entry is valid on the step's day, <c>Ended</c> where all of them have ended, <c>None</c> where there is none; the rest tells of the newest of them.</remarks>
public sealed record FindRegisterEntry(string ActivityId, string BookmarkId, string Register, IReadOnlyList<string> Subjects) : Effect(ActivityId, BookmarkId);

/// <summary>A register entry counts no more. Result: <c>{entryId}</c>.</summary>
/// <param name="Entry">Its id, as writing or finding it gave it.</param>
/// <param name="From">First day on which it is not valid any more; null: the step's day.</param>
public sealed record EndRegisterEntry(string ActivityId, string BookmarkId, string Register, string Entry, DateOnly? From) : Effect(ActivityId, BookmarkId);

/// <summary>Issue, renew or suspend a certificate. Result: <c>{certificateId, number}</c>.</summary>
/// <param name="Action"><c>Issue</c>, <c>Renew</c> or <c>Suspend</c>.</param>
public sealed record ChangeCertificate(string ActivityId, string BookmarkId, string Action, string Certificate, string? Template, DateOnly? ValidFrom, DateOnly? ValidTo, JsonNode? Data) : Effect(ActivityId, BookmarkId);
public sealed record ScheduleReverification(string ActivityId, string Benefit, string Workflow, DateOnly DueOn) : Effect(ActivityId, null);

/// <summary>Open another case. Result: <c>{caseId}</c>.</summary>
public sealed record OpenCase(string ActivityId, string BookmarkId, string Matter, string Workflow, string Reason, JsonNode? Data) : Effect(ActivityId, BookmarkId);

/// <summary>Draw whether this case is in the sample. Result: <c>{selected: bool, draw: number}</c>.</summary>
/// <param name="Percent">0 to 100.</param>
public sealed record DrawSample(string ActivityId, string BookmarkId, string Sample, decimal Percent) : Effect(ActivityId, BookmarkId);

/// <summary>Elsa's <c>RunTask</c> as the host sees it. Answer: <see cref="AnswerTrigger"/>.</summary>
public sealed record RunTaskRequested(string ActivityId, string BookmarkId, string TaskName, JsonNode? Payload) : Effect(ActivityId, BookmarkId);

/// <summary>Elsa's <c>SendEmail</c>: addresses are the manager's own, not a person's of the case.</summary>
public sealed record SendEmail(string ActivityId, IReadOnlyList<string> To, string? Subject, string? Body) : Effect(ActivityId, null);

/// <summary>Elsa's <c>PublishEvent</c>: to this installation's other instances.</summary>
public sealed record EventPublished(string ActivityId, string EventName, string? CorrelationId, JsonNode? Payload) : Effect(ActivityId, null);
