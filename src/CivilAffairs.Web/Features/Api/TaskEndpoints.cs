using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Queue;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Api;

/// <summary>
/// The queue and what is done with its tasks. What changes anything takes the header <c>Idempotency-Key</c>: a page of
/// another site cannot send it without this one's consent, so it also stands against forged requests.
/// </summary>
internal static class TaskEndpoints
{
    public const string KeyHeader = "Idempotency-Key";

    public static void MapTasks(this RouteGroupBuilder api)
    {
        api.MapGet("/tasks", async ([AsParameters] TaskFilter filter, QueueQuery queue, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var view = await queue.ReadAsync(await viewers.RequireAsync(cancel), new QueueFilter(filter.Mine, filter.Role, filter.Limit, filter.Matter, filter.Page ?? 1), cancel);
            return TypedResults.Ok(new TaskPage([.. view.Rows.Select(r => ApiTask.Of(r, queue.Limit(r, view.Today)))], view.Total, view.Page, view.Pages));
        }).WithSummary("Open tasks of the caller's posts, most pressing first");

        api.MapPost("/tasks/{id:guid}/claim", async (Guid id, [FromHeader(Name = KeyHeader)] string? key, TaskCommands tasks, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            Require(key);
            await tasks.ClaimAsync(await viewers.RequireAsync(cancel), id, cancel);
            return TypedResults.NoContent();
        }).ProducesProblem(409).ProducesProblem(422).WithSummary("Claims a task");

        api.MapPost("/tasks/{id:guid}/complete", async (Guid id, Completion body, [FromHeader(Name = KeyHeader)] string? key, TaskCommands tasks, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            Require(key);
            return TypedResults.Ok(await tasks.CompleteAsync(await viewers.RequireAsync(cancel), id, body.Outcome, body.Fields ?? [], key!, cancel));
        }).ProducesProblem(409).ProducesProblem(422).WithSummary("Closes a task with an outcome; repeated under the same key it returns the first result");
    }

    private static void Require(string? key)
    {
        if (key is not { Length: >= 1 and <= 100 })
            throw new InvalidAnswersException([new FieldFault(KeyHeader, "请求头 Idempotency-Key 应有1到100个字符。", "The header Idempotency-Key must have 1 to 100 characters.")]);
    }
}

internal sealed record TaskFilter(bool? Mine, string? Role, Urgency? Limit, string? Matter, int? Page);

/// <param name="Outcome">One of the task's outcomes, by code.</param>
/// <param name="Fields">The task form's answers; money in fen.</param>
internal sealed record Completion(string Outcome, JsonObject? Fields);

internal sealed record TaskPage(IReadOnlyList<ApiTask> Items, int Total, int Page, int Pages);

/// <summary>One open task; the applicant is masked.</summary>
/// <param name="Urgency"><c>Late</c>, <c>Amber</c>, <c>Due</c>, <c>Unknown</c> or <c>None</c>.</param>
/// <param name="FinishBy">Last day; null: none or not known yet.</param>
internal sealed record ApiTask(Guid Id, Guid CaseId, string CaseNumber, string Matter, string Applicant, string TitleZh, string TitleEn, string Role, string Urgency, DateOnly? FinishBy, bool Mine)
{
    public static ApiTask Of(QueueRow row, LimitState limit) => new(row.TaskId, row.CaseId, row.Number, row.Matter, CivilAffairs.Engine.Rules.Mask.Name(row.ApplicantName),
        row.TitleZh, row.TitleEn, row.Role, limit.Urgency.ToString(), row.FinishBy, row.HolderId is not null);
}
