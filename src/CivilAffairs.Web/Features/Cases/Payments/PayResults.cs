using System.Security.Cryptography;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Payments.Layouts;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>
/// The bank's result 回盘: tried first, row by row, and taken over when somebody says so. A row counts only if its reference, its sum to
/// the fen, and its account where the file has one, are those that were sent. The same file again changes nothing.
/// </summary>
/// <remarks>Taking over is one transaction: two statements over the batch's lines, each of which looks at the line's state, the batch and the audit. After a power failure all of it is there or nothing.</remarks>
internal sealed class PayResults(IReader reader, CommandRunner runner, RosterCommands rosters, PayVault vault, PayLayouts layouts)
{
    private const int Batch = 500;

    /// <summary>Reads a file and says what it would do; no line changes.</summary>
    /// <returns>The result's id.</returns>
    /// <exception cref="UnknownCaseException">Not a batch that the actor pays.</exception>
    /// <exception cref="NotAllowedException">It was not sent, or is closed.</exception>
    /// <exception cref="InvalidAnswersException">By <c>file</c>: not readable as its layout says.</exception>
    public Task<Guid> TryAsync(Viewer actor, Guid rosterId, byte[] file, string? key, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        PayScope.CountyOf(actor);
        if (file.Length > PayAnswers.MaxBytes) throw new FileRefusedException(tooLarge: true, new FieldFault("file", "文件不能超过 10 MB。", "A file may have 10 MB at most."));
        var hash = Convert.ToHexStringLower(SHA256.HashData(file));
        return runner.RunAsync(actor, key, "payments.try", new { rosterId, hash }, async context =>
        {
            var roster = await RosterQuery.OneAsync(context.Db, actor, rosterId, cancel).ConfigureAwait(false);
            if (!actor.Holds(Roles.Payments, roster.County)) throw new UnknownCaseException();
            RosterCommands.Require(roster, RosterState.Sent, RosterState.Settled);
            var layout = layouts.Find(roster.Layout) ?? throw new NotAllowedException("pay.noLayout");
            var answers = PayAnswers.Read(layout.Result, file);
            if (answers is not { Count: > 0 } && (answers is null || layout.Result.Missing != "paid")) throw RosterCommands.Fault("file", "这个文件按发送时的银行格式读不出来。", "This file cannot be read by the layout in which the batch was sent.");
            var sent = await SentAsync(context.Db, roster, cancel).ConfigureAwait(false);
            var rows = Judge(layout.Result, roster, answers, sent, BureauTime.Day(context.Now));
            long Fen(PayOutcome outcome) => rows.Where(r => r.Outcome == outcome).Sum(r => sent[r.LineId!.Value].AmountFen);
            var result = new PayResult
            {
                RosterId = rosterId, Layout = layout.Id, FileHash = hash, SentById = actor.AccountId, SentBy = actor.Name, SentAt = context.Now, Rows = answers.Count, Unchanged = rows.Count(r => r.Outcome == PayOutcome.Unchanged),
                Refused = rows.Count(r => r.Outcome == PayOutcome.Refused), Paid = rows.Count(r => r.Outcome == PayOutcome.Paid), PaidFen = Fen(PayOutcome.Paid), Returned = rows.Count(r => r.Outcome == PayOutcome.Returned), ReturnedFen = Fen(PayOutcome.Returned),
            };
            context.Db.Add(result);
            foreach (var row in rows)
            {
                row.ResultId = result.Id;
                context.Db.Add(row);
            }
            await context.Db.AppendAsync(result.Id.ToString(), actor.AccountId, "payments.try", new { rosterId, hash, result.Rows, result.Paid, result.Returned, result.Refused }, context.Now).ConfigureAwait(false);
            return result.Id;
        }, cancel);
    }

    /// <summary>Takes a tried result over. A batch of which no payment is open any more is settled.</summary>
    /// <exception cref="NotAllowedException">The sums do not agree with what was sent; nothing was taken over.</exception>
    public async Task ApplyAsync(Viewer actor, Guid resultId, long? version, string? key, CancellationToken cancel = default)
    {
        var result = await FindAsync(actor, resultId, cancel).ConfigureAwait(false);
        if (result.AppliedAt is not null) return;
        await rosters.ChangeAsync(actor, result.RosterId, "result", version, new { resultId }, key, async (context, roster) =>
        {
            RosterCommands.Require(roster, RosterState.Sent, RosterState.Settled);
            var (db, id, now) = (context.Db, resultId, context.Now);
            var sent = (await RosterQuery.SumsAsync(db, [roster.Id], cancel).ConfigureAwait(false))[roster.Id].Sent;
            var rows = db.Set<PayResultRow>().Where(r => r.ResultId == id);
            await db.Set<PayLine>().Where(l => l.RosterId == roster.Id && l.State == PayLineState.Payable && rows.Any(r => r.LineId == l.Id && r.Outcome == PayOutcome.Paid))
                .ExecuteUpdateAsync(s => s.SetProperty(l => l.State, PayLineState.Paid).SetProperty(l => l.SettledAt, now).SetProperty(l => l.SettledOn, l => rows.Where(r => r.LineId == l.Id && r.Outcome == PayOutcome.Paid).Select(r => r.On).FirstOrDefault()), cancel).ConfigureAwait(false);
            await db.Set<PayLine>().Where(l => l.RosterId == roster.Id && (l.State == PayLineState.Payable || l.State == PayLineState.Paid) && rows.Any(r => r.LineId == l.Id && r.Outcome == PayOutcome.Returned))
                .ExecuteUpdateAsync(s => s.SetProperty(l => l.State, PayLineState.Returned).SetProperty(l => l.SettledAt, now)
                    .SetProperty(l => l.Reason, l => rows.Where(r => r.LineId == l.Id && r.Outcome == PayOutcome.Returned).Select(r => r.Code).FirstOrDefault())
                    .SetProperty(l => l.SettledOn, l => rows.Where(r => r.LineId == l.Id && r.Outcome == PayOutcome.Returned).Select(r => r.On).FirstOrDefault()), cancel).ConfigureAwait(false);
            await db.Set<PayResult>().Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.AppliedAt, now), cancel).ConfigureAwait(false);
            var after = (await RosterQuery.SumsAsync(db, [roster.Id], cancel).ConfigureAwait(false))[roster.Id];
            if (after.Sent != sent) throw new NotAllowedException("pay.notAgreed");
            roster.State = after.Payable.Count == 0 ? RosterState.Settled : RosterState.Sent;
        }, cancel).ConfigureAwait(false);
    }

    /// <exception cref="UnknownCaseException">There is none, or not for this viewer.</exception>
    public async Task<PayResult> FindAsync(Viewer viewer, Guid resultId, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var result = await db.Set<PayResult>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == resultId, cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        var roster = await RosterQuery.OneAsync(db, viewer, result.RosterId, cancel).ConfigureAwait(false);
        return viewer.Holds(Roles.Payments, roster.County) ? result : throw new UnknownCaseException();
    }

    /// <summary>Rows of an outcome, in the order of the file.</summary>
    /// <param name="after">Row number after which to begin.</param>
    public async Task<IReadOnlyList<ReadResultRow>> RowsAsync(Viewer viewer, Guid resultId, PayOutcome? outcome, int after, int take, CancellationToken cancel = default)
    {
        await FindAsync(viewer, resultId, cancel).ConfigureAwait(false);
        await using var db = reader.Open();
        return await db.Set<PayResultRow>().AsNoTracking().Where(r => r.ResultId == resultId && r.Number > after && (outcome == null || r.Outcome == outcome)).OrderBy(r => r.Number).Take(take)
            .Select(r => new ReadResultRow(r.Number, db.Set<PayLine>().Where(l => l.Id == r.LineId).Select(l => (int?)l.Position).FirstOrDefault(), r.Outcome, r.Code, r.On, r.Fault)).ToListAsync(cancel).ConfigureAwait(false);
    }

    private async Task<Dictionary<Guid, SentLine>> SentAsync(CivilAffairsDb db, PayRoster roster, CancellationToken cancel)
    {
        var sent = new Dictionary<Guid, SentLine>();
        for (var last = 0; ;)
        {
            var lines = await db.Set<PayLine>().AsNoTracking().Where(l => l.RosterId == roster.Id && l.Position > last).OrderBy(l => l.Position).Take(Batch).ToListAsync(cancel).ConfigureAwait(false);
            var keys = await vault.OpenAsync(db, lines.Select(l => l.CaseId), cancel).ConfigureAwait(false);
            foreach (var l in lines)
                sent[l.Id] = new SentLine(l.Id, PayHead.ReferenceOf(roster.Year, roster.Serial, l.Position), l.AmountFen, l.State, vault.Open<StoredAccount>(keys, l.CaseId, l.AccountCipher, l.Purpose)?.Number);
            if (lines.Count < Batch) return sent;
            last = lines[^1].Position;
        }
    }

    /// <summary>What becomes of each row, and of what the file leaves out: pure.</summary>
    internal static List<PayResultRow> Judge(PayResultFormat format, PayRoster roster, IReadOnlyList<PayAnswer> answers, IReadOnlyDictionary<Guid, SentLine> sent, DateOnly today)
    {
        var (byReference, seen, rows) = (sent.Values.ToDictionary(s => s.Reference, StringComparer.Ordinal), new HashSet<Guid>(), new List<PayResultRow>());
        foreach (var answer in answers)
        {
            var line = answer.Reference is { } reference ? byReference.GetValueOrDefault(reference) : null;
            var (outcome, fault) = One(format, answer, line, line is not null && !seen.Add(line.Id), today);
            rows.Add(new PayResultRow { Number = answer.Number, LineId = line?.Id, Outcome = outcome, Fault = fault, Code = outcome == PayOutcome.Returned ? answer.Code : null, On = outcome == PayOutcome.Refused ? null : answer.On ?? today });
        }
        // A file with a line that could not be understood may name any payment by it: then silence means nothing.
        if (format.Missing != "paid" || rows.Exists(r => r.Outcome == PayOutcome.Refused)) return rows;
        var number = answers.Count == 0 ? 0 : answers.Max(a => a.Number);
        rows.AddRange(sent.Values.Where(s => s.State == PayLineState.Payable && !seen.Contains(s.Id)).OrderBy(s => s.Reference, StringComparer.Ordinal)
            .Select(s => new PayResultRow { Number = ++number, LineId = s.Id, Outcome = PayOutcome.Paid, On = today }));
        return rows;
    }

    private static (PayOutcome Outcome, string? Fault) One(PayResultFormat format, PayAnswer answer, SentLine? line, bool twice, DateOnly today)
    {
        if (answer.Fault is { } unread) return (PayOutcome.Refused, unread);
        if (line is null) return (PayOutcome.Refused, "row.reference");
        if (twice) return (PayOutcome.Refused, "row.twice");
        if (answer.AmountFen != line.AmountFen) return (PayOutcome.Refused, "row.amount");
        if (answer.Account is { } account && account != line.Account) return (PayOutcome.Refused, "row.account");
        if (answer.On > today) return (PayOutcome.Refused, "row.date");
        if (line.State == PayLineState.Held) return (PayOutcome.Refused, "row.held");
        var paid = format.PaidCodes.Contains(answer.Code);
        if (!paid && format.Reasons.All(r => r.Code != answer.Code)) return (PayOutcome.Refused, "row.code");
        return (paid, line.State) switch
        {
            (true, PayLineState.Payable) => (PayOutcome.Paid, null),
            // A bank may send money back days after it said that it was paid.
            (false, PayLineState.Payable or PayLineState.Paid) => (PayOutcome.Returned, null),
            (true, PayLineState.Returned) => (PayOutcome.Refused, "row.returned"),
            _ => (PayOutcome.Unchanged, null),
        };
    }
}

/// <summary>A line as it was sent.</summary>
internal sealed record SentLine(Guid Id, string Reference, long AmountFen, PayLineState State, string? Account);

/// <param name="Position">Of the line in the batch; null: none was found.</param>
/// <param name="Fault">Key in <see cref="PaymentTexts"/>.</param>
public sealed record ReadResultRow(int Number, int? Position, PayOutcome Outcome, string? Code, DateOnly? On, string? Fault);
