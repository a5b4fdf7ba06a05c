namespace CivilAffairs.Engine.Port;

/// <summary>A running instance goes over to another definition. Nothing runs by it: it is placed, not stepped.</summary>
/// <param name="From">What the host calls the definition it comes from.</param>
/// <param name="To">What the host calls the one it goes to.</param>
/// <param name="Renamed">Activity ids of the old definition that have another one in the new, by the old; every other activity is found by its own id.</param>
public sealed record MoveTrigger(string From, string To, IReadOnlyDictionary<string, string> Renamed) : StepTrigger;

/// <summary>A move is taken back: the instance stands again as it stood before that step.</summary>
/// <param name="Step">Number of the step that moved it.</param>
public sealed record MoveBackTrigger(int Step) : StepTrigger;

/// <summary>Where an instance would stand in another definition, and why it cannot where it cannot.</summary>
/// <param name="State">Its state there; null: there is no safe place.</param>
/// <param name="Waits">Everything it waits for, oldest first, one entry for each bookmark.</param>
/// <param name="Faults">Why there is no safe place; empty: there is one.</param>
/// <param name="Remarks">What whoever moves it should know, though it is safe.</param>
/// <param name="Asks">What each task that waits asks in the new definition: <see cref="CreateTask"/> (seat 1 stands for all) or <see cref="CreateApplicantTask"/>. Not effects to apply: the tasks are there.</param>
public sealed record PlacementResult(WorkflowState? State, IReadOnlyList<PlacedWait> Waits, IReadOnlyList<PlacementNote> Faults, IReadOnlyList<PlacementNote> Remarks, IReadOnlyList<Effect> Asks)
{
    public bool IsSafe => State is not null;
}

/// <param name="Kind">As in <see cref="Bookmark"/>.</param>
/// <param name="Next">Null: it has no place.</param>
public sealed record PlacedWait(string BookmarkId, string Kind, NamedActivity Now, NamedActivity? Next);

/// <param name="Title">What people call it: a task's title, else the name of its kind.</param>
public sealed record NamedActivity(string Id, string Type, LocalText Title);

/// <summary>One thing about a placement, with the activity it is about.</summary>
/// <param name="Detail">A name from the definition (a variable, an outcome) or a message of an expression; may be empty.</param>
public sealed record PlacementNote(PlacementCode Code, NamedActivity Activity, string Detail = "");

/// <summary>Faults first; those from <see cref="PassedOver"/> on are remarks.</summary>
public enum PlacementCode
{
    /// <summary>The activity that waits is not in the new definition.</summary>
    Gone,

    /// <summary>It is there, as another type or kind.</summary>
    OtherType,

    /// <summary>It lies in another container, or in another branch of the same one.</summary>
    OtherScope,

    /// <summary>A task that somebody has answered already lacks that answer's outcome (the detail).</summary>
    OutcomeGone,

    /// <summary>A task asks other numbers of persons, or in another way.</summary>
    SeatsChanged,

    /// <summary>It waits for an event under another name.</summary>
    EventChanged,

    /// <summary>A variable (the detail) has a value that its new type cannot hold.</summary>
    VariableType,

    /// <summary>Something has already arrived at a join whose inputs are others now.</summary>
    JoinChanged,

    /// <summary>It stands inside a loop whose body is another now.</summary>
    LoopChanged,

    /// <summary>Done already, and the new definition would do it again.</summary>
    WouldRepeat,

    /// <summary>Still to come, and the new definition has it at an earlier place: it would be left out.</summary>
    WouldSkip,

    /// <summary>Somebody has done a step that has no counterpart, and who did what decides who may go on.</summary>
    PerformerLost,

    /// <summary>What the activity says in the new definition cannot be computed for this case (the detail).</summary>
    CannotEvaluate,

    /// <summary>Waits for the host in the middle of a decision.</summary>
    Unfinished,

    /// <summary>The runtime it runs on does not move running instances.</summary>
    OtherRuntime,

    /// <summary>A new activity that lies before the place where the instance stands: it is not done.</summary>
    PassedOver,

    /// <summary>The new definition would wait for another time; this wait ends when it was to end.</summary>
    WaitKept,

    /// <summary>A variable (the detail) is not in the new definition: its value is left behind.</summary>
    VariableDropped,
}

/// <summary>An activity of one definition that another one lacks, and what may be the same under a new id.</summary>
/// <param name="Candidates">Activities of the same type in the same container that only the new definition has; the likeliest first.</param>
/// <param name="Suggested">Id of the one that has the same title or name; null: none has.</param>
public sealed record Rename(NamedActivity Old, IReadOnlyList<NamedActivity> Candidates, string? Suggested);
