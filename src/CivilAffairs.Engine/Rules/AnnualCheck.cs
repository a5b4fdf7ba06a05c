namespace CivilAffairs.Engine.Rules;

/// <summary>The yearly check 年检 of social organisations.</summary>
public static class AnnualCheck
{
    /// <summary>Registered for less than six months on 31 December of the checked year [S MFN 3; 社团 L].</summary>
    public static bool IsExempt(DateOnly registered, int year) => registered.AddMonths(6) > new DateOnly(year, 12, 31);
}
