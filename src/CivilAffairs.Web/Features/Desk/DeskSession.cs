using CivilAffairs.Web.Features.Cases.Queue;

namespace CivilAffairs.Web.Features.Desk;

/// <summary>What one open desk remembers between its pages, in this process's memory only.</summary>
public sealed class DeskSession
{
    /// <summary>What was searched last. It may be a name or an ID number, so it never enters an address or a log.</summary>
    public string SearchTerm { get; set; } = "";

    /// <summary>The queue's counts as last read; null: not read yet.</summary>
    public IReadOnlyList<QueueCount>? Counts { get; private set; }

    /// <summary>Raised when <see cref="Counts"/> or <see cref="Unread"/> changed.</summary>
    public event Action? CountsChanged;

    /// <summary>The counts are "at least": there is more open work than was counted.</summary>
    public bool More { get; private set; }

    /// <summary>Cases with unread messages as last counted; null: not counted yet.</summary>
    public int? Unread { get; private set; }

    public void ShowUnread(int cases)
    {
        Unread = cases;
        CountsChanged?.Invoke();
    }

    public void Show(QueueView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        (Counts, More) = (view.Counts, view.More);
        CountsChanged?.Invoke();
    }
}
