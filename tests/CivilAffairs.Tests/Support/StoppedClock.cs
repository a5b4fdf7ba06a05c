namespace CivilAffairs.Tests.Support;

/// <summary>A clock that stands still until it is put forward; then timers that are due fire.</summary>
public sealed class StoppedClock(DateTimeOffset start) : TimeProvider
{
    private readonly List<Alarm> alarms = [];
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow()
    {
        lock (alarms) return now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    public void Forward(TimeSpan by)
    {
        List<Alarm> due;
        lock (alarms)
        {
            now += by;
            due = [.. alarms.Where(a => a.At <= now)];
            alarms.RemoveAll(due.Contains);
        }
        foreach (var alarm in due) alarm.Ring();
    }

    /// <summary>Returns when somebody waits for this clock.</summary>
    /// <exception cref="TimeoutException">Nobody did within 10 s of real time.</exception>
    public async Task WaitedForAsync()
    {
        for (var until = DateTime.UtcNow.AddSeconds(10); ; await Task.Delay(5))
        {
            lock (alarms)
                if (alarms.Count > 0) return;
            if (DateTime.UtcNow > until) throw new TimeoutException("Nobody waits for this clock.");
        }
    }

    private sealed class Alarm(StoppedClock clock, Action ring) : ITimer
    {
        internal DateTimeOffset At { get; private set; }

        internal void Ring() => ring();

        /// <summary>Rings once: nobody here asks for a period.</summary>
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.alarms)
            {
                clock.alarms.Remove(this);
                if (dueTime < TimeSpan.Zero) return true;
                At = clock.now + dueTime;
                clock.alarms.Add(this);
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock.alarms) clock.alarms.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
