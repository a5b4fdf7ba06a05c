using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// Enters the end of benefits whose last month is over in the cases that granted them: these were being paid 发放中, and
/// are ended now, whichever case decided it. One transaction for each benefit, with a line in the case's audit: after a
/// power failure it is done or waits for the next round; a second round, or another node, finds it done.
/// </summary>
/// <remarks>While the decision on the case is under review its state is the review's to set: the benefit waits.</remarks>
public sealed class GrantEnds
{
    /// <summary>The job's id, under which the page of jobs names what could not be entered.</summary>
    internal const string Job = "benefit-ends";
    private readonly IReader reader;
    private readonly IWriter writer;
    private readonly CommandRunner runner;
    private readonly TimeProvider time;
    private readonly ILogger<GrantEnds> log;

    internal GrantEnds(IReader reader, IWriter writer, CommandRunner runner, TimeProvider time, ILogger<GrantEnds> log) => (this.reader, this.writer, this.runner, this.time, this.log) = (reader, writer, runner, time, log);

    /// <param name="batch">Rows read at a time.</param>
    /// <param name="cancel">Between two benefits.</param>
    /// <returns>How many ends were entered.</returns>
    public async Task<int> EnterAsync(int batch, CancellationToken cancel)
    {
        var month = MonthOf(time.Today());
        await using var db = reader.Open();
        var (entered, last, failed) = (0, (Month: DateOnly.MinValue, Id: Guid.Empty), new FailedItems(Job));
        while (true)
        {
            var ended = await db.Set<Grant>().Where(g => g.LastMonth != null && g.EndedAt == null && g.LastMonth < month && (g.LastMonth > last.Month || (g.LastMonth == last.Month && g.Id > last.Id)))
                .OrderBy(g => g.LastMonth).ThenBy(g => g.Id).Select(g => new { g.Id, g.CaseId, Month = g.LastMonth!.Value }).Take(batch).ToListAsync(cancel).ConfigureAwait(false);
            foreach (var grant in ended)
            {
                cancel.ThrowIfCancellationRequested();
                try
                {
                    if (await EnterAsync(grant.Id, cancel).ConfigureAwait(false)) entered++;
                }
                catch (Exception e) when (JobFaults.IsItsOwn(e))
                {
                    // One that cannot be entered must not stop the others; it is tried again on every run.
                    failed.Add(grant.Id, grant.CaseId, e);
                    CaseLog.GrantEndFailed(log, e, grant.Id);
                }
            }
            if (ended.Count < batch) break;
            last = (ended[^1].Month, ended[^1].Id);
        }
        await failed.NoteAsync(reader, writer, time.GetUtcNow(), cancel).ConfigureAwait(false);
        return entered;
    }

    /// <returns>False where it is not to be entered, or not yet, or somebody else did.</returns>
    internal Task<bool> EnterAsync(Guid grantId, CancellationToken cancel) => runner.RunAsync(Viewer.System, null, "grant.end", grantId, async context =>
    {
        var (db, month) = (context.Db, MonthOf(BureauTime.Day(context.Now)));
        var of = await db.Set<Grant>().Where(g => g.Id == grantId).Select(g => g.CaseId).FirstOrDefaultAsync().ConfigureAwait(false);
        var @case = of is { } id ? await CaseLoader.LockAsync(db, id).ConfigureAwait(false) : null;
        var grant = await db.Set<Grant>().FirstOrDefaultAsync(g => g.Id == grantId && g.EndedAt == null).ConfigureAwait(false);
        if (grant is null || grant.LastMonth is null || grant.LastMonth >= month || @case is { Status: Case.UnderReview }) return false;
        grant.EndedAt = context.Now;
        // A case that granted anew after a review is still paid.
        if (@case is not { Status: "Paying" } || await db.Set<Grant>().AnyAsync(g => g.CaseId == @case.Id && g.Id != grantId && (g.LastMonth == null || g.LastMonth >= month)).ConfigureAwait(false)) return true;
        @case.Status = "Ended";
        @case.Version++;
        (@case.ChangedAt, @case.ChangedBy, @case.ChangedById) = (context.Now, null, null);
        await db.AppendAsync(@case.Id.ToString(), Guid.Empty, "benefit.ended", new { grantId, grant.LastMonth }, context.Now).ConfigureAwait(false);
        return true;
    }, cancel);

    private static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);
}
