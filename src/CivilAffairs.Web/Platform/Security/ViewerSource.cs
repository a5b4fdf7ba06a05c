using System.Security.Claims;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Security;

/// <summary>Turns a signed-in account into a <see cref="Viewer"/>: from the database, never from the cookie.</summary>
public interface IViewerSource
{
    /// <summary>Null: no such account, it is disabled, or its password must be changed first.</summary>
    Task<Viewer?> FindAsync(Guid accountId, CancellationToken cancel = default);
}

/// <summary>
/// One query by primary key with the postings in force on the bureau's day, and those of whom the account stands in for on it:
/// so a deputy's days begin and end by themselves.
/// </summary>
internal sealed class ViewerSource(IReader reader, TimeProvider time) : IViewerSource
{
    public async Task<Viewer?> FindAsync(Guid accountId, CancellationToken cancel = default)
    {
        var (today, without) = (time.Today(), Roles.WithoutCases);
        await using var db = reader.Open();
        var found = await db.Users.Where(a => a.Id == accountId && !a.Disabled && !a.PasswordIsTemporary).Select(a => new
        {
            a.DisplayName,
            a.Kind,
            a.PersonId,
            Held = a.Postings.Where(p => p.From <= today && (p.To == null || p.To >= today)).Select(p => new HeldRole(p.Role, p.Division)).ToList(),
            ActsFor = db.Set<Absence>().Where(s => s.DeputyId == a.Id && s.EndedAt == null && s.From <= today && s.To >= today).OrderBy(s => s.From)
                .Join(db.Users.Where(o => o.Kind == AccountKind.Officer && !o.Disabled), s => s.AccountId, o => o.Id, (s, o) => new
                {
                    o.Id,
                    o.DisplayName,
                    Held = o.Postings.Where(p => p.From <= today && (p.To == null || p.To >= today) && !without.Contains(p.Role)).Select(p => new HeldRole(p.Role, p.Division)).ToList(),
                }).ToList(),
        }).AsSingleQuery().FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        return found is null ? null : new Viewer(accountId, found.DisplayName, found.Kind, found.Held, found.PersonId)
        {
            Today = today,
            ActsFor = found.ActsFor.ConvertAll(a => new ActedFor(a.Id, a.DisplayName, a.Held)),
        };
    }
}

/// <summary>What a session's principal says; the rest is asked from the database.</summary>
public static class ViewerClaims
{
    /// <summary>The display name, so that the page's head needs no query.</summary>
    public const string Name = "civilaffairs:name";

    /// <summary><see cref="AccountKind"/> by name.</summary>
    public const string Kind = "civilaffairs:kind";

    /// <summary>Present while the password must be changed.</summary>
    public const string Temporary = "civilaffairs:temporary";

    /// <summary>The signed-in account's id; null where nobody is signed in.</summary>
    public static Guid? AccountId(this ClaimsPrincipal? principal) =>
        principal?.Identity?.IsAuthenticated == true && Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;
}
