namespace CivilAffairs.Engine.Rules;

/// <summary>How far a person looks after himself: 自理, 半失能, 失能.</summary>
public enum SelfCare { Full, Partial, None }

/// <summary>Support for persons in extreme need 特困供养 (domain §6.2, §12).</summary>
public static class SpecialSupport
{
    /// <summary>The grade by the six indicators of TK 21–22 (eat, dress, bed, toilet, walk indoors, bathe).</summary>
    /// <param name="failed">Indicators the person fails, 0 to 6.</param>
    public static SelfCare Grade(int failed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)failed, 6u, nameof(failed));
        return failed switch { 0 => SelfCare.Full, <= 3 => SelfCare.Partial, _ => SelfCare.None };
    }

    /// <summary>Monthly fen: the standard times the ratio, rounded up to a whole fen, plus care.</summary>
    public static long MonthlyFen(long standardMonthlyFen, decimal ratio, long careFen) =>
        (long)decimal.Ceiling(standardMonthlyFen * ratio) + careFen;
}
