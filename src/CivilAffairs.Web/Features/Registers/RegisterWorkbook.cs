using System.Runtime.CompilerServices;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Registers.Lines;
using CivilAffairs.Web.Features.Registers.Subjects;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.Localization;
using MiniExcelLibs;

namespace CivilAffairs.Web.Features.Registers;

/// <summary>An export of a register or list as a workbook, in full: row by row as they are read, so that its length costs no memory.</summary>
public sealed class RegisterWorkbook(SubjectQuery subjects, LineQuery lines, LineWords words, RegisterAccesses accesses, MatterLibrary library, FieldDisplay display, IStringLocalizer<RegisterTexts> texts)
{
    /// <summary>Rows of one workbook. What is longer ends with a row that says so: nobody takes a part for the whole.</summary>
    internal int Most { get; set; } = 100_000;

    public async Task WriteAsync(Stream to, Viewer viewer, Guid export, CancellationToken cancel)
    {
        var (access, term) = await accesses.FetchAsync(viewer, export, cancel).ConfigureAwait(false);
        var rows = library.Subjects(access.Register) is { } known ? SubjectsAsync(viewer, known.Register, term, access.AsOf!.Value, cancel) : LinesAsync(viewer, access.Register, term, access.AsOf!.Value, cancel);
        await to.SaveAsAsync(BoundedAsync(rows, cancel), sheetName: texts["SheetTable"], cancellationToken: cancel).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<Dictionary<string, object?>> BoundedAsync(IAsyncEnumerable<Dictionary<string, object?>> rows, [EnumeratorCancellation] CancellationToken cancel)
    {
        var written = 0;
        await foreach (var row in rows.WithCancellation(cancel).ConfigureAwait(false))
        {
            if (written++ < Most) yield return row;
            else
            {
                yield return row.Keys.Select((key, i) => (key, i)).ToDictionary(c => c.key, c => c.i == 0 ? (object?)texts["ExportCut", Most].Value : null);
                yield break;
            }
        }
    }

    // Texts and figures, never formulas: what a cell begins with is of no consequence in a workbook.
    private async IAsyncEnumerable<Dictionary<string, object?>> SubjectsAsync(Viewer viewer, MatterRegister register, string term, DateOnly asOf, [EnumeratorCancellation] CancellationToken cancel)
    {
        var language = Languages.IsEnglish ? "en" : "zh";
        await foreach (var row in subjects.AllAsync(viewer, register.Id, term, asOf, cancel).ConfigureAwait(false))
        {
            var cells = register.Fields.ToDictionary(f => f.Label.In(language), f => (object?)display.Show(f.AsQuestion(), row.Fields[f.Id], full: true));
            cells[texts["CertificateNumber"]] = row.Newest?.Number;
            cells[texts["ValidFromDay"]] = row.Newest is { } c ? Display.Day(c.ValidFrom) : null;
            cells[texts["ValidToDay"]] = row.Newest?.ValidTo is { } last ? Display.Day(last) : null;
            yield return cells;
        }
    }

    private async IAsyncEnumerable<Dictionary<string, object?>> LinesAsync(Viewer viewer, string register, string term, DateOnly asOf, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var line in lines.AllAsync(viewer, register, term, asOf, cancel).ConfigureAwait(false))
        {
            var cells = new Dictionary<string, object?>
            {
                [texts[LineWords.HolderKey(register)]] = LineWords.Names(line, full: true),
                [texts["IdNumber"]] = string.Join('、', line.Holders.Select(h => h.IdNumber).OfType<string>()),
            };
            cells[texts["LineKind"]] = words.What(line);
            if (register == BenefitLines.Register) (cells[texts["Amount"]], cells[texts["Persons"]]) = (line.AmountFen / 100m, line.Persons);
            else cells[texts["CertificateNumber"]] = line.Number;
            cells[texts["Place"]] = words.Place(line);
            cells[texts["From"]] = LineWords.Day(line, line.From);
            cells[texts["To"]] = line.To is { } last ? LineWords.Day(line, last) : null;
            cells[texts["State"]] = words.State(line);
            cells[texts["OccurredOn"]] = Display.Day(line.RegisteredOn ?? line.OccurredOn);
            cells[texts["CaseNumber"]] = line.CaseNumber;
            yield return cells;
        }
    }
}
