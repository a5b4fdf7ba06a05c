using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Registers.Lines;

/// <summary>Lists of one sort: who reads them, and their lines.</summary>
public interface ILineSource
{
    /// <summary>Those that there are.</summary>
    IEnumerable<ReadRegister> Registers { get; }

    /// <summary>Where the viewer reads a list; empty: nowhere.</summary>
    IReadOnlyList<ReadingPost> Posts(Viewer viewer, string register);

    /// <summary>So many lines at most, in the order of their keys, after one of them.</summary>
    Task<IReadOnlyList<RegisterLine>> ReadAsync(CivilAffairsDb db, Viewer viewer, string register, ReadingPost post, LineSearch search, LineKey? after, int take, CancellationToken cancel);

    /// <returns>Null: there is none, or not for this post.</returns>
    Task<RegisterLine?> FindAsync(CivilAffairsDb db, Viewer viewer, string register, ReadingPost post, Guid id, DateOnly day, CancellationToken cancel);
}

/// <summary>A place in which somebody reads a list, and what of it. No two posts of one viewer read the same line.</summary>
/// <param name="Division">6, 9 or 12 digits.</param>
/// <param name="Kinds">Matters or kinds of certificates; null: all.</param>
/// <param name="Except">Those that the viewer reads by the post of a wider place.</param>
public sealed record ReadingPost(string Division, IReadOnlyList<string>? Kinds, IReadOnlyList<string> Except)
{
    /// <param name="kinds">What a role reads; null: all; empty: nothing.</param>
    public static IReadOnlyList<ReadingPost> Of(Viewer viewer, Func<string, IReadOnlyCollection<string>?> kinds)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var held = viewer.Held.Where(h => !Roles.WithoutCases.Contains(h.Role)).Select(h => (h.Division, Kinds: kinds(h.Role))).Where(p => p.Kinds is not { Count: 0 }).ToList();
        var posts = new List<ReadingPost>();
        foreach (var place in held.GroupBy(h => h.Division))
        {
            var wider = held.FindAll(h => h.Division.Length < place.Key.Length && place.Key.StartsWith(h.Division, StringComparison.Ordinal));
            if (wider.Exists(w => w.Kinds is null)) continue;
            var except = wider.SelectMany(w => w.Kinds!).Distinct().ToList();
            if (place.Any(p => p.Kinds is null)) posts.Add(new ReadingPost(place.Key, null, except));
            else if (place.SelectMany(p => p.Kinds!).Except(except).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } read) posts.Add(new ReadingPost(place.Key, read, []));
        }
        return posts;
    }
}
