using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Retention;

/// <summary>How long a case is kept 保管期限, from its matter's own rules (domain §13): data, no C#.</summary>
internal static class RetentionRules
{
    /// <summary>The rule for a case that ended in this state: the one that names it, else the one for all others; null: kept for good.</summary>
    public static Matters.Retention? For(MatterFile matter, string status) =>
        matter.Retention.FirstOrDefault(r => r.Statuses.Contains(status)) ?? matter.Retention.FirstOrDefault(r => r.Statuses.Count == 0);

    /// <summary>Years or months as written (<c>10y</c>); null: anything else, which is kept for good.</summary>
    public static LimitSpan? Span(Matters.Retention rule) =>
        Limits.TryParse(rule.Keep, out var span) && span.Unit is LimitUnit.Years or LimitUnit.Months ? span : null;

    /// <summary>The last day of the decisions and benefits whose time is over today: what began later is still kept.</summary>
    public static DateOnly LatestStart(LimitSpan span, DateOnly today) => Back(span, today.AddDays(-1));

    /// <summary>
    /// Last day that the case must be kept. Retention periods count like validity: same day, else the month's end, never
    /// rolled to a workday.
    /// </summary>
    /// <param name="benefits">The case's grants: their end counts where the rule says so.</param>
    /// <returns>Null: no end is known (the case is open, a benefit still runs, or it is kept for good).</returns>
    public static DateOnly? KeptUntil(Matters.Retention? rule, Case @case, IReadOnlyCollection<Grant> benefits)
    {
        if (rule is null || @case.ClosedAt is not { } closed || Span(rule) is not { } span) return null;
        var start = BureauTime.Day(@case.DecidedAt ?? closed);
        if (rule.From == "end")
        {
            if (benefits.Any(g => g.LastMonth is null)) return null;
            // The end is the last day of the last month paid; a case without a benefit ended with its workflow.
            start = benefits.Count == 0 ? BureauTime.Day(closed) : benefits.Max(g => g.LastMonth!.Value).AddMonths(1).AddDays(-1);
        }
        return span.Unit == LimitUnit.Years ? start.AddYears(span.Count) : start.AddMonths(span.Count);
    }

    private static DateOnly Back(LimitSpan span, DateOnly day) => span.Unit == LimitUnit.Years ? day.AddYears(-span.Count) : day.AddMonths(-span.Count);
}
