using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>A task and its case, locked, with all that an ordinary decision on them reads: in one round trip.</summary>
/// <param name="Mine">The actor's other tasks of the case, held or done; not tracked.</param>
/// <param name="IsRecused">The actor must keep off the case 回避.</param>
/// <param name="Instance">What the task belongs to; only a step needs it.</param>
/// <param name="LastAudit">The last line of the case's audit; not tracked.</param>
/// <param name="WrappedKey">The case's key, still encrypted; null: erased.</param>
internal sealed record OpenedTask(Case Case, WorkTask Task, bool IsRecused, IReadOnlyList<WorkTask> Mine,
    WorkflowInstance? Instance, string? WrappedKey, KnownContents Contents, AuditEntry? LastAudit)
{
    private const string TheCase = "(SELECT \"CaseId\" FROM tasks WHERE \"Id\" = @task)";

    // The case's row first: what comes after it is read once no other decision on the case is under way.
    private static readonly Questions Reading = Asking("{lock}"), Looking = Asking("");

    private static Questions Asking(string hold) => new(
        Questions.Rows<Case>($"FROM cases WHERE \"Id\" = {TheCase} {hold}"),
        Questions.Rows<WorkTask>("FROM tasks WHERE \"Id\" = @task"),
        Questions.Plain($"SELECT COUNT(*) FROM case_recusals WHERE \"AccountId\" = @me AND \"CaseId\" = {TheCase}"),
        Questions.Rows<WorkTask>($"FROM tasks WHERE \"CaseId\" = {TheCase} AND \"Id\" <> @task AND (\"ClosedById\" = @me OR \"ClosedForId\" = @me OR (\"State\" = 'Open' AND \"HolderId\" = @me))"),
        Questions.Rows<WorkflowInstance>("FROM workflow_instances WHERE \"Id\" = (SELECT \"InstanceId\" FROM tasks WHERE \"Id\" = @task)"),
        Questions.Plain($"SELECT \"Wrapped\" FROM case_keys WHERE \"CaseId\" = {TheCase}"),
        Questions.Plain($"SELECT \"Id\", \"Number\" FROM case_contents WHERE \"CaseId\" = {TheCase} AND \"Kind\" = 'Form' ORDER BY \"Number\" DESC LIMIT 1"),
        Questions.Rows<CaseContent>($"FROM case_contents WHERE \"CaseId\" = {TheCase} AND \"Kind\" = 'Facts' ORDER BY \"Number\" DESC LIMIT 1"),
        Questions.Plain($"SELECT COALESCE(MAX(\"Number\"), 0) FROM case_contents WHERE \"CaseId\" = {TheCase} AND \"Kind\" = 'Task' AND \"ActivityId\" = (SELECT \"ActivityId\" FROM tasks WHERE \"Id\" = @task)"),
        Questions.Rows<AuditEntry>($"FROM audit WHERE \"Chain\" = lower(CAST({TheCase} AS text)) ORDER BY \"Sequence\" DESC LIMIT 1"));

    /// <summary>Of those whom the actor stands in for; a question more only where there are any.</summary>
    public AbsentColleagues Absent { get; private init; } = null!;

    /// <summary>Locks the case until the transaction ends, and tracks what a decision changes.</summary>
    /// <param name="holds">False: only looks, beside whoever decides.</param>
    /// <exception cref="UnknownCaseException">There is no such task.</exception>
    public static async Task<OpenedTask> ReadAsync(CommandContext context, Guid taskId, bool holds = true)
    {
        var opened = await AskAsync(context, taskId, holds ? Reading : Looking).ConfigureAwait(false);
        // Once the answers are all read: a connection of PostgreSQL answers one command at a time.
        return opened with { Absent = await AbsentColleagues.ReadAsync(context.Db, context.Actor, opened.Case.Id).ConfigureAwait(false) };
    }

    private static async Task<OpenedTask> AskAsync(CommandContext context, Guid taskId, Questions questions)
    {
        var db = context.Db;
        var answers = await questions.AskAsync(db, ("@task", taskId), ("@me", context.Actor.AccountId)).ConfigureAwait(false);
        await using var _ = answers.ConfigureAwait(false);
        var @case = await answers.OneAsync<Case>().ConfigureAwait(false) ?? throw new UnknownCaseException();
        var task = await answers.OneAsync<WorkTask>().ConfigureAwait(false) ?? throw new UnknownCaseException();
        var recused = await answers.ValueAsync(r => r.GetInt64(0)).ConfigureAwait(false) > 0;
        var mine = await answers.AllAsync<WorkTask>().ConfigureAwait(false);
        var instance = await answers.OneAsync<WorkflowInstance>().ConfigureAwait(false);
        var wrapped = await answers.ValueAsync(r => r.GetString(0)).ConfigureAwait(false);
        var form = await answers.ValueAsync(r => (Id: r.GetGuid(0), Number: r.GetInt32(1))).ConfigureAwait(false);
        var facts = await answers.OneAsync<CaseContent>().ConfigureAwait(false);
        var number = await answers.ValueAsync(r => r.GetInt32(0)).ConfigureAwait(false);
        var audit = await answers.OneAsync<AuditEntry>().ConfigureAwait(false);
        db.AttachRange([.. new object?[] { @case, task, instance }.OfType<object>()]);
        return new OpenedTask(@case, task, recused, mine, instance, wrapped, new KnownContents(form.Id, form.Number, facts, task.ActivityId, number), audit);
    }
}
