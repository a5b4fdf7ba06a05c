using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// The day on which something happened 发生日期, where an officer records it later: a paper signed yesterday, an application
/// that came by post. Nobody else states one: what is done online happens when it is done.
/// </summary>
public static class OccurredDay
{
    /// <summary>The field that faults name.</summary>
    public const string Field = "occurredOn";

    /// <summary>What was typed is no date.</summary>
    public static FieldFault Unreadable { get; } = new(Field, "请填写日期，例如 2026-11-23。", "Enter a date, for example 2026-11-23.");
    public static FieldFault Future { get; } = new(Field, "日期不能晚于今天。", "The day cannot lie in the future.");

    /// <param name="stated">Null: today.</param>
    /// <param name="earliest">First day that is possible.</param>
    /// <param name="why">What happened on it, for who states an earlier one.</param>
    /// <exception cref="InvalidAnswersException">In the future, too early, or not stated by an officer.</exception>
    internal static DateOnly Checked(Viewer actor, DateOnly? stated, DateOnly earliest, DateOnly today, LocalText why)
    {
        if (stated is not { } day || day == today) return today;
        if (!actor.IsOfficer) throw Wrong("网上办理的，以提交当天为准。", "What is done online counts from the day it is sent.");
        if (day > today) throw new InvalidAnswersException([Future]);
        if (day < earliest) throw Wrong($"日期不能早于{why.Zh}（{earliest:yyyy年M月d日}）。", $"The day cannot be before {why.En} ({earliest:yyyy-MM-dd}).");
        return day;
    }

    private static InvalidAnswersException Wrong(string zh, string en) => new([new FieldFault(Field, zh, en)]);
}
