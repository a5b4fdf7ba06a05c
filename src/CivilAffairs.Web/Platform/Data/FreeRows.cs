using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>Rows that jobs on several nodes share out among themselves.</summary>
internal static class FreeRows
{
    /// <summary>
    /// Those of the rows that nobody holds, locked until the transaction ends; one that another node or a decision works on
    /// is left out instead of waited for. SQLite has one writer anyway.
    /// </summary>
    /// <typeparam name="T">With the key <c>Id</c>.</typeparam>
    /// <param name="tracked">Whether changes of them are to be saved.</param>
    /// <returns>As they are stored now, in the order of their ids.</returns>
    public static async Task<List<T>> LockFreeAsync<T>(this CivilAffairsDb db, IReadOnlyList<Guid> ids, bool tracked = true) where T : class
    {
        if (!db.LocksRows) return await Kept(db.Set<T>()).Where(r => EF.Parameter(ids).Contains(EF.Property<Guid>(r, "Id"))).OrderBy(r => EF.Property<Guid>(r, "Id")).ToListAsync().ConfigureAwait(false);
        var table = db.Model.FindEntityType(typeof(T))!.GetTableName();
        return await Kept(db.Set<T>().FromSql(FormattableStringFactory.Create("SELECT * FROM \"" + table + "\" WHERE \"Id\" = ANY({0}) ORDER BY \"Id\" FOR UPDATE SKIP LOCKED", ids.ToArray()))).ToListAsync().ConfigureAwait(false);

        IQueryable<T> Kept(IQueryable<T> rows) => tracked ? rows : rows.AsNoTracking();
    }
}
