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
        return await RowsAsync(db, Up(db, viewer), 0, Most, cancel).ConfigureAwait(false);
    }

    /// <param name="page">From 1: results that are published as long as their benefit lasts make it long.</param>
    public async Task<BoardPage> PageAsync(Viewer viewer, int page, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var up = Up(db, viewer);
        var total = await up.CountAsync(cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (total + PageSize - 1) / PageSize);
        page = Math.Clamp(page, 1, pages);
        return new BoardPage(await RowsAsync(db, up, (page - 1) * PageSize, PageSize, cancel).ConfigureAwait(false), total, page, pages);
    }

    private IQueryable<PublicNotice> Up(CivilAffairsDb db, Viewer viewer)
    {
        var today = time.Today();
        var mine = db.Set<Case>().VisibleTo(db, viewer).Select(c => c.Id);
        return db.Set<PublicNotice>().Where(n => n.FirstDay <= today && (n.LastDay == null || n.LastDay >= today) && n.TakenDownAt == null && mine.Contains(n.CaseId));
    }

    private async Task<IReadOnlyList<BoardNotice>> RowsAsync(CivilAffairsDb db, IQueryable<PublicNotice> up, int skip, int take, CancellationToken cancel)
    {
        var today = time.Today();
        var rows = await up.OrderBy(n => n.LastDay == null).ThenBy(n => n.LastDay).ThenBy(n => n.Id).Skip(skip).Take(take)
            .Select(n => new { Notice = n, Objections = db.Set<Objection>().Count(o => o.NoticeId == n.Id), Number = db.Set<Case>().Where(c => c.Id == n.CaseId).Select(c => c.Number).FirstOrDefault() })
            .ToListAsync(cancel).ConfigureAwait(false);
        return [.. rows.Select(r => new BoardNotice(r.Notice.Id, r.Notice.CaseId, r.Number ?? "", r.Notice.TitleZh, r.Notice.TitleEn, r.Notice.Division, r.Notice.FirstDay, r.Notice.LastDay,
            r.Notice.LastDay is { } last ? last.DayNumber - today.DayNumber + 1 : null, r.Objections, r.Notice.BookmarkId is not null))];
    }
}

public sealed record BoardPage(IReadOnlyList<BoardNotice> Rows, int Total, int Page, int Pages);

/// <summary>One notice that is up.</summary>
/// <param name="DaysLeft">Days still up, today included; null: as long as the benefit lasts.</param>
/// <param name="TakesObjections">False for a published result.</param>
public sealed record BoardNotice(Guid Id, Guid CaseId, string Number, string TitleZh, string TitleEn, string Division, DateOnly FirstDay, DateOnly? LastDay, int? DaysLeft, int Objections, bool TakesObjections);
