using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>The payments of one grant, month by month 发放台账: what was due, paid, returned, held and is on its way. The columns add up in each month.</summary>
internal sealed class LedgerQuery(IReader reader, PayBooks books, PayVault vault, MatterLibrary library, TimeProvider time)
{
    /// <summary>Months shown, the newest first.</summary>
    private const int Most = 120;

    /// <summary>For who pays: with the account, masked, and what holds it.</summary>
    /// <returns>Null: there is none, or not for this viewer.</returns>
    public async Task<PayeeView?> ReadAsync(Viewer viewer, Guid grantId, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = reader.Open();
        var grant = await PayScope.InScope(db, viewer).AsNoTracking().FirstOrDefaultAsync(g => g.Id == grantId, cancel).ConfigureAwait(false);
        if (grant is null) return null;
        var ledger = await LedgerAsync(db, grant, cancel).ConfigureAwait(false);
        var target = await books.AccountAsync(db, grant, cancel).ConfigureAwait(false);
        var keys = await vault.OpenAsync(db, [grant.CaseId], cancel).ConfigureAwait(false);
        var entry = target?.EnteredAs is { } entered ? await db.Set<PayAccount>().AsNoTracking().FirstAsync(a => a.Id == entered, cancel).ConfigureAwait(false) : null;
        var hold = await db.Set<PayHold>().AsNoTracking().FirstOrDefaultAsync(h => h.GrantId == grantId && h.ReleasedAt == null, cancel).ConfigureAwait(false);
        return new PayeeView(grant, ledger, target is null ? null : new MaskedAccount(Mask.Account(target.Number), Mask.Name(target.Holder), target.Bank, target.Since, entry?.RecordedBy,
                entry is null ? null : vault.Open<StoredAccount>(keys, grant.CaseId, entry.Cipher, entry.Purpose)?.Evidence),
            hold is null ? null : new ReadHold(hold.Reason, vault.Open<string>(keys, grant.CaseId, hold.NoteCipher, hold.Purpose) ?? "", hold.PlacedBy, hold.PlacedAt));
    }

    /// <summary>For who read the grant in the register already: no account.</summary>
    /// <returns>Null: nothing of this benefit was put into a batch yet.</returns>
    public async Task<PayLedger?> OfGrantAsync(Guid grantId, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var grant = await db.Set<Grant>().AsNoTracking().FirstOrDefaultAsync(g => g.Id == grantId, cancel).ConfigureAwait(false);
        return grant is null || await LedgerAsync(db, grant, cancel).ConfigureAwait(false) is not { Months.Count: > 0 } ledger ? null : ledger;
    }

    /// <summary>For a case that was opened in scope: the ledger of each grant of it, and the last four digits of the account to which it was paid last.</summary>
    public async Task<IReadOnlyList<CasePayments>> OfCaseAsync(Guid caseId, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var found = new List<CasePayments>();
        foreach (var grant in await db.Set<Grant>().AsNoTracking().Where(g => g.CaseId == caseId).OrderBy(g => g.RecordedAt).Take(10).ToListAsync(cancel).ConfigureAwait(false))
        {
            if (await LedgerAsync(db, grant, cancel).ConfigureAwait(false) is not { Months.Count: > 0 } ledger) continue;
            var last = await db.Set<PayLine>().AsNoTracking().Where(l => l.GrantId == grant.Id && l.State == PayLineState.Paid && l.AccountCipher != null).OrderByDescending(l => l.SettledAt).ThenByDescending(l => l.Month).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
            var account = last is null ? null : vault.Open<StoredAccount>(await vault.OpenAsync(db, [last.CaseId], cancel).ConfigureAwait(false), last.CaseId, last.AccountCipher, last.Purpose);
            found.Add(new CasePayments(grant.Benefit, library.Find(grant.Matter)?.Matter.Benefits.FirstOrDefault(b => b.Id == grant.Benefit)?.Name, ledger, account is null ? null : Mask.Account(account.Number)));
        }
        return found;
    }

    private async Task<PayLedger> LedgerAsync(CivilAffairsDb db, Grant grant, CancellationToken cancel)
    {
        var since = await db.Set<PayRoster>().Where(r => r.Matter == grant.Matter && r.Benefit == grant.Benefit && r.County == grant.County && r.State != RosterState.Discarded).MinAsync(r => (DateOnly?)r.Since, cancel).ConfigureAwait(false);
        if (since is null) return new PayLedger([], []);
        var read = await db.Set<PayLine>().AsNoTracking().Where(l => l.GrantId == grant.Id)
            .Join(db.Set<PayRoster>(), l => l.RosterId, r => r.Id, (l, r) => new LedgerLine(l.Month, l.Turn, l.Kind, l.State, l.AmountFen, l.Reason, l.SettledOn, r.Id, r.Year, r.Serial, r.State)).ToListAsync(cancel).ConfigureAwait(false);
        var lines = read.OrderBy(l => l.Month).ThenBy(l => l.Turn).ToList();
        var changes = await db.Set<GrantChange>().AsNoTracking().Where(c => c.GrantId == grant.Id).Select(c => new PayChange(c.FromMonth, c.RecordedAt, c.AmountFen, c.Persons)).ToListAsync(cancel).ConfigureAwait(false);
        var known = new PayGrant(grant.Id, grant.FirstMonth, grant.LastMonth, grant.AmountFen, grant.Persons)
        {
            Changes = changes, Once = library.Find(grant.Matter)?.Matter.Benefits.FirstOrDefault(b => b.Id == grant.Benefit)?.Paid == "once",
        };
        var (of, months) = (lines.ToLookup(l => l.Month), new List<LedgerMonth>());
        var last = lines.Select(l => l.Month).Append(RosterCommands.MonthOf(time.Today())).Max();
        for (var at = RosterCommands.MonthOf(grant.FirstMonth) is var first && first > since ? first : since.Value; at <= last && months.Count < Most; at = at.AddMonths(1))
        {
            var due = PayRules.Due(known, at).Fen;
            if (due == 0 && !of[at].Any()) continue;
            long Sum(PayLineState state) => of[at].Where(l => l.State == state).Sum(l => l.AmountFen);
            var open = of[at].LastOrDefault() is { State: PayLineState.Held or PayLineState.Returned } waits ? waits : null;
            months.Add(new LedgerMonth(at, due, Sum(PayLineState.Paid), Sum(PayLineState.Payable), of[at].Where(l => l.State == PayLineState.Returned).Sum(l => l.AmountFen), open?.State, open?.Reason));
        }
        months.Reverse();
        lines.Reverse();
        return new PayLedger(months, lines);
    }
}

/// <summary>What became of one month.</summary>
/// <param name="DueFen">By the grant as it is now.</param>
/// <param name="OnTheWayFen">In a batch whose result is not there.</param>
/// <param name="ReturnedFen">Sent back by the bank, whether or not it was paid again.</param>
/// <param name="Waits">What was not paid is held or was returned; null: neither, it is not in a batch yet.</param>
public sealed record LedgerMonth(DateOnly Month, long DueFen, long PaidFen, long OnTheWayFen, long ReturnedFen, PayLineState? Waits, string? Reason)
{
    /// <summary>Due, and neither paid nor on its way; negative: more was paid than was due.</summary>
    public long OpenFen => DueFen - PaidFen - OnTheWayFen;
}

public sealed record LedgerLine(DateOnly Month, int Turn, PayKind Kind, PayLineState State, long AmountFen, string? Reason, DateOnly? SettledOn, Guid RosterId, int Year, int Serial, RosterState Roster)
{
    public string Number => FormattableString.Invariant($"发放〔{Year}〕{Serial}号");
}

/// <summary>Newest first.</summary>
public sealed record PayLedger(IReadOnlyList<LedgerMonth> Months, IReadOnlyList<LedgerLine> Lines);

/// <param name="Account">Last four digits, masked; null: nothing was paid yet.</param>
public sealed record CasePayments(string Benefit, Matters.Words? Name, PayLedger Ledger, string? Account);

/// <param name="EnteredBy">Null: it is the application's.</param>
public sealed record MaskedAccount(string Number, string Holder, string Bank, DateTimeOffset Since, string? EnteredBy, string? Evidence);

public sealed record ReadHold(string Reason, string Note, string PlacedBy, DateTimeOffset PlacedAt);

public sealed record PayeeView(Grant Grant, PayLedger Ledger, MaskedAccount? Account, ReadHold? Hold);
