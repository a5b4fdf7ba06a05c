using System.Data.Common;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Documents;
using Microsoft.Data.Sqlite;

namespace CivilAffairs.Web.Platform.Jobs;

/// <summary>Tells what is wrong with the one thing in hand, which must not hold up all that comes after it, from what would befall the next one too.</summary>
internal static class JobFaults
{
    private const int Constraint = 19; // SQLITE_CONSTRAINT

    /// <returns>False: the database cannot be reached or is full, too much waits to be written, or the process ends; the next run goes on.</returns>
    public static bool IsItsOwn(Exception e)
    {
        // A paper that is slow to lay out is that of one case.
        if (e is OperationCanceledException or (BusyException and not SlowRenderingException) or TimeoutException or OutOfMemoryException) return false;
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is SqliteException sqlite) return sqlite.SqliteErrorCode == Constraint;
            // Wrong data, and rules of the database that a row breaks.
            if (cause is DbException other) return other.SqlState is { } state && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal));
        }
        return true;
    }
}
