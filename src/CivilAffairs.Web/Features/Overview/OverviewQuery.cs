using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Overview;

/// <summary>
/// How the bureau stands, in numbers without names, for who leads or supervises the whole county: what came in and was decided,
/// what is open, which certificates run out, which re-verifications are due. Each figure is one range of an index.
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
        var months = new List<MonthFigures>();
        for (var back = Months - 1; back >= 0; back--)
        {
            var first = new DateOnly(today.Year, today.Month, 1).AddMonths(-back);
            var (from, until) = (BureauTime.Start(first), BureauTime.Start(first.AddMonths(1)));
            months.Add(new MonthFigures(first, await db.Set<Case>().CountAsync(c => c.SubmittedAt >= from && c.SubmittedAt < until, cancel).ConfigureAwait(false),
                await db.Set<CaseDecision>().CountAsync(d => d.RecordedAt >= from && d.RecordedAt < until, cancel).ConfigureAwait(false)));
        }
        var expiring = new List<MonthExpiries>();
        for (var ahead = 0; ahead < Months; ahead++)
        {
            var first = new DateOnly(today.Year, today.Month, 1).AddMonths(ahead);
            var (from, until) = (ahead == 0 ? today : first, first.AddMonths(1));
            var certificates = db.Set<Certificate>().Where(c => c.ValidTo >= from && c.ValidTo < until);
            expiring.Add(new MonthExpiries(first, await certificates.CountAsync(cancel).ConfigureAwait(false), await certificates.CountAsync(c => db.Set<Certificate>().Any(n => n.RenewsId == c.Id), cancel).ConfigureAwait(false)));
        }
        var open = await db.Set<Case>().Where(c => c.ClosedAt == null && c.Number != null).GroupBy(c => c.Matter).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel).ConfigureAwait(false);
        var waiting = db.Set<PlannedReverification>().Where(r => r.SettledAt == null);
        var month = today.AddMonths(1);
        return new OverviewView(months, expiring, [.. open.OrderByDescending(o => o.Count).Select(o => new OpenCases(library.Find(o.Key)?.Matter.Name ?? new Words { Zh = o.Key, En = o.Key }, o.Count))],
            await waiting.CountAsync(r => r.DueOn < today, cancel).ConfigureAwait(false), await waiting.CountAsync(r => r.DueOn >= today && r.DueOn <= month, cancel).ConfigureAwait(false));
    }
}

/// <param name="Month">Its first day.</param>
public sealed record MonthFigures(DateOnly Month, int Received, int Decided);

/// <param name="Renewed">Of them, renewed already.</param>
public sealed record MonthExpiries(DateOnly Month, int Certificates, int Renewed);

public sealed record OpenCases(Words Matter, int Count);

/// <param name="Received">By month, the oldest first.</param>
/// <param name="Expiring">By month, this one first, from today on.</param>
/// <param name="LateReverifications">Whose day has passed and that are not open yet.</param>
/// <param name="SoonReverifications">Within a month.</param>
public sealed record OverviewView(IReadOnlyList<MonthFigures> Received, IReadOnlyList<MonthExpiries> Expiring, IReadOnlyList<OpenCases> Open, int LateReverifications, int SoonReverifications);
