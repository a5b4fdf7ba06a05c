using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Accounts.Api;

/// <summary>Officers' accounts, for administrators: what they may do, and nothing of any case.</summary>
internal static class StaffApi
{
    public static void MapStaff(this RouteGroupBuilder api)
    {
        var staff = api.MapGroup("/accounts").Guarded().RequireAuthorization(Policies.Administrator).ProducesProblem(401).ProducesProblem(403).WithTags("Accounts");
        staff.MapGet("", async ([AsParameters] PageQuery paging, string? q, Staff accounts, TimeProvider time, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            var (lines, more) = await accounts.ListAsync(page, size, q, time.Today(), cancel);
            return TypedResults.Ok(new Paged<ApiOfficer>([.. lines.Select(l => new ApiOfficer(l.Id, l.UserName, l.Name, l.Disabled, l.LockedOut, [.. l.Held.Select(h => new ApiPost(h.Role, h.Division))]))], page, size, more, null));
        }).ProducesProblem(400).WithSummary("Officers").WithDescription("By user name; q is a part of a name or user name.");

        staff.MapGet("/{id:guid}", async (Guid id, Staff accounts, CancellationToken cancel) =>
            await accounts.FindAsync(id, cancel) is { } found ? TypedResults.Ok(ApiStaff.Of(found)) : throw new UnknownCaseException())
            .ProducesProblem(404).WithSummary("One officer with all postings, also past and future ones");

        staff.MapPost("", async (NewStaff body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, Staff accounts, ViewerAccessor viewers, IStringLocalizer<AccountTexts> texts, CancellationToken cancel) =>
        {
            Require(StaffRules.New(body.UserName, body.Name, body.Email), texts);
            var (outcome, id, password) = await accounts.CreateAsync(await viewers.RequireAsync(cancel), body.UserName.Trim(), body.Name.Trim(), string.IsNullOrWhiteSpace(body.Email) ? null : body.Email.Trim(), key, cancel);
            if (outcome != StaffOutcome.Done) Require([("UserName", "StaffUserNameTaken")], texts);
            return TypedResults.Created($"/api/v1/accounts/{id}", new HandedOut(id, password));
        }).Command().WithSummary("Makes an officer's account").WithDescription("Without a posting it may do nothing. The one-time password is in the first answer only: it is kept nowhere.");

        staff.MapPost("/{id:guid}/postings", async (Guid id, NewPosting body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, Staff accounts, ViewerAccessor viewers, IStringLocalizer<AccountTexts> texts, CancellationToken cancel) =>
        {
            Require(StaffRules.Posting(body.Role, body.Division, body.From, body.To), texts);
            return After(await accounts.AddPostingAsync(await viewers.RequireAsync(cancel), id, body.Role, body.Division.Trim(), body.From, body.To, key, cancel), texts);
        }).Command().ProducesProblem(404).WithSummary("Gives an officer a posting");

        staff.MapPost("/{id:guid}/postings/{postingId:guid}/end", async (Guid id, Guid postingId, LastDay body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, Staff accounts, ViewerAccessor viewers, IStringLocalizer<AccountTexts> texts, CancellationToken cancel) =>
            After(await accounts.EndPostingAsync(await viewers.RequireAsync(cancel), id, postingId, body.Last, key, cancel), texts))
            .Command().ProducesProblem(404).WithSummary("Ends a posting with a last day").WithDescription("Not one's own as administrator: nobody may lock everybody out.");

        staff.MapPost("/{id:guid}/unlock", async (Guid id, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, Staff accounts, ViewerAccessor viewers, IStringLocalizer<AccountTexts> texts, CancellationToken cancel) =>
            After(await accounts.UnlockAsync(await viewers.RequireAsync(cancel), id, key, cancel), texts))
            .Command().ProducesProblem(404).WithSummary("Opens an account that wrong passwords locked");

        staff.MapPut("/{id:guid}/disabled", async (Guid id, Disabling body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, Staff accounts, ViewerAccessor viewers, IStringLocalizer<AccountTexts> texts, CancellationToken cancel) =>
            After(await accounts.DisableAsync(await viewers.RequireAsync(cancel), id, body.Disabled, key, cancel), texts))
            .Command().ProducesProblem(404).WithSummary("Disables an account or lets it work again").WithDescription("Its open sessions end within a minute.");

        staff.MapPost("/{id:guid}/password", async (Guid id, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, Staff accounts, ViewerAccessor viewers, IStringLocalizer<AccountTexts> texts, CancellationToken cancel) =>
        {
            var (outcome, password) = await accounts.RenewPasswordAsync(await viewers.RequireAsync(cancel), id, key, cancel);
            After(outcome, texts);
            return TypedResults.Ok(new HandedOut(id, password));
        }).Command().ProducesProblem(404).WithSummary("Hands out a new one-time password").WithDescription("It is in the first answer only: it is kept nowhere.");
    }

    private static Microsoft.AspNetCore.Http.HttpResults.NoContent After(StaffOutcome outcome, IStringLocalizer<AccountTexts> texts)
    {
        if (outcome == StaffOutcome.NotFound) throw new UnknownCaseException();
        if (outcome != StaffOutcome.Done) Require([StaffRules.Of(outcome)], texts);
        return TypedResults.NoContent();
    }

    private static void Require(IEnumerable<(string Field, string Text)> wrong, IStringLocalizer<AccountTexts> texts)
    {
        FieldFault[] faults = [.. wrong.Select(w => SessionApi.Fault(w.Field.Length > 0 ? char.ToLowerInvariant(w.Field[0]) + w.Field[1..] : "", texts[w.Text]))];
        if (faults.Length > 0) throw new InvalidAnswersException(faults);
    }
}

/// <param name="UserName">3 to 40 letters, digits and <c>-._</c>, beginning with a letter.</param>
/// <param name="Email">Of the office; may be null.</param>
internal sealed record NewStaff(string UserName, string Name, string? Email = null);

/// <param name="To">Last day; null: until further notice.</param>
internal sealed record NewPosting(string Role, string Division, DateOnly From, DateOnly? To = null);

internal sealed record LastDay(DateOnly Last);

internal sealed record Disabling(bool Disabled);

/// <param name="Password">To be given to the officer in person; null in the answer to a repeat.</param>
internal sealed record HandedOut(Guid Id, string? Password);

/// <param name="Posts">In force today.</param>
internal sealed record ApiOfficer(Guid Id, string UserName, string Name, bool Disabled, bool LockedOut, IReadOnlyList<ApiPost> Posts);

internal sealed record ApiStaff(Guid Id, string UserName, string Name, string? Email, bool Disabled, DateTimeOffset? LockedUntil, bool PasswordIsTemporary, IReadOnlyList<ApiPosting> Postings)
{
    public static ApiStaff Of(Account account) => new(account.Id, account.UserName!, account.DisplayName, account.Email, account.Disabled, account.LockoutEnd, account.PasswordIsTemporary,
        [.. account.Postings.OrderBy(p => p.Role, StringComparer.Ordinal).ThenBy(p => p.From).Select(p => new ApiPosting(p.Id, p.Role, p.Division, p.From, p.To))]);
}

internal sealed record ApiPosting(Guid Id, string Role, string Division, DateOnly From, DateOnly? To);
