namespace CivilAffairs.Web.Platform.Security;

/// <summary>Who looks or acts, with the postings in force today. Every query for a page starts from one.</summary>
/// <param name="AccountId">Never empty.</param>
/// <param name="Name">As shown to colleagues.</param>
public sealed record Viewer(Guid AccountId, string Name, AccountKind Kind, IReadOnlyList<HeldRole> Held, Guid? PersonId = null)
{
    /// <summary>The bureau's day on which they look: what was granted until a day is over after it. Without one nothing is over.</summary>
    public DateOnly Today { get; init; }

    /// <summary>The product itself: timers, seeding, jobs. Sees everything; is nobody's posting.</summary>
    public static Viewer System { get; } = new(Guid.Empty, "system", AccountKind.Officer, []);

    public bool IsSystem => AccountId == Guid.Empty;
    public bool IsOfficer => Kind == AccountKind.Officer;

    public bool Holds(string role, string division) => Held.Any(h => h.Role == role && h.Division == division);

    /// <summary>One of these posts for the whole county.</summary>
    public bool HoldsForCounty(params string[] roles) => Held.Any(h => h.IsCounty && roles.Contains(h.Role));
    public bool HoldsAny(params string[] roles) => Held.Any(h => roles.Contains(h.Role));
}

/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Division">6, 9 or 12 digits.</param>
public sealed record HeldRole(string Role, string Division)
{
    public bool IsCounty => Division.Length == 6;
}
