using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
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
    private const int Batch = 200;

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
        var ordered = IsPast(only) ? orders.OrderByDescending(o => o.EndedAt).ThenByDescending(o => o.Id) : orders.OrderBy(o => o.DueOn).ThenBy(o => o.Id);
        return new SupervisionView(await LinesAsync(db, ordered.Skip((page - 1) * size).Take(size), today, cancel).ConfigureAwait(false), Math.Min(total, Most), page, pages, total > Most, today);
    }

    /// <summary>All of a list, in batches in the order in which they were issued: for an export.</summary>
    public async IAsyncEnumerable<SupervisionLine> AllAsync(Viewer viewer, SupervisionFilter only, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var (today, last) = (time.Today(), Guid.Empty);
        await using var db = reader.Open();
        while (true)
        {
            var lines = await LinesAsync(db, Of(db, viewer, only, today).Where(o => o.Id > last).OrderBy(o => o.Id).Take(Batch), today, cancel).ConfigureAwait(false);
            foreach (var line in lines) yield return line;
            if (lines.Count < Batch) yield break;
            last = lines[^1].Id;
        }
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
        var (orders, over) = (SupervisionRules.Orders(viewer, @case), @case.ClosedAt is not null);
        var answers = lines.Exists(l => l.Runs && l.IssuedById != viewer.AccountId) && await SupervisionScope.AnsweredBy(db, viewer).AnyAsync(t => t.CaseId == caseId, cancel).ConfigureAwait(false);
        return new CaseSupervision([.. lines.Select(l => new ReadOrder(l, [.. read[l.Id]],
                MayAnswer: l.Runs && answers && l.IssuedById != viewer.AccountId, MayDemand: l.Runs && orders && !over, MayClose: l.Runs && orders && (l.State == SupervisionState.Answered || over), MayWithdraw: l.Runs && orders))],
            MayIssue: orders && !over && @case.Status != "Draft" && !lines.Exists(l => l.Runs), WorkDays.AddWd(today, SupervisionRules.UsualWorkdays, calendars.Working) ?? today.AddDays(7), today);
    }

    private static bool IsPast(SupervisionFilter only) => only is SupervisionFilter.Ended or SupervisionFilter.Closed or SupervisionFilter.Withdrawn;

    /// <summary>Running ones are few; the scope is asked of each, by its keys.</summary>
    private static IQueryable<SupervisionOrder> Of(CivilAffairsDb db, Viewer viewer, SupervisionFilter only, DateOnly today)
    {
        var (me, orders) = (viewer.AccountId, db.Set<SupervisionOrder>().AsQueryable());
        var (visible, owed) = (db.Set<Case>().EachVisibleTo(db, viewer), SupervisionScope.AnsweredBy(db, viewer));
        orders = IsPast(only) ? orders.Where(o => o.EndedAt != null) : orders.Where(o => o.EndedAt == null);
        orders = only switch
        {
            SupervisionFilter.Owed => orders.Where(o => o.State == SupervisionState.Open && o.IssuedById != me && owed.Any(t => t.CaseId == o.CaseId)),
            SupervisionFilter.Mine => orders.Where(o => o.IssuedById == me),
            SupervisionFilter.Late => orders.Where(o => o.State == SupervisionState.Open && o.DueOn < today && db.Set<Case>().Any(c => c.Id == o.CaseId && c.ClosedAt == null)),
            SupervisionFilter.Answered => orders.Where(o => o.State == SupervisionState.Answered),
            SupervisionFilter.Closed => orders.Where(o => o.State == SupervisionState.Closed),
            SupervisionFilter.Withdrawn => orders.Where(o => o.State == SupervisionState.Withdrawn),
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
            r.Order.State == SupervisionState.Open && r.Order.DueOn < today && r.Case.ClosedAt is null, r.Order.Round, r.Order.IssuedById, r.By, r.Order.IssuedAt, r.Order.EndedAt, r.Case.ClosedAt is not null) { Office = r.Order.Office, InTime = r.Order.InTime });
    }
}

/// <summary>Which orders a list shows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SupervisionFilter>))]
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

    /// <summary>Closed 办结: the answer was accepted, or the case was over.</summary>
    Closed,

    /// <summary>Withdrawn 撤销.</summary>
    Withdrawn,
}

/// <param name="Number">Of the order.</param>
/// <param name="Division">The smallest place that the case lies in.</param>
/// <param name="Late">Past its day without an answer, of a case that runs.</param>
/// <param name="CaseOver">The case is closed.</param>
public sealed record SupervisionLine(Guid Id, Guid CaseId, string Number, string CaseNumber, string Matter, string Division, SupervisionState State, DateOnly DueOn, bool Late, int Round, Guid IssuedById, string IssuedBy,
    DateTimeOffset IssuedAt, DateTimeOffset? EndedAt, bool CaseOver)
{
    public bool Runs => EndedAt is null;

    /// <summary>The division of the office that had the case in hand when it was issued.</summary>
    public string Office { get; init; } = "";

    /// <summary>Whether every answer so far came by its day; null: none came.</summary>
    public bool? InTime { get; init; }
}

/// <param name="Total">At most <see cref="SupervisionQuery.Most"/>.</param>
/// <param name="More">There are more than that.</param>
internal sealed record SupervisionView(IReadOnlyList<SupervisionLine> Rows, int Total, int Page, int Pages, bool More, DateOnly Today);

/// <param name="Usual">The last day that is proposed for a new one.</param>
internal sealed record CaseSupervision(IReadOnlyList<ReadOrder> Orders, bool MayIssue, DateOnly Usual, DateOnly Today);

internal sealed record ReadOrder(SupervisionLine Line, IReadOnlyList<ReadEntry> Entries, bool MayAnswer, bool MayDemand, bool MayClose, bool MayWithdraw)
{
    /// <summary>What a command about it must have seen: the number of its entries, which are only ever added.</summary>
    public int Version => Entries.Count;
}

/// <param name="Text">Empty once the case was destroyed.</param>
public sealed record ReadEntry(Guid Id, SupervisionEntryKind Kind, string By, string Text, DateOnly? DueOn, DateTimeOffset RecordedAt);
