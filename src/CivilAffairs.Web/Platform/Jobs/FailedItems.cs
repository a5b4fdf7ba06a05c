using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Platform.Jobs;

/// <summary>
/// What a run of a job could not do one by one. It is written down when the run has ended, so that the page of jobs tells of it,
/// and taken off once a whole run did not fail at it any more: it was done, or need not be. A run that was cut short takes nothing off.
/// </summary>
/// <remarks>
/// After a power failure in between the page tells of the run before; the thing itself is still due, and the next run tells
/// again. Two nodes write the same rows: whoever comes second finds them, or is refused and leaves them as they are.
/// </remarks>
internal sealed class FailedItems(string job)
{
    /// <summary>What is written down of one run; a fault of thousands is a fault of the product, and twenty tell it as well.</summary>
    private const int Most = 200;
    private readonly Dictionary<Guid, (Guid? CaseId, string Error)> failed = [];

    /// <summary>May be called by several at once.</summary>
    /// <param name="subject">What could not be dealt with.</param>
    /// <param name="caseId">The case that it belongs to; null: none is known.</param>
    public void Add(Guid subject, Guid? caseId, Exception why)
    {
        var cause = why is AggregateException { InnerExceptions: [var first, ..] } ? first : why;
        lock (failed)
            if (failed.Count < Most) failed[subject] = (caseId, cause.GetType().Name);
    }

    /// <summary>At the end of a run that looked at everything. Costs one question where nothing failed and nothing had.</summary>
    public async Task NoteAsync(IReader reader, IWriter writer, DateTimeOffset now, CancellationToken cancel)
    {
        await using (var db = reader.Open())
            if (failed.Count == 0 && !await db.Set<FailedItem>().AnyAsync(i => i.Job == job, cancel).ConfigureAwait(false)) return;
        try
        {
            await writer.WriteAsync(async (db, token) =>
            {
                var known = await db.Set<FailedItem>().Where(i => i.Job == job).OrderBy(i => i.SubjectId).Take(10 * Most).ToListAsync(token).ConfigureAwait(false);
                foreach (var item in known)
                {
                    if (!failed.TryGetValue(item.SubjectId, out var again)) db.Remove(item);
                    else (item.CaseId, item.Error, item.LastAt, item.Times) = (again.CaseId ?? item.CaseId, again.Error, now, item.Times + 1);
                }
                foreach (var (subject, (caseId, error)) in failed)
                    if (!known.Exists(i => i.SubjectId == subject)) db.Add(new FailedItem { Job = job, SubjectId = subject, CaseId = caseId, Error = error, FirstAt = now, LastAt = now, Times = 1 });
                return 0;
            }, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DbUpdateException or BusyException)
        {
            // Another node wrote the same rows at once: they are there.
        }
    }
}
