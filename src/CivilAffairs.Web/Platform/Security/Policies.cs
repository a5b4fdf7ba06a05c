using Microsoft.AspNetCore.Authorization;

namespace CivilAffairs.Web.Platform.Security;

/// <summary>Names of the authorization policies. Each asks the postings in force now, not those at sign-in.</summary>
public static class Policies
{
    /// <summary>Anybody signed in who may act: not disabled, and with a password of their own.</summary>
    public const string SignedIn = "SignedIn";

    /// <summary>Any officer who is not disabled.</summary>
    public const string Officer = "Officer";

    /// <summary>An applicant.</summary>
    public const string Applicant = "Applicant";

    /// <summary>Holds <see cref="Roles.Administrator"/>.</summary>
    public const string Administrator = "Administrator";

    /// <summary>Holds <see cref="Roles.Manager"/>.</summary>
    public const string Manager = "Manager";

    /// <summary>Holds one of both: whoever looks after how matters work, and no case.</summary>
    public const string Configuration = "Configuration";

    /// <summary>Looks after the product's own work: holds <see cref="Roles.Administrator"/> or <see cref="Roles.Supervisor"/>.</summary>
    public const string Overseer = "Overseer";

    internal static void AddTo(AuthorizationOptions options)
    {
        Add(SignedIn, _ => true);
        Add(Officer, viewer => viewer.IsOfficer);
        Add(Applicant, viewer => viewer.Kind == AccountKind.Applicant);
        Add(Administrator, viewer => viewer.IsOfficer && viewer.HoldsAny(Roles.Administrator));
        Add(Manager, viewer => viewer.IsOfficer && viewer.HoldsAny(Roles.Manager));

        Add(Configuration, viewer => viewer.IsOfficer && viewer.HoldsAny(Roles.Manager, Roles.Administrator));
        Add(Overseer, viewer => viewer.IsOfficer && viewer.HoldsAny(Roles.Administrator, Roles.Supervisor));

        void Add(string name, Func<Viewer, bool> holds) =>
            options.AddPolicy(name, policy => policy.RequireAuthenticatedUser().AddRequirements(new ViewerRequirement(holds)));
    }
}

internal sealed record ViewerRequirement(Func<Viewer, bool> Holds) : IAuthorizationRequirement;

internal sealed class ViewerRequirementHandler(ViewerAccessor viewers) : AuthorizationHandler<ViewerRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, ViewerRequirement requirement)
    {
        if (await viewers.OfAsync(context.User).ConfigureAwait(false) is { } viewer && requirement.Holds(viewer)) context.Succeed(requirement);
    }
}
