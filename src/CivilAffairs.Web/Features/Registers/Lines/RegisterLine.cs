using System.Globalization;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Registers.Lines;

/// <summary>One line of a list 台账, as it was on a day: a benefit, a certificate, or what a matter's workflow entered.</summary>
public sealed record RegisterLine
{
    public required Guid Id { get; init; }

    /// <summary>Null for an imported line.</summary>
    public Guid? CaseId { get; init; }
    public string? CaseNumber { get; init; }

    /// <summary>Whom it is about, whole: pages mask them. Empty: the case was destroyed, or nobody was identified.</summary>
    public required IReadOnlyList<LineHolder> Holders { get; init; }

    /// <summary>The benefit or the kind of certificate; null: <see cref="Reason"/> says it, or the register alone.</summary>
    public Words? What { get; init; }

    /// <summary>A code: why it was entered, or the category of a benefit.</summary>
    public string? Reason { get; init; }

    /// <summary>Of the certificate, as printed.</summary>
    public string? Number { get; init; }

    /// <summary>A benefit's amount a month on the day.</summary>
    public long? AmountFen { get; init; }

    /// <summary>Protected persons 保障人数 on the day.</summary>
    public int? Persons { get; init; }

    /// <summary>6, 9 or 12 digits.</summary>
    public required string Division { get; init; }

    /// <summary>First day or month, and the last one, included; null: without an end.</summary>
    public required DateOnly From { get; init; }
    public DateOnly? To { get; init; }

    /// <summary>On the day: <c>Paid</c>, <c>Ended</c>, <c>InForce</c>, <c>Waiting</c>, <c>Expired</c>, <c>Renewed</c>, <c>Replaced</c> or <c>Suspended</c>.</summary>
    public required string State { get; init; }
    public required DateOnly OccurredOn { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The day of the marriage or divorce, where a later line tells of an earlier one (补领); null: <see cref="OccurredOn"/>.</summary>
    public DateOnly? RegisteredOn { get; init; }

    /// <summary>Number of the certificate that this one takes the place of 补领; null: of none.</summary>
    public string? Replaces { get; init; }

    /// <summary>Its place in the order that was asked for.</summary>
    public required LineKey Key { get; init; }
}

/// <summary>Somebody whom a line is about.</summary>
/// <param name="PersonId">Null: an organisation, or nobody was identified.</param>
/// <param name="SubjectId">The organisation, whose name is public.</param>
/// <param name="IdNumber">Read only where it is shown in full.</param>
public sealed record LineHolder(string Name, Guid? PersonId = null, Guid? SubjectId = null, string? SubjectRegister = null, string? IdNumber = null);

/// <summary>A list that a viewer may read.</summary>
/// <param name="Source">The rule that it rests on; empty: none is named.</param>
/// <param name="HasSubjects">Its lines are versions of organisations: it has pages of its own.</param>
public sealed record ReadRegister(string Id, Words Name, string Source, bool HasSubjects = false)
{
    /// <summary>Its page on the desk.</summary>
    public string Href => Id == BenefitLines.Register ? "/desk/benefits" : $"/desk/registers/{Id}";
}

/// <summary>What is looked for, and as of which day.</summary>
/// <param name="Term">Trimmed; empty: all.</param>
/// <param name="IdHash">Of the ID number that the term is; null: it is none.</param>
public sealed record LineSearch(string Term, string? IdHash, DateOnly Day, bool Past)
{
    public bool IsAll => Term.Length == 0;

    /// <summary>A number of a paper or a case: names have no digits.</summary>
    public bool IsNumber => Term.Any(char.IsAsciiDigit);
}

/// <summary>
/// Where a page of a list begins: after this line. A page is found by its place in an index, never by counting what lies
/// before it.
/// </summary>
/// <param name="Name">In the order of names; null: in the order of days.</param>
public sealed record LineKey(DateOnly Day, Guid Id, string? Name = null)
{
    /// <summary>Names forwards; days newest first.</summary>
    public static Comparer<LineKey> Order { get; } = Comparer<LineKey>.Create((a, b) => a is { Name: { } name } && b.Name is { } other
        ? string.CompareOrdinal(name, other) is var byName and not 0 ? byName : a.Id.CompareTo(b.Id)
        : b.Day.CompareTo(a.Day) is var byDay and not 0 ? byDay : b.Id.CompareTo(a.Id));

    /// <summary>For a request: nothing that anybody need read. Holds a name where the order is that of names, so it stands in no address there.</summary>
    public override string ToString() => $"{Id:N}{Day:yyyyMMdd}{Name}";

    /// <returns>Null: it is no key of ours.</returns>
    public static LineKey? Parse(string? text) => text is { Length: >= 40 and <= 160 } && Guid.TryParseExact(text[..32], "N", out var id)
        && DateOnly.TryParseExact(text[32..40], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new LineKey(day, id, text.Length > 40 ? text[40..] : null) : null;
}

/// <param name="Next">Where the next page begins; null: this is the last one.</param>
public sealed record LinePageView(ReadRegister Register, DateOnly Day, IReadOnlyList<RegisterLine> Lines, LineKey? Next);
