using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>A timer and its case, locked, with all that the step reads which it causes: in one round trip, as <see cref="OpenedTask"/>.</summary>
/// <param name="WrappedKey">The case's key, still encrypted; null: erased.</param>
/// <param name="LastAudit">The last line of the case's audit; not tracked.</param>
internal sealed record OpenedTimer(Case Case, CaseTimer Timer, WorkflowInstance Instance, string? WrappedKey, KnownContents Contents, AuditEntry? LastAudit)
{
    private const string TheCase = "(SELECT \"CaseId\" FROM timers WHERE \"Id\" = @timer)";

    // The case's row first: what comes after it is read once no other decision on the case is under way.
    private static readonly Questions Reading = new(
        Questions.Rows<Case>($"FROM cases WHERE \"Id\" = {TheCase} {{lock}}"),
        Questions.Rows<CaseTimer>("FROM timers WHERE \"Id\" = @timer"),
        Questions.Rows<WorkflowInstance>("FROM workflow_instances WHERE \"Id\" = (SELECT \"InstanceId\" FROM timers WHERE \"Id\" = @timer)"),
        Questions.Plain($"SELECT \"Wrapped\" FROM case_keys WHERE \"CaseId\" = {TheCase}"),
        Questions.Plain($"SELECT \"Id\", \"Number\" FROM case_contents WHERE \"CaseId\" = {TheCase} AND \"Kind\" = 'Form' ORDER BY \"Number\" DESC LIMIT 1"),
        Questions.Rows<CaseContent>($"FROM case_contents WHERE \"CaseId\" = {TheCase} AND \"Kind\" = 'Facts' ORDER BY \"Number\" DESC LIMIT 1"),
        Questions.Rows<AuditEntry>($"FROM audit WHERE \"Chain\" = lower(CAST({TheCase} AS text)) ORDER BY \"Sequence\" DESC LIMIT 1"));

    /// <summary>Locks the case until the transaction ends, and tracks what firing changes.</summary>
    /// <exception cref="UnknownCaseException">There is no such timer.</exception>
    public static async Task<OpenedTimer> ReadAsync(CommandContext context, Guid timerId)
    {
        var answers = await Reading.AskAsync(context.Db, ("@timer", timerId)).ConfigureAwait(false);
        await using var _ = answers.ConfigureAwait(false);
        var @case = await answers.OneAsync<Case>().ConfigureAwait(false) ?? throw new UnknownCaseException();
        var timer = await answers.OneAsync<CaseTimer>().ConfigureAwait(false) ?? throw new UnknownCaseException();
        var instance = await answers.OneAsync<WorkflowInstance>().ConfigureAwait(false) ?? throw new UnknownCaseException();
        var wrapped = await answers.ValueAsync(r => r.GetString(0)).ConfigureAwait(false);
        var form = await answers.ValueAsync(r => (Id: r.GetGuid(0), Number: r.GetInt32(1))).ConfigureAwait(false);
        var facts = await answers.OneAsync<CaseContent>().ConfigureAwait(false);
        var audit = await answers.OneAsync<AuditEntry>().ConfigureAwait(false);
        context.Db.AttachRange(@case, timer, instance);
        // Nothing is written in a timer: whatever its step writes asks for the last number.
        return new OpenedTimer(@case, timer, instance, wrapped, new KnownContents(form.Id, form.Number, facts, "", 0), audit);
    }
}
