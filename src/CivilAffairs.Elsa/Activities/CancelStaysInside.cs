using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Signals;

namespace CivilAffairs.ElsaRuntime.Activities;

/// <summary>
/// A canceled activity is the business of the flowchart that holds it, while that goes on, and of nobody else. Elsa 3.6.3 tells
/// every flowchart around it, and one that does not know the activity faults the instance; and a flowchart that ends by a
/// terminal activity would complete once more for each branch it cancels.
/// </summary>
internal sealed class CancelStaysInside(IActivity owner) : Behavior(owner)
{
    protected override void OnSignalReceived(object signal, SignalContext context)
    {
        if (signal is not CancelSignal || context.SenderActivityExecutionContext.ParentActivityExecutionContext is not { } holder) return;
        if (context.ReceiverActivityExecutionContext == holder || (context.ReceiverActivityExecutionContext == context.SenderActivityExecutionContext && !Concerns(holder))) context.StopPropagation();
    }

    private static bool Concerns(ActivityExecutionContext holder) =>
        holder is { Activity: Flowchart, Status: ActivityStatus.Running } && !holder.Children.Any(c => c.Activity is ITerminalNode && c.Status == ActivityStatus.Completed);
}
