using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.Engine.CaseActivities;

/// <summary>
/// The legal clock 办理期限. The law counts every total limit, the longer one of special cases too, from the day of
/// acceptance: so an extension counts from the day the clock was started, and not from the day it is granted. It starts and
/// stops on the day on which that happened, whenever it is recorded; it stands still from the day on which the applicant
/// could hear of the notice, through the day on which the answer came in.
/// </summary>
internal sealed class CaseClock(ActivityDeclaration declaration) : CaseBehaviour(declaration)
{
    internal override void Execute(ICaseBurst burst, ActivityContext context)
    {
        var action = Required(context, "Action");
        switch (action)
        {
            case "Start":
                burst.Clock = new ClockState { From = DateOf(Text(context, "CountFrom")) ?? Day(burst), Limit = Required(context, "Limit") };
                break;
            case "Extend":
                (burst.Clock ?? throw new InvalidOperationException("The legal clock cannot be extended: it is not running.")).Limit = Required(context, "Limit");
                break;
            case "Stop":
                burst.Clock = null;
                break;
            default:
                throw new InvalidOperationException($"'{action}' is nothing that the legal clock can do.");
        }
        var limit = Current(burst) is { } current && action != "Stop" ? current with { CountedFrom = burst.Clock!.From, ParameterKeys = context.ParametersRead("Limit") } : null;
        burst.Effects.Add(new SetCaseClock(context.Activity!.Id, action, limit, action == "Start" ? burst.Clock!.From : Day(burst), Text(context, "Source") is { Length: > 0 } source ? source : null));
        burst.Complete(context);
    }

    /// <summary>The clock stands still from today, which is left out as well. Nothing happens where it does not run.</summary>
    internal static void Pause(ICaseBurst burst, ActivityContext context)
    {
        if (burst.Clock is not { } clock) return;
        clock.Pauses.Add(new PauseState { Context = context.Id, From = Today(burst) });
        burst.Effects.Add(new SetCaseClock(context.Activity!.Id, "Pause", Current(burst), Today(burst)));
    }

    /// <summary>The clock goes on the day after the answer. Nothing happens where this task did not stop it, or not any more.</summary>
    internal static void Resume(ICaseBurst burst, ActivityContext context)
    {
        if (burst.Clock?.Pauses.Find(p => p.Context == context.Id && p.Through is null) is not { } pause) return;
        var through = Day(burst) < pause.From ? pause.From : Day(burst);
        pause.Through = through;
        burst.Effects.Add(new SetCaseClock(context.Activity!.Id, "Resume", Current(burst), through));
    }

    private static Limit? Current(ICaseBurst burst) =>
        burst.Clock is not { Limit: { } text } clock ? null
        : Limits.Compute(text, clock.From, burst.Input.Calendar, [.. clock.Pauses.Select(p => new Pause(p.From, p.Through))]);
}
