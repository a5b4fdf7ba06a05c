using System.Globalization;
using System.Text;

namespace CivilAffairs.Web.Features.Cases.Payments.Layouts;

/// <summary>Reads a bank's result as its layout says.</summary>
internal static class PayAnswers
{
    /// <summary>Bytes of a file, and its payments.</summary>
    public const int MaxBytes = 10 * 1024 * 1024, MaxRows = 50_000;

    /// <returns>Null: it is no text in this encoding, or has too many lines.</returns>
    public static IReadOnlyList<PayAnswer>? Read(PayResultFormat format, byte[] file)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(file);
        var encoding = PayLayouts.EncodingOf(format.Encoding);
        string text;
        try
        {
            text = encoding.GetString(file).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
        var lines = text.Split('\n').Select((line, i) => (Text: line.TrimEnd('\r'), Number: i + 1)).Where(l => l.Text.Trim().Length > 0).ToList();
        if (lines.Count > MaxRows + format.SkipFirst + format.SkipLast) return null;
        return [.. lines.Skip(format.SkipFirst).SkipLast(format.SkipLast).Select(l => Line(format, encoding, l.Number, l.Text))];
    }

    private static PayAnswer Line(PayResultFormat format, Encoding encoding, int number, string text)
    {
        if (Cells(format, encoding, text) is not { } cells) return new PayAnswer(number, null, null, null, "", null, "row.columns");
        string? Cell(string field) => format.Columns.Select((c, i) => (c, i)).Where(c => c.c.Field == field).Select(c => cells[c.i].Trim()).FirstOrDefault();
        var (amount, date) = (format.Columns.First(c => c.Field == "amount"), format.Columns.FirstOrDefault(c => c.Field == "date"));
        var fen = Fen(Cell("amount")!, amount.Unit);
        DateOnly? day = date is null || Cell("date") is not { Length: > 0 } said ? null : DateOnly.TryParseExact(said, date.Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) ? on : DateOnly.MaxValue;
        return new PayAnswer(number, Cell("reference"), fen, Cell("account") is { Length: > 0 } account ? account : null, Cell("code")!, day, fen is null ? "row.amount" : null);
    }

    private static List<string>? Cells(PayResultFormat format, Encoding encoding, string text)
    {
        if (format.Separator is { } separator)
        {
            var parts = text.Split(separator);
            return parts.Length >= format.Columns.Count ? [.. parts] : null;
        }
        var (bytes, cells, at) = (encoding.GetBytes(text), new List<string>(), 0);
        foreach (var column in format.Columns)
        {
            // The last column may end with the line.
            if (at + column.Width > bytes.Length && column != format.Columns[^1]) return null;
            try
            {
                cells.Add(encoding.GetString(bytes, Math.Min(at, bytes.Length), Math.Max(0, Math.Min(column.Width, bytes.Length - at))));
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
            at += column.Width;
        }
        return cells;
    }

    /// <summary>Whole fen, or yuan with at most two decimals; anything else is none.</summary>
    private static long? Fen(string text, string unit)
    {
        if (unit == "fen") return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var fen) ? fen : null;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var yuan) && yuan < 1_000_000_000 && decimal.Truncate(yuan * 100) == yuan * 100 ? (long)(yuan * 100) : null;
    }
}

/// <param name="On">Null: the file says none; <see cref="DateOnly.MaxValue"/>: it cannot be read.</param>
/// <param name="Fault">Key of the text; null: it could be read.</param>
internal sealed record PayAnswer(int Number, string? Reference, long? AmountFen, string? Account, string Code, DateOnly? On, string? Fault);
