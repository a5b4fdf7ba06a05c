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
public class InvalidAnswersException(IReadOnlyList<FieldFault> faults) : Exception("The answers are not complete or not valid.")
{
    public IReadOnlyList<FieldFault> Faults { get; } = faults;
}

/// <summary>A file that is too large (HTTP 413) or of a kind that is not taken (HTTP 415). Nothing was stored.</summary>
public sealed class FileRefusedException(bool tooLarge, FieldFault fault) : InvalidAnswersException([fault])
{
    public bool TooLarge { get; } = tooLarge;
}

/// <summary>An officer opens a paper and no reason is known: pages ask for one, the API names the header. HTTP 400. Nothing was shown.</summary>
public sealed class AccessReasonException(Guid caseId) : Exception("A reason is needed.")
{
    public Guid CaseId { get; } = caseId;
}

/// <summary>The case is not as the sender read it: who changed it last, and when. HTTP 412. Nothing was done.</summary>
public sealed class StaleVersionException(string by, DateTimeOffset at) : Exception("The case has another version.")
{
    /// <summary>Empty where the product itself did.</summary>
    public string By { get; } = by;
    public DateTimeOffset At { get; } = at;
}

/// <summary>Something was said about a supervision order since the sender read it: what, by whom and when. HTTP 409. Nothing was done.</summary>
/// <param name="kind">The last entry's kind: <c>Answered</c>, <c>Demanded</c>, <c>Closed</c>, <c>Withdrawn</c>, or <c>Issued</c> where the sender's version is none.</param>
public sealed class OrderMovedException(string kind, string by, DateTimeOffset at) : Exception("The order has another version.")
{
    public string Kind { get; } = kind;
    public string By { get; } = by;
    public DateTimeOffset At { get; } = at;
}

/// <summary>Somebody was faster: who, when, and what came of it. HTTP 409.</summary>
public sealed class AlreadyDecidedException(string by, DateTimeOffset at, string? outcome) : Exception("Already decided.")
{
    public string By { get; } = by;
    public DateTimeOffset At { get; } = at;

    /// <summary>Null where it was taken back rather than answered.</summary>
    public string? Outcome { get; } = outcome;
}
