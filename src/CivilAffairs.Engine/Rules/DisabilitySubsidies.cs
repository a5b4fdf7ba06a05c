namespace CivilAffairs.Engine.Rules;

/// <summary>What decides in one month over the two subsidies for disabled persons 残疾人两项补贴 [S CJ].</summary>
/// <param name="InSpecialSupport">特困供养 in this month.</param>
/// <param name="HasInjuryCareAllowance">工伤护理费.</param>
/// <param name="IsOrphan">孤儿, or a child on the full rate of 事实无人抚养.</param>
public readonly record struct SubsidyMonth(bool InLowIncomeHousehold, bool InSpecialSupport, bool HasInjuryCareAllowance, bool IsOrphan, int Level, bool NeedsLongCare);

/// <summary>The exclusions among the two subsidies; wider local circles are parameters of the matter.</summary>
public static class DisabilitySubsidies
{
    /// <summary>Living subsidy 生活补贴 and care subsidy 护理补贴: both may be held at once.</summary>
    public static (bool Living, bool Care) Entitled(SubsidyMonth month)
    {
        if (month.InSpecialSupport || month.HasInjuryCareAllowance) return (false, false);
        return (month.InLowIncomeHousehold && !month.IsOrphan, month.Level is 1 or 2 && month.NeedsLongCare);
    }
}
