namespace CivilAffairs.Engine.Rules;

/// <summary>How figures of the half-year summary 工作总结 are rounded: two decimals, half up.</summary>
public static class Figures
{
    /// <summary>万元 from fen.</summary>
    public static decimal TenThousandYuan(long fen) => Round(fen / 1_000_000m);

    /// <summary>Yuan per head from fen; null for nobody.</summary>
    public static decimal? YuanEach(long fen, long persons) => persons == 0 ? null : Round(fen / 100m / persons);

    /// <summary>Percent; null of nothing.</summary>
    public static decimal? Percent(long part, long whole) => whole == 0 ? null : Round(100m * part / whole);

    private static decimal Round(decimal value) => decimal.Round(value, 2, MidpointRounding.AwayFromZero);
}
