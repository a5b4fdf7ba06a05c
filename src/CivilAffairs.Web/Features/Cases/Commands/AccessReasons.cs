using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// Why an officer opens papers that show people in full 查阅理由 (domain §13; docs/adr/0034). A reason holds for one case and
/// one sitting; work that is in the officer's own hands is a reason by itself. Every opening is a line of the case's audit.
/// </summary>
/// <remarks>
/// The audit itself remembers the sitting: there is no second place that could say something else, and every node knows it.
/// What was typed lies encrypted under the case's key; the audit holds codes and references.
/// </remarks>
public sealed class AccessReasons(CommandRunner runner, CaseVault vault)
{
    /// <summary>In the API: the code of a reason, for this one request.</summary>
    public const string Header = "Access-Reason";

    /// <summary>Characters of a note.</summary>
    public const int LongestNote = 200;

    private const string GivenAction = "access.reason", FullViewAction = "case.fullView", Other = "other";

    /// <summary>How long a reason holds, from when it was given.</summary>
    public static TimeSpan Sitting { get; } = TimeSpan.FromMinutes(30);

    /// <summary>What an officer chooses from; <c>other</c> wants a note.</summary>
    public static IReadOnlyList<string> Codes { get; } = ["decide", "contact", "verify", "objection", "supervise", Other];

    /// <summary>Those that say enough without a note.</summary>
    public static IReadOnlyList<string> Plain { get; } = [.. Codes.Where(c => c != Other)];

    /// <summary>For the descriptions of routes.</summary>
    public const string Rule = $"Who holds no task of the case and has given no reason lately gives one in {Header}.";

    /// <summary>A reason in the header, for this one request; null: none is sent.</summary>
    /// <exception cref="MalformedRequestException">It is none of <see cref="Plain"/>.</exception>
    public static string? ForOneLook(string? header) => header is null || Plain.Contains(header) ? header : throw new MalformedRequestException(Header,
        $"{Header} 应是 {string.Join(", ", Plain)} 之一；其他理由请先提交到 access-reasons。", $"{Header} must be one of {string.Join(", ", Plain)}; send any other reason to access-reasons first.");

    /// <summary>Remembers a reason for this case and sitting.</summary>
    /// <param name="note">In the officer's words; needed with <c>other</c>.</param>
    /// <param name="key">Idempotency key; null: given twice it is written down twice.</param>
    /// <exception cref="InvalidAnswersException">No such reason, or the note is missing or too long.</exception>
    /// <exception cref="UnknownCaseException">Not a case of this viewer's.</exception>
    public Task GiveAsync(Viewer viewer, Guid caseId, string? reason, string? note, string? key, CancellationToken cancel = default) =>
        WriteAsync(viewer, caseId, GivenAction, reason, note, key, cancel);

    /// <summary>The same together with a look at the whole form; returns once it is written down.</summary>
    internal Task GiveWithFullViewAsync(Viewer viewer, Guid caseId, string? reason, string? note, CancellationToken cancel = default) =>
        WriteAsync(viewer, caseId, FullViewAction, reason, note, null, cancel);

    /// <summary>A look at the whole form under the reason that still holds.</summary>
    /// <returns>False: none does, and nothing was written down.</returns>
    internal Task<bool> FullViewAgainAsync(Viewer viewer, Guid caseId, CancellationToken cancel = default) => runner.RunAsync(viewer, null, FullViewAction, caseId, async context =>
    {
        await SeenAsync(context, caseId).ConfigureAwait(false);
        if (await GivenAsync(context, caseId).ConfigureAwait(false) is not { } reason) return false;
        await context.Db.AppendAsync(caseId.ToString(), viewer.AccountId, FullViewAction, new { reason }, context.Now).ConfigureAwait(false);
        return true;
    }, cancel);

    /// <summary>
    /// Writes down that an officer opens a paper. Nothing for an applicant, who sees their own. Power failure: a line without
    /// a look is possible, a look without a line is not, so call it before anything is shown.
    /// </summary>
    /// <param name="action">Of the audit: <c>file.opened</c>, <c>document.opened</c>.</param>
    /// <param name="details">References; the reason is added.</param>
    /// <param name="given">A reason for this one opening; null: what is remembered or in the officer's hands.</param>
    /// <exception cref="AccessReasonException">No reason is known.</exception>
    internal Task OpenAsync(Viewer viewer, Guid caseId, string action, JsonObject details, string? given, CancellationToken cancel)
    {
        if (!viewer.IsOfficer || viewer.IsSystem) return Task.CompletedTask;
        return runner.RunAsync(viewer, null, action, caseId, async context =>
        {
            var @case = await SeenAsync(context, caseId).ConfigureAwait(false);
            var (reason, task) = given is not null ? (given, null) : await InHandAsync(context, @case).ConfigureAwait(false);
            reason ??= await GivenAsync(context, caseId).ConfigureAwait(false) ?? throw new AccessReasonException(caseId);
            details["reason"] = reason;
            if (task is { } id) details["taskId"] = id;
            await context.Db.AppendAsync(caseId.ToString(), viewer.AccountId, action, details, context.Now).ConfigureAwait(false);
            return 0;
        }, cancel);
    }

    private Task<int> WriteAsync(Viewer viewer, Guid caseId, string action, string? reason, string? note, string? key, CancellationToken cancel)
    {
        note = note?.Trim() is { Length: > 0 } typed ? typed : null;
        return runner.RunAsync(viewer, key, action, new { caseId, reason, note }, async context =>
        {
            await SeenAsync(context, caseId).ConfigureAwait(false);
            if (reason is null || !Codes.Contains(reason)) throw Fault("reason", "请选择查阅理由。", "Choose a reason.");
            if (reason == Other && note is null) throw Fault("note", "请写明理由。", "Say what the reason is.");
            if (note?.Length > LongestNote) throw Fault("note", $"理由不能超过 {LongestNote} 个字。", $"At most {LongestNote} characters.");
            Guid? noteId = note is null ? null : await KeepAsync(context, caseId, note).ConfigureAwait(false);
            await context.Db.AppendAsync(caseId.ToString(), viewer.AccountId, action, new { reason, noteId }, context.Now).ConfigureAwait(false);
            return 0;
        }, cancel);
    }

    private async Task<Guid> KeepAsync(CommandContext context, Guid caseId, string note)
    {
        var number = await context.Db.Set<CaseContent>().CountAsync(c => c.CaseId == caseId && c.Kind == ContentKind.AccessNote).ConfigureAwait(false);
        var cipher = await vault.OpenAsync(context.Db, caseId).ConfigureAwait(false);
        var content = new CaseContent { CaseId = caseId, Kind = ContentKind.AccessNote, Number = number + 1, Cipher = cipher.SealText(note, "access.note"), RecordedById = context.Actor.AccountId, RecordedAt = context.Now };
        context.Db.Add(content);
        return content.Id;
    }

    private static async Task<Case> SeenAsync(CommandContext context, Guid caseId)
    {
        var @case = await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
        return await CaseScope.SeesAsync(context.Db, context.Actor, caseId).ConfigureAwait(false) ? @case : throw new UnknownCaseException();
    }

    /// <summary>A task of the case that the officer holds or closed in this sitting (its papers are being handed over), or an application that they are typing in at the counter.</summary>
    private static async Task<(string? Reason, Guid? Task)> InHandAsync(CommandContext context, Case @case)
    {
        var (me, id, since) = (context.Actor.AccountId, @case.Id, context.Now - Sitting);
        Guid[] hands = [me, .. context.Actor.ActsFor.Select(a => a.AccountId)];
        if (await context.Db.Set<WorkTask>().Where(t => t.CaseId == id && ((t.State == TaskState.Open && t.HolderId != null && EF.Parameter(hands).Contains(t.HolderId.Value)) || (t.ClosedById == me && t.ClosedAt > since))).Select(t => (Guid?)t.Id).FirstOrDefaultAsync().ConfigureAwait(false) is { } task) return ("task", task);
        return @case.Status is "Draft" or "Correction" && @case.FiledById == me ? ("filing", null) : (null, null);
    }

    private static async Task<string?> GivenAsync(CommandContext context, Guid caseId)
    {
        var (chain, me, since) = (caseId.ToString(), context.Actor.AccountId, context.Now - Sitting);
        var details = await context.Db.Set<AuditEntry>().AsNoTracking().Where(a => a.Chain == chain && a.ActorId == me && a.At > since && (a.Action == GivenAction || a.Action == FullViewAction))
            .OrderByDescending(a => a.Sequence).Select(a => a.Details).FirstOrDefaultAsync().ConfigureAwait(false);
        return details is null ? null : (string?)JsonNode.Parse(details)!["reason"];
    }

    private static InvalidAnswersException Fault(string field, string zh, string en) => new([new FieldFault(field, zh, en)]);
}

/// <summary>A reason as chosen in the dialog.</summary>
public sealed record ChosenReason(string Reason, string? Note);
