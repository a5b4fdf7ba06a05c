using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using MiniExcelLibs;

namespace CivilAffairs.Web.Features.Cases.Supervision;

/// <summary>
/// The list of supervision orders as a workbook: asked for with a reason, then fetched, as every export is (ADR 39). Power failure: a
/// line of the audit without a workbook is possible, a workbook without a line is not.
/// </summary>
internal sealed class SupervisionExports(IReader reader, CommandRunner runner, SupervisionQuery orders, FieldCipher cipher, MatterLibrary library, DivisionDirectory divisions, IStringLocalizer<SupervisionTexts> texts, TimeProvider time)
{
    private const int Most = 100_000;

    /// <summary>So long after it was asked for, an export may be fetched; later it is asked for anew.</summary>
    internal static readonly TimeSpan Fetched = TimeSpan.FromMinutes(10);

    /// <param name="reason">One of <see cref="AccessReasons.Codes"/>.</param>
    /// <param name="note">In the officer's words; needed with <c>other</c>.</param>
    /// <returns>Under which it is fetched, by the same person and for ten minutes.</returns>
    /// <exception cref="NotAllowedException">No officer who leads.</exception>
    /// <exception cref="InvalidAnswersException">By <c>reason</c> or <c>note</c>.</exception>
    public Task<Guid> AskAsync(Viewer viewer, SupervisionFilter only, string? reason, string? note, string? key, CancellationToken cancel = default)
    {
        RequireLeads(viewer);
        if (reason is null || !AccessReasons.Codes.Contains(reason)) throw new InvalidAnswersException([new FieldFault("reason", "请选择理由。", "Choose a reason.")]);
        var words = reason == "other" ? note?.Trim() ?? "" : "";
        if (reason == "other" && words.Length is 0 or > AccessReasons.LongestNote) throw new InvalidAnswersException([new FieldFault("note", "请写明理由，最多 200 个字。", "Say why, in 200 characters at most.")]);
        return runner.RunAsync(viewer, key, "supervision.export", new { only, reason, words }, async context =>
        {
            var export = new SupervisionExport { Filter = only.ToString(), ById = viewer.AccountId, Reason = reason, At = context.Now };
            if (words.Length > 0) export.NoteCipher = cipher.Encrypt(words, $"supervision.export.note.{export.Id:N}");
            context.Db.Add(export);
            await context.Db.AppendAsync(export.Id.ToString(), viewer.AccountId, "supervision.export", new { list = export.Filter, reason }, context.Now).ConfigureAwait(false);
            return export.Id;
        }, cancel);
    }

    /// <returns>Which orders it shows.</returns>
    /// <exception cref="UnknownCaseException">There is none of this viewer's, or its time is over.</exception>
    public async Task<SupervisionFilter> FindAsync(Viewer viewer, Guid id, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var export = await db.Set<SupervisionExport>().FirstOrDefaultAsync(e => e.Id == id && e.ById == viewer.AccountId, cancel).ConfigureAwait(false);
        if (export is null || export.At < time.GetUtcNow() - Fetched || !Leads(viewer)) throw new UnknownCaseException();
        return Enum.Parse<SupervisionFilter>(export.Filter);
    }

    /// <summary>Row by row as they are read, so that its length costs no memory; texts and figures, never formulas.</summary>
    public Task WriteAsync(Stream to, Viewer viewer, SupervisionFilter only, CancellationToken cancel) => to.SaveAsAsync(RowsAsync(viewer, only), sheetName: texts["Title"], cancellationToken: cancel);

    /// <summary>Whether the viewer looks after the work of others, and so may take the list away.</summary>
    public static bool Leads(Viewer viewer) => viewer.HoldsAny([.. Roles.Leading]);

    internal static void RequireLeads(Viewer viewer)
    {
        if (!Leads(viewer)) throw new NotAllowedException("supervision.leadersRead");
    }

    private async IAsyncEnumerable<Dictionary<string, object?>> RowsAsync(Viewer viewer, SupervisionFilter only)
    {
        var (written, english) = (0, Languages.IsEnglish);
        await foreach (var line in orders.AllAsync(viewer, only).ConfigureAwait(false))
        {
            var cells = new Dictionary<string, object?>
            {
                [texts["Number"]] = line.Number, [texts["State"]] = texts[$"State.{(line.Late ? "Late" : line.State.ToString())}"].Value, [texts["Case"]] = line.CaseNumber,
                [texts["Matter"]] = library.Find(line.Matter)?.Matter.Name.In(english ? "en" : "zh") ?? line.Matter, [texts["Place"]] = divisions.Name(line.Division, english),
                [texts["Office"]] = divisions.Name(line.Office, english), [texts["IssuedBy"]] = line.IssuedBy, [texts["IssuedAt"]] = Display.Time(line.IssuedAt), [texts["DueOn"]] = Display.Day(line.DueOn),
                [texts["Round"]] = line.Round, [texts["InTime"]] = line.InTime is { } inTime ? texts[inTime ? "InTime.Yes" : "InTime.No"].Value : null,
                [texts["EndedAt"]] = line.EndedAt is { } ended ? Display.Time(ended) : null,
            };
            if (written++ == Most)
            {
                // Nobody takes a part for the whole.
                yield return cells.Keys.Select((key, i) => (key, i)).ToDictionary(c => c.key, c => c.i == 0 ? (object?)texts["ExportCut", Most].Value : null);
                yield break;
            }
            yield return cells;
        }
    }
}
