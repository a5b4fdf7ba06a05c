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

    /// <summary>Colleagues who are absent today and whose deputy 代理人 the viewer is: their cases and tasks are within reach too, and nothing else of theirs.</summary>
    public IReadOnlyList<ActedFor> ActsFor { get; init; } = [];

    public bool IsSystem => AccountId == Guid.Empty;
    public bool IsOfficer => Kind == AccountKind.Officer;

    public bool Holds(string role, string division) => Held.Any(h => h.Role == role && h.Division == division);

    /// <summary>One of these posts for the whole county.</summary>
    public bool HoldsForCounty(params string[] roles) => Held.Any(h => h.IsCounty && roles.Contains(h.Role));

    /// <summary>Whether looking after the work of the whole county is all they have to do with cases: whoever works on them besides has a queue.</summary>
    public bool LeadsTheCounty => HoldsForCounty([.. Roles.Leading]) && Held.All(h => Roles.Leading.Contains(h.Role) || Roles.WithoutCases.Contains(h.Role));
    public bool HoldsAny(params string[] roles) => Held.Any(h => roles.Contains(h.Role));

    /// <summary>Whether what this account holds is in the viewer's hands: their own, or an absent colleague's.</summary>
    public bool Handles(Guid? holder) => holder is { } id && (id == AccountId || ActsFor.Any(a => a.AccountId == id));

    /// <summary>Absent colleagues in whose name the viewer may do a task of this post: those who hold it, or who could take it.</summary>
    public IEnumerable<ActedFor> StandsInFor(string role, string division, Guid? holder) =>
        ActsFor.Where(a => (holder is null || holder == a.AccountId) && a.Held.Any(h => h.Role == role && h.Division == division));

    /// <summary>The viewer with these postings alone, and in nobody else's name: for what hangs on a certain post.</summary>
    public Viewer With(Func<HeldRole, bool> which) => this with { Held = [.. Held.Where(which)], ActsFor = [] };
}

/// <summary>An absent officer whom a deputy stands in for.</summary>
/// <param name="Held">The absent officer's own postings in force today; never what they in turn stand in for.</param>
public sealed record ActedFor(Guid AccountId, string Name, IReadOnlyList<HeldRole> Held);

/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Division">6, 9 or 12 digits.</param>
public sealed record HeldRole(string Role, string Division)
{
    public bool IsCounty => Division.Length == 6;
}
