using System.Globalization;
using AngleSharp.Dom;

namespace CivilAffairs.Web.Platform.Documents.Markup;

/// <summary>A table element as rows of cells with the width of each column settled.</summary>
internal sealed class TableReader(RenderBudget budget)
{
    public Table Read(IElement table)
    {
        var rows = new List<TableRow>();
        var headers = 0;
        foreach (var part in table.Children)
        {
            foreach (var row in part.Children)
            {
                budget.Check();
                rows.Add(new TableRow([.. row.Children.Select(Cell)]));
                if (part.LocalName == "thead") headers = rows.Count;
            }
        }
        var columns = rows.Count == 0 ? 0 : rows.Max(r => r.Cells.Sum(c => c.ColumnSpan));
        if (rows.Count > budget.Limits.Rows || columns > budget.Limits.Columns)
            throw new DocumentTemplateException(null, "TooManyRows", budget.Limits.Rows, budget.Limits.Columns);
        return new Table([.. rows.Select(r => Filled(r, columns))], Widths(rows, columns), headers, table.ClassList.Contains("small"));
    }

    private static TableCell Cell(IElement cell)
    {
        var header = cell.LocalName == "th";
        var align = cell.ClassList.Contains("right") ? Align.Right
            : cell.ClassList.Contains("center") || (header && !cell.ClassList.Contains("left")) ? Align.Center : Align.Left;
        var span = Number(cell, "colspan", "", 1, 100) ?? 1;
        return new TableCell(InlineReader.Read(cell.ChildNodes), (int)span, header, align, Number(cell, "width", "%", 1, 100) / 100);
    }

    private static float? Number(IElement cell, string name, string unit, float least, float most)
    {
        if (cell.GetAttribute(name) is not { } text) return null;
        var digits = text.EndsWith(unit, StringComparison.Ordinal) ? text[..^unit.Length] : "";
        return float.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number : throw new DocumentTemplateException(null, "BadAttribute", name);
    }

    /// <summary>A short row ends with an empty cell, so that the frame stays whole.</summary>
    private static TableRow Filled(TableRow row, int columns)
    {
        var missing = columns - row.Cells.Sum(c => c.ColumnSpan);
        return missing == 0 ? row : new TableRow([.. row.Cells, new TableCell([], missing, false, Align.Left, null)]);
    }

    /// <summary>Widths come from the first row that names them for whole columns; the others share what remains.</summary>
    private static float[] Widths(List<TableRow> rows, int columns)
    {
        var named = new float?[columns];
        foreach (var row in rows)
        {
            var column = 0;
            foreach (var cell in row.Cells)
            {
                if (cell is { ColumnSpan: 1, Width: { } width }) named[column] ??= width;
                column += cell.ColumnSpan;
            }
            if (named.Any(w => w is not null)) break;
        }
        var free = named.Count(w => w is null);
        var left = Math.Max(1 - named.Sum(w => w ?? 0), 0.05f * free);
        var widths = named.Select(w => w ?? left / free).ToArray();
        var total = widths.Sum();
        return [.. widths.Select(w => w / total)];
    }
}
