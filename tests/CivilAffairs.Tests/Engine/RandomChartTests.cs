using CivilAffairs.Engine.Port;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Engine;

/// <summary>What holds of every flowchart, tried on some hundreds that nobody drew.</summary>
public sealed class RandomChartTests
{
    private static readonly string[] AllModes = ["WaitAll", "WaitAllActive", "WaitAny"];

    [Fact]
    public void A_chart_runs_as_the_rules_of_counting_tell()
    {
        var (refused, joined) = (0, 0);
        for (var seed = 0; seed < 400; seed++)
        {
            var chart = new RandomChart(seed, seed % 3, AllModes);
            var expected = CounterOracle.Run(chart);
            var last = new Instance(chart.Flow()).Last;
            if (expected is null)
            {
                refused++;
                Assert.True(last.Status == InstanceStatus.Faulted, $"seed {seed}: {last.Status}");
                continue;
            }
            Assert.Equal((seed, InstanceStatus.Finished), (seed, last.Status));
            Assert.Equal($"{seed}: {string.Join(' ', expected)}", $"{seed}: {string.Join(' ', Started(last.Journal))}");
            if (expected.Exists(a => chart.Mode(a) == "WaitAny")) joined++;
        }
        // The seeds reach what they are meant to reach.
        Assert.True(refused > 10 && joined > 50, $"{refused} refused, {joined} with a join");
    }

    [Fact]
    public void The_comparison_sees_another_join_mode()
    {
        string[] Runs(string mode) => [.. Enumerable.Range(0, 40).Select(seed => string.Join(' ', CounterOracle.Run(new RandomChart(seed, 0, mode))!))];
        Assert.NotEqual(Runs("WaitAll"), Runs("WaitAny"));
    }

    [Fact]
    public void Where_all_branches_are_awaited_waiting_changes_the_order_and_not_the_work()
    {
        for (var seed = 1_000; seed < 1_120; seed++)
        {
            var chart = new RandomChart(seed, 0, "WaitAll", "WaitAllActive");
            var waiting = chart.Steps.Where((_, i) => (i + seed) % 2 == 0).ToArray();
            var (journal, last) = Answered(new Instance(chart.Flow(waiting)), newestFirst: seed % 2 == 0);
            Assert.Equal((seed, InstanceStatus.Finished), (seed, last.Status));
            Assert.Equal($"{seed}: {string.Join(' ', Started(new Instance(chart.Flow()).Last.Journal).Order(StringComparer.Ordinal))}",
                $"{seed}: {string.Join(' ', Started(journal).Order(StringComparer.Ordinal))}");
        }
    }

    [Fact]
    public void Every_run_ends_once_and_a_replay_is_the_same()
    {
        for (var seed = 2_000; seed < 2_120; seed++)
        {
            var chart = new RandomChart(seed, seed % 3, AllModes);
            var waiting = chart.Steps.Where((_, i) => i % 2 == 0).ToArray();
            var (journal, last) = Answered(new Instance(chart.Flow(waiting)), newestFirst: true);
            foreach (var activity in journal.GroupBy(j => j.ActivityId))
            {
                var (begun, ended) = (activity.Count(j => j.Event == "Started"), activity.Count(j => j.Event is "Completed" or "Canceled" or "Faulted"));
                // A completion that cannot go on is logged as a fault behind it.
                var twice = activity.Count(j => j.Event == "Faulted");
                Assert.True(ended - twice <= begun && ended <= begun + twice, $"seed {seed}: {activity.Key} began {begun} times and ended {ended} times");
                if (last.Status == InstanceStatus.Finished) Assert.Equal((seed, activity.Key, begun), (seed, activity.Key, ended));
            }
            var (again, end) = Answered(new Instance(chart.Flow(waiting)), newestFirst: true);
            Assert.Equal((seed, last.State.Json), (seed, end.State.Json));
            Assert.Equal(journal.Select(j => $"{j.ActivityId} {j.Event}"), again.Select(j => $"{j.ActivityId} {j.Event}"));
        }
    }

    private static List<string> Started(IEnumerable<JournalEvent> journal) =>
        [.. journal.Where(j => j.Event == "Started" && j.ActivityId is not ("Workflow1" or "flow")).Select(j => j.ActivityId)];

    private static (List<JournalEvent> Journal, StepResult Last) Answered(Instance instance, bool newestFirst)
    {
        List<JournalEvent> journal = [.. instance.Last.Journal];
        for (var n = 0; n < 200 && instance.Last is { Status: InstanceStatus.Suspended, Bookmarks: { Count: > 0 } bookmarks }; n++)
            journal.AddRange(instance.Step(new AnswerTrigger(newestFirst ? bookmarks[^1].Id : bookmarks[0].Id, null)).Journal);
        return (journal, instance.Last);
    }
}
