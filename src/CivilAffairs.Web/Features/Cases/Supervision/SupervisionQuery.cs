using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Supervision;

/// <summary>Supervision orders 督办 of cases that an officer sees: as lists, and one case's with all that was said.</summary>
internal sealed class SupervisionQuery(IReader reader, CaseVault vault, TimeProvider time, Calendars calendars)
{
    public const int PageSize = 25;

    /// <summary>Turned to as far as this; more than any county has running.</summary>
    public const int Most = 1000;

    /// <param name="page">From 1.</param>
    public async Task<SupervisionView> ListAsync(Viewer viewer, SupervisionFilter only, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var today = time.Today();
        await using var db = reader.Open();
        var orders = Of(db, viewer, only, today);
        var total = await orders.Take(Most + 1).CountAsync(cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (Math.Min(total, Most) + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var ordered = only == SupervisionFilter.Ended ? orders.OrderByDescending(o => o.EndedAt).ThenByDescending(o => o.Id) : orders.OrderBy(o => o.DueOn).ThenBy(o => o.Id);
        return new SupervisionView(await LinesAsync(db, ordered.Skip((page - 1) * size).Take(size), today, cancel).ConfigureAwait(false), Math.Min(total, Most), page, pages, total > Most, today);
    }

    /// <summary>What the viewer's office owes an answer to, the most pressing first: for the front of the queue.</summary>
    public async Task<SupervisionView> OwedAsync(Viewer viewer, int most, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        return SupervisionRules.Answers(viewer) ? await ListAsync(viewer, SupervisionFilter.Owed, 1, most, cancel).ConfigureAwait(false) : new SupervisionView([], 0, 1, 1, false, time.Today());
    }

    /// <summary>A case's orders, the newest first, with every word that was said.</summary>
    /// <exception cref="UnknownCaseException">Not a case that the viewer sees.</exception>
    public async Task<CaseSupervision> OfCaseAsync(Viewer viewer, Guid caseId, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var today = time.Today();
        await using var db = reader.Open();
        var @case = viewer.IsOfficer ? await db.Set<Case>().OneVisibleTo(db, viewer, caseId).FirstOrDefaultAsync(cancel).ConfigureAwait(false) : null;
        if (@case is null) throw new UnknownCaseException();
        var lines = await LinesAsync(db, db.Set<SupervisionOrder>().Where(o => o.CaseId == caseId).OrderByDescending(o => o.IssuedAt).Take(20), today, cancel).ConfigureAwait(false);
        var ids = lines.ConvertAll(l => l.Id);
        var entries = ids.Count == 0 ? [] : await db.Set<SupervisionEntry>().Where(e => ids.Contains(e.OrderId)).OrderBy(e => e.RecordedAt).ThenBy(e => e.Id)
            .Join(db.Users, e => e.RecordedById, u => u.Id, (e, u) => new { Entry = e, u.DisplayName }).ToListAsync(cancel).ConfigureAwait(false);
        var cipher = entries.Count == 0 || @case.ErasedAt is not null ? null : await vault.OpenAsync(db, caseId, cancel).ConfigureAwait(false);
        var read = entries.ToLookup(e => e.Entry.OrderId, e => new ReadEntry(e.Entry.Id, e.Entry.Kind, e.DisplayName, cipher?.OpenText(e.Entry.Cipher, e.Entry.Purpose) ?? "", e.Entry.DueOn, e.Entry.RecordedAt));
        var (orders, answers, over) = (SupervisionRules.Orders(viewer, @case), SupervisionRules.Answers(viewer), @case.ClosedAt is not null);
        return new CaseSupervision([.. lines.Select(l => new ReadOrder(l, [.. read[l.Id]],
                MayAnswer: l.Runs && answers && l.IssuedById != viewer.AccountId, MayDemand: l.Runs && orders && !over, MayClose: l.Runs && orders && (l.State == SupervisionState.Answered || over), MayWithdraw: l.Runs && orders))],
            MayIssue: orders && !over && @case.Status != "Draft" && !lines.Exists(l => l.Runs), WorkDays.AddWd(today, SupervisionRules.UsualWorkdays, calendars.Working) ?? today.AddDays(7), today);
    }

    /// <summary>Running ones are few; the scope is asked of each, by its keys.</summary>
    private static IQueryable<SupervisionOrder> Of(CivilAffairsDb db, Viewer viewer, SupervisionFilter only, DateOnly today)
    {
        var (me, orders) = (viewer.AccountId, db.Set<SupervisionOrder>().AsQueryable());
        var visible = db.Set<Case>().EachVisibleTo(db, viewer);
        orders = only == SupervisionFilter.Ended ? orders.Where(o => o.EndedAt != null) : orders.Where(o => o.EndedAt == null);
        orders = only switch
        {
            SupervisionFilter.Owed => orders.Where(o => o.State == SupervisionState.Open && db.Set<WorkTask>().OpenFor(db, viewer).Any(t => t.CaseId == o.CaseId)),
            SupervisionFilter.Mine => orders.Where(o => o.IssuedById == me),
            SupervisionFilter.Late => orders.Where(o => o.State == SupervisionState.Open && o.DueOn < today && db.Set<Case>().Any(c => c.Id == o.CaseId && c.ClosedAt == null)),
            SupervisionFilter.Answered => orders.Where(o => o.State == SupervisionState.Answered),
            _ => orders,
        };
        return orders.Where(o => visible.Any(c => c.Id == o.CaseId));
    }

    private static async Task<List<SupervisionLine>> LinesAsync(CivilAffairsDb db, IQueryable<SupervisionOrder> orders, DateOnly today, CancellationToken cancel)
    {
        var rows = await orders.Select(o => new
        {
            Order = o, Case = db.Set<Case>().First(c => c.Id == o.CaseId), By = db.Users.Where(u => u.Id == o.IssuedById).Select(u => u.DisplayName).First(),
        }).ToListAsync(cancel).ConfigureAwait(false);
        return rows.ConvertAll(r => new SupervisionLine(r.Order.Id, r.Case.Id, r.Order.Number, r.Case.Number ?? "", r.Case.Matter, r.Case.Village ?? r.Case.Township ?? r.Case.County, r.Order.State, r.Order.DueOn,
            r.Order.State == SupervisionState.Open && r.Order.DueOn < today && r.Case.ClosedAt is null, r.Order.Round, r.Order.IssuedById, r.By, r.Order.IssuedAt, r.Order.EndedAt, r.Case.ClosedAt is not null));
    }
}

/// <summary>Which orders a list shows.</summary>
public enum SupervisionFilter
{
    /// <summary>All that run.</summary>
    Running,

    /// <summary>Those that the viewer's office owes an answer to.</summary>
    Owed,

    /// <summary>Running ones that the viewer issued.</summary>
    Mine,

    /// <summary>Past their day without an answer.</summary>
    Late,

    /// <summary>Answered, and not decided yet.</summary>
    Answered,

    /// <summary>Closed or withdrawn.</summary>
    Ended,
}

/// <param name="Number">Of the order.</param>
/// <param name="Division">The smallest place that the case lies in.</param>
/// <param name="Late">Past its day without an answer, of a case that runs.</param>
/// <param name="CaseOver">The case is closed.</param>
public sealed record SupervisionLine(Guid Id, Guid CaseId, string Number, string CaseNumber, string Matter, string Division, SupervisionState State, DateOnly DueOn, bool Late, int Round, Guid IssuedById, string IssuedBy,
    DateTimeOffset IssuedAt, DateTimeOffset? EndedAt, bool CaseOver)
{
    public bool Runs => EndedAt is null;
}

/// <param name="Total">At most <see cref="SupervisionQuery.Most"/>.</param>
/// <param name="More">There are more than that.</param>
internal sealed record SupervisionView(IReadOnlyList<SupervisionLine> Rows, int Total, int Page, int Pages, bool More, DateOnly Today);

/// <param name="Usual">The last day that is proposed for a new one.</param>
internal sealed record CaseSupervision(IReadOnlyList<ReadOrder> Orders, bool MayIssue, DateOnly Usual, DateOnly Today);

internal sealed record ReadOrder(SupervisionLine Line, IReadOnlyList<ReadEntry> Entries, bool MayAnswer, bool MayDemand, bool MayClose, bool MayWithdraw);

/// <param name="Text">Empty once the case was destroyed.</param>
public sealed record ReadEntry(Guid Id, SupervisionEntryKind Kind, string By, string Text, DateOnly? DueOn, DateTimeOffset RecordedAt);
