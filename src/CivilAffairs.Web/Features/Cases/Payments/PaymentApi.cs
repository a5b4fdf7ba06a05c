using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Payments.Layouts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>Payment batches 发放批次, for programs; the desk's pages fetch their files from here too.</summary>
internal static class PaymentApi
{
    private const string Seen = "Says with 'version' what it has seen; 412 tells who changed it since.";
    private const string Payers = "By a payments officer (FIN) of the county.";

    public static void MapPayments(this RouteGroupBuilder api)
    {
        var payments = api.MapGroup("/payments").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Payments");
        Reads(payments);
        Changes(payments);
        Files(payments);
        PayeeApi.MapPayees(payments);
    }

    private static void Reads(RouteGroupBuilder payments)
    {
        payments.MapGet("", async ([AsParameters] PageQuery paging, string? benefit, RosterFilter? only, RosterQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            var found = await query.ListAsync(await ReaderAsync(viewers, cancel), benefit, only ?? RosterFilter.All, page, size, cancel);
            return TypedResults.Ok(new Paged<ApiRoster>([.. found.Rows.Select(r => ApiRoster.Of(r.Roster, r.Sums))], found.Page, size, found.Page < found.Pages, found.Total));
        }).ProducesProblem(400).WithSummary("Payment batches of the caller's county").WithDescription("For payments officers (FIN) and who leads the county (LDR, DHD, SUP). benefit: matter/benefit. only: Open, ToCheck, Closed, Discarded or All. The latest month first.");

        payments.MapGet("/benefits", async (RosterQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await ReaderAsync(viewers, cancel);
            return TypedResults.Ok<IReadOnlyList<ApiPaidBenefit>>([.. query.Benefits().Select(b => new ApiPaidBenefit(b.Id, b.Name))]);
        }).WithSummary("Benefits that are paid").WithDescription("Of the matters in force, as matter/benefit.");

        payments.MapGet("/layouts", async (PayLayouts layouts, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await ReaderAsync(viewers, cancel);
            return TypedResults.Ok<IReadOnlyList<ApiLayout>>([.. layouts.All.Select(l => new ApiLayout(l.Id, l.Name))]);
        }).WithSummary("Banks' layouts in which a batch can be sent").WithDescription("They are files of data: the product's, and those of the installation.");

        payments.MapGet("/preview", async (string matter, string benefit, DateOnly month, DateOnly? since, RosterQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await query.PreviewAsync(await viewers.RequireAsync(cancel), matter, benefit, month, since, cancel))).ProducesProblem(400)
            .WithSummary("What a batch would be if it were made now").WithDescription($"{Payers} Nothing is written. 'over': months for which more was paid than is due now.");

        payments.MapGet("/{id:guid}", async (Guid id, RosterQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var read = await query.ReadAsync(await viewers.RequireAsync(cancel), id, cancel);
            return TypedResults.Ok(new ApiRosterDetail(ApiRoster.Of(read.Roster, read.Sums), read.Held, read.Changes, read.Before, read.Shared, [.. read.Results.Select(ApiPayResult.Of)]));
        }).ProducesProblem(404).WithSummary("One batch with its sums").WithDescription("Due = paid + returned + held + payable, always. 'changes' compares regular lines with the batch of the month before; null: there is none.");

        payments.MapGet("/{id:guid}/lines", async (Guid id, [AsParameters] PageQuery paging, PayLineFilter? only, RosterQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            var found = await query.LinesAsync(await viewers.RequireAsync(cancel), id, only ?? PayLineFilter.All, page, size, cancel);
            return TypedResults.Ok(new Paged<ApiPayLine>([.. found.Rows.Select(ApiPayLine.Of)], found.Page, size, found.Page < found.Pages, found.Total));
        }).ProducesProblem(400).ProducesProblem(404).WithSummary("Lines of a batch").WithDescription("Names and accounts are masked. only: All, Payable, Held, Paid, Returned, Arrears, New, Stopped, Raised, Lowered or Shared; Stopped are lines of the batch before. Who keeps off a case does not see its line.");
    }

    private static void Changes(RouteGroupBuilder payments)
    {
        payments.MapPost("", async (ApiRosterAsked body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, RosterCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var id = await commands.MakeAsync(await viewers.RequireAsync(cancel), body.Matter, body.Benefit, body.Month, body.Since, key, cancel);
            return TypedResults.Created($"/api/v1/payments/{id}", new ApiMade(id));
        }).Command().WithSummary("Makes a batch 编制").WithDescription($"{Payers} One for each benefit and month; after the latest one, at most a month ahead. since: first month that is paid here, of the first batch alone.");

        Change("recompute", "Computes a draft anew", "From the grants, accounts and holds as they are now.", (c, who, id, body, key, cancel) => c.RecomputeAsync(who, id, body.Version, key, cancel));
        Change("submit", "Submits a draft for checking 提交复核", "Refused where something moved since it was computed.", (c, who, id, body, key, cancel) => c.SubmitAsync(who, id, body.Version, key, cancel));
        Change("approve", "Approves a batch 复核", "By another officer than its maker, who entered none of its accounts and decided none of its cases. From then on it is frozen.", (c, who, id, body, key, cancel) => c.ApproveAsync(who, id, body.Version, key, cancel));
        Change("return", "Gives a batch back to its maker", "With a reason; also one that was checked and is not sent yet.", (c, who, id, body, key, cancel) => c.ReturnAsync(who, id, body.Reason, body.Version, key, cancel));
        Change("discard", "Discards a draft 作废", "Its lines go, its number stays used.", (c, who, id, body, key, cancel) => c.DiscardAsync(who, id, body.Version, key, cancel));
        Change("close", "Closes a batch 办结", "Once the bank's result is complete and agrees.", (c, who, id, body, key, cancel) => c.CloseAsync(who, id, body.Version, key, cancel));

        void Change(string verb, string summary, string how, Func<RosterCommands, Viewer, Guid, ApiRosterChange, string?, CancellationToken, Task> change) =>
            payments.MapPost($"/{{id:guid}}/{verb}", async (Guid id, ApiRosterChange body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, RosterCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
            {
                await change(commands, await viewers.RequireAsync(cancel), id, body, key, cancel);
                return TypedResults.NoContent();
            }).Command().ProducesProblem(404).ProducesProblem(412).WithSummary(summary).WithDescription($"{Payers} {how} {Seen}");
    }

    private static void Files(RouteGroupBuilder payments)
    {
        payments.MapPost("/{id:guid}/send", async (Guid id, ApiSent body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, PayExports exports, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var export = await exports.SendAsync(await viewers.RequireAsync(cancel), id, body.Layout, body.Version, key, cancel);
            return TypedResults.Created($"/api/v1/payments/exports/{export}/file", new ApiMade(export));
        }).Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Sends a checked batch to the bank").WithDescription($"{Payers} In a layout of the bank's; the file is fetched by the same person within ten minutes. {Seen}");

        payments.MapPost("/{id:guid}/exports", async (Guid id, ApiPayExport body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, PayExports exports, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var export = await exports.AskAsync(await viewers.RequireAsync(cancel), id, body.Bank, body.Reason, body.Note, key, cancel);
            return TypedResults.Created($"/api/v1/payments/exports/{export}/file", new ApiMade(export));
        }).Command().ProducesProblem(404).WithSummary("Asks for a batch as a workbook, with a reason").WithDescription($"{Payers} In full, names and accounts. bank: instead the bank's file once more, as it was sent. The reason is written down first.");

        payments.MapGet("/exports/{exportId:guid}/file", async (Guid exportId, PayExports exports, ViewerAccessor viewers, HttpContext context) =>
        {
            var (roster, layout) = await exports.FindAsync(await viewers.RequireAsync(context.RequestAborted), exportId, context.RequestAborted);
            await Workbooks.WriteAsync(context, exports.NameOf(roster, layout), to => exports.WriteAsync(to, roster, layout, context.RequestAborted), layout is null ? Workbooks.Type : "application/octet-stream");
        }).Produces<Stream>(200, Workbooks.Type).ProducesProblem(404).WithSummary("A file that was asked for").WithDescription("By who asked, for ten minutes: the workbook, or the bank's file in its own encoding.");

        payments.MapPost("/{id:guid}/results", async (Guid id, IFormFile file, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, PayResults results, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, cancel);
            var result = await results.TryAsync(viewer, id, bytes.ToArray(), key, cancel);
            return TypedResults.Created($"/api/v1/payments/results/{result}", ApiPayResult.Of(await results.FindAsync(viewer, result, cancel)));
        }).Command().DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(PayAnswers.MaxBytes + 1_000_000)).ProducesProblem(404)
            .WithSummary("Sends the bank's result 回盘: a dry run").WithDescription($"{Payers} Read by the layout in which the batch was sent; no line changes. The answer counts what would be paid, returned, unchanged and refused.");

        payments.MapGet("/results/{resultId:guid}", async (Guid resultId, PayResults results, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(ApiPayResult.Of(await results.FindAsync(await viewers.RequireAsync(cancel), resultId, cancel)))).ProducesProblem(404).WithSummary("A result of the bank's, and whether it was taken over").WithDescription(Payers);

        payments.MapGet("/results/{resultId:guid}/rows", async (Guid resultId, PayOutcome? outcome, int? after, PayResults results, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await results.RowsAsync(await viewers.RequireAsync(cancel), resultId, outcome, after ?? 0, 100, cancel))).ProducesProblem(400).ProducesProblem(404)
            .WithSummary("Rows of a result, a hundred at a time").WithDescription($"{Payers} outcome: Paid, Returned, Unchanged or Refused; in the order of the file, after the row number `after`.");

        payments.MapPost("/results/{resultId:guid}/apply", async (Guid resultId, ApiRosterChange body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, PayResults results, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await results.ApplyAsync(await viewers.RequireAsync(cancel), resultId, body.Version, key, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Takes a result over").WithDescription($"{Payers} Refused rows stay out. Taken over once, it changes nothing any more. 'version' is the batch's. {Seen}");
    }

    /// <exception cref="NotAllowedException">Neither pays nor leads a county.</exception>
    private static async Task<Viewer> ReaderAsync(ViewerAccessor viewers, CancellationToken cancel) =>
        await viewers.RequireAsync(cancel) is var viewer && PayScope.Reads(viewer) ? viewer : throw new NotAllowedException("pay.officersOnly");
}

/// <param name="Month">Any day of the month to be paid.</param>
/// <param name="Since">Any day of the first month that is paid here; null: the same.</param>
internal sealed record ApiRosterAsked(string Matter, string Benefit, DateOnly Month, DateOnly? Since = null);

/// <param name="Version">Of the batch as it was read.</param>
/// <param name="Reason">Needed to give it back.</param>
internal sealed record ApiRosterChange(long? Version, string? Reason = null);

/// <param name="Layout">Id of the bank's layout.</param>
internal sealed record ApiSent(string? Layout, long? Version);

/// <param name="Reason">A reason's code, as for the export of a register.</param>
/// <param name="Bank">The bank's file instead of the workbook.</param>
internal sealed record ApiPayExport(string? Reason, string? Note = null, bool Bank = false);

internal sealed record ApiMade(Guid Id);

internal sealed record ApiPaidBenefit(string Id, Matters.Words Name);

internal sealed record ApiLayout(string Id, Matters.Words Name);

/// <param name="State"><c>Draft</c>, <c>Submitted</c>, <c>Approved</c>, <c>Sent</c>, <c>Settled</c>, <c>Closed</c> or <c>Discarded</c>.</param>
internal sealed record ApiRoster(Guid Id, string Number, string Matter, string Benefit, string County, DateOnly Month, DateOnly Since, string State, long Version, string MadeBy, string? SubmittedBy, string? CheckedBy, string? Layout,
    Sum Payable, Sum Held, Sum Paid, Sum Returned, Sum Due)
{
    public static ApiRoster Of(PayRoster r, RosterSums s) => new(r.Id, r.Number, r.Matter, r.Benefit, r.County, r.Month, r.Since, r.State.ToString(), r.Version, r.MadeBy, r.SubmittedBy, r.CheckedBy, r.Layout, s.Payable, s.Held, s.Paid, s.Returned, s.All);
}

internal sealed record ApiRosterDetail(ApiRoster Roster, IReadOnlyList<HeldSum> Held, RosterChanges? Changes, string? Before, int Shared, IReadOnlyList<ApiPayResult> Results);

/// <param name="Month">That it is for.</param>
/// <param name="Turn">How often that month was in a batch before.</param>
/// <param name="Reason">Of a hold, or the bank's code of a return.</param>
/// <param name="Account">Masked.</param>
/// <param name="ThenFen">Regular line of the batch before.</param>
internal sealed record ApiPayLine(int Position, Guid GrantId, string Holder, string Division, DateOnly Month, int Turn, string Kind, long AmountFen, int Persons, string State, string? Reason, string? Account, bool SharedAccount, DateOnly? SettledOn, long? ThenFen)
{
    public static ApiPayLine Of(LineRow r) => new(r.Line.Position, r.Line.GrantId, r.Holder, r.Division, r.Line.Month, r.Line.Turn, r.Line.Kind.ToString(), r.Line.AmountFen, r.Line.Persons, r.Line.State.ToString(), r.Line.Reason, r.Account, r.Line.SharedAccount, r.Line.SettledOn, r.ThenFen);
}

/// <param name="AppliedAt">Null: only tried.</param>
internal sealed record ApiPayResult(Guid Id, Guid RosterId, string Layout, int Rows, int Paid, long PaidFen, int Returned, long ReturnedFen, int Unchanged, int Refused, string SentBy, DateTimeOffset SentAt, DateTimeOffset? AppliedAt)
{
    public static ApiPayResult Of(PayResult r) => new(r.Id, r.RosterId, r.Layout, r.Rows, r.Paid, r.PaidFen, r.Returned, r.ReturnedFen, r.Unchanged, r.Refused, r.SentBy, r.SentAt, r.AppliedAt);
}
