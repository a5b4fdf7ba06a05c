using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Overview;

/// <summary>
/// How the bureau stands, in numbers without names, for who leads or supervises the whole county: what came in and was decided,
/// what is open, which certificates run out, which re-verifications are due. Each row of figures is one grouped query over one range of an index.
/// </summary>
public sealed class OverviewQuery(IReader reader, MatterLibrary library, TimeProvider time)
{
    /// <summary>Months shown, this one included.</summary>
    public const int Months = 12;

    public static bool MaySee(Viewer viewer) => (viewer ?? throw new ArgumentNullException(nameof(viewer))).HoldsForCounty(Roles.Leader, Roles.Supervisor, Roles.DepartmentHead);

    /// <returns>Null: not for this viewer.</returns>
    public async Task<OverviewView?> ReadAsync(Viewer viewer, CancellationToken cancel = default)
    {
        if (!MaySee(viewer)) return null;
        var today = time.Today();
        await using var db = reader.Open();
        var first = new DateOnly(today.Year, today.Month, 1);
        var (past, ahead) = (Enumerable.Range(1 - Months, Months + 1).Select(n => first.AddMonths(n)).ToList(), Enumerable.Range(0, Months + 1).Select(n => first.AddMonths(n)).ToList());
        var starts = past.ConvertAll(m => BureauTime.Start(m));
        var (from, until, last) = (starts[0], starts[^1], ahead[^1]);
        var received = await CountAsync(db.Set<Case>().Where(c => c.SubmittedAt >= from && c.SubmittedAt < until).Select(Buckets.Of((Case c) => c.SubmittedAt!.Value, starts)), cancel).ConfigureAwait(false);
        var decided = await CountAsync(db.Set<CaseDecision>().Where(d => d.RecordedAt >= from && d.RecordedAt < until).Select(Buckets.Of((CaseDecision d) => d.RecordedAt, starts)), cancel).ConfigureAwait(false);
        var ending = db.Set<Certificate>().Where(c => c.ValidTo >= today && c.ValidTo < last);
        var month = Buckets.Of((Certificate c) => c.ValidTo!.Value, ahead);
        var ends = await CountAsync(ending.Select(month), cancel).ConfigureAwait(false);
        var renewed = await CountAsync(ending.Where(c => db.Set<Certificate>().Any(n => n.RenewsId == c.Id)).Select(month), cancel).ConfigureAwait(false);
        var open = await db.Set<Case>().Where(c => c.ClosedAt == null && c.Number != null).GroupBy(c => c.Matter).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel).ConfigureAwait(false);
        // The figures lead to the list: both are the same question.
        var due = await CountAsync(ReverificationsDueQuery.NotBegun(db, viewer, ReverificationsDueQuery.Soon(today)).Select(Buckets.Of((ReverificationsDueQuery.NotBegunReverification r) => r.DueOn, [today])), cancel).ConfigureAwait(false);
        return new OverviewView([.. past.Take(Months).Select((m, i) => new MonthFigures(m, received.GetValueOrDefault(i + 1), decided.GetValueOrDefault(i + 1)))],
            [.. ahead.Take(Months).Select((m, i) => new MonthExpiries(m, ends.GetValueOrDefault(i + 1), renewed.GetValueOrDefault(i + 1)))],
            [.. open.OrderByDescending(o => o.Count).Select(o => new OpenCases(library.Find(o.Key)?.Matter.Name ?? new Words { Zh = o.Key, En = o.Key }, o.Count))], due.GetValueOrDefault(0), due.GetValueOrDefault(1));
    }

    private static Task<Dictionary<int, int>> CountAsync(IQueryable<int> buckets, CancellationToken cancel) =>
        buckets.GroupBy(b => b).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
}

/// <param name="Month">Its first day.</param>
public sealed record MonthFigures(DateOnly Month, int Received, int Decided);

/// <param name="Renewed">Of them, renewed already.</param>
public sealed record MonthExpiries(DateOnly Month, int Certificates, int Renewed);

public sealed record OpenCases(Words Matter, int Count);

/// <param name="Received">By month, the oldest first.</param>
/// <param name="Expiring">By month, this one first, from today on.</param>
/// <param name="LateReverifications">Whose day has passed and that nobody has begun (<see cref="ReverificationsDueQuery"/>).</param>
/// <param name="SoonReverifications">Whose day comes within a month and that nobody has begun.</param>
public sealed record OverviewView(IReadOnlyList<MonthFigures> Received, IReadOnlyList<MonthExpiries> Expiring, IReadOnlyList<OpenCases> Open, int LateReverifications, int SoonReverifications);
