using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>Plays an example's answers: ready ones go before timers, then whatever comes first; what it does not answer waits for its timer.</summary>
internal static class TryOutScript
{
    private const int MostInputs = 500;

    /// <summary>The whole example as inputs; shorter where one is refused, which the play of them says.</summary>
    public static IReadOnlyList<TryOutInput> Inputs(IWorkflowEngine engine, MatterRevision revision, ExampleFile example, WorkCalendar? calendar)
    {
        ArgumentNullException.ThrowIfNull(example);
        var inputs = new List<TryOutInput>();
        var play = TryOutPlay.Run(engine, revision, TryOutStart.Of(example), [], calendar);
        while (inputs.Count < MostInputs && Next(play, example) is { } next)
        {
            inputs.Add(next);
            play.Then(next);
        }
        return inputs;
    }

    /// <summary>What happens next in the example; null: it is played to its end, or asks for somebody whom it does not play.</summary>
    public static TryOutInput? Next(TryOutPlay play, ExampleFile example)
    {
        ArgumentNullException.ThrowIfNull(play);
        ArgumentNullException.ThrowIfNull(example);
        if (!play.Course.Waits || play.Refusal is not null) return null;
        var ready = play.Course.Last!.Bookmarks.Where(b => b.Kind is "task" or "event").Select(b => (Bookmark: b, Answer: Answer(play, example, b.ActivityId)))
            .Where(a => a.Answer is not null).Select(a => (a.Bookmark, Answer: a.Answer!, At: Later(play, a.Answer!.At))).OrderBy(a => a.At).FirstOrDefault();
        var timer = play.Course.NextTimer;
        if (ready.Bookmark is not null && (timer is null || ready.At <= timer.DueAt))
            return TryOutInput.Of(ready.Bookmark.ActivityId, ready.Answer.Result?.DeepClone(), ready.Answer.By, ready.At);
        return timer is null ? null : TryOutInput.To(Later(play, timer.DueAt));
    }

    /// <summary>What the example would answer next in an activity; null: nothing more.</summary>
    public static ExampleAnswer? Answer(TryOutPlay play, ExampleFile example, string activity) =>
        example.Answers.TryGetValue(activity, out var queue) ? queue.ElementAtOrDefault(play.Answered(activity)) : null;

    private static DateTimeOffset Later(TryOutPlay play, DateTimeOffset? at) => at is { } given && given > play.Course.Now ? given.ToUniversalTime() : play.Course.Now;
}
