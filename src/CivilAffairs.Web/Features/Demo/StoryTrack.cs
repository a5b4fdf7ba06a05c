using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>One case on its way through the county's year: what happens in it next, and when.</summary>
/// <param name="story">The example in its place and time; asked for when the case is filed or gone on with.</param>
/// <param name="begins">When it is filed.</param>
/// <param name="by">Who files it and acts for the applicant.</param>
internal sealed class StoryTrack(StoryPlayer player, MatterRevision revision, Func<Task<ExampleFile>> story, DateTimeOffset begins, Viewer by)
{
    private Dictionary<string, Queue<StoryAnswer>>? answers;
    private ExampleFile? told;
    private bool saved;

    /// <summary>Saved with so many sections filled in, and not filed; null: filed.</summary>
    public int? Draft { get; init; }

    /// <summary>The applicant's address, noted at the counter; null: has none.</summary>
    public string? Email { get; init; }

    /// <summary>Tells the cases of one story apart.</summary>
    public string Part { get; init; } = "";

    /// <summary>The case, where it was filed already or opened by the county itself.</summary>
    public Guid? CaseId { get; set; } = player.Filed;

    /// <summary>What reopens the case once nothing is left to do in it: when, by whom, and what is done then.</summary>
    public Func<DateTimeOffset, (DateTimeOffset At, ExampleFile Story, Viewer By)>? Review { get; set; }

    /// <summary>Told the case once it is filed.</summary>
    public Action<Guid>? Filed { get; init; }

    public bool IsThere => saved || CaseId is not null;

    /// <summary>The next thing; null: the story has come to its end, or waits for something that lies after <paramref name="until"/>.</summary>
    /// <param name="now">The story's time.</param>
    public async Task<(DateTimeOffset At, Func<Task> Do)?> NextAsync(DateTimeOffset now, DateTimeOffset until)
    {
        if (saved) return null;
        if (CaseId is not { } id) return begins <= until ? (begins, FileAsync) : null;
        answers ??= player.Answers(told ??= await story(), Part);
        if (await player.NextAsync(id, answers, until) is { } next) return (next.At, () => next.Do(by));
        if (Review?.Invoke(now) is not { } review || review.At > until) return null;
        return (review.At, async () =>
        {
            Review = null;
            await player.ReopenAsync(id, review.Story, review.By);
            answers = player.Answers(review.Story, "review.");
        });
    }

    private async Task FileAsync()
    {
        told = await story();
        if (Draft is { } sections)
        {
            await player.DraftAsync(told, revision.Matter.Id, by, sections);
            saved = true;
        }
        else
        {
            CaseId = await player.FileAsync(revision, told, by, Email);
        }
    }
}
