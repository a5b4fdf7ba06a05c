using System.Text.Json.Nodes;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Registers;

/// <summary>The registers that a matter keeps, for those whom it lets read them.</summary>
internal static class RegisterApi
{
    public static void MapRegisters(this RouteGroupBuilder api)
    {
        var registers = api.MapGroup("/registers").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Registers");
        registers.MapGet("", async (RegisterQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok<IReadOnlyList<ApiRegister>>([.. query.Readable(await viewers.RequireAsync(cancel)).Select(r => new ApiRegister(r.Id, r.Name, r.Source))]))
            .WithSummary("Registers that the caller may read").WithDescription("A matter says which roles read a register of its.");
        Import.ImportApi.MapImports(registers);
        Subjects.SubjectApi.MapSubjects(registers);
        registers.MapGet("/{id}", async (string id, [AsParameters] PageQuery paging, RegisterQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            var view = await query.ReadAsync(await viewers.RequireAsync(cancel), id, page, size, cancel) ?? throw new UnknownCaseException();
            return TypedResults.Ok(new Paged<ApiRegisterLine>([.. view.Lines.Select(l => new ApiRegisterLine(l.Id, l.CaseId, l.Number, l.Organisation ?? (l.ApplicantName is { } name ? Mask.Name(name) : null), l.Division,
                JsonNode.Parse(l.Entry), l.OccurredOn, l.ValidFrom, l.ValidTo))], view.Page, size, view.Page < view.Pages, view.Total));
        }).ProducesProblem(400).ProducesProblem(404).WithSummary("A register's lines in the caller's jurisdiction, newest first").WithDescription("Applicants are masked.");
    }
}

/// <param name="Id"><c>relatives</c>: 近亲属备案.</param>
internal sealed record ApiRegister(string Id, Words Name, string Source);

/// <param name="Entry">As the workflow wrote it: codes and references.</param>
/// <param name="ValidTo">Last day; null: without an end.</param>
internal sealed record ApiRegisterLine(Guid Id, Guid? CaseId, string? CaseNumber, string? Applicant, string Division, JsonNode? Entry, DateOnly OccurredOn, DateOnly ValidFrom, DateOnly? ValidTo);
