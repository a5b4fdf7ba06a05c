namespace CivilAffairs.Web.Features.Demo;

/// <summary>A clock that stands where it was put: stories are played at their own times.</summary>
internal sealed class StoryClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow() => now;

    /// <summary>Forward only.</summary>
    public void MoveTo(DateTimeOffset instant)
    {
        if (instant > now) now = instant.ToUniversalTime();
    }
}
