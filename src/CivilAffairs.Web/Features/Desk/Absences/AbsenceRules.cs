using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Absences;

/// <summary>Whose absence somebody may record, and who may stand in.</summary>
internal static class AbsenceRules
{
    /// <summary>More than any county has officers of one post; bounds what is read.</summary>
    internal const int Most = 200;

    /// <summary>Who leads an officer: supervisor 督办 or leader 分管领导 wherever that officer works on cases; nobody leads themself.</summary>
    public static bool Leads(Viewer viewer, Guid officer, IEnumerable<HeldRole> held)
    {
        var posts = held.Where(h => !Roles.WithoutCases.Contains(h.Role)).ToList();
        return viewer.AccountId != officer && posts.Count > 0 && posts.TrueForAll(p => Leading(viewer).Any(d => p.Division.StartsWith(d, StringComparison.Ordinal)));
    }

    /// <summary>Where the viewer leads officers; empty: nowhere.</summary>
    public static IEnumerable<string> Leading(Viewer viewer) => viewer.Held.Where(h => h.Role is Roles.Supervisor or Roles.Leader).Select(h => h.Division);

    /// <summary>Whether a deputy's own posts cover the absent officer's: the same role, in the same place or one that holds it.</summary>
    public static bool Cover(IEnumerable<HeldRole> deputy, IEnumerable<HeldRole> absent) =>
        absent.Where(h => !Roles.WithoutCases.Contains(h.Role)).All(p => deputy.Any(h => h.Role == p.Role && p.Division.StartsWith(h.Division, StringComparison.Ordinal)));

    /// <summary>The posts with work on cases that an officer holds on every day of a time; null: no such officer, or disabled.</summary>
    public static async Task<Staffed?> FindAsync(CivilAffairsDb db, Guid officer, DateOnly from, DateOnly to)
    {
        var without = Roles.WithoutCases;
        return await db.Users.Where(a => a.Id == officer && a.Kind == AccountKind.Officer && !a.Disabled)
            .Select(a => new Staffed(a.Id, a.DisplayName, a.Postings.Where(p => !without.Contains(p.Role) && p.From <= from && (p.To == null || p.To >= to)).Select(p => new HeldRole(p.Role, p.Division)).ToList()))
            .FirstOrDefaultAsync().ConfigureAwait(false);
    }

    /// <summary>Officers with work on cases in these places today, in the order of names.</summary>
    public static async Task<List<Staffed>> InAsync(CivilAffairsDb db, IReadOnlyCollection<string> places, DateOnly today, CancellationToken cancel)
    {
        var without = Roles.WithoutCases;
        var ranges = places.Distinct().ToList();
        if (ranges.Count == 0) return [];
        var posts = db.Set<Posting>().Where(p => !without.Contains(p.Role) && p.From <= today && (p.To == null || p.To >= today));
        // By what a place's code begins with: the county's posts are few, whatever the number of cases.
        var all = await db.Users.Where(a => a.Kind == AccountKind.Officer && !a.Disabled && posts.Any(p => p.AccountId == a.Id
                && (EF.Parameter(ranges).Contains(p.Division) || EF.Parameter(ranges).Contains(p.Division.Substring(0, 6)) || EF.Parameter(ranges).Contains(p.Division.Substring(0, 9)))))
            .OrderBy(a => a.DisplayName).ThenBy(a => a.Id).Take(Most).Select(a => new Staffed(a.Id, a.DisplayName,
                a.Postings.Where(p => !without.Contains(p.Role) && p.From <= today && (p.To == null || p.To >= today)).Select(p => new HeldRole(p.Role, p.Division)).ToList()))
            .AsSingleQuery().ToListAsync(cancel).ConfigureAwait(false);
        return all;
    }
}

/// <summary>An officer with posts.</summary>
public sealed record Staffed(Guid Id, string Name, IReadOnlyList<HeldRole> Held);
