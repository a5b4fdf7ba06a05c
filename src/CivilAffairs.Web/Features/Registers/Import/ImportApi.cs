using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Registers.Import;

/// <summary>Taking a ledger over, for programs; the desk's page downloads from here too.</summary>
internal static class ImportApi
{
    internal const string Workbook = Workbooks.Type;

    public static void MapImports(this RouteGroupBuilder registers)
    {
        registers.MapGet("/{id}/imports/template.xlsx", async (string id, LedgerImports imports, LedgerWorkbooks workbooks, MatterLibrary library, ViewerAccessor viewers, HttpContext context) =>
        {
            if (imports.Open(await viewers.RequireAsync(context.RequestAborted)).All(r => r.Register.Id != id)) throw new UnknownCaseException();
            await WriteAsync(context, "template.xlsx", to => workbooks.WriteTemplateAsync(to, library.Subjects(id)!.Value.Register, context.RequestAborted));
        }).Produces<Stream>(200, Workbook).ProducesProblem(404).WithSummary("An empty table for a register's ledger").WithDescription("For the roles that the register's import names. The second sheet says what belongs in each column.");

        registers.MapPost("/{id}/imports", async (string id, [FromQuery] DateOnly? asOf, IFormFile file, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, LedgerImports imports, ViewerAccessor viewers, TimeProvider time, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, cancel);
            var import = await imports.CheckAsync(viewer, id, asOf ?? Platform.Time.BureauTime.Day(time.GetUtcNow()), bytes, key, cancel: cancel);
            return TypedResults.Created($"/api/v1/registers/imports/{import}", ApiImport.Of(await imports.FindAsync(viewer, import, cancel)));
        }).Command().DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(LedgerSheet.MaxBytes + 1_000_000)).ProducesProblem(404)
            .WithSummary("Sends a ledger: a dry run 试导入").WithDescription("An .xlsx workbook of at most 10 MB, its first sheet the table; asOf is the day for which it speaks (default: today). Nothing of the register changes; the answer counts what would be new, changed, unchanged and refused.");

        registers.MapGet("/imports/{importId:guid}", async (Guid importId, LedgerImports imports, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(ApiImport.Of(await imports.FindAsync(await viewers.RequireAsync(cancel), importId, cancel)))).ProducesProblem(404).WithSummary("An import, and how far it is").WithDescription("For the roles that the register's import names, in their jurisdiction.");

        registers.MapGet("/imports/{importId:guid}/rows", async (Guid importId, [FromQuery] string? outcome, [FromQuery] int? after, LedgerImports imports, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            RowOutcome? wanted = outcome is null ? null : Enum.TryParse<RowOutcome>(outcome, ignoreCase: true, out var known) ? known : throw new MalformedRequestException("outcome", "outcome 应是 new、changed、unchanged 或 refused。", "outcome must be new, changed, unchanged or refused.");
            return TypedResults.Ok(await imports.RowsAsync(await viewers.RequireAsync(cancel), importId, wanted, after ?? 0, 100, cancel));
        }).ProducesProblem(400).ProducesProblem(404).WithSummary("Rows of an import, a hundred at a time").WithDescription("In the order of the table, after the row number `after`; with what is wrong, by column.");

        registers.MapGet("/imports/{importId:guid}/report.xlsx", async (Guid importId, LedgerImports imports, LedgerWorkbooks workbooks, ViewerAccessor viewers, HttpContext context) =>
        {
            var viewer = await viewers.RequireAsync(context.RequestAborted);
            await imports.FindAsync(viewer, importId, context.RequestAborted);
            await WriteAsync(context, "report.xlsx", to => workbooks.WriteReportAsync(to, viewer, importId, context.RequestAborted));
        }).Produces<Stream>(200, Workbook).ProducesProblem(404).WithSummary("The report of an import as a workbook").WithDescription("Every row with what became of it and why. It holds no value of the table.");

        registers.MapPost("/imports/{importId:guid}/apply", async (Guid importId, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, LedgerImports imports, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            await imports.ApplyAsync(viewer, importId, key, cancel: cancel);
            return TypedResults.Ok(ApiImport.Of(await imports.FindAsync(viewer, importId, cancel)));
        }).Command().ProducesProblem(404).WithSummary("Takes a ledger over 正式导入").WithDescription("Rows that are refused stay out. In batches, each in one transaction: where the connection ends, it goes on.");

        registers.MapDelete("/imports/{importId:guid}", async (Guid importId, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, LedgerImports imports, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await imports.DiscardAsync(await viewers.RequireAsync(cancel), importId, key, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).WithSummary("Throws an import away that was not taken over").WithDescription("What was read of the table is destroyed.");
    }

    /// <summary>A workbook as a download, row by row as it is made.</summary>
    internal static Task WriteAsync(HttpContext context, string name, Func<Stream, Task> write) => Workbooks.WriteAsync(context, name, write);
}

/// <param name="State">Checking, Checked, Applying, Applied or Discarded.</param>
/// <param name="Applied">Rows taken over so far.</param>
internal sealed record ApiImport(Guid Id, string Register, DateOnly AsOf, string State, int Rows, int New, int Changed, int Unchanged, int Refused, int Applied, string SentBy, DateTimeOffset SentAt)
{
    public static ApiImport Of(LedgerImport i) => new(i.Id, i.Register, i.AsOf, i.State.ToString(), i.Rows, i.New, i.Changed, i.Unchanged, i.Refused, i.Applied, i.SentBy, i.SentAt);
}
