using System.Text.Json;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Parameters;

/// <summary>The effective-dated values of law and local policy, for managers and administrators.</summary>
internal static class ParameterApi
{
    public static void MapParameters(this RouteGroupBuilder api)
    {
        var parameters = api.MapGroup("/parameters").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Parameters");
        parameters.MapGet("", async (ParameterQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok<IReadOnlyList<ApiParameter>>([.. (await query.ListAsync(await viewers.RequireAsync(cancel), cancel)).SelectMany(m => m.Lines)
                .DistinctBy(l => l.Parameter.Key).Select(l => new ApiParameter(l.Parameter.Key, l.Parameter.Name, l.Parameter.Type, l.Value, l.Parameter.Mark, l.Source, l.Next?.Value, l.Next?.From, l.Overrides))]))
            .WithSummary("Parameters with the county's value in force today").WithDescription("Empty for who is neither manager (MGR) nor administrator (ADM). Money in fen.");

        parameters.MapGet("/{key}", async (string key, ParameterQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var found = await query.HistoryAsync(await viewers.RequireAsync(cancel), key, cancel) ?? throw new UnknownCaseException();
            return TypedResults.Ok(new ApiParameterHistory(found.Parameter.Key, found.Parameter.Name, found.Parameter.Type, found.Parameter.Value, found.Scopes,
                [.. found.Values.SelectMany(s => s.Rows.Select(r => new ApiParameterValue(r.Id, s.Scope, r.Value, r.From, r.To, r.Source, r.Reason, r.By, r.State.ToString())))]));
        }).ProducesProblem(404).WithSummary("A parameter with every value it had, has and will have").WithDescription("'scopes' is where the caller may set values: empty text for the county, else townships.");

        parameters.MapPost("/{key}/values", async (string key, NewParameterValue body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? command, ParameterCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var input = new ParameterInput(body.Scope, body.Value, BureauTime.Iso(body.From), BureauTime.Iso(body.To) ?? "", body.Source, body.Reason);
            var id = await commands.AddAsync(await viewers.RequireAsync(cancel), key, input, command!, cancel);
            return TypedResults.Created($"/api/v1/parameters/{key}", new StoredValue(id));
        }).Command().ProducesProblem(404).WithSummary("Sets a value from a day on, tomorrow at the earliest").WithDescription("What was in force is never changed. The value is typed text: money in yuan, true or false, a limit such as 30wd.");

        parameters.MapDelete("/values/{id:guid}", async (Guid id, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, ParameterCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await commands.WithdrawAsync(await viewers.RequireAsync(cancel), id, key, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).WithSummary("Takes back a planned value").WithDescription("Not one that is or was in force.");
    }

}

/// <param name="Scope">Empty: the whole county; else a township's code.</param>
/// <param name="To">Last day; null: until another value follows.</param>
/// <param name="Source">The document that sets it.</param>
/// <param name="Reason">Why now.</param>
internal sealed record NewParameterValue(string Scope, string Value, DateOnly From, string Source, string Reason, DateOnly? To = null);

internal sealed record StoredValue(Guid Id);

/// <param name="Mark"><c>S</c> statute, <c>L</c> local policy.</param>
/// <param name="Overrides">Townships with a value of their own.</param>
internal sealed record ApiParameter(string Key, Words Name, string Type, JsonElement Value, string Mark, string Source, JsonElement? NextValue, DateOnly? NextFrom, int Overrides);

/// <param name="FirstValue">That came with the matter.</param>
internal sealed record ApiParameterHistory(string Key, Words Name, string Type, JsonElement FirstValue, IReadOnlyList<string> Scopes, IReadOnlyList<ApiParameterValue> Values);

/// <param name="State"><c>Past</c>, <c>InForce</c> or <c>Planned</c>.</param>
internal sealed record ApiParameterValue(Guid Id, string Scope, JsonElement Value, DateOnly From, DateOnly? To, string Source, string? Reason, string? By, string State);
