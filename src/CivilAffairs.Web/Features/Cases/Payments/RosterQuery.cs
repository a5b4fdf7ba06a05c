using System.Text.Json.Serialization;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>Payment batches as lists, one batch with its figures, and its lines page by page.</summary>
internal sealed class RosterQuery(IReader reader, PayBooks books, PayVault vault, FieldCipher fields, MatterLibrary library, TimeProvider time)
{
    public const int PageSize = 25;

    /// <summary>Batches of the viewer's counties, the latest month first.</summary>
    /// <param name="benefit"><c>matter/benefit</c>; null: all.</param>
    public async Task<RosterList> ListAsync(Viewer viewer, string? benefit, RosterFilter only, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = reader.Open();
        var rosters = db.Set<PayRoster>().AsNoTracking().InScope(viewer);
        if (benefit?.Split('/') is [var matter, var kind]) rosters = rosters.Where(r => r.Matter == matter && r.Benefit == kind);
        rosters = only switch
        {
            RosterFilter.Open => rosters.Where(r => r.State != RosterState.Closed && r.State != RosterState.Discarded),
            RosterFilter.Closed => rosters.Where(r => r.State == RosterState.Closed),
            RosterFilter.Discarded => rosters.Where(r => r.State == RosterState.Discarded),
            RosterFilter.ToCheck => rosters.Where(r => r.State == RosterState.Submitted),
            _ => rosters,
        };
        var total = await rosters.CountAsync(cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (total + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var rows = await rosters.OrderByDescending(r => r.Month).ThenByDescending(r => r.Id).Skip((page - 1) * size).Take(size).ToListAsync(cancel).ConfigureAwait(false);
        var sums = await SumsAsync(db, rows.ConvertAll(r => r.Id), cancel).ConfigureAwait(false);
        return new RosterList(rows.ConvertAll(r => new RosterRow(r, NameOf(r.Matter, r.Benefit), sums[r.Id])), total, page, pages);
    }

    /// <exception cref="UnknownCaseException">There is none, or not for this viewer.</exception>
    public async Task<RosterView> ReadAsync(Viewer viewer, Guid id, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = reader.Open();
        var roster = await OneAsync(db, viewer, id, cancel).ConfigureAwait(false);
        var before = await BeforeAsync(db, roster, cancel).ConfigureAwait(false);
        var (now, then) = (Regular(db, id), Regular(db, before?.Id ?? Guid.Empty));
        var changes = new RosterChanges(
            await now.CountAsync(l => !then.Any(b => b.GrantId == l.GrantId), cancel).ConfigureAwait(false),
            await then.CountAsync(b => !now.Any(l => l.GrantId == b.GrantId), cancel).ConfigureAwait(false),
            await now.CountAsync(l => then.Any(b => b.GrantId == l.GrantId && b.AmountFen < l.AmountFen), cancel).ConfigureAwait(false),
            await now.CountAsync(l => then.Any(b => b.GrantId == l.GrantId && b.AmountFen > l.AmountFen), cancel).ConfigureAwait(false));
        var held = await db.Set<PayLine>().Where(l => l.RosterId == id && l.State == PayLineState.Held).GroupBy(l => l.Reason).Select(g => new HeldSum(g.Key ?? "", g.Count(), g.Sum(l => l.AmountFen))).ToListAsync(cancel).ConfigureAwait(false);
        var shared = await db.Set<PayLine>().CountAsync(l => l.RosterId == id && l.SharedAccount, cancel).ConfigureAwait(false);
        var results = await db.Set<PayResult>().AsNoTracking().Where(r => r.RosterId == id).OrderByDescending(r => r.SentAt).Take(20).ToListAsync(cancel).ConfigureAwait(false);
        var why = roster.ReturnedCipher is null || !PayScope.Pays(viewer) ? null : fields.Decrypt(roster.ReturnedCipher, roster.Purpose);
        return new RosterView(roster, NameOf(roster.Matter, roster.Benefit), (await SumsAsync(db, [id], cancel).ConfigureAwait(false))[id], before?.Number, before is null ? null : changes,
            [.. held.OrderBy(h => h.Reason, StringComparer.Ordinal)], shared, why, results, viewer.Holds(Roles.Payments, roster.County));
    }

    /// <summary>Lines of a batch in its order; names and accounts masked. Those who stopped since last month are the earlier batch's lines.</summary>
    public async Task<LineList> LinesAsync(Viewer viewer, Guid id, PayLineFilter only, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = reader.Open();
        var roster = await OneAsync(db, viewer, id, cancel).ConfigureAwait(false);
        var before = (await BeforeAsync(db, roster, cancel).ConfigureAwait(false))?.Id ?? Guid.Empty;
        var (now, then, lines) = (Regular(db, id), Regular(db, before), PayScope.Shown(db, viewer, only == PayLineFilter.Stopped ? before : id));
        lines = only switch
        {
            PayLineFilter.Payable => lines.Where(l => l.State == PayLineState.Payable), PayLineFilter.Held => lines.Where(l => l.State == PayLineState.Held),
            PayLineFilter.Paid => lines.Where(l => l.State == PayLineState.Paid), PayLineFilter.Returned => lines.Where(l => l.State == PayLineState.Returned),
            PayLineFilter.Arrears => lines.Where(l => l.Kind != PayKind.Regular), PayLineFilter.Shared => lines.Where(l => l.SharedAccount),
            PayLineFilter.New => lines.Where(l => l.Kind == PayKind.Regular && !then.Any(b => b.GrantId == l.GrantId)),
            PayLineFilter.Raised => lines.Where(l => l.Kind == PayKind.Regular && then.Any(b => b.GrantId == l.GrantId && b.AmountFen < l.AmountFen)),
            PayLineFilter.Lowered => lines.Where(l => l.Kind == PayKind.Regular && then.Any(b => b.GrantId == l.GrantId && b.AmountFen > l.AmountFen)),
            PayLineFilter.Stopped => lines.Where(l => l.Kind == PayKind.Regular && !now.Any(b => b.GrantId == l.GrantId)),
            _ => lines,
        };
        var total = await lines.CountAsync(cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (total + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var rows = await lines.OrderBy(l => l.Position).Skip((page - 1) * size).Take(size)
            .Join(db.Set<Grant>(), l => l.GrantId, g => g.Id, (l, g) => new { Line = l, g.HolderName, Division = g.Village ?? g.Township ?? g.County, Then = then.Where(b => b.GrantId == l.GrantId).Select(b => (long?)b.AmountFen).FirstOrDefault() })
            .OrderBy(r => r.Line.Position).ToListAsync(cancel).ConfigureAwait(false);
        var keys = await vault.OpenAsync(db, rows.Select(r => r.Line.CaseId), cancel).ConfigureAwait(false);
        return new LineList(rows.ConvertAll(r => new LineRow(r.Line, Mask.Name(r.HolderName), r.Division,
            PayScope.Pays(viewer) && vault.Open<StoredAccount>(keys, r.Line.CaseId, r.Line.AccountCipher, r.Line.Purpose) is { } account ? Mask.Account(account.Number) : null, r.Then)), total, page, pages);
    }

    /// <summary>What a batch would be if it were made now; nothing is written.</summary>
    /// <exception cref="NotAllowedException">No payments officer.</exception>
    public async Task<RosterPreview> PreviewAsync(Viewer viewer, string matter, string benefit, DateOnly month, DateOnly? since, CancellationToken cancel = default)
    {
        var of = new PayKey(matter, benefit, PayScope.CountyOf(viewer), RosterCommands.MonthOf(month));
        await using var db = reader.Open();
        var last = await RosterCommands.Last(db, of).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        var first = last?.Since ?? RosterCommands.MonthOf(since ?? of.Month);
        var book = await books.ReadAsync(db, of, first, null, cancel).ConfigureAwait(false);
        var lines = book.Plan.Lines;
        Sum Of(Func<PayDue, bool> which) => new(lines.Count(which), lines.Where(which).Sum(l => l.AmountFen));
        return new RosterPreview(last?.Month, first, Of(l => l.Hold is null && l.Kind == PayKind.Regular), Of(l => l.Hold is null && l.Kind == PayKind.Arrears), Of(l => l.Hold is null && l.Kind == PayKind.Repaid),
            [.. lines.Where(l => l.Hold is not null).GroupBy(l => l.Hold!).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new HeldSum(g.Key, g.Count(), g.Sum(l => l.AmountFen)))],
            new Sum(book.Plan.Over.Count, book.Plan.Over.Sum(o => o.AmountFen)), Of(l => book.Known[l.GrantId].Account is { } a && book.Shared.Contains(a.Number)).Count);
    }

    /// <summary>Benefits that can be paid, by <c>matter/benefit</c>.</summary>
    public IReadOnlyList<(string Id, Matters.Words Name)> Benefits() => [.. PayScope.Benefits(library).Select(b => ($"{b.Revision.Matter.Id}/{b.Benefit.Id}", b.Benefit.Name))];

    /// <summary>The bureau's first day of this month.</summary>
    public DateOnly ThisMonth => RosterCommands.MonthOf(time.Today());

    internal Matters.Words NameOf(string matter, string benefit) => library.Find(matter)?.Matter.Benefits.FirstOrDefault(b => b.Id == benefit)?.Name ?? new Matters.Words { Zh = benefit, En = benefit };

    internal static async Task<PayRoster> OneAsync(CivilAffairsDb db, Viewer viewer, Guid id, CancellationToken cancel) =>
        await db.Set<PayRoster>().AsNoTracking().InScope(viewer).FirstOrDefaultAsync(r => r.Id == id, cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();

    private static IQueryable<PayLine> Regular(CivilAffairsDb db, Guid id) => db.Set<PayLine>().Where(l => l.RosterId == id && l.Kind == PayKind.Regular);

    private static Task<PayRoster?> BeforeAsync(CivilAffairsDb db, PayRoster roster, CancellationToken cancel) =>
        RosterCommands.Last(db, RosterCommands.KeyOf(roster)).Where(r => r.Month < roster.Month).FirstOrDefaultAsync(cancel);

    internal static async Task<IReadOnlyDictionary<Guid, RosterSums>> SumsAsync(CivilAffairsDb db, IReadOnlyList<Guid> ids, CancellationToken cancel)
    {
        var sums = (await db.Set<PayLine>().Where(l => ids.Contains(l.RosterId)).GroupBy(l => new { l.RosterId, l.State }).Select(g => new { g.Key.RosterId, g.Key.State, Count = g.Count(), Fen = g.Sum(l => l.AmountFen) }).ToListAsync(cancel).ConfigureAwait(false))
            .ToDictionary(s => (s.RosterId, s.State), s => new Sum(s.Count, s.Fen));
        return ids.ToDictionary(id => id, id => new RosterSums(Of(id, PayLineState.Payable), Of(id, PayLineState.Held), Of(id, PayLineState.Paid), Of(id, PayLineState.Returned)));

        Sum Of(Guid id, PayLineState state) => sums.GetValueOrDefault((id, state), new Sum(0, 0));
    }
}

/// <summary>Which batches a list shows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RosterFilter>))]
public enum RosterFilter { Open, ToCheck, Closed, Discarded, All }

/// <summary>Which lines of a batch are shown; Stopped are those of the batch before that are not in this one.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PayLineFilter>))]
public enum PayLineFilter { All, Payable, Held, Paid, Returned, Arrears, New, Stopped, Raised, Lowered, Shared }

public sealed record Sum(int Count, long Fen)
{
    public static Sum operator +(Sum a, Sum b) => new((a ?? throw new ArgumentNullException(nameof(a))).Count + (b ?? throw new ArgumentNullException(nameof(b))).Count, a.Fen + b.Fen);
}

/// <summary>Lines by their state now. What was sent is payable, paid and returned together.</summary>
public sealed record RosterSums(Sum Payable, Sum Held, Sum Paid, Sum Returned)
{
    public Sum Sent => Payable + Paid + Returned;
    public Sum All => Sent + Held;
}

public sealed record HeldSum(string Reason, int Count, long Fen);

/// <summary>Against the batch of the month before: regular lines alone.</summary>
public sealed record RosterChanges(int New, int Stopped, int Raised, int Lowered);

public sealed record RosterRow(PayRoster Roster, Matters.Words Name, RosterSums Sums);

public sealed record RosterList(IReadOnlyList<RosterRow> Rows, int Total, int Page, int Pages);

/// <param name="Before">Number of the batch that <paramref name="Changes"/> compares with; null: it is the first.</param>
/// <param name="ReturnedWhy">Why the checker gave it back; null: not, or not for this viewer.</param>
/// <param name="Pays">The viewer pays there, and does not only read along.</param>
public sealed record RosterView(PayRoster Roster, Matters.Words Name, RosterSums Sums, string? Before, RosterChanges? Changes, IReadOnlyList<HeldSum> Held, int Shared, string? ReturnedWhy, IReadOnlyList<PayResult> Results, bool Pays);

/// <param name="Account">Masked; null: none, or not for this viewer.</param>
/// <param name="ThenFen">Regular line of the batch before; null: there was none.</param>
public sealed record LineRow(PayLine Line, string Holder, string Division, string? Account, long? ThenFen);

public sealed record LineList(IReadOnlyList<LineRow> Rows, int Total, int Page, int Pages);

/// <param name="LastMonth">Of the latest batch; null: this would be the first.</param>
/// <param name="Over">Months for which more was paid than is due now.</param>
/// <param name="Shared">Lines whose account is somebody else's too.</param>
public sealed record RosterPreview(DateOnly? LastMonth, DateOnly Since, Sum Regular, Sum Arrears, Sum Repaid, IReadOnlyList<HeldSum> Held, Sum Over, int Shared);
