using System.Collections.Concurrent;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Engine.Time;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Tests.Features.Matters.Examples;

/// <summary>Each shipped example replayed once by the engine, for whoever asks what it goes through.</summary>
internal static class Replays
{
    private static readonly ConcurrentDictionary<(string Matter, string Example), Lazy<ExampleRun>> Runs = new();
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<string>>> Covers = new();

    /// <param name="example">Its file's name, <c>granted.json</c>.</param>
    public static ExampleRun Of(string matter, string example) => Runs.GetOrAdd((matter, example), key => new(() =>
    {
        var revision = ShippedMatters.Load(key.Matter).Revision!;
        return ExampleReplay.Run(new WorkflowEngine(), revision, revision.Examples[key.Example], Calendars.Shipped);
    })).Value;

    /// <summary>
    /// Applications that together go through everything that any of the matter's goes through, the richest first, and each that is a worked
    /// example of the domain. What another one adds to them is its figures alone, which the engine's own replay compares.
    /// </summary>
    /// <returns>Names without <c>.json</c>.</returns>
    public static IReadOnlyList<string> Cover(string matter) => Covers.GetOrAdd(matter, of => new(() => [.. Chosen(of)])).Value;

    private static IEnumerable<string> Chosen(string matter)
    {
        var left = ShippedMatters.Load(matter).Revision!.Examples.Where(e => e.Value.Workflow == "apply").Select(e => (e.Key, e.Value, Steps: Steps(Of(matter, e.Key)))).OrderBy(e => e.Key, StringComparer.Ordinal).ToList();
        var gone = new HashSet<string>();
        while (left.Count > 0)
        {
            var next = left.MaxBy(e => e.Steps.Count(s => !gone.Contains(s)));
            var adds = next.Steps.Exists(s => !gone.Contains(s));
            if (!adds && !left.Exists(Worked)) yield break;
            if (!adds) next = left.Find(Worked);
            left.Remove(next);
            gone.UnionWith(next.Steps);
            yield return next.Key[..^".json".Length];
        }

        static bool Worked((string Key, ExampleFile Value, List<string> Steps) e) => e.Value.Name.En.Contains("orked example", StringComparison.Ordinal);
    }

    /// <summary>Every way out of every activity, every effect by its kind and what it is made from.</summary>
    private static List<string> Steps(ExampleRun run) =>
    [
        .. run.Journal.Where(j => j.Event == "Completed").SelectMany(j => (j.Outcomes ?? ["Done"]).Select(outcome => $"{j.ActivityId} {outcome}")),
        .. run.Journal.Where(j => j.Event is not ("Completed" or "Started")).Select(j => $"{j.ActivityId} {j.Event}"),
        .. run.Effects.Select(e => e.GetType().Name), .. run.Documents, .. run.Mails, .. run.Notices, .. run.Statuses,
    ];
}
