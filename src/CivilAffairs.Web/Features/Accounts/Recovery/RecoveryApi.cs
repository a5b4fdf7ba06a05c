using CivilAffairs.Web.Features.Accounts.Api;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts.Recovery;

/// <summary>The two pages of who forgot the password, for other programs.</summary>
internal static class RecoveryApi
{
    public static void Map(RouteGroupBuilder open)
    {
        open.MapPost("/password-links", async (ForgottenPassword body, PasswordLinks links, IStringLocalizer<AccountTexts> texts, CancellationToken cancel) =>
        {
            if (string.IsNullOrWhiteSpace(body.UserName)) throw new InvalidAnswersException([SessionApi.Fault("userName", texts["UserNameMissing"])]);
            await links.AskAsync(body.UserName, cancel);
            return TypedResults.NoContent();
        }).RequireRateLimiting(PublicLimits.Send).ProducesProblem(400).ProducesProblem(422).ProducesProblem(429)
            .WithSummary("Asks for a link to set a new password").WithDescription("By mail, if there is such an account with an e-mail address; the answer does not tell. One letter in ten minutes.");

        open.MapPut("/password-links", async (LinkedPassword body, PasswordLinks links, PasswordRules passwords, IStringLocalizer<AccountTexts> texts, CancellationToken cancel) =>
        {
            if (await links.ReadAsync(new PasswordLink(body.Account, body.Until, body.Token)) is not { } account) return Void(texts);
            var state = new ModelStateDictionary();
            passwords.Check(state, "Password", body.Password, body.Password, await links.KnownAsync(account, cancel));
            if (!state.IsValid) throw SessionApi.Refused(state);
            return await links.UseAsync(account, body.Password, cancel) ? Results.NoContent() : Void(texts);
        }).RequireRateLimiting(PublicLimits.Read).Produces(204).ProducesProblem(400).ProducesProblem(410).ProducesProblem(422).ProducesProblem(429)
            .WithSummary("Sets a new password by a link").WithDescription("The link's three values, once within an hour. Ends the account's sessions; opens none.");
    }

    private static IResult Void(IStringLocalizer<AccountTexts> texts) =>
        Results.Problem(texts["ResetVoid"], statusCode: StatusCodes.Status410Gone, title: texts["Forgot"], extensions: new Dictionary<string, object?> { ["code"] = "linkVoid" });
}

/// <param name="UserName">A user name, or an applicant's mobile or ID number.</param>
internal sealed record ForgottenPassword(string UserName);

/// <param name="Account">From the link.</param>
/// <param name="Until">From the link: Unix seconds.</param>
/// <param name="Token">From the link.</param>
internal sealed record LinkedPassword(Guid Account, long Until, string Token, string Password);
