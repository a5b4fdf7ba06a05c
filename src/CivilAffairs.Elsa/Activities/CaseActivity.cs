using Elsa.Workflows;

namespace CivilAffairs.ElsaRuntime.Activities;

/// <summary>
/// Every case activity, whatever its type: the declaration says what it takes, the behaviour that both runtimes share
/// what it does.
/// </summary>
public sealed class CaseActivity : Activity
{
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => new CaseBurst(context).ExecuteAsync();

    // Elsa keeps this name in the bookmarks of running instances, and looks for it on the activity: it must not change.
#pragma warning disable CA1822
    internal ValueTask ResumeAsync(ActivityExecutionContext context) => new CaseBurst(context).ResumeAsync();
#pragma warning restore CA1822
}
