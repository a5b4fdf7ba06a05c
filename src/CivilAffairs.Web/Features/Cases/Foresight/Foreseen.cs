using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Steps;

namespace CivilAffairs.Web.Features.Cases.Foresight;

/// <summary>What an answer to a task would bring about, had it been sent now: codes, days and figures, nothing of anybody.</summary>
/// <param name="Lines">What follows at once, in the order in which it would happen.</param>
/// <param name="Reckoned">What the rules and formulas work out by this answer; null: nothing that was not known before.</param>
/// <param name="NowFen">What the benefit that the case is about pays next month as things stand; null: it is about none.</param>
/// <param name="Closes">The case is done with it.</param>
/// <param name="Chance">A sample is drawn: what follows after that nobody knows.</param>
/// <param name="Later">What follows if every step after it is answered with its first outcome; null: that cannot be said, or there is none.</param>
/// <param name="Faults">Why the case cannot go on so; then sending would be refused too, and nothing else is told.</param>
public sealed record Foreseen(IReadOnlyList<ForeseenLine> Lines, Reckoning? Reckoned, long? NowFen, bool Closes, bool Chance, ForeseenLater? Later, IReadOnlyList<ForeseenFault> Faults)
{
    internal static Foreseen Of(IEnumerable<ForeseenFault> faults) => new([], null, null, false, false, null, [.. faults]);
}

/// <summary>Further steps that ask for nothing but an outcome, each answered with the first it offers, on the same day.</summary>
/// <param name="Answers">What was assumed, in order.</param>
/// <param name="Lines">What stays of it: money, papers, letters, publication, registers, days. Work that is given and done again on the way is not told.</param>
public sealed record ForeseenLater(IReadOnlyList<ForeseenAnswer> Answers, IReadOnlyList<ForeseenLine> Lines, bool Closes);

/// <param name="Title">The step's.</param>
public sealed record ForeseenAnswer(LocalText Title, string Outcome);

/// <param name="Activity">What is called so in the definition.</param>
/// <param name="Message">The engine's or the host's; in English.</param>
public sealed record ForeseenFault(LocalText Activity, string Message);

/// <summary>One thing that follows. Which of the others are set depends on the kind.</summary>
/// <param name="Kind">
/// <c>grant</c>, <c>amount</c>, <c>end</c> (money); <c>asked</c> (the applicant), <c>task</c>, <c>opens</c> (another case), <c>sample</c>;
/// <c>document</c>, <c>letter</c>, <c>notice</c>, <c>result</c>; <c>certificate</c>, <c>entry</c>, <c>entryEnds</c>; <c>reverification</c>, <c>clock</c>, <c>status</c>.
/// </param>
public sealed record ForeseenLine(string Kind)
{
    /// <summary>Benefit, template file, matter, certificate, register, status, or what is done to a clock or certificate (<c>Pause</c>, <c>Issue</c>).</summary>
    public string? Code { get; init; }

    /// <summary>Title of a task, name of a paper, benefit, register or certificate.</summary>
    public LocalText? Name { get; init; }

    /// <summary>Role code of who gets a task; of a letter <c>applicant</c>, <c>parties</c>, <c>role:TCK</c>, <c>holder</c>, <c>supervisor</c>.</summary>
    public string? To { get; init; }

    /// <summary>Where it hangs, or whose task it is: a division's code.</summary>
    public string? Division { get; init; }

    /// <summary>Before and after, in fen, in the month from which it counts; a month's, unless <see cref="Once"/>.</summary>
    public long? BeforeFen { get; init; }
    public long? AfterFen { get; init; }

    /// <summary>Paid once instead of monthly.</summary>
    public bool Once { get; init; }

    /// <summary>First month or day.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last month paid, last day of a limit or notice, day of the next re-verification.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>As the definition says it: <c>10wd</c>; <c>none</c>.</summary>
    public string? Limit { get; init; }

    /// <summary>Months paid after this one; seats of a task; percent of a sample; days that a result hangs at least.</summary>
    public int? Count { get; init; }

    /// <summary>A document that the applicant gets.</summary>
    public bool Delivered { get; init; }

    /// <summary>What a document's number begins with: 低保听.</summary>
    public string? Series { get; init; }
}
