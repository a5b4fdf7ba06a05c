namespace CivilAffairs.Engine.Rules;

/// <summary>Temporary relief 临时救助 in small and fast cases 小额快救, paid from the township's reserve 备用金 (domain §6.3).</summary>
public static class TemporaryRelief
{
    /// <summary>What the fast way may pay at once: at most one month of the standard; the rest goes the ordinary way.</summary>
    public static (long NowFen, long RestFen) FastShare(long askedFen, long standardMonthlyFen)
    {
        var now = Math.Min(askedFen, standardMonthlyFen);
        return (now, askedFen - now);
    }

    /// <summary>The reserve's balance after a draw; null where it would fall below zero: replenish first.</summary>
    public static long? DrawFen(long balanceFen, long amountFen)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amountFen, 1);
        return amountFen <= balanceFen ? balanceFen - amountFen : null;
    }
}
