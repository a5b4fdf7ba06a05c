using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;

namespace CivilAffairs.Engine.CaseActivities;

/// <summary>
/// What a case activity needs of the burst it runs in. Our own engine's burst is one, a burst of Elsa's runtime the other:
/// the activities are written once (docs/adr/0080).
/// </summary>
internal interface ICaseBurst
{
    StepInput Input { get; }

    /// <summary>In the order in which the host applies them.</summary>
    List<Effect> Effects { get; }

    /// <summary>The legal clock while it runs.</summary>
    ClockState? Clock { get; set; }

    /// <summary>Who performed which human task, by activity id.</summary>
    Dictionary<string, List<string>> Performers { get; }

    BookmarkState Wait(ActivityContext context, string kind, string? eventName = null, DateTimeOffset? due = null, string? tag = null);

    /// <summary>The bookmark being resumed still waits.</summary>
    void Keep(BookmarkState bookmark);
    void SetOutput(ActivityContext context, string output, object? value);

    /// <param name="outcomes">Null: <c>Done</c>.</param>
    void Complete(ActivityContext context, IReadOnlyList<string>? outcomes = null);

    /// <summary>What expressions of this activity see.</summary>
    IScope Scope(ActivityContext context);
}
