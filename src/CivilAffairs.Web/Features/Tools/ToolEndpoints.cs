using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Tools;

/// <summary>
/// The bureau's own arithmetic for everybody and for other systems: no session, limited by address. Numbers of persons come in
/// the body alone, never in an address or a log, and nothing of what is asked is kept.
/// </summary>
internal static class ToolEndpoints
{
    public static void MapTools(this RouteGroupBuilder api)
    {
        var tools = api.MapGroup("/tools").RequireRateLimiting(PublicLimits.Tools).ProducesProblem(400).ProducesProblem(429).WithTags("Tools");
        tools.AddEndpointFilter((call, next) =>
        {
            call.HttpContext.Response.Headers.CacheControl = "no-store";
            return next(call);
        });
        tools.MapPost("/resident-id", (TypedValue body, TimeProvider time) => TypedResults.Ok(NumberTools.ResidentId(body.Value, time.Today())))
            .WithSummary("Whether an identity number is right").WithDescription("GB 11643: day of birth, sex and age with it. The number is neither kept nor repeated.");
        tools.MapPost("/credit-code", (TypedCreditCode body) => TypedResults.Ok(NumberTools.CreditCode(body.Value, body.Kind)))
            .WithSummary("Whether a unified social credit code is right").WithDescription("GB 32100; with kind (社会团体, 民非, 基金会) also whether it belongs to such an organization.");
        tools.MapPost("/disability-card", (TypedValue body, TimeProvider time) => TypedResults.Ok(NumberTools.DisabilityCard(body.Value, time.Today())))
            .WithSummary("Whether a disability card's number is right").WithDescription("Kind, level, day of birth and sex with it.");
        tools.MapPost("/bank-card", (TypedValue body) => TypedResults.Ok(NumberTools.BankCard(body.Value)))
            .WithSummary("Whether a bank card's number is right").WithDescription("16 to 19 digits with Luhn's check digit.");
        tools.MapGet("/deadline", (DateOnly start, int? workdays, int? days, int? months, bool? plain, Calendars calendars) =>
            TypedResults.Ok(DayTools.Deadline(start, workdays, days, months, plain ?? false, calendars.Working)))
            .WithSummary("The last day of a limit").WithDescription("Exactly one of workdays, days and months; the start day is not counted. Days and months roll to the next working day unless plain is true. 400 where the count reaches a year whose calendar is not loaded.");
        tools.MapGet("/divorce-window", async (DateOnly receipt, ToolRules rules, CancellationToken cancel) => TypedResults.Ok(await rules.DivorceWindowAsync(receipt, cancel)))
            .ProducesProblem(404).WithSummary("Cooling-off period of a divorce and the days for the certificate").WithDescription("Civil Code 1077. 400 where a year's calendar is not loaded.");
        tools.MapGet("/certificate", async (DateOnly issued, int years, string? matter, ToolRules rules, CancellationToken cancel) => TypedResults.Ok(await rules.CertificateAsync(matter ?? ToolRules.Renewed, issued, years, cancel)))
            .ProducesProblem(404).WithSummary("When an organization's certificate ends").WithDescription("With its reminders and the last day to apply for the renewal, by law and as a working day. matter: whose certificate; absent, the registration certificate of an organization.");
        tools.MapPost("/estimate/{matter}", async (string matter, JsonObject form, ToolRules rules, CancellationToken cancel) => TypedResults.Ok(await rules.EstimateAsync(matter, form, cancel)))
            .ProducesProblem(404).ProducesProblem(422).WithSummary("What a household may expect of a matter")
            .WithDescription("The form's own sections and fields, as GET /matters/{id}/form names them, as many as are known; money in fen there, in yuan in the answer. No decision: papers and checks may say otherwise.");
    }
}
