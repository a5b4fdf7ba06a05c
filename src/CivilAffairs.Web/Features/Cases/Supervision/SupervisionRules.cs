using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Messages;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Cases.Supervision;

/// <summary>Who orders, who answers, and what holds for the words and days of every supervision order (ADR 65).</summary>
internal static class SupervisionRules
{
    /// <summary>Characters of what is asked or answered.</summary>
    public const int Longest = 1000;

    /// <summary>Days from today at most: what takes longer is no supervision any more.</summary>
    public const int MostDays = 90;

    /// <summary>Working days that a page proposes.</summary>
    public const int UsualWorkdays = 5;

    /// <summary>Supervisor 督办 or leader 分管领导 of a place that the case lies in.</summary>
    public static bool Orders(Viewer viewer, Case @case) => Offices.HoldsOver(viewer, @case, Roles.Supervisor, Roles.Leader);

    /// <summary>Whether the viewer's posts could owe an answer at all; of which order tells <see cref="SupervisionScope"/>.</summary>
    public static bool Answers(Viewer viewer) => viewer.IsOfficer && (viewer.HoldsAny([.. SupervisionScope.Heads]) || viewer.ActsFor.Count > 0 || MessageRules.Answers(viewer));

    /// <exception cref="InvalidAnswersException">By <c>text</c>.</exception>
    public static string Text(string? text, bool needed)
    {
        var words = (text ?? "").ReplaceLineEndings("\n").Trim();
        if (needed && words.Length == 0) throw Fault("text", "请填写内容。", "Write what you have to say.");
        if (words.Length > Longest) throw Fault("text", $"不能超过 {Longest} 个字，现在有 {words.Length} 个字。", $"At most {Longest} characters; there are {words.Length}.");
        return words;
    }

    /// <exception cref="InvalidAnswersException">By <c>dueOn</c>.</exception>
    public static void Day(DateOnly dueOn, DateOnly today)
    {
        if (dueOn <= today) throw Fault("dueOn", "反馈期限要晚于今天。", "The last day for the answer must be after today.");
        if (dueOn.DayNumber - today.DayNumber > MostDays) throw Fault("dueOn", $"反馈期限最长 {MostDays} 天。", $"At most {MostDays} days from today.");
    }

    /// <summary>The day before the last one that is worked; where no calendar reaches, the day before.</summary>
    public static DateOnly Eve(DateOnly dueOn, WorkCalendar calendar)
    {
        var day = dueOn.AddDays(-1);
        for (var back = 0; back < 15 && calendar.IsWorkday(day) == false; back++) day = day.AddDays(-1);
        return day;
    }

    /// <summary>When the watch looks at it next: on the eve of its last day, or once that day is over.</summary>
    public static DateOnly NextLook(DateOnly dueOn, DateOnly today, WorkCalendar calendar) => Eve(dueOn, calendar) is var eve && eve > today ? eve : dueOn.AddDays(1);

    private static InvalidAnswersException Fault(string path, string zh, string en) => new([new FieldFault(path, zh, en)]);
}
