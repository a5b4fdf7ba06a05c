using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>
/// One made-up course of a definition, step by step, as the host of real cases takes it: the results that effects ask for
/// are fed back at once, events that the definition publishes come back to it, timers fire when the time has come. Nothing
/// is stored; it is used by one thread.
/// </summary>
internal sealed class Course(IWorkflowEngine engine, IWorkflowDefinition definition, ICourseHost host, DateTimeOffset start)
{
    /// <summary>More bursts than any sane definition needs; one that goes round in a circle ends here.</summary>
    private const int MostBursts = 2_000;
    private readonly List<Happening> happened = [];
    private readonly Dictionary<string, List<CreateTask>> seats = [];
    private readonly Dictionary<string, CreateApplicantTask> asked = [];
    private int bursts;

    /// <summary>UTC.</summary>
    public DateTimeOffset Now { get; private set; } = start.ToUniversalTime();

    /// <summary>Null before <see cref="Step"/> was called with the start.</summary>
    public StepResult? Last { get; private set; }

    /// <summary>Everything that came about, in order.</summary>
    public IReadOnlyList<Happening> Happened => happened;
    public IEnumerable<Effect> Effects => happened.SelectMany(h => h.Result.Effects);
    public IEnumerable<JournalEvent> Journal => happened.SelectMany(h => h.Result.Journal);

    /// <summary>False once it finished or faulted.</summary>
    public bool Waits => Last is { Status: InstanceStatus.Suspended };

    /// <summary>The definition does not come to rest.</summary>
    public bool Circles { get; private set; }

    /// <summary>Which activity a step answered; null: the start, or an event.</summary>
    public string? Activity(Happening happening) => happening is not { Number: > 0 } ? null
        : (happening.Trigger switch { AnswerTrigger a => a.BookmarkId, TimerTrigger t => t.BookmarkId, EffectResultTrigger r => r.BookmarkId, _ => null }) is not { } id ? null
        : happened[happening.Number - 1].Result.Bookmarks.FirstOrDefault(b => b.Id == id)?.ActivityId;

    /// <summary>The seats of an officers' task that nobody has taken yet.</summary>
    public IReadOnlyList<CreateTask> Seats(string bookmark) => seats.GetValueOrDefault(bookmark, []);

    /// <summary>What the applicant is asked for under a bookmark; null: nothing.</summary>
    public CreateApplicantTask? Asked(string bookmark) => asked.GetValueOrDefault(bookmark);

    /// <summary>Takes one step and all that follows from it at once.</summary>
    /// <param name="occurredOn">The day on which it happened, where that is not today.</param>
    /// <exception cref="StepRefusedException">The trigger does not fit where it stands.</exception>
    public void Step(StepTrigger trigger, DateOnly? occurredOn = null)
    {
        var queue = new Queue<StepTrigger>([trigger]);
        while (queue.TryDequeue(out var next) && (Last is null || Waits))
        {
            if (bursts == MostBursts)
            {
                Circles = true;
                return;
            }
            var (parameters, facts, calendar) = host.Data(Now);
            var result = engine.Step(definition, Last?.State, new StepInput(next, Now, string.Create(CultureInfo.InvariantCulture, $"try-{bursts++}"))
            {
                OccurredOn = occurredOn, InstanceId = "try", Parameters = parameters, Facts = facts, Calendar = calendar,
            });
            Last = result;
            var happening = new Happening(happened.Count, Now, next, result);
            happened.Add(happening);
            foreach (var effect in result.Effects) Take(effect, happening, queue);
            foreach (var gone in seats.Keys.Concat(asked.Keys).Where(id => result.Bookmarks.All(b => b.Id != id)).ToList())
            {
                seats.Remove(gone);
                asked.Remove(gone);
            }
        }
    }

    /// <summary>An answer to what waits under a bookmark; one of its seats is taken by it.</summary>
    /// <exception cref="StepRefusedException">Like <see cref="Step"/>'s.</exception>
    public void Answer(Bookmark bookmark, JsonNode? result, string? by, DateOnly? occurredOn = null)
    {
        Step(bookmark.Kind == "event" ? new EventTrigger(bookmark.EventName!, result) : new AnswerTrigger(bookmark.Id, result, by), occurredOn);
        if (seats.TryGetValue(bookmark.Id, out var open) && open.Count > 0) open.RemoveAt(0);
    }

    /// <summary>Lets time pass; timers fire in the order in which they are due, ties by activity.</summary>
    /// <param name="inclusive">Those due at the very end fire too.</param>
    public void Pass(DateTimeOffset until, bool inclusive)
    {
        while (Waits && !Circles && NextTimer is { DueAt: { } due } timer && (inclusive ? due <= until : due < until))
        {
            if (due > Now) Now = due;
            Step(new TimerTrigger(timer.Id));
        }
        if (until > Now) Now = until.ToUniversalTime();
    }

    /// <summary>The timer that fires next; null: none has a time.</summary>
    public Bookmark? NextTimer => Last?.Bookmarks.Where(b => b is { Kind: "timer", DueAt: not null }).OrderBy(b => b.DueAt).ThenBy(b => b.ActivityId, StringComparer.Ordinal).FirstOrDefault();

    private void Take(Effect effect, Happening happening, Queue<StepTrigger> queue)
    {
        switch (effect)
        {
            case CreateTask task:
                if (!seats.TryGetValue(task.BookmarkId!, out var open)) seats[task.BookmarkId!] = open = [];
                open.Add(task);
                break;
            case CreateApplicantTask task:
                asked[task.BookmarkId!] = task;
                break;
            case CancelTask { Seat: { } seat } cancel when seats.TryGetValue(cancel.BookmarkId!, out var some):
                some.RemoveAll(s => s.Seat == seat);
                break;
            case EventPublished published when happening.Result.Bookmarks.Any(b => b.EventName == published.EventName):
                queue.Enqueue(new EventTrigger(published.EventName, published.Payload));
                break;
        }
        var answer = host.Result(effect, Now);
        if (effect.BookmarkId is { Length: > 0 } bookmark && happening.Result.Bookmarks.Any(b => b.Id == bookmark && b.Kind == "effect"))
            queue.Enqueue(new EffectResultTrigger(bookmark, answer));
    }
}

/// <summary>What a course reads, and what it is given for the effects that ask for a result.</summary>
internal interface ICourseHost
{
    (IReadOnlyDictionary<string, JsonNode?> Parameters, IReadOnlyDictionary<string, JsonNode?> Facts, WorkCalendar? Calendar) Data(DateTimeOffset now);

    /// <summary>Called once for each effect, in order, those included that ask for nothing.</summary>
    JsonNode? Result(Effect effect, DateTimeOffset now);
}

/// <summary>One step with what it brought about.</summary>
internal sealed record Happening(int Number, DateTimeOffset At, StepTrigger Trigger, StepResult Result);
