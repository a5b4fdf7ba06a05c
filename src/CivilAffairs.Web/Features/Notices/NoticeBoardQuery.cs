using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Notices;

/// <summary>What is up now 公示栏, of cases that the officer may see.</summary>
public sealed class NoticeBoardQuery(IReader reader, TimeProvider time)
{
    /// <summary>The most that one answer gives.</summary>
    public const int Most = 200;
    public const int PageSize = 25;

    /// <summary>The most pressing ones.</summary>
    public async Task<IReadOnlyList<BoardNotice>> ReadAsync(Viewer viewer, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var (ending, results) = Up(db, viewer);
        var rows = await Query(db, viewer, ending, 0, Most).ToListAsync(cancel).ConfigureAwait(false);
        if (rows.Count < Most) rows.AddRange(await Query(db, viewer, results, 0, Most - rows.Count).ToListAsync(cancel).ConfigureAwait(false));
        return Shown(rows);
    }

    /// <param name="page">From 1: results that are published as long as their benefit lasts make it long.</param>
    public async Task<BoardPage> PageAsync(Viewer viewer, int page, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var (ending, results) = Up(db, viewer);
        var visible = db.Set<Case>().VisibleTo(db, viewer).Select(c => c.Id);
        var first = await ending.CountAsync(n => visible.Contains(n.CaseId), cancel).ConfigureAwait(false);
        var total = first + await results.CountAsync(n => visible.Contains(n.CaseId), cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (total + PageSize - 1) / PageSize);
        page = Math.Clamp(page, 1, pages);
        var skip = (page - 1) * PageSize;
        var rows = skip < first ? await Query(db, viewer, ending, skip, PageSize).ToListAsync(cancel).ConfigureAwait(false) : [];
        if (rows.Count < PageSize) rows.AddRange(await Query(db, viewer, results, Math.Max(0, skip - first), PageSize - rows.Count).ToListAsync(cancel).ConfigureAwait(false));
        return new BoardPage(Shown(rows), total, page, pages);
    }

    /// <summary>What ends comes first, by its last day; then published results, the newest first. Each in the order of an index.</summary>
    private (IQueryable<PublicNotice> Ending, IQueryable<PublicNotice> Results) Up(CivilAffairsDb db, Viewer viewer)
    {
        var today = time.Today();
        var up = Near(db.Set<PublicNotice>().Where(n => n.FirstDay <= today && n.TakenDownAt == null), viewer);
        return (up.Where(n => n.LastDay >= today).OrderBy(n => n.LastDay).ThenBy(n => n.FirstDay).ThenBy(n => n.Id),
            up.Where(n => n.LastDay == null).OrderByDescending(n => n.FirstDay).ThenByDescending(n => n.Id));
    }

    private List<BoardNotice> Shown(IReadOnlyList<BoardRow> rows)
    {
        var today = time.Today();
        return [.. rows.Select(r => new BoardNotice(r.Notice.Id, r.Notice.CaseId, r.Number ?? "", r.Notice.TitleZh, r.Notice.TitleEn, r.Notice.Division, r.Notice.FirstDay, r.Notice.LastDay,
            r.Notice.LastDay is { } last ? last.DayNumber - today.DayNumber + 1 : null, r.Objections, r.Notice.BookmarkId is not null))];
    }

    /// <summary>
    /// A notice hangs in its case's village or township: who holds posts in one township only need not look at the boards of
    /// the others. Who sees what is still the scope's to say.
    /// </summary>
    private static IQueryable<PublicNotice> Near(IQueryable<PublicNotice> notices, Viewer viewer)
    {
        var townships = viewer.Held.Select(h => h.Division.Length >= 9 ? h.Division[..9] : "").Distinct().ToList();
        if (townships is not [{ Length: 9 } township]) return notices;
        var end = Bytewise.EndOf(township);
        return notices.Where(n => n.Division.CompareTo(township) >= 0 && n.Division.CompareTo(end) < 0);
    }

    /// <summary>The first of the notices, in their order, whose cases the viewer sees.</summary>
    internal static IQueryable<BoardRow> Query(CivilAffairsDb db, Viewer viewer, IQueryable<PublicNotice> notices, int skip, int most)
    {
        var visible = db.Set<Case>().EachVisibleTo(db, viewer);
        return notices.Where(n => visible.Any(c => c.Id == n.CaseId))
            .Select(n => new BoardRow(n, db.Set<Objection>().Count(o => o.NoticeId == n.Id), db.Set<Case>().Where(c => c.Id == n.CaseId).Select(c => c.Number).FirstOrDefault()))
            .Skip(skip).Take(most);
    }

    internal sealed record BoardRow(PublicNotice Notice, int Objections, string? Number);
}

public sealed record BoardPage(IReadOnlyList<BoardNotice> Rows, int Total, int Page, int Pages);

/// <summary>One notice that is up.</summary>
/// <param name="DaysLeft">Days still up, today included; null: as long as the benefit lasts.</param>
/// <param name="TakesObjections">False for a published result.</param>
public sealed record BoardNotice(Guid Id, Guid CaseId, string Number, string TitleZh, string TitleEn, string Division, DateOnly FirstDay, DateOnly? LastDay, int? DaysLeft, int Objections, bool TakesObjections);
