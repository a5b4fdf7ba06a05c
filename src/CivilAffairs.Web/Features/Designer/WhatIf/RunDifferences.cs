using System.Globalization;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Designer.TryOut;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Designer.WhatIf;

/// <summary>What a run brought about, as far as people see it.</summary>
/// <param name="Tasks">Officers' and applicants' tasks by activity, in the order of their first opening.</param>
internal sealed record Seen(IReadOnlyList<SeenTask> Tasks, IReadOnlyList<string> Statuses, IReadOnlyList<string> Papers, long? AmountFen, Limit? Clock, bool Ended)
{
    public string? LastStatus => Statuses is [.., var last] ? last : null;

    public static Seen Of(IReadOnlyList<Happening> happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var tasks = new List<SeenTask>();
        foreach (var happening in happened)
            foreach (var effect in happening.Result.Effects)
                if (effect is CreateTask { Seat: 1 } task) tasks.Add(new SeenTask(task.ActivityId, happening.Number, happening.At, $"{task.Role} {task.Level}".TrimEnd(), task.FinishWithin, task.Outcomes));
                else if (effect is CreateApplicantTask asked) tasks.Add(new SeenTask(asked.ActivityId, happening.Number, happening.At, "APP", asked.FinishWithin, asked.Outcomes));
        var effects = happened.SelectMany(h => h.Result.Effects).ToList();
        var papers = effects.Select(e => e switch { IssueDocument d => d.Template, ChangeCertificate c => c.Template, PublishNotice n => n.Template, PublishResult r => r.Template, SendNotice l => l.Template, _ => null }).OfType<string>();
        return new Seen(tasks, [.. effects.OfType<SetStatus>().Select(s => s.Status)], [.. papers.Order(StringComparer.Ordinal)],
            effects.Select(e => e switch { GrantBenefit g => (long?)g.AmountFen, AdjustBenefit a => a.AmountFen, _ => null }).LastOrDefault(a => a is not null),
            effects.OfType<SetCaseClock>().LastOrDefault(c => c.Action is "Start" or "Extend")?.Limit, happened[^1].Result.Status == InstanceStatus.Finished);
    }
}

/// <param name="Step">In which step it was opened: what is opened in one step has no order.</param>
/// <param name="For">Role and level.</param>
internal sealed record SeenTask(string Activity, int Step, DateTimeOffset At, string For, Limit Finish, IReadOnlyList<string> Outcomes);

/// <summary>Two runs of one past case, held against each other.</summary>
internal static class RunDifferences
{
    /// <param name="stopped">The later run stands where nobody's record helps it on: what it has not come to is no difference of its own.</param>
    public static IEnumerable<Difference> Of(Seen before, Seen after, bool stopped)
    {
        var (old, now) = (before.Tasks.ToLookup(t => t.Activity), after.Tasks.ToLookup(t => t.Activity));
        foreach (var added in now.Where(g => !old.Contains(g.Key))) yield return new Difference(DifferenceKinds.StepAdded, added.Key, null, added.First().For);
        foreach (var (was, next) in old.Where(g => now.Contains(g.Key)).Select(g => (g, now[g.Key].ToList())))
            foreach (var difference in Steps(was.ToList(), next)) yield return difference;
        if (OrderOf(before, now) is var first && OrderOf(after, old) is var second && Clash(first, second) is { } clash) yield return new Difference(DifferenceKinds.Order, clash.Later, clash.Earlier, clash.Later);
        if (Text(before.Clock) != Text(after.Clock) && !(stopped && after.Clock is null)) yield return new Difference(DifferenceKinds.Clock, "", Text(before.Clock), Text(after.Clock));
        if (stopped) yield break;
        // The last state and the outcome that people know it by.
        if (before.LastStatus != after.LastStatus) yield return new Difference(DifferenceKinds.Result, "", before.LastStatus, after.LastStatus);
        if (before.AmountFen != after.AmountFen) yield return new Difference(DifferenceKinds.Amount, "", Money(before.AmountFen), Money(after.AmountFen));
        foreach (var gone in Less(before.Papers, after.Papers)) yield return new Difference(DifferenceKinds.Papers, "", gone);
        foreach (var more in Less(after.Papers, before.Papers)) yield return new Difference(DifferenceKinds.Papers, "", null, more);
    }

    private static IEnumerable<Difference> Steps(List<SeenTask> old, List<SeenTask> now)
    {
        // Round by round: a step that came back is held against itself.
        foreach (var (was, next) in old.Zip(now))
        {
            if (was.For != next.For) yield return new Difference(DifferenceKinds.Role, was.Activity, was.For, next.For);
            foreach (var gone in was.Outcomes.Except(next.Outcomes)) yield return new Difference(DifferenceKinds.Outcomes, was.Activity, gone);
            foreach (var more in next.Outcomes.Except(was.Outcomes)) yield return new Difference(DifferenceKinds.Outcomes, was.Activity, null, more);
            if (was.Finish.Text != next.Finish.Text) yield return new Difference(DifferenceKinds.Deadline, was.Activity, was.Finish.Text, next.Finish.Text);
            // The same limit from another day: the step would have begun on another day.
            else if (BureauTime.Day(was.At) != BureauTime.Day(next.At) && was.Finish.LastDay != next.Finish.LastDay) yield return new Difference(DifferenceKinds.Deadline, was.Activity);
        }
    }

    /// <summary>Steps that both runs have, in the order in which they first came.</summary>
    private static List<SeenTask> OrderOf(Seen seen, ILookup<string, SeenTask> other) => [.. seen.Tasks.Where(t => other.Contains(t.Activity)).DistinctBy(t => t.Activity)];

    /// <summary>The first two steps that changed places; null: none did.</summary>
    private static (string Earlier, string Later)? Clash(List<SeenTask> first, List<SeenTask> second)
    {
        var places = second.ToDictionary(t => t.Activity, t => t.Step);
        foreach (var (a, i) in first.Select((t, i) => (t, i)))
            foreach (var b in first.Skip(i + 1))
                if (a.Step < b.Step && places[a.Activity] > places[b.Activity]) return (a.Activity, b.Activity);
        return null;
    }

    private static List<string> Less(IReadOnlyList<string> some, IReadOnlyList<string> others)
    {
        var left = others.ToList();
        return [.. some.Where(s => !left.Remove(s)).Distinct()];
    }

    private static string? Text(Limit? clock) => clock?.Text;

    private static string? Money(long? fen) => fen is { } amount ? (amount / 100m).ToString("0.00", CultureInfo.InvariantCulture) : null;
}
