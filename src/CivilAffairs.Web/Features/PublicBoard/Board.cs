using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Features.PublicBoard;

/// <summary>What hangs on the board: snapshots that are up on a day and come down by themselves.</summary>
internal static class Board
{
    public static IQueryable<PublicNotice> Up(this CivilAffairsDb db, DateOnly today) =>
        db.Set<PublicNotice>().Where(n => n.FirstDay <= today && (n.LastDay == null || n.LastDay >= today) && n.TakenDownAt == null);
}
