using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>There is no such thing, or none that this viewer may know of. HTTP 404.</summary>
public sealed class UnknownCaseException() : Exception("No such case.");

/// <summary>The viewer sees it but may not do this. HTTP 403.</summary>
/// <param name="reason">Key in CaseTexts.</param>
/// <param name="values">For the text's places.</param>
public sealed class NotAllowedException(string reason, params object[] values) : Exception(reason)
{
    public string Reason { get; } = reason;
    public IReadOnlyList<object> Values { get; } = values ?? [];
}

/// <summary>Answers that cannot be taken, by field. HTTP 422. Nothing was stored, nothing is lost.</summary>
public sealed class InvalidAnswersException(IReadOnlyList<FieldFault> faults) : Exception("The answers are not complete or not valid.")
{
    public IReadOnlyList<FieldFault> Faults { get; } = faults;
}

/// <summary>Somebody was faster: who, when, and what came of it. HTTP 409.</summary>
public sealed class AlreadyDecidedException(string by, DateTimeOffset at, string? outcome) : Exception("Already decided.")
{
    public string By { get; } = by;
    public DateTimeOffset At { get; } = at;

    /// <summary>Null where it was taken back rather than answered.</summary>
    public string? Outcome { get; } = outcome;
}
