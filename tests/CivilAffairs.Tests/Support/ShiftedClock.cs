namespace CivilAffairs.Tests.Support;

/// <summary>The real clock, put forward by hand: for what is due in minutes or hours.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long shift;

    public void Forward(TimeSpan by) => Interlocked.Add(ref shift, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + new TimeSpan(Interlocked.Read(ref shift));
}
