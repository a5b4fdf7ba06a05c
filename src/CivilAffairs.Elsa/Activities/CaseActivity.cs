using Elsa.Workflows;

namespace CivilAffairs.ElsaRuntime.Activities;

/// <summary>
/// Every case activity, whatever its type: the declaration says what it takes, the behaviour that both runtimes share
/// what it does.
/// </summary>
public sealed class CaseActivity : Activity
{
    // Elsa keeps this name in the bookmarks of running instances: it must not change.
    internal const string ResumeMethod = nameof(ResumeAsync);

    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => new CaseBurst(context).ExecuteAsync();

    internal ValueTask ResumeAsync(ActivityExecutionContext context) => new CaseBurst(context).ResumeAsync();
}
