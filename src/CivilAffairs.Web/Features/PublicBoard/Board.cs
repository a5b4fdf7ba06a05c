using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.PublicBoard;

/// <summary>What hangs on the board: snapshots that are up today and come down by themselves. For everybody.</summary>
internal sealed class Board(IReader reader, CaseEvents events, TimeProvider time)
{
    /// <summary>Notices counted and turned to.</summary>
    public const int Most = 1000;

    /// <param name="place">Village or township; null or of another length: the whole county.</param>
    /// <param name="page">From 1; beyond the last one: the last one.</param>
    /// <returns>Newest first.</returns>
    public async Task<(IReadOnlyList<PublicNotice> Notices, int Total, int Page)> ReadAsync(string? place, int page, int size, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var up = Up(db);
        if (place is { Length: 9 or 12 })
        {
            var end = Bytewise.EndOf(place);
            up = up.Where(n => n.Division.CompareTo(place) >= 0 && n.Division.CompareTo(end) < 0);
        }
        // Counted as far as anybody turns pages; older results are on the boards of their villages.
        var total = await up.Take(Most).CountAsync(cancel);
        page = Math.Clamp(page, 1, Math.Max(1, (total + size - 1) / size));
        return (await up.OrderByDescending(n => n.FirstDay).ThenByDescending(n => n.Id).Skip((page - 1) * size).Take(size).ToListAsync(cancel), total, page);
    }

    /// <exception cref="UnknownCaseException">There is none, or it is not up today.</exception>
    public async Task<PublicNotice> FindAsync(Guid id, CancellationToken cancel)
    {
        await using var db = reader.Open();
        return await Up(db).FirstOrDefaultAsync(n => n.Id == id, cancel) ?? throw new UnknownCaseException();
    }

    /// <summary>Takes an objection from whoever sends it; they learn only that it arrived.</summary>
    /// <param name="key">Of the sender's choice, at most 90 characters: their keys never meet the product's own.</param>
    /// <exception cref="UnknownCaseException">The notice is not up.</exception>
    public async Task ObjectAsync(Guid id, string text, string sender, string key, CancellationToken cancel)
    {
        await FindAsync(id, cancel);
        await events.ObjectAsync(Viewer.System, id, time.Today(), text.Trim(), sender.Trim(), $"objection-{key}", cancel);
    }

    private IQueryable<PublicNotice> Up(CivilAffairsDb db)
    {
        var today = time.Today();
        return db.Set<PublicNotice>().Where(n => n.FirstDay <= today && (n.LastDay == null || n.LastDay >= today) && n.TakenDownAt == null);
    }
}
