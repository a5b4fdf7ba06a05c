using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Payments;
using Xunit;

namespace CivilAffairs.Tests.Features.Payments;

/// <summary>What a batch pays, of months and sums alone: each awkward turn of a grant's life.</summary>
public sealed class PayRulesTests
{
    private static readonly DateOnly Jan = new(2026, 1, 1), Mar = new(2026, 3, 1), May = new(2026, 5, 1), Jun = new(2026, 6, 1);
    private static readonly DateTimeOffset Then = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly PayTarget Account = new("6228480438123456784", "张三", "农商行", Then, null);

    private static PayGrant Grant(DateOnly first, long fen = 120_000) => new(Guid.NewGuid(), first, null, fen, 4) { Account = Account };

    private static PayGrant Paid(PayGrant grant, params (DateOnly Month, long Fen)[] months) => grant with { Past = [.. grant.Past, .. months.Select(m => new PayPast(m.Month, 0, PayLineState.Paid, m.Fen, Then))] };

    private static string Told(PayGrant grant, DateOnly month, DateOnly? since = null)
    {
        var plan = PayRules.Compute(month, since ?? Jan, [grant]);
        return string.Join("; ", plan.Lines.Select(l => $"{l.Month:MM}.{l.Turn} {l.Kind} {l.AmountFen}{(l.Hold is null ? "" : " " + l.Hold)}").Concat(plan.Over.Select(o => $"{o.Month:MM} over {o.AmountFen}")));
    }

    /// <summary>Worked examples B21 and B22: granted on 28 February it is paid from March; phased out from May it is paid until November.</summary>
    [Fact]
    public void A_grant_is_paid_from_its_first_month_to_its_last_and_in_no_other()
    {
        var grant = Grant(Mar);
        Assert.Equal(["", "03.0 Regular 120000"], new[] { new DateOnly(2026, 2, 1), Mar }.Select(m => Told(grant, m)));
        var ending = Grant(May) with { LastMonth = new DateOnly(2026, 11, 1) };
        ending = Paid(ending, [.. Enumerable.Range(5, 6).Select(m => (new DateOnly(2026, m, 1), 120_000L))]);
        Assert.Equal("11.0 Regular 120000", Told(ending, new DateOnly(2026, 11, 1)));
        Assert.Equal("", Told(Paid(ending, (new DateOnly(2026, 11, 1), 120_000)), new DateOnly(2026, 12, 1)));
        // Revoked before it began.
        Assert.Equal("", Told(Grant(Mar) with { LastMonth = new DateOnly(2026, 2, 1) }, Mar));
        Assert.Equal("01.0 Arrears 120000", Told(Grant(Jan) with { Once = true }, Jun));
    }

    [Fact]
    public void Months_decided_late_are_arrears_but_none_from_before_the_product_pays()
    {
        Assert.Equal("03.0 Arrears 120000; 04.0 Arrears 120000; 05.0 Regular 120000", Told(Grant(Mar), May));
        Assert.Equal("05.0 Regular 120000", Told(Grant(Mar), May, since: May));
        // A granting that is years late is made good for two years.
        Assert.Equal(25, PayRules.Compute(Jun, new DateOnly(2020, 1, 1), [Grant(new DateOnly(2021, 1, 1))]).Lines.Count);
    }

    [Fact]
    public void The_same_month_is_never_paid_twice_whether_it_was_paid_or_is_on_its_way()
    {
        var grant = Paid(Grant(May), (May, 120_000));
        Assert.Equal("", Told(grant, May));
        Assert.Equal("06.0 Regular 120000", Told(grant, Jun));
        Assert.Equal("06.0 Regular 120000", Told(Grant(May) with { Past = [new PayPast(May, 0, PayLineState.Payable, 120_000, null)] }, Jun));
        // Computed twice of the same facts: the same to the last sign.
        var facts = new Dictionary<Guid, PayGrant> { [grant.Id] = grant };
        Assert.Equal(PayRules.Digest(PayRules.Compute(Jun, Jan, facts.Values), facts), PayRules.Digest(PayRules.Compute(Jun, Jan, facts.Values), facts));
        var moved = new Dictionary<Guid, PayGrant> { [grant.Id] = grant with { Account = Account with { Number = "6228480438123456792" } } };
        Assert.NotEqual(PayRules.Digest(PayRules.Compute(Jun, Jan, facts.Values), facts), PayRules.Digest(PayRules.Compute(Jun, Jan, moved.Values), moved));
    }

    [Fact]
    public void An_adjustment_counts_from_its_month_and_one_for_a_month_already_paid_pays_the_difference()
    {
        PayChange To(DateOnly from, long? fen, int minute = 0) => new(from, Then.AddMinutes(minute), fen, 3);
        // Decided in the middle of May for June.
        var lowered = Paid(Grant(Mar) with { Changes = [To(Jun, 80_000)] }, (Mar, 120_000), (new DateOnly(2026, 4, 1), 120_000));
        Assert.Equal("05.0 Regular 120000", Told(lowered, May));
        var plan = PayRules.Compute(Jun, Jan, [Paid(lowered, (May, 120_000))]);
        Assert.Equal((80_000L, 3), (Assert.Single(plan.Lines).AmountFen, plan.Lines[0].Persons));
        // Of two for one month the later one counts; an end is told by the last month alone.
        Assert.Equal("06.0 Regular 90000", Told(Paid(Grant(May) with { Changes = [To(Jun, 90_000, 2), To(Jun, 80_000), To(Jun, null, 3)] }, (May, 120_000)), Jun));
        // A review grants more from a month that was paid: the difference. Less: nothing is taken off silently.
        Assert.Equal("05.1 Arrears 30000; 06.0 Regular 150000", Told(Paid(Grant(May) with { Changes = [To(May, 150_000)] }, (May, 120_000)), Jun));
        Assert.Equal("06.0 Regular 100000; 05 over 20000", Told(Paid(Grant(May) with { Changes = [To(May, 100_000)] }, (May, 120_000)), Jun));
        // Suspended to nothing, and resumed.
        Assert.Equal("06.0 Regular 120000", Told(Grant(May) with { Changes = [To(May, 0), To(Jun, 120_000)] }, Jun));
    }

    [Fact]
    public void What_is_held_is_told_once_and_comes_as_arrears_when_it_is_released()
    {
        var held = Grant(May) with { Hold = "suspended" };
        Assert.Equal("05.0 Regular 120000 suspended", Told(held, May));
        PayPast Line(int turn, PayLineState state) => new(May, turn, state, 120_000, null);
        Assert.Equal("06.0 Regular 120000 suspended", Told(held with { Past = [Line(0, PayLineState.Held)] }, Jun));
        Assert.Equal("05.1 Arrears 120000; 06.0 Regular 120000", Told(held with { Hold = null, Past = [Line(0, PayLineState.Held)] }, Jun));
        // It ended meanwhile: nothing is paid after the last month, held or not.
        Assert.Equal("05.1 Arrears 120000", Told(held with { Hold = null, LastMonth = May, Past = [Line(0, PayLineState.Held)] }, Jun));
        Assert.Equal("05.0 Regular 120000 noAccount", Told(Grant(May) with { Account = null }, May));
        Assert.Equal("05.0 Regular 120000 badAccount", Told(Grant(May) with { Account = Account with { Holder = "" } }, May));
    }

    [Fact]
    public void What_came_back_holds_the_grant_until_its_account_is_mended_and_is_then_paid_again()
    {
        var back = Grant(May) with { Past = [new PayPast(May, 0, PayLineState.Returned, 120_000, Then.AddDays(10))] };
        Assert.Equal("06.0 Regular 120000 returned", Told(back, Jun));
        Assert.Equal("05.1 Repaid 120000; 06.0 Regular 120000", Told(back with { Account = Account with { Since = Then.AddDays(11) } }, Jun));
        // Paid again and well: it is over.
        var well = back with { Past = [.. back.Past, new PayPast(May, 1, PayLineState.Paid, 120_000, Then.AddDays(40))] };
        Assert.Equal("06.0 Regular 120000", Told(well, Jun));
    }
}
