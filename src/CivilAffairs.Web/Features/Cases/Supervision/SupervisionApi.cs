using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Cases.Supervision;

/// <summary>Supervision orders 督办, for programs.</summary>
internal static class SupervisionApi
{
    private const string Seen = "Says with 'version' what it has seen; 409 tells who said something since.";

    public static void MapSupervision(this RouteGroupBuilder api)
    {
        var ofCase = api.MapGroup("/cases/{id:guid}/supervision").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(410).WithTags("Supervision");
        ofCase.MapGet("", async (Guid id, SupervisionQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var read = await query.OfCaseAsync(await viewers.RequireAsync(cancel), id, cancel);
            return TypedResults.Ok(new ApiCaseSupervision([.. read.Orders.Select(o => new ApiOrder(ApiOrderLine.Of(o.Line), [.. o.Entries.Select(e => new ApiEntry(e.Id, e.Kind.ToString(), e.By, e.Text, e.DueOn, e.RecordedAt))], o.MayAnswer, o.MayDemand, o.MayClose, o.MayWithdraw, o.Version))], read.MayIssue));
        }).WithSummary("The supervision orders 督办 of a case").WithDescription("The newest first, with all that was asked and answered. Parties never see them.");

        ofCase.MapPost("", async (Guid id, ApiAsked body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, SupervisionCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Created($"/api/v1/cases/{id}/supervision", new ApiIssued(await commands.IssueAsync(await viewers.RequireAsync(cancel), id, body.Text ?? "", body.DueOn, key!, cancel))))
            .Command().WithSummary("Issues a supervision order").WithDescription($"By a leader (LDR) or supervisor (SUP) of the case's place. At most one runs for a case; at most {SupervisionRules.Longest} characters; the last day lies after today and within {SupervisionRules.MostDays} days. Who has the case in hand gets a letter.");

        var orders = api.MapGroup("/supervision").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Supervision");
        orders.MapGet("", async ([AsParameters] PageQuery paging, SupervisionFilter? only, SupervisionQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            var found = await query.ListAsync(await viewers.RequireAsync(cancel), only ?? SupervisionFilter.Running, page, size, cancel);
            return TypedResults.Ok(new Paged<ApiOrderLine>([.. found.Rows.Select(ApiOrderLine.Of)], found.Page, size, found.Page < found.Pages, found.Total));
        }).ProducesProblem(400).WithSummary("Supervision orders of cases that the caller sees").WithDescription("only: Running (all that run), Owed (the caller's office owes the answer), Mine (issued by the caller), Late, Answered, Ended (all that are over), Closed or Withdrawn. The earliest last day first; ended ones newest first.");

        orders.MapGet("/offices", async (int? year, SupervisionFigures figures, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(new ApiOfficeFigures(await figures.ReadAsync(await viewers.RequireAsync(cancel), year, cancel))))
            .WithSummary("Orders of a year by office").WithDescription("For who leads (LDR, DHD, SUP), of cases that they see; year: of issuing, default this one. 'office' is the division that had the case in hand then. What was withdrawn unanswered is neither in time nor late.");

        orders.MapPost("/exports", async (ApiExportAsked body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, SupervisionExports exports, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var export = await exports.AskAsync(await viewers.RequireAsync(cancel), body.Only ?? SupervisionFilter.Running, body.Reason, body.Note, key, cancel);
            return TypedResults.Created($"/api/v1/supervision/exports/{export}/workbook", new ApiIssued(export));
        }).Command().WithSummary("Asks for an export of the list, with a reason").WithDescription("By who leads (LDR, DHD, SUP). The reason is written down first. The workbook is fetched by the same person within ten minutes.");

        orders.MapGet("/exports/{exportId:guid}/workbook", async (Guid exportId, SupervisionExports exports, ViewerAccessor viewers, HttpContext context) =>
        {
            var viewer = await viewers.RequireAsync(context.RequestAborted);
            var only = await exports.FindAsync(viewer, exportId, context.RequestAborted);
            await Workbooks.WriteAsync(context, "supervision.xlsx", to => exports.WriteAsync(to, viewer, only, context.RequestAborted));
        }).Produces<Stream>(200, Workbooks.Type).ProducesProblem(404).WithSummary("An export that was asked for, as a workbook").WithDescription("Row by row as they are read, of cases that the caller sees.");

        Change("answer", "Says what was done", "By who has the case in hand, the deputy of an absent one, or the head of the same office; not by who issued the order. May be said more than once.", (c, who, id, body, key, cancel) => c.AnswerAsync(who, id, body.Text ?? "", body.Version, key, cancel));
        Change("close", "Accepts the answer and closes the order 办结", "By who may order there. Only what was answered, or whose case is over; the text may be empty.", (c, who, id, body, key, cancel) => c.CloseAsync(who, id, body.Text ?? "", body.Version, key, cancel));
        Change("withdraw", "Withdraws the order 撤销", "By who may order there, with a reason.", (c, who, id, body, key, cancel) => c.WithdrawAsync(who, id, body.Text ?? "", body.Version, key, cancel));
        orders.MapPost("/{id:guid}/demand", async (Guid id, ApiAskedAgain body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, SupervisionCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await commands.DemandAsync(await viewers.RequireAsync(cancel), id, body.Text ?? "", body.DueOn, body.Version, key!, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).ProducesProblem(409).ProducesProblem(410).WithSummary("Asks again, with another last day").WithDescription($"By who may order there; answered or not. {Seen}");

        void Change(string verb, string summary, string how, Func<SupervisionCommands, Viewer, Guid, ApiSaid, string, CancellationToken, Task> change) =>
            orders.MapPost($"/{{id:guid}}/{verb}", async (Guid id, ApiSaid body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, SupervisionCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
            {
                await change(commands, await viewers.RequireAsync(cancel), id, body, key!, cancel);
                return TypedResults.NoContent();
            }).Command().ProducesProblem(404).ProducesProblem(409).ProducesProblem(410).WithSummary(summary).WithDescription($"{how} {Seen}");
    }
}

/// <param name="Text">What is asked.</param>
/// <param name="DueOn">Last day for the answer.</param>
internal sealed record ApiAsked(string? Text, DateOnly DueOn);

/// <param name="Version">Of the order as it was read.</param>
internal sealed record ApiAskedAgain(string? Text, DateOnly DueOn, int? Version);

/// <param name="Version">Of the order as it was read.</param>
internal sealed record ApiSaid(string? Text, int? Version);

internal sealed record ApiIssued(Guid Id);

internal sealed record ApiOfficeFigures(IReadOnlyList<OfficeFigures> Items);

/// <param name="Only">As in the list; null: Running.</param>
/// <param name="Reason">A reason's code, as for the export of a register.</param>
internal sealed record ApiExportAsked(string? Reason, string? Note = null, SupervisionFilter? Only = null);

internal sealed record ApiCaseSupervision(IReadOnlyList<ApiOrder> Items, bool MayIssue);

internal sealed record ApiOrder(ApiOrderLine Order, IReadOnlyList<ApiEntry> Entries, bool MayAnswer, bool MayDemand, bool MayClose, bool MayWithdraw, int Version);

/// <param name="Kind"><c>Issued</c>, <c>Answered</c>, <c>Demanded</c>, <c>Closed</c> or <c>Withdrawn</c>.</param>
internal sealed record ApiEntry(Guid Id, string Kind, string By, string Text, DateOnly? DueOn, DateTimeOffset RecordedAt);

/// <param name="State"><c>Open</c>, <c>Answered</c>, <c>Closed</c> or <c>Withdrawn</c>.</param>
/// <param name="Round">How often something was asked.</param>
/// <param name="Office">The division that had the case in hand when it was issued.</param>
/// <param name="InTime">Whether every answer so far came by its day; null: none came.</param>
internal sealed record ApiOrderLine(Guid Id, Guid CaseId, string Number, string CaseNumber, string Matter, string Division, string State, DateOnly DueOn, bool Late, int Round, string IssuedBy, DateTimeOffset IssuedAt, DateTimeOffset? EndedAt, bool CaseOver, string Office, bool? InTime)
{
    public static ApiOrderLine Of(SupervisionLine l) => new(l.Id, l.CaseId, l.Number, l.CaseNumber, l.Matter, l.Division, l.State.ToString(), l.DueOn, l.Late, l.Round, l.IssuedBy, l.IssuedAt, l.EndedAt, l.CaseOver, l.Office, l.InTime);
}
