using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CivilAffairs.Web.Features.Cases.Model;

namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>
/// What a batch pays, worked out of the grants and of what was put into batches before: pure, so that the same facts always give
/// the same lines (docs/adr/0084). What is due in a month is the amount in force in it [domain §5, DB 21, 25]; what was paid or is
/// on its way is taken off; the rest is a line of the batch's month, arrears of an earlier one, or a returned line paid again.
/// </summary>
internal static class PayRules
{
    /// <summary>Months back that a batch makes good. What is older needs a decision of its own.</summary>
    public const int Window = 24;

    /// <summary>Reasons of a hold that the rules themselves find.</summary>
    public const string NoAccount = "noAccount", BadAccount = "badAccount", Returned = "returned";

    /// <param name="month">First day of the batch's month.</param>
    /// <param name="since">First day of the first month that the product pays.</param>
    public static PayPlan Compute(DateOnly month, DateOnly since, IEnumerable<PayGrant> grants)
    {
        ArgumentNullException.ThrowIfNull(grants);
        var (lines, over, from) = (new List<PayDue>(), new List<PayOver>(), From(month, since));
        foreach (var grant in grants)
        {
            var past = grant.Past.ToLookup(p => p.Month);
            var hold = Hold(grant);
            for (var at = from > grant.FirstMonth ? from : First(grant.FirstMonth); at <= month; at = at.AddMonths(1))
            {
                var (due, persons) = Due(grant, at);
                var before = past[at].OrderBy(p => p.Turn).ToList();
                var rest = due - before.Where(p => p.State is PayLineState.Paid or PayLineState.Payable).Sum(p => p.AmountFen);
                if (rest < 0) over.Add(new PayOver(grant.Id, at, -rest));
                if (rest <= 0) continue;
                var last = before.LastOrDefault();
                // It is there as held or returned already: it comes again once it can be paid, and not month after month.
                if (hold is not null && last is { State: PayLineState.Held or PayLineState.Returned }) continue;
                var kind = last is { State: PayLineState.Returned } ? PayKind.Repaid : at < month || last is not null ? PayKind.Arrears : PayKind.Regular;
                lines.Add(new PayDue(grant.Id, at, last is null ? 0 : last.Turn + 1, kind, rest, persons, hold));
            }
        }
        return new PayPlan(lines, over);
    }

    /// <summary>First month that a batch looks at.</summary>
    public static DateOnly From(DateOnly month, DateOnly since) => month.AddMonths(-Window) is var least && least > since ? least : since;

    /// <summary>Fen and protected persons of one month; nothing before the first month, after the last, or of what is paid once in any other than the first.</summary>
    /// <remarks>Of two changes for one month the one recorded last counts. An end changes nothing here: the grant's last month tells of it.</remarks>
    public static (long Fen, int Persons) Due(PayGrant grant, DateOnly month)
    {
        ArgumentNullException.ThrowIfNull(grant);
        if (month < First(grant.FirstMonth) || month > grant.LastMonth || (grant.Once && month > First(grant.FirstMonth))) return (0, 0);
        var (fen, persons) = (grant.AmountFen, grant.Persons);
        foreach (var change in grant.Changes.Where(c => c.AmountFen is not null && First(c.FromMonth) <= month).OrderBy(c => c.FromMonth).ThenBy(c => c.RecordedAt))
            (fen, persons) = (change.AmountFen!.Value, change.Persons ?? persons);
        return (fen, persons);
    }

    /// <summary>Why nothing of a grant can be paid now; null: it can.</summary>
    private static string? Hold(PayGrant grant) => grant switch
    {
        { Hold: { } placed } => placed,
        { Account: null } => NoAccount,
        { Account.IsSound: false } => BadAccount,
        // The account is the one that the bank sent money back from: to be entered anew, or confirmed.
        _ when grant.Past.GroupBy(p => p.Month).Select(m => m.MaxBy(p => p.Turn)!).Any(p => p.State == PayLineState.Returned && p.SettledAt >= grant.Account.Since) => Returned,
        _ => null,
    };

    private static DateOnly First(DateOnly day) => new(day.Year, day.Month, 1);

    /// <summary>SHA-256 of what would be paid to whom, lower-case hex.</summary>
    public static string Digest(PayPlan plan, IReadOnlyDictionary<Guid, PayGrant> grants)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(grants);
        var text = new StringBuilder();
        foreach (var line in plan.Lines.OrderBy(l => l.GrantId).ThenBy(l => l.Month))
            text.Append(CultureInfo.InvariantCulture, $"{line.GrantId:N}|{line.Month:yyyyMM}|{line.Turn}|{line.Kind}|{line.AmountFen}|{line.Persons}|{line.Hold}|{grants[line.GrantId].Account?.Number}|{grants[line.GrantId].Account?.Holder}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>A grant with all that bears on its payment.</summary>
internal sealed record PayGrant(Guid Id, DateOnly FirstMonth, DateOnly? LastMonth, long AmountFen, int Persons)
{
    /// <summary>Paid in its first month alone.</summary>
    public bool Once { get; init; }
    public Guid? CaseId { get; init; }
    public Guid? PersonId { get; init; }
    public IReadOnlyList<PayChange> Changes { get; init; } = [];
    public IReadOnlyList<PayPast> Past { get; init; } = [];

    /// <summary>Reason of the hold that an officer placed; null: none.</summary>
    public string? Hold { get; init; }

    /// <summary>Null: none is known.</summary>
    public PayTarget? Account { get; init; }
}

/// <param name="AmountFen">From <paramref name="FromMonth"/> on; null: ended.</param>
internal sealed record PayChange(DateOnly FromMonth, DateTimeOffset RecordedAt, long? AmountFen, int? Persons);

/// <summary>A line of an earlier batch. What is payable there is on its way.</summary>
internal sealed record PayPast(DateOnly Month, int Turn, PayLineState State, long AmountFen, DateTimeOffset? SettledAt);

/// <summary>Where a grant is paid to.</summary>
/// <param name="Since">When it was told.</param>
/// <param name="EnteredAs">The officer's entry; null: the application's.</param>
internal sealed record PayTarget(string Number, string Holder, string Bank, DateTimeOffset Since, Guid? EnteredAs)
{
    /// <summary>Its holder is known and its number may be one. Check digits of cards were asked where it was entered: a passbook has none.</summary>
    public bool IsSound => Holder.Length > 0 && Engine.Rules.Account.CheckPassbook(Number) is null;
}

/// <param name="Hold">Why it is held; null: it is payable.</param>
internal sealed record PayDue(Guid GrantId, DateOnly Month, int Turn, PayKind Kind, long AmountFen, int Persons, string? Hold);

/// <summary>More was paid for a month than was due in it: a matter of recovery 追回, never taken off silently.</summary>
internal sealed record PayOver(Guid GrantId, DateOnly Month, long AmountFen);

internal sealed record PayPlan(IReadOnlyList<PayDue> Lines, IReadOnlyList<PayOver> Over);
