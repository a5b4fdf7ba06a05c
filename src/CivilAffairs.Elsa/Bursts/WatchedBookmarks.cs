using System.Collections;
using System.Globalization;
using CivilAffairs.Engine.Port;
using Elsa.Scheduling.Bookmarks;
using Elsa.Workflows.Runtime.Stimuli;
using Bookmark = Elsa.Workflows.Models.Bookmark;

namespace CivilAffairs.ElsaRuntime.Bursts;

/// <summary>
/// The bookmarks of an instance while a burst runs. Elsa adds to and takes from this list whatever it does, so that here, at
/// that very moment, timers become effects and what is no longer wanted is taken back from the host.
/// </summary>
internal sealed class WatchedBookmarks(IEnumerable<Bookmark> pending, Action<Bookmark> added, Action<Bookmark> withdrawn) : ICollection<Bookmark>
{
    internal const string Kind = "kind";
    internal const string Due = "due";
    private readonly List<Bookmark> bookmarks = [.. pending];
    private string? resumed;

    public int Count => bookmarks.Count;
    public bool IsReadOnly => false;

    /// <summary>The one whose answer is being given: when it goes, it was not withdrawn.</summary>
    internal void Resumes(Bookmark bookmark) => resumed = bookmark.Id;
    internal void StillWaits(Bookmark bookmark) => resumed = resumed == bookmark.Id ? null : resumed;

    public void Add(Bookmark item)
    {
        bookmarks.Add(item);
        added(item);
    }

    public bool Remove(Bookmark item)
    {
        if (!bookmarks.Remove(item)) return false;
        if (item.Id != resumed) withdrawn(item);
        return true;
    }

    public void Clear()
    {
        foreach (var bookmark in bookmarks.ToList()) Remove(bookmark);
    }

    public bool Contains(Bookmark item) => bookmarks.Contains(item);
    public void CopyTo(Bookmark[] array, int arrayIndex) => bookmarks.CopyTo(array, arrayIndex);
    public IEnumerator<Bookmark> GetEnumerator() => bookmarks.ToList().GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary><c>task</c>, <c>event</c>, <c>timer</c> or <c>effect</c>, as the port calls them.</summary>
    internal static string KindOf(Bookmark bookmark) => bookmark.Metadata?.TryGetValue(Kind, out var kind) == true ? kind : bookmark.Payload switch
    {
        EventStimulus => "event",
        DelayPayload or TimerBookmarkPayload or StartAtPayload or CronBookmarkPayload => "timer",
        _ => "task",
    };

    /// <summary>Elsa's own schedulers never see these: their timers fail beyond 24.8 days. The host's clock does not.</summary>
    internal static DateTimeOffset? DueOf(Bookmark bookmark) => bookmark.Payload switch
    {
        DelayPayload delay => delay.ResumeAt,
        TimerBookmarkPayload timer => timer.ResumeAt,
        StartAtPayload start => start.ExecuteAt,
        CronBookmarkPayload cron => cron.ExecuteAt,
        _ => bookmark.Metadata?.TryGetValue(Due, out var due) == true ? DateTimeOffset.Parse(due, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind) : null,
    };

    internal static Engine.Port.Bookmark Shown(Bookmark bookmark) =>
        new(bookmark.Id, bookmark.ActivityId, KindOf(bookmark), (bookmark.Payload as EventStimulus)?.EventName, DueOf(bookmark));
}
