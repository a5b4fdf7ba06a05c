using System.Globalization;
using System.IO.Compression;
using System.Text;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using MiniExcelLibs;
using MiniExcelLibs.OpenXml;

namespace CivilAffairs.Web.Features.Registers.Import;

/// <summary>Reads the first sheet of an Excel workbook row by row: the headings say which column is which.</summary>
internal static class LedgerSheet
{
    /// <summary>Bytes of the file, of what is packed in it, and rows of the table.</summary>
    public const int MaxBytes = 10 * 1024 * 1024, MaxUnpacked = 200 * 1024 * 1024, MaxRows = 20_000;

    /// <summary>Names of the certificate's columns, beside the fields' ids.</summary>
    public const string Number = "certificate.number", ValidFrom = "certificate.validFrom", ValidTo = "certificate.validTo";

    /// <summary>The field of the form that sends it: what is wrong with the file as a whole is told there.</summary>
    public const string Field = "file";

    // Texts of a table are people's: none is put down on the disk beside it.
    private static readonly OpenXmlConfiguration Reading = new() { EnableSharedStringCache = false, IgnoreEmptyRows = false };

    /// <summary>Column → the headings it may have, of a register's table.</summary>
    public static IEnumerable<(string Column, IReadOnlyList<string> Headers)> Columns(RegisterImport import) =>
        import.Columns.Select(c => (c.Field, c.Headers)).Concat(import.Certificate is { } c ? [(Number, c.Number), (ValidFrom, c.ValidFrom), (ValidTo, c.ValidTo)] : []);

    /// <exception cref="InvalidAnswersException">It is no such workbook, or a heading is missing.</exception>
    public static IEnumerable<SheetRow> Read(MemoryStream file, RegisterImport import)
    {
        Guard(file);
        file.Position = 0;
        var columns = default(Dictionary<string, (string Column, string Header)>);
        var number = 0;
        foreach (IDictionary<string, object?> row in Rows(file))
        {
            number++;
            if (columns is null)
            {
                columns = Head(row, import);
                continue;
            }
            if (number > MaxRows + 1) throw Wrong($"表格最多 {MaxRows} 行，请分成几个文件。", $"A table has at most {MaxRows:N0} rows; split it.");
            var cells = columns.ToDictionary(c => c.Value.Column, c => new SheetCell(c.Value.Header, Text(row.TryGetValue(c.Key, out var value) ? value : null), value is double number && Math.Abs(number) >= 1e15));
            if (cells.Values.Any(c => c.Text.Length > 0)) yield return new SheetRow(number, cells);
        }
        if (columns is null) throw Wrong("表格是空的。", "The table is empty.");
    }

    private static IEnumerable<IDictionary<string, object?>> Rows(MemoryStream file)
    {
        using var rows = file.Query(useHeaderRow: false, excelType: ExcelType.XLSX, configuration: Reading).GetEnumerator();
        while (true)
        {
            try
            {
                if (!rows.MoveNext()) yield break;
            }
            catch (Exception e) when (e is InvalidDataException or System.Xml.XmlException or FormatException or ArgumentException or InvalidOperationException or KeyNotFoundException or NullReferenceException)
            {
                throw Wrong("这个文件读不出来，请另存为 .xlsx 工作簿后再试。", "This file cannot be read; save it as an .xlsx workbook and try again.");
            }
            yield return (IDictionary<string, object?>)rows.Current;
        }
    }

    private static Dictionary<string, (string Column, string Header)> Head(IDictionary<string, object?> row, RegisterImport import)
    {
        var found = new Dictionary<string, (string, string)>();
        var missing = new List<string>();
        foreach (var (column, headers) in Columns(import))
        {
            var (cell, header) = row.Select(c => (c.Key, Text(c.Value))).FirstOrDefault(c => headers.Any(h => Same(h, c.Item2)));
            if (cell is null) missing.Add(headers[0]);
            else found[cell] = (column, header);
        }
        return missing.Count == 0 ? found : throw Wrong($"第 1 行缺少这些列：{string.Join("、", missing)}。", $"Row 1 lacks these columns: {string.Join(", ", missing)}.");
    }

    /// <summary>A small file may unpack to a huge one: looked at before anything is unpacked. Nothing is ever unpacked beyond what the entry says.</summary>
    private static void Guard(MemoryStream file)
    {
        if (file.Length > MaxBytes) throw new FileRefusedException(tooLarge: true, new FieldFault(Field, "文件不能超过 10 MB，请分成几个文件。", "A file may have 10 MB at most; split it."));
        try
        {
            file.Position = 0;
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.GetEntry("[Content_Types].xml") is null || zip.GetEntry("xl/workbook.xml") is null) throw new InvalidDataException();
            if (zip.Entries.Sum(e => e.Length) > MaxUnpacked) throw new FileRefusedException(tooLarge: true, new FieldFault(Field, "这个文件解开后太大。", "Unpacked, this file is too large."));
        }
        catch (InvalidDataException)
        {
            throw new FileRefusedException(tooLarge: false, new FieldFault(Field, "只能用 .xlsx 工作簿。", "It must be an .xlsx workbook."));
        }
    }

    private static bool Same(string header, string typed) => typed.TrimEnd('*').Trim().Equals(header, StringComparison.OrdinalIgnoreCase);

    private static string Text(object? value) => value switch
    {
        null => "",
        DateTime day => day.TimeOfDay == TimeSpan.Zero ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : day.ToString("s", CultureInfo.InvariantCulture),
        double number => number.ToString(number == Math.Truncate(number) ? "0" : "R", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!.Normalize(NormalizationForm.FormC).Trim(),
    };

    private static InvalidAnswersException Wrong(string zh, string en) => new([new FieldFault(Field, zh, en)]);
}

/// <param name="Number">As the table counts; the headings are row 1.</param>
/// <param name="Cells">By column.</param>
internal sealed record SheetRow(int Number, IReadOnlyDictionary<string, SheetCell> Cells);

/// <param name="Rounded">A number with more digits than Excel keeps: its last ones are lost.</param>
internal sealed record SheetCell(string Header, string Text, bool Rounded);
