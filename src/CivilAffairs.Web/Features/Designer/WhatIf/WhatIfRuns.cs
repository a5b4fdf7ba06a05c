using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.WhatIf;

/// <summary>
/// Holds the last ended cases of a matter against a revision. One comparison runs at a time and few wait for it: it reckons
/// on the server's own processors, which are there for the counter first. Nothing is kept of it.
/// </summary>
internal sealed partial class WhatIfRuns(PastRuns past, RevisionSource revisions, IReader reader, IWorkflowEngine engine, Calendars calendars, TimeProvider time, ILogger<WhatIfRuns> logger) : IDisposable
{
    /// <summary>Cases of one comparison.</summary>
    public const int Most = 200;
    private const int MostWaiting = 3;
    private readonly SemaphoreSlim one = new(1);
    private int asked;

    /// <param name="of">Which revision: see <see cref="RevisionSource.FindAsync"/>.</param>
    /// <param name="cases">1 to <see cref="Most"/>.</param>
    /// <param name="progress">Told after each case.</param>
    /// <exception cref="NotAllowedException">Not a manager of the county.</exception>
    /// <exception cref="UnknownCaseException">There is no such matter or revision.</exception>
    /// <exception cref="BusyException">Too many comparisons wait.</exception>
    public async Task<WhatIfReport> RunAsync(Viewer viewer, string matter, string? of, int cases, IProgress<WhatIfProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        ArgumentOutOfRangeException.ThrowIfLessThan(cases, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cases, Most);
        DesignerAccess.Require(viewer);
        var revision = await revisions.FindAsync(viewer, matter, of, cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        if (Interlocked.Increment(ref asked) > MostWaiting + 1)
        {
            Interlocked.Decrement(ref asked);
            throw new BusyException();
        }
        try
        {
            await one.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                // Off the caller's own thread: a page goes on showing itself.
                return await Task.Run(() => CompareAsync(viewer, revision, cases, progress, cancel), cancel).ConfigureAwait(false);
            }
            finally
            {
                one.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref asked);
        }
    }

    private async Task<WhatIfReport> CompareAsync(Viewer viewer, MatterRevision revision, int most, IProgress<WhatIfProgress>? progress, CancellationToken cancel)
    {
        var matter = revision.Matter.Id;
        var cases = await past.CasesAsync(viewer, matter, most, time.GetUtcNow(), cancel).ConfigureAwait(false);
        var posts = await PostsAsync(cancel).ConfigureAwait(false);
        var comparer = new RunComparer(engine, calendars.Working, (role, division) => posts.Contains((role, division)));
        var found = new List<(RecordedCase Case, IReadOnlyList<Difference> Differences)>();
        progress?.Report(new WhatIfProgress(0, cases.Count));
        await foreach (var (one, runs) in past.ReadAsync(cases, cancel).ConfigureAwait(false))
        {
            cancel.ThrowIfCancellationRequested();
            found.Add((one, [.. runs.SelectMany(run => comparer.Compare(run, revision)).Distinct()]));
            progress?.Report(new WhatIfProgress(found.Count, cases.Count));
        }
        // Which of them the viewer may also open is the scope of cases' to say; a manager alone may open none.
        var differing = found.Where(f => f.Differences.Count > 0).Select(f => f.Case.Id).ToArray();
        await using var db = reader.Open();
        var open = (await db.Set<Case>().Where(c => differing.Contains(c.Id)).EachVisibleTo(db, viewer).Select(c => c.Id).ToListAsync(cancel).ConfigureAwait(false)).ToHashSet();
        Compared(logger, matter, revision.Hash, found.Count, viewer.AccountId);
        return WhatIfReport.Of(matter, revision.Hash, found, open);
    }

    public void Dispose() => one.Dispose();

    [LoggerMessage(EventId = 6020, Level = LogLevel.Information, Message = "Cases of {Matter} were held against revision {Revision}: {Cases}, for account {Account}")]
    private static partial void Compared(ILogger logger, string matter, string revision, int cases, Guid account);

    /// <summary>Role and division of everybody posted today: some hundreds in a county.</summary>
    private async Task<HashSet<(string, string)>> PostsAsync(CancellationToken cancel)
    {
        var today = time.Today();
        await using var db = reader.Open();
        var posts = await db.Set<Posting>().Where(p => p.From <= today && (p.To == null || p.To >= today) && db.Users.Any(a => a.Id == p.AccountId && !a.Disabled)).Select(p => new { p.Role, p.Division }).Distinct().ToListAsync(cancel).ConfigureAwait(false);
        return [.. posts.Select(p => (p.Role, p.Division))];
    }
}

/// <param name="Of">Cases altogether.</param>
internal sealed record WhatIfProgress(int Done, int Of);
