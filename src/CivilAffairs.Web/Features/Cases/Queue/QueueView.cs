using CivilAffairs.Web.Features.Cases.Words;

namespace CivilAffairs.Web.Features.Cases.Queue;

/// <summary>What of the queue is wanted; null: everything.</summary>
/// <param name="Mine">True: what I hold; false: what nobody holds.</param>
/// <param name="Page">From 1.</param>
/// <param name="Size">Rows of a page.</param>
public sealed record QueueFilter(bool? Mine = null, string? Role = null, Urgency? Urgency = null, string? Matter = null, int Page = 1, int Size = QueueQuery.PageSize)
{
    /// <summary>Whether a part of the queue can hold anything that is wanted.</summary>
    internal bool MayHold(QueuePart part) =>
        (Mine is null || Mine == part.Mine) && (Role is null || Role == part.Role) && (Urgency is null || part.Dated is null || part.Dated == Urgency < Words.Urgency.Unknown);

    internal bool Holds(QueueCount count) =>
        (Mine is null || Mine == count.Mine) && (Role is null || Role == count.Role) && (Urgency is null || Urgency == count.Urgency) && (Matter is null || Matter == count.Matter);
}

/// <summary>One task of the queue. The applicant's name is whole: pages mask it.</summary>
public sealed record QueueRow(Guid TaskId, Guid CaseId, string Number, string Matter, string ApplicantName, string Division, string TitleZh, string TitleEn,
    string Role, string FinishLimit, DateOnly? FinishBy, DateOnly? AmberFrom, Guid? HolderId, string? NoLimitReason, bool IsOrganisation = false)
{
    /// <summary>Messages of the applicant's that nobody of the offices read yet.</summary>
    public int Unread { get; init; }

    /// <summary>The absent officer in whose name it would be done; null: in the viewer's own.</summary>
    public string? For { get; init; }

    /// <summary>When another officer gave it to its holder 改派、移交, and who; null: the holder took it.</summary>
    public DateTimeOffset? GivenAt { get; init; }
    public string? GivenBy { get; init; }
}

/// <summary>How many open tasks of one kind there are.</summary>
public sealed record QueueCount(string Role, bool Mine, Urgency Urgency, string Matter, int Count);

/// <summary>One page of the queue, with the counts of all of it.</summary>
/// <param name="Total">Tasks that the filter holds for, as far as they were read.</param>
/// <param name="Today">The bureau's day that the limits were looked at.</param>
public sealed record QueueView(IReadOnlyList<QueueRow> Rows, IReadOnlyList<QueueCount> Counts, int Total, int Page, int Pages, DateOnly Today)
{
    /// <summary>There is more open work than was counted: every count is "at least".</summary>
    public bool More { get; init; }

    /// <summary>The same of <see cref="Total"/>.</summary>
    public bool MoreOfThese { get; init; }

    public int Count(Func<QueueCount, bool> which) => Counts.Where(which).Sum(c => c.Count);
}
