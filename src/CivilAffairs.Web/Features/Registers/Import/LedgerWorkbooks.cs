using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;
using MiniExcelLibs;

namespace CivilAffairs.Web.Features.Registers.Import;

/// <summary>Workbooks beside an import: the empty table to fill in, and the report of what was found.</summary>
public sealed class LedgerWorkbooks(LedgerImports imports, IStringLocalizer<RegisterTexts> texts)
{
    private const int Batch = 500;

    /// <summary>The table with its headings, and a second sheet that says what belongs in each column.</summary>
    public async Task WriteTemplateAsync(Stream to, MatterRegister register, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(register);
        var language = Languages.IsEnglish ? "en" : "zh";
        var columns = LedgerSheet.Columns(register.Import!).ToList();
        var empty = columns.ToDictionary(c => Heading(c.Headers), _ => (object?)"");
        var guide = columns.Select(c => register.Fields.FirstOrDefault(f => f.Id == c.Column) is { } field
            ? Guide(Heading(c.Headers), field.Required || field.Key || field.Title || field.Place, field.Type == "choice" ? string.Join(" / ", field.Options.Select(o => o.Label.In(language))) : texts[$"Type.{field.Type}"])
            : Guide(Heading(c.Headers), true, texts[c.Column == LedgerSheet.Number ? "Type.text" : "Type.date"])).ToList();
        await to.SaveAsAsync(new Dictionary<string, object> { [texts["SheetTable"]] = new[] { empty }, [texts["SheetGuide"]] = guide }, cancellationToken: cancel).ConfigureAwait(false);

        Dictionary<string, object?> Guide(string column, bool required, string what) =>
            new() { [texts["Column"]] = column, [texts["Needed"]] = texts[required ? "Yes" : "No"].Value, [texts["What"]] = what };

        // The English heading where a column may have one.
        string Heading(IReadOnlyList<string> headers) => Languages.IsEnglish ? headers.FirstOrDefault(h => h.All(char.IsAscii)) ?? headers[0] : headers[0];
    }

    /// <summary>Every row with what became of it, and why; row by row as they are read.</summary>
    public Task WriteReportAsync(Stream to, Viewer viewer, Guid importId, CancellationToken cancel) => to.SaveAsAsync(RowsAsync(viewer, importId, cancel), sheetName: texts["SheetReport"], cancellationToken: cancel);

    private async IAsyncEnumerable<Dictionary<string, object?>> RowsAsync(Viewer viewer, Guid importId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        for (var last = 0; ;)
        {
            var rows = await imports.RowsAsync(viewer, importId, null, last, Batch, cancel).ConfigureAwait(false);
            foreach (var row in rows)
                foreach (var fault in row.Faults.DefaultIfEmpty())
                    yield return new() { [texts["Row"]] = row.Number, [texts["Outcome"]] = texts[$"Outcome.{row.Outcome}"].Value, [texts["Column"]] = fault?.Column, [texts["Why"]] = Languages.IsEnglish ? fault?.En : fault?.Zh };
            if (rows.Count < Batch) yield break;
            last = rows[^1].Number;
        }
    }
}
