using System.Text.Json.Nodes;

namespace CivilAffairs.Engine.Runtime;

/// <summary>An input that is evaluated before the activity executes and again when it resumes.</summary>
/// <param name="Name">PascalCase, as messages show it.</param>
/// <param name="Type">Elsa's type name to convert to; null: as the file says.</param>
internal sealed record InputSpec(string Name, string? Type = null)
{
    /// <summary>As the file spells it.</summary>
    internal string Property { get; } = char.ToLowerInvariant(Name[0]) + Name[1..];
}

/// <summary>What one activity type does. Stateless: everything it remembers is in the context.</summary>
internal abstract class Behaviour
{
    /// <summary>In declaration order.</summary>
    internal virtual IReadOnlyList<InputSpec> Inputs => [];

    /// <summary>PascalCase names of what it gives to expressions: <c>get&lt;Output&gt;From&lt;Activity&gt;</c> exists for these and no others.</summary>
    internal virtual IReadOnlyList<string> Outputs => [];

    /// <summary>End, Finish, Break, Complete: their flowchart or sequence ends with them.</summary>
    internal virtual bool IsTerminal => false;

    /// <summary>For, ForEach and While: a break inside ends them, a completion inside gives them up.</summary>
    internal virtual bool IsLoop => false;

    /// <summary>A break inside stops it after the child that runs.</summary>
    internal virtual bool Breaks => IsLoop;

    internal abstract void Execute(Burst burst, ActivityContext context);

    internal virtual void Resume(Burst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload) =>
        burst.Complete(context);

    /// <summary>Why this answer cannot be taken, or null. Asked before anything changes: a refused answer leaves no trace.</summary>
    internal virtual string? Refuse(Burst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload) => null;

    internal virtual void ChildCompleted(Burst burst, ActivityContext context, ActivityContext child, IReadOnlyList<string> outcomes) { }

    /// <summary>The child was canceled by something other than this container's own end.</summary>
    internal virtual void ChildCanceled(Burst burst, ActivityContext context, ActivityContext child) { }

    /// <summary>
    /// Why what waits here cannot go on as the same activity of another definition, or null. Asked of the new one, with the
    /// inputs of both evaluated.
    /// </summary>
    /// <param name="was">The context in the old definition.</param>
    /// <param name="becomes">The context in the new one, with what it remembers.</param>
    internal virtual (Port.PlacementCode Code, string Detail)? Unplaceable(ActivityContext was, ActivityContext becomes) => null;

    /// <summary>What a wait of this kind asks of the host, told and not done; null: it asks nobody.</summary>
    /// <param name="since">The day from which its limits count.</param>
    internal virtual Port.Effect? Asks(Burst burst, ActivityContext context, BookmarkState bookmark, DateOnly since) => null;

    /// <summary>The activity no longer waits: take back what it asked of the host.</summary>
    internal virtual void Withdrawn(Burst burst, ActivityContext context, BookmarkState bookmark) { }
}
