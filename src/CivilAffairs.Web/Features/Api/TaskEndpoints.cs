using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Foresight;
using CivilAffairs.Web.Features.Cases.Queue;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Api;

/// <summary>The queue 待办, and what officers and applicants do with their tasks.</summary>
internal static class TaskEndpoints
{
    public static void MapTasks(this RouteGroupBuilder api)
    {
        var tasks = api.MapGroup("/tasks").Guarded().ProducesProblem(401).ProducesProblem(403).WithTags("Tasks");
        tasks.MapGet("", async ([AsParameters] PageQuery paging, bool? mine, string? role, Urgency? urgency, string? matter, QueueQuery queue, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            var view = await queue.ReadAsync(await viewers.RequireAsync(cancel), new QueueFilter(mine, role, urgency, matter, page, size), cancel);
            return TypedResults.Ok(new ApiQueue([.. view.Rows.Select(r => ApiTask.Of(r, queue.Limit(r, view.Today)))],
                [.. view.Counts.Select(c => new ApiQueueCount(c.Role, c.Mine, c.Urgency.ToString(), c.Matter, c.Count))], view.Page, size, view.Total));
        }).RequireAuthorization(Policies.Officer).ProducesProblem(400).WithSummary("Open tasks of the caller's posts, most pressing first")
            .WithDescription("mine: true what the caller holds, false what nobody holds. 'counts' is of the whole queue, whatever is filtered. Beyond the last page the last one is told.");

        tasks.MapPost("/{id:guid}/claim", async (Guid id, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, TaskCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await commands.ClaimAsync(await viewers.RequireAsync(cancel), id, key, cancel);
            return TypedResults.NoContent();
        }).RequireAuthorization(Policies.Officer).Command().ProducesProblem(404).WithSummary("Claims a task 认领")
            .WithDescription("403 says why it is not the caller's: role, separation of duties, recusal. 409: another one holds it or has closed it, who and when.");

        tasks.MapPost("/{id:guid}/release", async (Guid id, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, TaskCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await commands.ReleaseAsync(await viewers.RequireAsync(cancel), id, key, cancel);
            return TypedResults.NoContent();
        }).RequireAuthorization(Policies.Officer).Command().ProducesProblem(404).WithSummary("Gives a claimed task back to the queue");

        tasks.MapPost("/{id:guid}/preview", async (Guid id, Completion body, DecisionForesight foresight, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await foresight.OfAsync(await viewers.RequireAsync(cancel), id, body.Outcome, body.Fields ?? [], body.OccurredOn, cancel)))
            .RequireAuthorization(Policies.Officer).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).WithSummary("What closing a task so would bring 预览结果")
            .WithDescription("Takes what /complete takes, checks it alike, and runs the case's own definition on a copy: amounts before and after, papers, letters, publication, next steps and days; money in fen. Nothing is written. 'faults' tells where the case could not go on.");

        tasks.MapPost("/{id:guid}/complete", async (Guid id, Completion body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, [FromHeader(Name = "If-Match")] string? ifMatch,
            TaskCommands commands, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var result = await commands.CompleteAsync(await viewers.RequireAsync(cancel), id, body.Outcome, body.Fields ?? [], key!, ApiRoutes.Version(ifMatch), body.OccurredOn, cancel);
            context.Tag(result.Version);
            return TypedResults.Ok(result);
        }).RequireAuthorization(Policies.SignedIn).Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Closes a task with an outcome")
            .WithDescription("By an officer, or by the applicant where something is asked of them: a correction sent, a check result confirmed or objected to. Runs the case as far as it goes at once. 409: closed before, by whom, when and how.");
    }
}

/// <param name="Outcome">One of the task's outcomes, by code.</param>
/// <param name="Fields">The task form's answers; money in fen.</param>
/// <param name="OccurredOn">Officers only: the day on which it was done 发生日期, from the day that opened the task to today; limits, first month and what is decided count from it. Null: today.</param>
internal sealed record Completion(string Outcome, JsonObject? Fields = null, DateOnly? OccurredOn = null);

/// <param name="Total">Tasks that the filter holds for.</param>
internal sealed record ApiQueue(IReadOnlyList<ApiTask> Items, IReadOnlyList<ApiQueueCount> Counts, int Page, int PageSize, int Total);

internal sealed record ApiQueueCount(string Role, bool Mine, string Urgency, string Matter, int Count);

/// <summary>One open task; the applicant is masked.</summary>
/// <param name="Urgency"><c>Late</c>, <c>Amber</c>, <c>Due</c>, <c>Unknown</c> or <c>None</c>.</param>
/// <param name="FinishBy">Last day; null: none or not known yet.</param>
/// <param name="For">The absent officer in whose name the caller would do it as a deputy; null: in their own.</param>
internal sealed record ApiTask(Guid Id, Guid CaseId, string CaseNumber, string Matter, string Applicant, string Division, string TitleZh, string TitleEn, string Role, string Urgency, DateOnly? FinishBy, bool Mine, int UnreadMessages, string? For)
{
    public static ApiTask Of(QueueRow row, LimitState limit) => new(row.TaskId, row.CaseId, row.Number, row.Matter, ShownNames.Of(row.ApplicantName, row.IsOrganisation), row.Division,
        row.TitleZh, row.TitleEn, row.Role, limit.Urgency.ToString(), row.FinishBy, row.HolderId is not null, row.Unread, row.For);
}
