using CivilAffairs.Engine.Rules;
using static CivilAffairs.Tests.Engine.Time.Calendars;

namespace CivilAffairs.Tests.Engine.Rules;

public class BenefitRulesTests
{
    [Theory]
    [InlineData(9_000_00, 4, 21_600_00, 1_200_00)]     // 17
    [InlineData(7_980_00, 3, 14_300_00, 804_00)]       // 18: 803.33 rounded up
    [InlineData(6_002_00, 5, 862_00, 2_429_00)]        // 41: exact; dividing first would give 2 430
    [InlineData(750_00 * 12, 2, 18_000_00, 0)]         // 19: nothing left
    [InlineData(750_00 * 12, 2, 30_000_00, 0)]
    [InlineData(9_000_00, 1, 8_999_99, 1_00)]          // one fen short is a whole yuan
    public void The_monthly_allowance_is_the_difference_by_one_division_in_whole_yuan(long standard, int n, long income, long expected) =>
        Assert.Equal(expected, LowIncome.MonthlyFen(standard, n, income));

    [Fact] // 19
    public void An_income_equal_to_the_standard_is_not_below_it()
    {
        Assert.False(LowIncome.IsBelowStandard(750_00 * 12, 2, 18_000_00));
        Assert.True(LowIncome.IsBelowStandard(750_00 * 12, 2, 17_999_99));
    }

    [Fact] // 20
    public void Pension_scholarship_and_care_subsidy_are_not_counted()
    {
        Income[] income = [new("wages", 7_200_00), new("basicPension", 2_400_00), new("scholarship", 3_000_00), new("disabilitySubsidy", 1_200_00)];
        var counted = LowIncome.CountedIncome(income);
        Assert.Equal(600_00, counted / 12);
        Assert.Equal(900_00, LowIncome.MonthlyFen(750_00 * 12, 2, counted));
    }

    [Fact]
    public void A_loss_of_one_business_lowers_the_income_but_never_below_zero()
    {
        Assert.Equal(1_000_00, LowIncome.CountedIncome([new("wages", 3_000_00), new("business", -2_000_00)]));
        Assert.Equal(0, LowIncome.CountedIncome([new("business", -2_000_00)]));
    }

    [Theory]
    [InlineData("2026-02-28", "2026-03-01")] // 21
    [InlineData("2026-12-31", "2027-01-01")]
    public void The_first_month_paid_follows_the_decision(string decided, string month) =>
        Assert.Equal(Day(month), LowIncome.FirstMonth(Day(decided)));

    [Fact] // 22
    public void After_a_job_is_found_the_allowance_goes_on_for_six_months() =>
        Assert.Equal(Day("2026-11-01"), LowIncome.LastMonthOfPhaseOut(Day("2026-05-20"), 6));

    [Theory] // 23
    [InlineData(3, SelfCare.Partial)]
    [InlineData(4, SelfCare.None)]
    [InlineData(0, SelfCare.Full)]
    [InlineData(6, SelfCare.None)]
    public void The_failed_indicators_give_the_grade_of_self_care(int failed, SelfCare grade) => Assert.Equal(grade, SpecialSupport.Grade(failed));

    [Theory]
    [InlineData(-1)]
    [InlineData(7)]
    public void There_are_six_indicators(int failed) => Assert.Throws<ArgumentOutOfRangeException>(() => SpecialSupport.Grade(failed));

    [Fact] // 24
    public void Special_support_is_the_standard_times_the_ratio_plus_care() =>
        Assert.Equal(1_435_00, SpecialSupport.MonthlyFen(750_00, 1.3m, 460_00));

    [Theory]
    [InlineData(1_500_00, 750_00, 750_00)] // 25
    [InlineData(500_00, 500_00, 0)]
    public void Fast_relief_is_capped_at_one_month_of_the_standard(long asked, long now, long rest) =>
        Assert.Equal((now, rest), TemporaryRelief.FastShare(asked, 750_00));

    [Fact] // 26
    public void The_reserve_never_falls_below_zero()
    {
        Assert.Null(TemporaryRelief.DrawFen(600_00, 750_00));
        Assert.Equal(0, TemporaryRelief.DrawFen(750_00, 750_00));
    }

    [Fact] // 27
    public void Special_support_ends_both_subsidies_for_disabled_persons()
    {
        var july = new SubsidyMonth(InLowIncomeHousehold: true, InSpecialSupport: false, HasInjuryCareAllowance: false, IsOrphan: false, Level: 1, NeedsLongCare: true);
        Assert.Equal((true, true), DisabilitySubsidies.Entitled(july));
        Assert.Equal((false, false), DisabilitySubsidies.Entitled(july with { InSpecialSupport = true }));
        Assert.Equal((false, true), DisabilitySubsidies.Entitled(july with { IsOrphan = true }));
        Assert.Equal((true, false), DisabilitySubsidies.Entitled(july with { Level = 3 }));
    }

    [Theory] // 28
    [InlineData("2026-05-09", 21)]
    [InlineData("2026-05-10", 22)]
    public void An_age_is_reached_on_the_birthday(string day, int age) => Assert.Equal(age, Age.On(Day("2004-05-10"), Day(day)));

    [Theory]
    [InlineData("2022-02-27", 17)]
    [InlineData("2022-02-28", 18)]
    [InlineData("2024-02-28", 19)]
    [InlineData("2024-02-29", 20)]
    public void Who_is_born_on_29_February_grows_older_on_the_28th_of_other_years(string day, int age) =>
        Assert.Equal(age, Age.On(Day("2004-02-29"), Day(day)));

    [Theory]
    [InlineData("2025-08-01", true)] // 35
    [InlineData("2025-07-01", true)]
    [InlineData("2025-06-30", false)]
    [InlineData("2025-05-31", false)]
    public void An_organisation_younger_than_six_months_is_exempt_from_the_yearly_check(string registered, bool exempt) =>
        Assert.Equal(exempt, AnnualCheck.IsExempt(Day(registered), 2025));

    [Fact] // 39, 40
    public void Figures_have_two_decimals_rounded_half_up()
    {
        Assert.Equal(45.00m, Figures.Percent(18, 40));
        Assert.Equal(123.46m, Figures.TenThousandYuan(1_234_567_00));
        Assert.Equal(300.02m, Figures.YuanEach(1_234_567_00, 4_115));
        Assert.Equal(0.01m, Figures.TenThousandYuan(50_00));
        Assert.Null(Figures.YuanEach(100, 0));
    }
}
