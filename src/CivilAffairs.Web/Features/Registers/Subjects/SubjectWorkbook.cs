using System.Runtime.CompilerServices;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.Localization;
using MiniExcelLibs;

namespace CivilAffairs.Web.Features.Registers.Subjects;

/// <summary>An export of a register as a workbook, in full: row by row as they are read, so that its length costs no memory.</summary>
public sealed class SubjectWorkbook(SubjectQuery subjects, RegisterAccesses accesses, MatterLibrary library, FieldDisplay display, IStringLocalizer<RegisterTexts> texts)
{
    public async Task WriteAsync(Stream to, Viewer viewer, Guid export, CancellationToken cancel)
    {
        var (access, term) = await accesses.FetchAsync(viewer, export, cancel).ConfigureAwait(false);
        var register = library.Subjects(access.Register)!.Value.Register;
        await to.SaveAsAsync(RowsAsync(viewer, register, term, access.AsOf!.Value, cancel), sheetName: texts["SheetTable"], cancellationToken: cancel).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<Dictionary<string, object?>> RowsAsync(Viewer viewer, MatterRegister register, string term, DateOnly asOf, [EnumeratorCancellation] CancellationToken cancel)
    {
        var language = Languages.IsEnglish ? "en" : "zh";
        await foreach (var row in subjects.AllAsync(viewer, register.Id, term, asOf, cancel).ConfigureAwait(false))
        {
            // Texts, never formulas: what a cell begins with is of no consequence in a workbook.
            var cells = register.Fields.ToDictionary(f => f.Label.In(language), f => (object?)display.Show(f.AsQuestion(), row.Fields[f.Id], full: true));
            cells[texts["CertificateNumber"]] = row.Newest?.Number;
            cells[texts["ValidFromDay"]] = row.Newest is { } c ? Display.Day(c.ValidFrom) : null;
            cells[texts["ValidToDay"]] = row.Newest?.ValidTo is { } last ? Display.Day(last) : null;
            yield return cells;
        }
    }
}
