using System.Runtime.CompilerServices;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Payments.Layouts;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using MiniExcelLibs;

namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>
/// A batch taken away in full, as a workbook or as the bank's file: asked for with a reason, then fetched, as every export is (ADR 39).
/// Power failure: a line of the audit without a file is possible, a file without a line is not.
/// </summary>
internal sealed class PayExports(IReader reader, CommandRunner runner, RosterCommands rosters, RosterQuery query, PayVault vault, PayLayouts layouts, FieldCipher cipher, DivisionDirectory divisions, IStringLocalizer<PaymentTexts> texts, TimeProvider time)
{
    private const int Batch = 500;

    /// <summary>So long after it was asked for, a file may be fetched; later it is asked for anew.</summary>
    internal static readonly TimeSpan Fetched = TimeSpan.FromMinutes(10);

    /// <summary>Sends a checked batch to the bank: its state says so from now on, and its file may be fetched.</summary>
    /// <param name="layout">Id of the bank's layout.</param>
    /// <returns>Under which the file is fetched, by the same person and for ten minutes.</returns>
    /// <exception cref="NotAllowedException">It is not checked; or a value does not fit the layout, with the field: nothing is ever cut.</exception>
    public async Task<Guid> SendAsync(Viewer actor, Guid id, string? layout, long? version, string? key, CancellationToken cancel = default)
    {
        PayScope.CountyOf(actor);
        var chosen = layouts.Find(layout) ?? throw RosterCommands.Fault("layout", "请选择银行格式。", "Choose the bank's layout.");
        var export = Guid.CreateVersion7();
        await rosters.ChangeAsync(actor, id, "send", version, new { layout }, key, async (context, roster) =>
        {
            RosterCommands.Require(roster, RosterState.Approved);
            (roster.State, roster.SentAt, roster.Layout) = (RosterState.Sent, context.Now, chosen.Id);
            // Written once into nothing: a batch whose file cannot be made is not sent.
            await WriteAsync(context.Db, Stream.Null, chosen, roster, cancel).ConfigureAwait(false);
            context.Db.Add(new PayExport { Id = export, RosterId = id, Layout = chosen.Id, ById = actor.AccountId, Reason = "send", At = context.Now });
        }, cancel).ConfigureAwait(false);
        await using var db = reader.Open();
        return await db.Set<PayExport>().Where(e => e.RosterId == id && e.ById == actor.AccountId && e.Layout == chosen.Id).OrderByDescending(e => e.At).Select(e => e.Id).FirstAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>The workbook, or once more the bank's file as it was sent.</summary>
    /// <param name="bank">The bank's file, of a batch that was sent.</param>
    /// <param name="reason">One of <see cref="AccessReasons.Codes"/>.</param>
    /// <param name="note">In the officer's words; needed with <c>other</c>.</param>
    /// <exception cref="UnknownCaseException">Not a batch that the viewer pays.</exception>
    /// <exception cref="InvalidAnswersException">By <c>reason</c> or <c>note</c>.</exception>
    public Task<Guid> AskAsync(Viewer viewer, Guid id, bool bank, string? reason, string? note, string? key, CancellationToken cancel = default)
    {
        PayScope.CountyOf(viewer);
        if (reason is null || !AccessReasons.Codes.Contains(reason)) throw RosterCommands.Fault("reason", "请选择理由。", "Choose a reason.");
        var words = reason == "other" ? note?.Trim() ?? "" : "";
        if (reason == "other" && words.Length is 0 or > AccessReasons.LongestNote) throw RosterCommands.Fault("note", "请写明理由，最多 200 个字。", "Say why, in 200 characters at most.");
        return runner.RunAsync(viewer, key, "payments.export", new { id, bank, reason, words }, async context =>
        {
            var roster = await RosterQuery.OneAsync(context.Db, viewer, id, cancel).ConfigureAwait(false);
            if (!viewer.Holds(Roles.Payments, roster.County)) throw new UnknownCaseException();
            if (bank && roster.Layout is null) throw new NotAllowedException("pay.state");
            var export = new PayExport { RosterId = id, Layout = bank ? roster.Layout : null, ById = viewer.AccountId, Reason = reason, At = context.Now };
            if (words.Length > 0) export.NoteCipher = cipher.Encrypt(words, $"pay.export.note.{export.Id:N}");
            context.Db.Add(export);
            await context.Db.AppendAsync(export.Id.ToString(), viewer.AccountId, "payments.export", new { rosterId = id, export.Layout, reason }, context.Now).ConfigureAwait(false);
            return export.Id;
        }, cancel);
    }

    /// <returns>The batch, and the layout of the bank's file; null: the workbook.</returns>
    /// <exception cref="UnknownCaseException">There is none of this viewer's, or its time is over.</exception>
    public async Task<(PayRoster Roster, PayLayout? Layout)> FindAsync(Viewer viewer, Guid exportId, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var export = await db.Set<PayExport>().AsNoTracking().FirstOrDefaultAsync(e => e.Id == exportId && e.ById == viewer.AccountId, cancel).ConfigureAwait(false);
        if (export is null || export.At < time.GetUtcNow() - Fetched || !PayScope.Pays(viewer)) throw new UnknownCaseException();
        var roster = await RosterQuery.OneAsync(db, viewer, export.RosterId, cancel).ConfigureAwait(false);
        return (roster, export.Layout is null ? null : layouts.Find(export.Layout) ?? throw new NotAllowedException("pay.noLayout"));
    }

    /// <summary>Row by row as they are read, so that its length costs no memory.</summary>
    public async Task WriteAsync(Stream to, PayRoster roster, PayLayout? layout, CancellationToken cancel)
    {
        await using var db = reader.Open();
        if (layout is not null) await WriteAsync(db, to, layout, roster, cancel).ConfigureAwait(false);
        else await to.SaveAsAsync(CellsAsync(db, roster, cancel), sheetName: texts["SheetTable"], cancellationToken: cancel).ConfigureAwait(false);
    }

    public string NameOf(PayRoster roster, PayLayout? layout) => layout is null ? $"{PayHead.CodeOf(roster.Year, roster.Serial)}.xlsx" : PayFile.NameOf(layout, Head(roster, new Sum(0, 0)));

    private async Task WriteAsync(CivilAffairsDb db, Stream to, PayLayout layout, PayRoster roster, CancellationToken cancel)
    {
        var sent = (await RosterQuery.SumsAsync(db, [roster.Id], cancel).ConfigureAwait(false))[roster.Id].Sent;
        try
        {
            await PayFile.WriteAsync(to, layout, Head(roster, sent), PaymentsAsync(db, roster, cancel), cancel).ConfigureAwait(false);
        }
        catch (PayFieldException wrong)
        {
            throw new NotAllowedException("pay.layoutField", wrong.Field);
        }
    }

    private PayHead Head(PayRoster roster, Sum sent) => new(PayHead.CodeOf(roster.Year, roster.Serial), roster.Month, BureauTime.Day(roster.SentAt ?? roster.ChangedAt), sent.Count, sent.Fen, query.NameOf(roster.Matter, roster.Benefit).Zh);

    private async IAsyncEnumerable<PayOut> PaymentsAsync(CivilAffairsDb db, PayRoster roster, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Held lines are not the bank's business; paid and returned ones were payable when it was sent.
        await foreach (var row in RowsAsync(db, roster.Id, cancel).ConfigureAwait(false))
            if (row.Line.State != PayLineState.Held)
                yield return new PayOut(PayHead.ReferenceOf(roster.Year, roster.Serial, row.Line.Position), row.Account ?? throw new CaseErasedException(), row.IdNumber, row.Line.AmountFen, row.Line.Month);
    }

    // Texts and figures, never formulas: what a cell begins with is of no consequence in a workbook.
    private async IAsyncEnumerable<Dictionary<string, object?>> CellsAsync(CivilAffairsDb db, PayRoster roster, [EnumeratorCancellation] CancellationToken cancel)
    {
        var english = Languages.IsEnglish;
        await foreach (var row in RowsAsync(db, roster.Id, cancel).ConfigureAwait(false))
            yield return new()
            {
                [texts["Position"]] = row.Line.Position, [texts["Holder"]] = row.HolderName, [texts["IdNumber"]] = row.IdNumber, [texts["Place"]] = divisions.Name(row.Division, english), [texts["Persons"]] = row.Line.Persons,
                [texts["ForMonth"]] = Display.Month(row.Line.Month), [texts["Kind"]] = texts[$"Kind.{row.Line.Kind}"].Value, [texts["Amount"]] = row.Line.AmountFen / 100m,
                [texts["AccountHolder"]] = row.Account?.Holder, [texts["AccountNumber"]] = row.Account?.Number, [texts["Bank"]] = row.Account?.Bank, [texts["State"]] = texts[$"Line.{row.Line.State}"].Value,
                [texts["Why"]] = Why(roster, row.Line, layouts, texts), [texts["SettledOn"]] = row.Line.SettledOn is { } on ? Display.Day(on) : null, [texts["Reference"]] = PayHead.ReferenceOf(roster.Year, roster.Serial, row.Line.Position),
            };
    }

    /// <summary>Why a line is held or came back, in words.</summary>
    public static string? Why(PayRoster roster, PayLine line, PayLayouts layouts, IStringLocalizer<PaymentTexts> texts) => Why(roster.Layout, line.State, line.Reason, layouts, texts);

    internal static string? Why(string? layout, PayLineState state, string? reason, PayLayouts layouts, IStringLocalizer<PaymentTexts> texts) => reason switch
    {
        null => null,
        _ when state == PayLineState.Held => texts[$"Hold.{reason}"],
        _ => layouts.Find(layout)?.Result.Reasons.FirstOrDefault(r => r.Code == reason)?.Name.In(Languages.IsEnglish ? "en" : "zh") ?? reason,
    };

    private async IAsyncEnumerable<FullRow> RowsAsync(CivilAffairsDb db, Guid rosterId, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var last = 0; ;)
        {
            var read = await db.Set<PayLine>().AsNoTracking().Where(l => l.RosterId == rosterId && l.Position > last).OrderBy(l => l.Position).Take(Batch)
                .Join(db.Set<Grant>(), l => l.GrantId, g => g.Id, (l, g) => new { Line = l, g.HolderName, g.PersonId, Division = g.Village ?? g.Township ?? g.County }).OrderBy(r => r.Line.Position).ToListAsync(cancel).ConfigureAwait(false);
            var ids = read.Select(r => r.PersonId).OfType<Guid>().Distinct().ToList();
            var persons = await db.Set<Person>().AsNoTracking().Where(p => EF.Parameter(ids).Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel).ConfigureAwait(false);
            var keys = await vault.OpenAsync(db, read.Select(r => r.Line.CaseId), cancel).ConfigureAwait(false);
            foreach (var row in read)
                yield return new FullRow(row.Line, row.HolderName, row.Division, row.PersonId is { } id && persons.TryGetValue(id, out var person) && person.NumberCipher.Length > 0 ? person.IdNumber(cipher) : null,
                    vault.Open<StoredAccount>(keys, row.Line.CaseId, row.Line.AccountCipher, row.Line.Purpose));
            if (read.Count < Batch) yield break;
            last = read[^1].Line.Position;
        }
    }

    private sealed record FullRow(PayLine Line, string HolderName, string Division, string? IdNumber, StoredAccount? Account);
}
