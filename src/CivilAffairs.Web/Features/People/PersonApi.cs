using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.People;

/// <summary>Who is who, put right by the county's supervisor.</summary>
internal static class PersonApi
{
    public static void MapPersons(this RouteGroupBuilder api)
    {
        var persons = api.MapGroup("/persons").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Persons");
        persons.MapPost("/search", async (PersonSearch body, PersonQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            if ((body.IdNumber ?? body.CaseNumber)?.Trim() is not { Length: > 0 and <= 60 } term) throw new MalformedRequestException("idNumber", "请给出 idNumber 或者 caseNumber，最多 60 个字符。", "Give idNumber or caseNumber, at most 60 characters.");
            return TypedResults.Ok(await query.FindAsync(await viewers.RequireAsync(cancel), term, cancel));
        }).ProducesProblem(400).WithSummary("Records of persons by ID number, or those who take part in a case")
            .WithDescription("Masked, for the county's supervisor (SUP); empty for others, and for records of which a case is not theirs to see. By POST, since an ID number must not stand in an address; it changes nothing.");

        persons.MapPost("/{id:guid}/id-number", async (Guid id, NumberCorrection body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, PersonCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            Require(body.Reason);
            return TypedResults.Ok(new PersonWhoGoesOn(await commands.CorrectIdNumberAsync(await viewers.RequireAsync(cancel), id, body.IdNumber, body.Reason, body.Evidence, key!, cancel)));
        }).Command().ProducesProblem(404).WithSummary("Corrects an ID number 更正身份证号码")
            .WithDescription("By the county's supervisor (SUP). The record with the wrong number is given up and kept; who has the right number goes on, and is told. Reason: typo, shortNumber, recordedTwice or officialChange.");

        persons.MapPost("/{id:guid}/merge", async (Guid id, PersonMerge body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, PersonCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            Require(body.Reason);
            await commands.MergeAsync(await viewers.RequireAsync(cancel), id, body.Into, body.Reason, body.Evidence, key!, cancel);
            return TypedResults.Ok(new PersonWhoGoesOn(body.Into));
        }).Command().ProducesProblem(404).WithSummary("Makes two records of one person one 合并人员记录")
            .WithDescription("By the county's supervisor (SUP). The record in the address is given up; parties, benefits, certificates and the account go over. There is no way back.");
    }

    private static void Require(string reason)
    {
        var words = string.Join(", ", PersonCommands.Reasons);
        if (!PersonCommands.Reasons.Contains(reason)) throw new MalformedRequestException("reason", $"reason 应是 {words} 之一。", $"reason must be one of {words}.");
    }
}

/// <param name="IdNumber">A whole one; else <paramref name="CaseNumber"/> is sought.</param>
internal sealed record PersonSearch(string? IdNumber = null, string? CaseNumber = null);

/// <param name="IdNumber">The right one, 18 characters or 15 digits.</param>
/// <param name="Evidence">The paper that shows it; at most 200 characters.</param>
internal sealed record NumberCorrection(string IdNumber, string Reason, string Evidence);

/// <param name="Into">The record that goes on.</param>
/// <param name="Evidence">The paper that shows it; at most 200 characters.</param>
internal sealed record PersonMerge(Guid Into, string Reason, string Evidence);

internal sealed record PersonWhoGoesOn(Guid Id);
