using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.Tests.Elsa;

/// <summary>What one walk is made with.</summary>
/// <param name="Samples">By activity id, answers that an example gives to it.</param>
internal sealed record WalkGiven(string Json, DateTimeOffset At, IReadOnlyDictionary<string, JsonNode?> Inputs, IReadOnlyDictionary<string, JsonNode?> Facts,
    IReadOnlyDictionary<string, JsonNode?> Parameters, WorkCalendar Calendar, ILookup<string, JsonObject> Samples);

/// <summary>
/// Walks a definition on two runtimes in step: from every situation every answer, every result of the host, every event and the
/// next timer, until the case ends or stands where it has stood before. What was chosen least often is chosen next, so that a
/// walk that is cut short has still been everywhere. The runtimes must tell the same of each step.
/// </summary>
/// <param name="most">Steps after which it is cut short.</param>
internal sealed class PathWalk(IWorkflowEngine own, IWorkflowEngine other, WalkGiven given, int most)
{
    private readonly (IWorkflowDefinition Own, IWorkflowDefinition Other) definition = (own.Load(given.Json), other.Load(given.Json));
    private readonly HashSet<string> stood = [];
    private readonly HashSet<string> differences = [];

    private sealed record Place(StepResult Own, StepResult Other, DateTimeOffset Now, ImmutableDictionary<string, Effect> Asked, ImmutableList<string> Way);

    private sealed record Way(string Name, Func<StepResult, StepTrigger> Trigger, DateTimeOffset Now);

    internal int Steps { get; private set; }

    /// <summary>Ways from the start to where the walk turns back.</summary>
    internal int Paths { get; private set; }
    internal IReadOnlyCollection<string> Differences => differences;

    /// <summary>Ways that were seen and not gone, because it was cut short; none: the walk is whole.</summary>
    internal int Left { get; private set; }

    internal PathWalk Run()
    {
        var open = new List<(Place From, Way Way)>();
        var chosen = new Dictionary<string, int>();
        if (Step(null, new Way("start", _ => new StartTrigger(given.Inputs), given.At)) is { } start) Stand(start, open);
        while (open.Count > 0 && Steps < most)
        {
            var (from, way) = open.MinBy(o => chosen.GetValueOrDefault(o.Way.Name));
            open.Remove((from, way));
            chosen[way.Name] = chosen.GetValueOrDefault(way.Name) + 1;
            if (Step(from, way) is { } next) Stand(next, open);
        }
        Left = open.Count;
        return this;
    }

    private void Stand(Place place, List<(Place From, Way Way)> open)
    {
        var ways = place.Own.Status == InstanceStatus.Suspended && !StoodBefore(place) ? Ways(place).ToList() : [];
        if (ways.Count == 0) Paths++;
        open.AddRange(ways.Select(w => (place, w)));
    }

    private bool StoodBefore(Place place)
    {
        var here = string.Join('|', Told.Of(place.Own, place.Own.Bookmarks).Where(t => t.StartsWith("waits", StringComparison.Ordinal) || t.StartsWith("variable", StringComparison.Ordinal)));
        return !stood.Add(here);
    }

    /// <summary>A trigger is made for each runtime by its own bookmarks: they stand in the same order.</summary>
    private IEnumerable<Way> Ways(Place place)
    {
        var bookmarks = place.Own.Bookmarks;
        if (bookmarks.ToList().FindIndex(b => b.Kind == "effect") is var effect and >= 0)
        {
            foreach (var result in Results(place.Asked[bookmarks[effect].Id]))
                yield return new($"{bookmarks[effect].ActivityId}={result.ToJsonString()}", s => new EffectResultTrigger(s.Bookmarks[effect].Id, result.DeepClone()), place.Now);
            yield break;
        }
        var timer = bookmarks.Select((b, i) => (b, i)).Where(t => t.b is { Kind: "timer", DueAt: not null }).OrderBy(t => t.b.DueAt).Select(t => (int?)t.i).FirstOrDefault();
        for (var at = 0; at < bookmarks.Count; at++)
        {
            var (i, bookmark) = (at, bookmarks[at]);
            if (bookmark.Kind == "event") yield return new($"event {bookmark.EventName}", s => new EventTrigger(s.Bookmarks[i].EventName!, Fields(bookmark.ActivityId, null)), place.Now);
            else if (i == timer) yield return new($"{bookmark.ActivityId} due", s => new TimerTrigger(s.Bookmarks[i].Id), bookmark.DueAt > place.Now ? bookmark.DueAt.Value : place.Now);
            else if (bookmark.Kind == "task")
                foreach (var outcome in Outcomes(place.Asked[bookmark.Id]))
                {
                    var answer = Fields(bookmark.ActivityId, outcome);
                    answer["outcome"] = outcome;
                    yield return new($"{bookmark.ActivityId}={outcome}", s => new AnswerTrigger(s.Bookmarks[i].Id, answer.DeepClone(), $"person-{place.Way.Count}"), place.Now.AddHours(1));
                    // The same person once more: whoever is refused on one runtime is refused on the other.
                    if (place.Way.Count > 2 && outcome == Outcomes(place.Asked[bookmark.Id]).First()) yield return new($"{bookmark.ActivityId} by the first", s => new AnswerTrigger(s.Bookmarks[i].Id, answer.DeepClone(), "person-1"), place.Now.AddHours(1));
                }
        }
    }

    private Place? Step(Place? from, Way chosen)
    {
        Steps++;
        var (name, trigger, now) = chosen;
        var way = (from?.Way ?? []).Add(name);
        var (mine, refused) = Try(own, definition.Own, from?.Own, trigger, now, way);
        var (theirs, alsoRefused) = Try(other, definition.Other, from?.Other, trigger, now, way);
        if (mine is null || theirs is null)
        {
            if (refused != alsoRefused) Differ(way, $"own: {refused ?? "goes on"} | other: {alsoRefused ?? "goes on"}");
            return null;
        }
        var asked = from?.Asked ?? ImmutableDictionary<string, Effect>.Empty;
        foreach (var effect in mine.Effects.Where(e => e.BookmarkId is { Length: > 0 })) asked = asked.ContainsKey(effect.BookmarkId!) && effect is CancelTask or CancelTimer or CreateTimer ? asked : asked.SetItem(effect.BookmarkId!, effect);
        if (Told.Difference(Told.Of(mine, from?.Own.Bookmarks ?? []), Told.Of(theirs, from?.Other.Bookmarks ?? [])) is not { } difference) return new Place(mine, theirs, now, asked, way);
        Differ(way, difference);
        return null;
    }

    private (StepResult? Result, string? Refused) Try(IWorkflowEngine engine, IWorkflowDefinition workflow, StepResult? last, Func<StepResult, StepTrigger> trigger, DateTimeOffset now, ImmutableList<string> way)
    {
        try
        {
            var input = new StepInput(trigger(last!), now, string.Join('/', way)) { InstanceId = "walk", Facts = given.Facts, Parameters = given.Parameters, Calendar = given.Calendar };
            return (engine.Step(workflow, last is null ? null : new WorkflowState(last.State.Json), input), null);
        }
        catch (StepRefusedException e)
        {
            // Ids in it are each runtime's own.
            return (null, last is null ? e.Message : last.Bookmarks.Aggregate(e.Message, (text, b) => text.Replace($"'{b.Id}'", "'#'", StringComparison.Ordinal)));
        }
    }

    private void Differ(ImmutableList<string> way, string what)
    {
        if (differences.Count < 20) differences.Add($"{what} (after {string.Join(" / ", way)})");
    }

    private JsonObject Fields(string activity, string? outcome)
    {
        var samples = given.Samples[activity].ToList();
        var sample = samples.FirstOrDefault(s => (string?)s["outcome"] == outcome) ?? samples.FirstOrDefault();
        return sample?.DeepClone() as JsonObject ?? [];
    }

    private static IEnumerable<string> Outcomes(Effect effect) => effect switch
    {
        CreateTask task => task.Outcomes,
        CreateApplicantTask task => task.Outcomes,
        PublishNotice => ["Objection"],
        _ => ["Done"],
    };

    private static IEnumerable<JsonObject> Results(Effect effect) => effect switch
    {
        DrawSample => [new() { ["selected"] = true, ["draw"] = 1 }, new() { ["selected"] = false, ["draw"] = 99 }],
        FindRegisterEntry => [new() { ["state"] = "None" }, Entry("Valid"), Entry("Ended")],
        IssueDocument document => [new() { ["documentId"] = "document", ["number"] = $"{document.NumberKind}〔2026〕00001" }],
        _ => [new() { ["grantId"] = "grant", ["entryId"] = "entry", ["caseId"] = "case", ["certificateId"] = "certificate", ["number"] = "0001" }],
    };

    private static JsonObject Entry(string state) => new() { ["state"] = state, ["entryId"] = "entry", ["since"] = "2024-03-01", ["until"] = state == "Ended" ? "2025-03-01" : null, ["entry"] = new JsonObject { ["number"] = "J341299-2024-000001" } };
}
