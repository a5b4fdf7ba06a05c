using CivilAffairs.Web.Platform.Documents.Markup;
using static CivilAffairs.Web.Platform.Documents.Layout.Typography;

namespace CivilAffairs.Web.Platform.Documents.Layout;

/// <summary>A table as rows with their frame; a row stays whole, the head is repeated on each page.</summary>
internal sealed class TableLayout(LineBreaker breaker, LinePlacer placer, RenderBudget budget)
{
    public List<FlowItem> Rows(Table table, float width)
    {
        var style = Cell(table.Small);
        var rows = table.Rows.Select(r => Row(r, table, style, width)).ToList();
        var header = rows.Take(table.HeaderRows).Select(r => r with { Before = 0, KeepWithNext = true }).ToList();
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i] = rows[i] with
            {
                Before = i == 0 ? 6 : 0,
                // The head never ends a page, the last row (a sum) never starts one alone, the space below stays with it.
                KeepWithNext = i < table.HeaderRows || i >= rows.Count - 2,
                Header = i >= table.HeaderRows && i > 0 ? header : null,
            };
        }
        if (rows.Count > 0) rows.Add(new FlowItem(0, 8, []));
        return rows;
    }

    private FlowItem Row(TableRow row, Table table, TextStyle style, float width)
    {
        budget.Check();
        var column = 0;
        var left = Left;
        var cells = new List<(TableCell Cell, List<TextLine> Lines, float Left, float Width)>();
        foreach (var cell in row.Cells)
        {
            var cellWidth = table.Widths.Skip(column).Take(cell.ColumnSpan).Sum() * width;
            cells.Add((cell, breaker.Break(cell.Runs, style.Size, cell.Header, cellWidth - 2 * CellSides), left, cellWidth));
            column += cell.ColumnSpan;
            left += cellWidth;
        }
        var height = (cells.Count == 0 ? 1 : cells.Max(c => c.Lines.Count)) * style.LineHeight + 2 * CellPadding;
        if (height > Bottom - Top) throw new DocumentTemplateException(null, "RowTooTall");
        var parts = new List<Placed> { new PlacedLine(Left, 0, left, 0), new PlacedLine(Left, height, left, height), new PlacedLine(left, 0, left, height) };
        foreach (var cell in cells)
        {
            parts.Add(new PlacedLine(cell.Left, 0, cell.Left, height));
            var top = (height - cell.Lines.Count * style.LineHeight) / 2;
            foreach (var line in cell.Lines)
            {
                parts.AddRange(placer.Place(line, cell.Left + CellSides, top + Baseline(style.Size, style.LineHeight), style.Size, cell.Cell.Align));
                top += style.LineHeight;
            }
        }
        return new FlowItem(0, height, parts);
    }
}
