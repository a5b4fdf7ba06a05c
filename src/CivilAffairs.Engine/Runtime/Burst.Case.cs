using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Runtime;

/// <summary>As case activities see it.</summary>
internal sealed partial class Burst : ICaseBurst
{
    StepInput ICaseBurst.Input => input;
    List<Effect> ICaseBurst.Effects => Effects;
    ClockState? ICaseBurst.Clock { get => state.Clock; set => state.Clock = value; }
    Dictionary<string, List<string>> ICaseBurst.Performers => state.Performers;

    BookmarkState ICaseBurst.Wait(ActivityContext context, string kind, string? eventName, DateTimeOffset? due, string? tag) => Wait(context, kind, eventName, due, tag);
    void ICaseBurst.Keep(BookmarkState bookmark) => Keep(bookmark);
    void ICaseBurst.SetOutput(ActivityContext context, string output, object? value) => SetOutput(context, output, value);
    void ICaseBurst.Complete(ActivityContext context, IReadOnlyList<string>? outcomes) => Complete(context, outcomes);
    IScope ICaseBurst.Scope(ActivityContext context) => new ContextScope(this, context);
}
