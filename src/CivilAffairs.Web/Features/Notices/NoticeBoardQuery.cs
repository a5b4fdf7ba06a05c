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
    /// <summary>A county has some hundreds up at once; more are reached by the case.</summary>
    public const int Most = 200;

    public async Task<IReadOnlyList<BoardNotice>> ReadAsync(Viewer viewer, CancellationToken cancel = default)
    {
        var today = time.Today();
        await using var db = reader.Open();
        var mine = db.Set<Case>().VisibleTo(db, viewer).Select(c => c.Id);
        var rows = await db.Set<PublicNotice>()
            .Where(n => n.FirstDay <= today && (n.LastDay == null || n.LastDay >= today) && n.TakenDownAt == null && mine.Contains(n.CaseId))
            .OrderBy(n => n.LastDay == null).ThenBy(n => n.LastDay).ThenBy(n => n.Id).Take(Most)
            .Select(n => new { Notice = n, Objections = db.Set<Objection>().Count(o => o.NoticeId == n.Id), Number = db.Set<Case>().Where(c => c.Id == n.CaseId).Select(c => c.Number).FirstOrDefault() })
            .ToListAsync(cancel).ConfigureAwait(false);
        return [.. rows.Select(r => new BoardNotice(r.Notice.Id, r.Notice.CaseId, r.Number ?? "", r.Notice.TitleZh, r.Notice.TitleEn, r.Notice.Division, r.Notice.FirstDay, r.Notice.LastDay,
            r.Notice.LastDay is { } last ? last.DayNumber - today.DayNumber + 1 : null, r.Objections, r.Notice.BookmarkId is not null))];
    }
}

/// <summary>One notice that is up.</summary>
/// <param name="DaysLeft">Days still up, today included; null: as long as the benefit lasts.</param>
/// <param name="TakesObjections">False for a published result.</param>
public sealed record BoardNotice(Guid Id, Guid CaseId, string Number, string TitleZh, string TitleEn, string Division, DateOnly FirstDay, DateOnly? LastDay, int? DaysLeft, int Objections, bool TakesObjections);
