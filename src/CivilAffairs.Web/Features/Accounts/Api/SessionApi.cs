using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts.Api;

/// <summary>
/// Signing in and out: the session of the pages, for browsers and other programs alike. See docs/adr/0022.
/// Signing in takes JSON, which a browser sends to another site only with that site's consent, so it needs no token yet.
/// </summary>
internal static class SessionApi
{
    public static void MapSession(this RouteGroupBuilder api)
    {
        var open = api.MapGroup("").Guarded().WithTags("Session");
        open.MapPost("/session", async (Credentials body, SignInDesk desk, Opened opened, IStringLocalizer<AccountTexts> texts, CancellationToken cancel) =>
        {
            List<FieldFault> faults = [];
            if (string.IsNullOrWhiteSpace(body.UserName)) faults.Add(Fault("userName", texts["UserNameMissing"]));
            if (string.IsNullOrEmpty(body.Password)) faults.Add(Fault("password", texts["PasswordMissing"]));
            if (faults.Count > 0) throw new InvalidAnswersException(faults);
            var outcome = await desk.SignInAsync(body.UserName, body.Password, cancel);
            return outcome is SignInOutcome.Done or SignInOutcome.ChangePassword
                ? Results.Ok(await opened.TellAsync(cancel))
                : Results.Problem(texts[outcome == SignInOutcome.LockedOut ? "LockedOut" : "WrongNameOrPassword"], statusCode: StatusCodes.Status401Unauthorized, title: texts["SignIn"],
                    extensions: new Dictionary<string, object?> { ["code"] = outcome == SignInOutcome.LockedOut ? "lockedOut" : "wrongPassword" });
        }).Produces<ApiSession>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(422)
            .WithSummary("Signs in").WithDescription("Opens a session in a cookie and tells its request token. Five wrong passwords lock the account for 15 minutes.");

        open.MapPost("/registrations", async (NewAccount body, Enrolment enrolment, Opened opened, CancellationToken cancel) =>
        {
            var state = new ModelStateDictionary();
            if (!await enrolment.EnrolAsync(new TypedApplicant(body.Name, body.IdNumber, body.Mobile, body.Email, body.Password), body.Password, state, cancel)) throw Refused(state);
            return TypedResults.Ok(await opened.TellAsync(cancel));
        }).ProducesProblem(400).ProducesProblem(422)
            .WithSummary("Registers an applicant").WithDescription("Makes an account for a person and signs them in. One account for one ID number.");

        Recovery.RecoveryApi.Map(open);

        var session = open.MapGroup("").RequireAuthorization().ProducesProblem(401);
        session.MapGet("/session", async (Opened opened, CancellationToken cancel) => TypedResults.Ok(await opened.TellAsync(cancel)))
            .WithSummary("Who is signed in").WithDescription("With a fresh request token for the header RequestVerificationToken.");
        session.MapDelete("/session", async (SignInManager<Account> sessions) =>
        {
            await sessions.SignOutAsync();
            return TypedResults.NoContent();
        }).ProducesProblem(400).WithSummary("Signs out");
        session.MapPut("/session/password", async (NewPassword body, PasswordChange change, Opened opened, HttpContext context, CancellationToken cancel) =>
        {
            var state = new ModelStateDictionary();
            if (!await change.ChangeAsync(context.User, body.Current, body.Password, body.Password, state))
                throw state.IsValid ? new NobodySignedInException() : Refused(state);
            return TypedResults.Ok(await opened.TellAsync(cancel));
        }).ProducesProblem(400).ProducesProblem(422)
            .WithSummary("Changes one's own password").WithDescription("The only thing allowed to an account whose password was handed out. Ends the account's other sessions; the request token changes.");
    }

    internal static InvalidAnswersException Refused(ModelStateDictionary state) => new([.. state.Where(s => s.Value!.Errors.Count > 0)
        .SelectMany(s => s.Value!.Errors.Select(e => Fault(s.Key.Length > 0 ? char.ToLowerInvariant(s.Key[0]) + s.Key[1..] : "", e.ErrorMessage)))]);

    /// <summary>A text that is in the reader's language already.</summary>
    internal static FieldFault Fault(string path, string text) => new(path, text, text);
}

/// <summary>Tells about the session that this request has or just opened.</summary>
internal sealed class Opened(IAntiforgery tokens, IHttpContextAccessor http, ViewerAccessor viewers)
{
    public async Task<ApiSession> TellAsync(CancellationToken cancel)
    {
        var context = http.HttpContext!;
        var viewer = await viewers.GetAsync(cancel);
        return new ApiSession(context.User.AccountId() ?? throw new NobodySignedInException(), context.User.FindFirst(ViewerClaims.Name)?.Value ?? "", context.User.FindFirst(ViewerClaims.Kind)?.Value ?? "",
            [.. viewer?.Held.Select(h => new ApiPost(h.Role, h.Division)) ?? []], context.User.HasClaim(c => c.Type == ViewerClaims.Temporary), tokens.GetAndStoreTokens(context).RequestToken!);
    }
}

/// <param name="UserName">A user name, or an applicant's mobile or ID number.</param>
internal sealed record Credentials(string UserName, string Password);

internal sealed record NewPassword(string Current, string Password);

/// <param name="IdNumber">居民身份证 18 characters.</param>
/// <param name="Email">May be null: then no mails are sent.</param>
internal sealed record NewAccount(string Name, string IdNumber, string Mobile, string Password, string? Email = null);

/// <summary>A session.</summary>
/// <param name="Kind"><c>Officer</c> or <c>Applicant</c>.</param>
/// <param name="Posts">In force today.</param>
/// <param name="MustChangePassword">Everything else is refused until then.</param>
/// <param name="RequestToken">For the header <c>RequestVerificationToken</c> of whatever changes something.</param>
internal sealed record ApiSession(Guid AccountId, string Name, string Kind, IReadOnlyList<ApiPost> Posts, bool MustChangePassword, string RequestToken);

/// <param name="Role">Role code.</param>
/// <param name="Division">6, 9 or 12 digits.</param>
internal sealed record ApiPost(string Role, string Division);
