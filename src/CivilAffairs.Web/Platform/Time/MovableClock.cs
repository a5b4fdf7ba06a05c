using System.Globalization;
using System.Text;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Platform.Time;

/// <summary>
/// The real clock, put forward by hand and never back: in Development alone, so that seven days of notice can be lived
/// through in a minute. See docs/adr/0018.
/// </summary>
/// <remarks>
/// The shift is on the disk before the clock moves: after a power failure the product never reads a time earlier than
/// one that it wrote down.
/// </remarks>
public sealed class MovableClock : TimeProvider
{
    /// <summary>How far ahead of the real time it goes: ten years with their leap days, within the demonstration calendars.</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromDays(10 * 365 + 3);

    private readonly string file;
    private readonly Lock gate = new();
    private long shift;

    /// <param name="file">Keeps the shift, as <c>d.hh:mm:ss</c>; absent while the clock was never moved.</param>
    /// <exception cref="InvalidDataException">The file does not hold a shift into the future.</exception>
    public MovableClock(string file)
    {
        this.file = file;
        if (!File.Exists(file)) return;
        var text = File.ReadAllText(file).Trim();
        if (!TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var kept) || kept < TimeSpan.Zero)
            throw new InvalidDataException($"{file} should hold how far the clock was moved, like 8.00:00:00, but holds \"{text}\".");
        shift = kept.Ticks;
    }

    public TimeSpan Shift => new(Interlocked.Read(ref shift));

    public bool IsMoved => Shift > TimeSpan.Zero;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

    /// <summary>Puts the clock to an instant.</summary>
    /// <returns>False, and nothing moved, where that is not ahead of it or further than <see cref="Furthest"/> from the real time.</returns>
    public bool MoveTo(DateTimeOffset instant)
    {
        lock (gate)
        {
            var to = instant - base.GetUtcNow();
            if (to <= Shift || to > Furthest) return false;
            Keep(to);
            Interlocked.Exchange(ref shift, to.Ticks);
            return true;
        }
    }

    private void Keep(TimeSpan to)
    {
        var half = file + ".new";
        using (var stream = new FileStream(half, FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.UTF8.GetBytes(to.ToString("c", CultureInfo.InvariantCulture)));
            stream.Flush(flushToDisk: true);
        }
        File.Move(half, file, overwrite: true);
    }
}

internal static class MovableClockServices
{
    /// <summary>The product's clock: movable in Development, the real one everywhere else.</summary>
    internal static IServiceCollection AddClock(this IServiceCollection services, IHostEnvironment environment)
    {
        if (!environment.IsDevelopment()) return services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new MovableClock(provider.GetRequiredService<DataFolder>().Path("clock")));
        return services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<MovableClock>());
    }
}
