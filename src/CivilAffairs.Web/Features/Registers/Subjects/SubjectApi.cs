using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Registers.Import;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Registers.Subjects;

/// <summary>A register's subjects 社会组织 with their versions and certificates, for those whom the register lets read them.</summary>
internal static class SubjectApi
{
    public static void MapSubjects(this RouteGroupBuilder registers)
    {
        // A term may be somebody's name: it stands in no address.
        registers.MapPost("/{id}/subjects/search", async (string id, SubjectSearch body, SubjectQuery query, FieldDisplay display, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = new PageQuery(body.Page, body.PageSize).Checked();
            var found = await query.ReadAsync(await viewers.RequireAsync(cancel), id, body.Term ?? "", body.AsOf, page, size, cancel) ?? throw new UnknownCaseException();
            return TypedResults.Ok(new Paged<ApiSubject>([.. found.Rows.Select(r => new ApiSubject(r.Subject.Id, r.Subject.Name, r.Subject.Village ?? r.Subject.Township ?? r.Subject.County,
                new(found.Register.Fields.Where(f => f.Listed).ToDictionary(f => f.Id, f => display.Show(f.AsQuestion(), r.Fields[f.Id], full: false))), r.Newest is { } c ? ApiHeld.Of(c, null) : null, r.ListedIn))],
                found.Page, size, found.Page < found.Pages, found.Total));
        }).ProducesProblem(400).ProducesProblem(404).ProducesProblem(413).ProducesProblem(415).WithSummary("A register's subjects in the caller's jurisdiction, by name").WithDescription($"As they were on asOf (default: today). By key, or by a part of the name; counted to {SubjectQuery.Most}. Personal fields are masked.");

        registers.MapGet("/subjects/{subjectId:guid}", async (Guid subjectId, SubjectQuery query, FieldDisplay display, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(ApiSubjectDetail.Of(await query.FindAsync(await viewers.RequireAsync(cancel), subjectId, cancel) ?? throw new UnknownCaseException(), display, full: false)))
            .ProducesProblem(404).WithSummary("One subject: versions, certificates, cases").WithDescription("Newest first. Personal fields are masked; cases are those that the caller sees.");

        registers.MapPost("/subjects/{subjectId:guid}/full-view", async (Guid subjectId, AccessReason body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, RegisterAccesses accesses, SubjectQuery query, FieldDisplay display, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            await accesses.LookAsync(viewer, subjectId, body.Reason, body.Note, key, cancel);
            return TypedResults.Ok(ApiSubjectDetail.Of(await query.FindAsync(viewer, subjectId, cancel) ?? throw new UnknownCaseException(), display, full: true));
        }).Command().ProducesProblem(404).WithSummary("The same in full, with a reason").WithDescription($"The reason is written down first: {string.Join(", ", AccessReasons.Codes)}; other wants a note.");

        registers.MapPost("/subjects/{subjectId:guid}/cases", async (Guid subjectId, ExOfficioCase body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, SubjectCases cases, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var opened = await cases.OpenByHandAsync(await viewers.RequireAsync(cancel), subjectId, body.Matter, body.Cause, key!, cancel);
            return TypedResults.Created($"/api/v1/cases/{opened}", new OpenedCase(opened));
        }).Command().ProducesProblem(404).WithSummary("Opens a case about a subject ex officio 依职权").WithDescription("In a matter that lets the caller's role do so, for one of its causes; one is open at a time.");

        registers.MapPost("/{id}/exports", async (string id, ExportOrder body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, RegisterAccesses accesses, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var export = await accesses.ExportAsync(await viewers.RequireAsync(cancel), id, body.Term ?? "", body.AsOf, body.Reason, body.Note, key, cancel);
            return TypedResults.Created($"/api/v1/registers/exports/{export}/workbook", new OrderedExport(export));
        }).Command().ProducesProblem(404).WithSummary("Asks for an export of a register or list, with a reason").WithDescription("What the search with the same term and asOf shows. The reason is written down first. The workbook is fetched by the same person within ten minutes.");

        registers.MapGet("/exports/{exportId:guid}/workbook", async (Guid exportId, RegisterWorkbook workbook, RegisterAccesses accesses, ViewerAccessor viewers, HttpContext context) =>
        {
            var viewer = await viewers.RequireAsync(context.RequestAborted);
            await accesses.FetchAsync(viewer, exportId, context.RequestAborted);
            await ImportApi.WriteAsync(context, "register.xlsx", to => workbook.WriteAsync(to, viewer, exportId, context.RequestAborted));
        }).Produces<Stream>(200, ImportApi.Workbook).ProducesProblem(404).WithSummary("An export that was asked for, as a workbook").WithDescription("In full, row by row as they are read.");
    }
}

/// <param name="Term">The key, or a part of the name; null: all.</param>
/// <param name="AsOf">As it was on this day; null: today.</param>
internal sealed record SubjectSearch(string? Term = null, DateOnly? AsOf = null, int? Page = null, int? PageSize = null);

/// <param name="Reason">One of the codes that the route names.</param>
internal sealed record AccessReason(string? Reason, string? Note = null);

/// <param name="Cause">One of the matter's <c>exOfficio.causes</c>.</param>
internal sealed record ExOfficioCase(string Matter, string Cause);

internal sealed record OpenedCase(Guid Id);

internal sealed record ExportOrder(string? Reason, string? Note = null, string? Term = null, DateOnly? AsOf = null);

internal sealed record OrderedExport(Guid Id);

/// <param name="Fields">Those that stand in lists, in words.</param>
/// <param name="ListedIn">Other registers with a line about it.</param>
internal sealed record ApiSubject(Guid Id, string Name, string Division, Dictionary<string, string> Fields, ApiHeld? Certificate, IReadOnlyList<string> ListedIn);

/// <param name="State">InForce, Waiting, Expired, Renewed or Suspended; null in lists.</param>
internal sealed record ApiHeld(Guid Id, string Kind, string Number, DateOnly ValidFrom, DateOnly? ValidTo, string? State)
{
    public static ApiHeld Of(Cases.Model.Certificate c, string? state) => new(c.Id, c.Kind, c.Number, c.ValidFrom, c.ValidTo, state);
}

/// <param name="CaseId">Null: from an imported ledger.</param>
internal sealed record ApiVersion(DateOnly ValidFrom, Guid? CaseId, DateTimeOffset RecordedAt, Dictionary<string, string> Fields);

internal sealed record ApiSubjectCase(Guid Id, string Number, string Matter, string Status);

/// <param name="Entry">As the workflow wrote it: codes and references.</param>
internal sealed record ApiListing(string Register, JsonNode? Entry, DateOnly ValidFrom, DateOnly? ValidTo);

internal sealed record ApiSubjectDetail(Guid Id, string Register, string Name, string Division, IReadOnlyList<ApiVersion> Versions, IReadOnlyList<ApiHeld> Certificates, IReadOnlyList<ApiSubjectCase> Cases, IReadOnlyList<ApiListing> Lists)
{
    public static ApiSubjectDetail Of(SubjectDetail d, FieldDisplay display, bool full) => new(d.Subject.Id, d.Register.Id, d.Subject.Name, d.Subject.Village ?? d.Subject.Township ?? d.Subject.County,
        [.. d.Versions.Select(v => new ApiVersion(v.Line.ValidFrom, v.Line.CaseId, v.Line.RecordedAt, d.Register.Fields.Where(f => v.Fields[f.Id] is not null).ToDictionary(f => f.Id, f => display.Show(f.AsQuestion(), v.Fields[f.Id], full))))],
        [.. d.Certificates.Select(c => ApiHeld.Of(c.Certificate, c.State))], [.. d.Cases.Select(c => new ApiSubjectCase(c.Id, c.Number!, c.Matter, c.Status))],
        [.. d.Lists.Select(l => new ApiListing(l.Register.Id, JsonNode.Parse(l.Line.Entry), l.Line.ValidFrom, l.Line.ValidTo))]);
}
