using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Registers.Lines;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Expiring;

/// <summary>
/// Certificates that run out soon, or did and were not renewed 证书到期, for who leads, heads a department or supervises, each in
/// their jurisdiction and for the kinds that they read; the earliest first. Renewed and suspended ones need nobody's attention.
/// </summary>
public sealed class ExpiringQuery(IReader reader, CertificateLines certificates, TimeProvider time)
{
    public const int PageSize = 25;

    /// <summary>Days ahead at which a band ends: what ran out already, a month, two, three.</summary>
    public static IReadOnlyList<int> Bands { get; } = [-1, 30, 60, 90];

    /// <summary>Days back: what ran out before stands in the register alone, so that this list stays what one can act on.</summary>
    public const int Back = 365;

    /// <param name="after">Where the page begins; null: at the earliest.</param>
    /// <returns>Null: not for this viewer.</returns>
    public async Task<ExpiringView?> ReadAsync(Viewer viewer, ExpiringFilter only, LineKey? after, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        ArgumentNullException.ThrowIfNull(only);
        if (!viewer.HoldsAny([.. Roles.Leading])) return null;
        // What a clerk may read besides does not make a supervisor of them.
        var posts = certificates.Posts(viewer with { Held = [.. viewer.Held.Where(h => Roles.Leading.Contains(h.Role))] });
        var today = time.Today();
        var (from, until) = (today.AddDays(-Back), today.AddDays(Bands[^1]));
        var ends = Bands.Take(Bands.Count - 1).Select(b => today.AddDays(b + 1)).ToList();
        await using var db = reader.Open();
        var (groups, rows) = (new List<ExpiringGroup>(), new List<Certificate>());
        foreach (var post in posts)
        {
            var ending = CertificateLines.InScope(db, viewer, post).Where(c => c.ValidTo >= from && c.ValidTo <= until
                && !db.Set<Certificate>().Any(n => n.RenewsId == c.Id) && !db.Set<CertificateChange>().Any(n => n.CertificateId == c.Id && n.Action == "Suspended" && n.FromDay <= today));
            // One question gives every chart: bands, kinds and places are sums of these.
            groups.AddRange((await ending.GroupBy(c => new { c.Kind, c.Township, Band = c.ValidTo < ends[0] ? 0 : c.ValidTo < ends[1] ? 1 : c.ValidTo < ends[2] ? 2 : 3 })
                .Select(g => new { g.Key, Matter = g.Min(c => c.Matter)!, Count = g.Count() }).ToListAsync(cancel).ConfigureAwait(false)).Select(g => new ExpiringGroup(g.Matter, g.Key.Kind, g.Key.Township, g.Key.Band, g.Count)));
            if (only.Kind is { } kind) ending = ending.Where(c => c.Kind == kind);
            if (only.Division is { } division) ending = ending.Where(c => c.Township == division);
            if (only.Band is { } band)
            {
                var (first, last) = (band <= 0 ? from : ends[Math.Min(band, ends.Count) - 1], band >= ends.Count ? until : ends[Math.Max(band, 0)].AddDays(-1));
                ending = ending.Where(c => c.ValidTo >= first && c.ValidTo <= last);
            }
            if (after is { Day: var day, Id: var id }) ending = ending.Where(c => c.ValidTo >= day && (c.ValidTo > day || c.Id > id));
            rows.AddRange(await ending.OrderBy(c => c.ValidTo).ThenBy(c => c.Id).Take(size + 1).ToListAsync(cancel).ConfigureAwait(false));
        }
        var shown = rows.OrderBy(c => c.ValidTo).ThenBy(c => c.Id).Take(size + 1).ToList();
        var lines = await certificates.LinesAsync(db, [.. shown.Take(size)], today, byName: false, cancel).ConfigureAwait(false);
        return new ExpiringView([.. lines.Select(l => new ExpiringRow(l, l.To!.Value.DayNumber - today.DayNumber))], groups,
            groups.Where(g => (only.Kind is null || g.Kind == only.Kind) && (only.Division is null || g.Township == only.Division) && (only.Band is null || g.Band == only.Band)).Sum(g => g.Count),
            shown.Count > size ? new LineKey(shown[size - 1].ValidTo!.Value, shown[size - 1].Id) : null);
    }
}

/// <summary>What a list is narrowed to; null: not by that.</summary>
/// <param name="Division">A township.</param>
/// <param name="Band">Position in <see cref="ExpiringQuery.Bands"/>.</param>
public sealed record ExpiringFilter(string? Kind = null, string? Division = null, int? Band = null)
{
    public bool IsAll => this == new ExpiringFilter();
}

/// <param name="Township">Null: the county itself.</param>
public sealed record ExpiringGroup(string Matter, string Kind, string? Township, int Band, int Count);

/// <param name="Line">Holder whole: pages mask persons.</param>
/// <param name="DaysLeft">Below 0: run out so many days ago.</param>
public sealed record ExpiringRow(RegisterLine Line, int DaysLeft);

/// <param name="Groups">Of the whole jurisdiction.</param>
/// <param name="Total">Of the list as narrowed.</param>
/// <param name="Next">Where the next page begins; null: this is the last one.</param>
public sealed record ExpiringView(IReadOnlyList<ExpiringRow> Rows, IReadOnlyList<ExpiringGroup> Groups, int Total, LineKey? Next);
