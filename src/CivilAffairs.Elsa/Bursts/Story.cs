using CivilAffairs.Engine.Port;
using Elsa.Workflows;

namespace CivilAffairs.ElsaRuntime.Bursts;

/// <summary>Elsa's execution log of one burst as the port tells it.</summary>
internal static class Story
{
    private const string Outcomes = "Outcomes";

    internal static IEnumerable<JournalEvent> Of(WorkflowExecutionContext context)
    {
        var activities = context.ActivityExecutionContexts.GroupBy(c => c.Id).ToDictionary(g => g.Key, g => g.First());
        foreach (var entry in context.ExecutionLog)
        {
            // Elsa notes outcomes beside the log, at the activity that was run.
            var outcomes = entry.EventName == "Completed" && activities.TryGetValue(entry.ActivityInstanceId, out var activity) && activity.JournalData.TryGetValue(Outcomes, out var named) ? named as IEnumerable<string> : null;
            yield return new JournalEvent(entry.ActivityId, entry.EventName ?? "", outcomes is null ? null : [.. outcomes]);
        }
    }
}
