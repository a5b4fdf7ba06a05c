using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>Everything the case page shows, read at one moment.</summary>
public sealed class Dossier
{
    public required Case Case { get; init; }
    public required MatterRevision Revision { get; init; }

    /// <summary>The officer who filed it at the counter for the applicant 窗口代办; null: the applicant did.</summary>
    public string? FiledBy { get; init; }

    /// <summary>The form as filed, as its own rules show it.</summary>
    public required IReadOnlyList<ShownSection> Sections { get; init; }
    /// <summary>What was found in the case that this one comes of: activity id → fields; empty: it comes of none.</summary>
    public JsonObject Earlier { get; init; } = [];

    /// <summary>The same of this case so far, and each step's <c>outcome</c>: as whoever did the step last found it.</summary>
    public JsonObject SoFar => new(Tasks.Where(t => t is { State: TaskState.Done, Form: not null } && Written.ContainsKey(t.Id) && Revision.Form.TaskForms.ContainsKey(t.Form!)).OrderBy(t => t.ClosedAt).ThenBy(t => t.Seat)
        .GroupBy(t => t.ActivityId).Select(g => KeyValuePair.Create(g.Key, (JsonNode?)SoFarOf(g.Last()))));

    private JsonObject SoFarOf(WorkTask task)
    {
        var found = Cases.Steps.EarlierFindings.Flowing(Revision.Form.TaskForms[task.Form!], Written[task.Id]);
        found["outcome"] = task.Outcome;
        return found;
    }

    /// <summary>What the register said of the organisation before, by its fields; null: the case is about none.</summary>
    public JsonObject? Before { get; init; }

    /// <summary>What the registers say of the parties, masked; null: none is asked, or none that the viewer reads.</summary>
    public IReadOnlyList<FoundEntry>? Found { get; init; }
    public required FormAnswers Answers { get; init; }

    /// <summary>Computed facts by id.</summary>
    public required JsonObject Facts { get; init; }

    /// <summary>What was written in tasks: task id → fields, each seat's own.</summary>
    public required IReadOnlyDictionary<Guid, JsonObject> Written { get; init; }
    public required IReadOnlyList<AttachedFile> Files { get; init; }
    public required IReadOnlyList<IssuedDocument> Documents { get; init; }

    /// <summary>All tasks, oldest first.</summary>
    public required IReadOnlyList<WorkTask> Tasks { get; init; }

    /// <summary>Why the viewer may not take or close an open task; a task that is not named is theirs to do.</summary>
    public required IReadOnlyDictionary<Guid, NotAllowedException> Refusals { get; init; }
    public required IReadOnlyList<PublicNotice> Notices { get; init; }
    public required IReadOnlyList<ReadObjection> Objections { get; init; }
    public required IReadOnlyList<Grant> Grants { get; init; }

    /// <summary>In their order: the last one is in force.</summary>
    public IReadOnlyList<ReadDecision> Decisions { get; init; } = [];

    /// <summary>The review that is under way; null: none is.</summary>
    public ReadReview? Review { get; init; }

    /// <summary>The viewer may reopen the case now.</summary>
    public bool MayReopen { get; init; }
    public required Reckoning Reckoning { get; init; }

    /// <summary>Days that the matter wants known.</summary>
    public IReadOnlyList<ReadKeyDate> KeyDates { get; init; } = [];

    /// <summary>A party, or the counter for one, could withdraw it now 撤回.</summary>
    public bool MayBeWithdrawn { get; init; }

    /// <summary>Who keeps off the case 回避, oldest first.</summary>
    public IReadOnlyList<ReadRecusal> Recusals { get; init; } = [];

    /// <summary>The viewer supervises here: may order a recusal and give tasks to others.</summary>
    public bool Supervised { get; init; }

    /// <summary>Messages of the parties' that nobody who handles the case has read.</summary>
    public int UnreadMessages { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<StoryLine> Story { get; init; }
    public required LimitState? Clock { get; init; }
    public required DateOnly Today { get; init; }

    /// <summary>The open task to decide now: one I hold, else one I may take, else the first that is open.</summary>
    public WorkTask? Current { get; init; }
}

public sealed record AttachedFile(Guid Id, string Slot, string Name, string ContentType, long Size, DateTimeOffset RecordedAt);

public sealed record ReadObjection(Guid NoticeId, string Text, string Sender, DateOnly OccurredOn, DateTimeOffset RecordedAt);

/// <param name="Reason">Code.</param>
/// <param name="Ordered">By the supervisor; else the officer's own word.</param>
public sealed record ReadRecusal(string Officer, string Reason, string By, bool Ordered, DateTimeOffset At);

/// <summary>One line of a case's story.</summary>
/// <param name="Kind">Audit action, or <c>document.issued</c>, <c>task.created</c>.</param>
/// <param name="By">Null: the product itself.</param>
/// <param name="Subject">Task title, document name, attachment label; may be empty.</param>
/// <param name="Detail">Outcome or reason code; may be empty.</param>
/// <param name="About">The officer whom it concerns beside who did it; may be empty.</param>
/// <param name="OccurredOn">The day on which it happened, where it was recorded later; null: that of <paramref name="At"/>.</param>
public sealed record StoryLine(DateTimeOffset At, string Kind, string? By, string Subject, string Detail, string About = "", DateOnly? OccurredOn = null);
