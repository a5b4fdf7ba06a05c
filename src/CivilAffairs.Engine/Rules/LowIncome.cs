namespace CivilAffairs.Engine.Rules;

/// <summary>One income of a household, net, of the last twelve months.</summary>
/// <param name="Kind">A code, see <see cref="LowIncome.ExcludedIncome"/>.</param>
/// <param name="AnnualFen">Fen in twelve months; one source may be negative.</param>
public readonly record struct Income(string Kind, long AnnualFen);

/// <summary>The arithmetic of the minimum living allowance 低保 (domain §6.1, §10, §12). All money is integer fen.</summary>
public static class LowIncome
{
    /// <summary>Income that the law does not count [S DB 13, CJ, ET]; <c>basicPension</c> 基础养老金 is [L=exclude].</summary>
    public static IReadOnlySet<string> ExcludedIncome { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "veteranAllowance", "familyPlanningReward", "scholarship", "braveryReward", "relief", "disabilitySubsidy",
        "deFactoOrphanSubsidy", "basicPension",
    };

    /// <summary>What counts, per year; never negative in total.</summary>
    /// <param name="income">All sources of all counted members.</param>
    /// <param name="excluded">The county's list where it differs from <see cref="ExcludedIncome"/>.</param>
    public static long CountedIncome(IEnumerable<Income> income, IReadOnlySet<string>? excluded = null) =>
        Math.Max(0, income.Where(i => !(excluded ?? ExcludedIncome).Contains(i.Kind)).Sum(i => i.AnnualFen));

    /// <summary>Whether the income per head is below the standard. Multiplied instead of divided: exact, and "equal" is not "below".</summary>
    /// <param name="standardAnnualFen">Per person and year; urban standards are monthly × 12.</param>
    public static bool IsBelowStandard(long standardAnnualFen, int members, long incomeAnnualFen) =>
        incomeAnnualFen < checked(standardAnnualFen * members);

    /// <summary>The household's monthly allowance: ⌈max(0, S×n − I) / 12⌉, in whole yuan, by one exact division.</summary>
    /// <param name="protectedPersons">Persons the allowance covers.</param>
    /// <returns>Fen, a multiple of 100.</returns>
    public static long MonthlyFen(long standardAnnualFen, int protectedPersons, long incomeAnnualFen)
    {
        var difference = Math.Max(0, checked(standardAnnualFen * protectedPersons - incomeAnnualFen));
        return CeilDiv(difference, 12 * 100) * 100;
    }

    /// <summary>The first month paid: the one after the decision [S DB 21], as its first day.</summary>
    public static DateOnly FirstMonth(DateOnly decided) => new DateOnly(decided.Year, decided.Month, 1).AddMonths(1);

    /// <summary>The last month paid when a job ends the need: <paramref name="months"/> months from the one after the finding 渐退期.</summary>
    public static DateOnly LastMonthOfPhaseOut(DateOnly finding, int months) => FirstMonth(finding).AddMonths(months - 1);

    /// <summary>Exact integer division that rounds up, also for negative dividends.</summary>
    public static long CeilDiv(long dividend, long divisor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(divisor, 1);
        var quotient = dividend / divisor;
        return dividend % divisor > 0 ? quotient + 1 : quotient;
    }
}
