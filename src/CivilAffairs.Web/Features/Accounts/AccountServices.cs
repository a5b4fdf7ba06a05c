using System.Security.Claims;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>Signing in: ASP.NET Core Identity over the one database, a session cookie, policies that ask for postings.</summary>
public static class AccountServices
{
    internal const int LongestName = 100, ShortestPassword = 10, AllowedFailures = 5;
    internal static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15), OfficerSession = TimeSpan.FromHours(8), ApplicantSession = TimeSpan.FromHours(2);

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<IViewerSource, ViewerSource>();
        services.AddScoped<ViewerAccessor>();
        services.AddScoped<AccountMaker>();
        services.AddScoped<SignInDesk>();
        services.AddScoped<PasswordRules>();
        services.AddScoped<Registration>();
        services.AddScoped<Enrolment>();
        services.AddScoped<PasswordChange>();
        services.AddScoped<Api.Opened>();
        services.AddScoped<AccountAudit>();
        services.AddScoped<Recovery.PasswordLinks>();
        services.AddSingleton<IAccountLetter, Recovery.PasswordLetter>();
        services.AddScoped<Staff>();
        services.AddScoped<Setup.SetupLinks>();
        services.AddHostedService<Setup.SetupAnnouncement>();
        services.TryAddSingleton<IDemoAccounts, NoDemoAccounts>();
        services.AddScoped<AuthenticationStateProvider, SessionState>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, Cookie);
        services.AddScoped<IAuthorizationHandler, ViewerRequirementHandler>();
        services.AddAuthorization(Policies.AddTo);
        services.AddCascadingAuthenticationState();
        services.AddIdentityCore<Account>(Identity).AddEntityFrameworkStores<CivilAffairsDb>().AddSignInManager().AddClaimsPrincipalFactory<Principals>()
            .AddTokenProvider<DataProtectorTokenProvider<Account>>(TokenOptions.DefaultProvider);
        // A changed password or a disabled account ends every other session within a minute.
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromMinutes(1));
        return services;
    }

    private static void Identity(IdentityOptions options)
    {
        // Length is what makes a password strong; rules on its characters only make it hard to remember.
        options.Password = new PasswordOptions
        {
            RequiredLength = ShortestPassword, RequiredUniqueChars = 4,
            RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false,
        };
        options.Lockout = new LockoutOptions { MaxFailedAccessAttempts = AllowedFailures, DefaultLockoutTimeSpan = LockedFor, AllowedForNewUsers = true };
    }

    private static void Cookie(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "civilaffairs";
        options.Cookie.HttpOnly = true;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        // Not Strict: a link in a mail must open the case of somebody who is signed in. What changes anything is a POST with a token.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.ExpireTimeSpan = OfficerSession;
        options.SlidingExpiration = true;
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync;
        options.Events.OnRedirectToLogin = context =>
        {
            if (WantsPage(context.Request)) context.Response.Redirect(context.RedirectUri);
            else Answer(context.HttpContext, StatusCodes.Status401Unauthorized);
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToAccessDenied = context =>
        {
            // Whoever still has a password that was handed out is refused everything else.
            if (WantsPage(context.Request) && context.HttpContext.User.HasClaim(c => c.Type == ViewerClaims.Temporary)) context.Response.Redirect("/password");
            else Answer(context.HttpContext, StatusCodes.Status403Forbidden);
            return Task.CompletedTask;
        };
    }

    /// <summary>The bare status to the Studio: the page that tells people of it would refuse what the Studio posts, for want of a token.</summary>
    private static void Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        if (context.Request.Path.StartsWithSegments("/elsa") && context.Features.Get<IStatusCodePagesFeature>() is { } pages) pages.Enabled = false;
    }

    private static bool WantsPage(HttpRequest request) => !request.Path.StartsWithSegments("/api") && !request.Path.StartsWithSegments("/elsa") && !request.Path.StartsWithSegments("/_blazor");

    private sealed class Principals(UserManager<Account> users, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<Account>(users, options)
    {
        protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
        {
            var identity = await base.GenerateClaimsAsync(user).ConfigureAwait(false);
            identity.AddClaim(new Claim(ViewerClaims.Name, user.DisplayName));
            identity.AddClaim(new Claim(ViewerClaims.Kind, user.Kind.ToString()));
            if (user.PasswordIsTemporary) identity.AddClaim(new Claim(ViewerClaims.Temporary, "true"));
            return identity;
        }
    }
}
