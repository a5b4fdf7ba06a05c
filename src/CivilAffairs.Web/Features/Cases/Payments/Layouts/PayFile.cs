using System.Globalization;
using System.Text;

namespace CivilAffairs.Web.Features.Cases.Payments.Layouts;

/// <summary>Writes a batch as a bank's layout says: the same lines give the same bytes. Nothing is ever cut: what does not fit is refused.</summary>
internal static class PayFile
{
    public static string NameOf(PayLayout layout, PayHead head) => layout.File.Name
        .Replace("{number}", head.Code, StringComparison.Ordinal).Replace("{month}", head.Month.ToString("yyyyMM", CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <exception cref="PayFieldException">A value is longer than its column, or holds the character between columns.</exception>
    public static async Task WriteAsync(Stream to, PayLayout layout, PayHead head, IAsyncEnumerable<PayOut> lines, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(lines);
        var (encoding, sequence) = (PayLayouts.EncodingOf(layout.File.Encoding), 0);
        if (layout.Header.Count > 0) await LineAsync(layout.Header, c => Of(c, head)).ConfigureAwait(false);
        await foreach (var line in lines.WithCancellation(cancel).ConfigureAwait(false))
        {
            sequence++;
            await LineAsync(layout.Columns, c => Of(c, head, line, sequence)).ConfigureAwait(false);
        }
        if (layout.Trailer.Count > 0) await LineAsync(layout.Trailer, c => Of(c, head)).ConfigureAwait(false);

        async Task LineAsync(IReadOnlyList<PayColumn> columns, Func<PayColumn, string> value)
        {
            var text = new StringBuilder();
            for (var i = 0; i < columns.Count; i++)
            {
                if (i > 0) text.Append(layout.File.Separator);
                text.Append(Fit(columns[i], value(columns[i])));
            }
            text.Append(layout.File.NewLine == "crlf" ? "\r\n" : "\n");
            await to.WriteAsync(encoding.GetBytes(text.ToString()), cancel).ConfigureAwait(false);
        }

        string Fit(PayColumn column, string value)
        {
            if (value.Any(char.IsControl) || (layout.File.Separator is { } separator && value.Contains(separator, StringComparison.Ordinal))) throw new PayFieldException(column.Field);
            if (column.Width == 0) return value;
            var space = column.Width - encoding.GetByteCount(value);
            if (space < 0) throw new PayFieldException(column.Field);
            return column.Align == "right" ? new string(column.Fill[0], space) + value : value + new string(column.Fill[0], space);
        }
    }

    private static string Of(PayColumn column, PayHead head) => column.Field switch
    {
        "number" => head.Code, "month" => Day(column, head.Month), "date" => Day(column, head.On), "count" => head.Count.ToString(CultureInfo.InvariantCulture), "total" => Money(column, head.TotalFen), _ => column.Text,
    };

    private static string Of(PayColumn column, PayHead head, PayOut line, int sequence) => column.Field switch
    {
        "sequence" => sequence.ToString(CultureInfo.InvariantCulture), "reference" => line.Reference, "account" => line.Account.Number, "holder" => line.Account.Holder, "bank" => line.Account.Bank,
        "idNumber" => line.IdNumber ?? "", "amount" => Money(column, line.AmountFen), "month" => Day(column, line.Month), "benefit" => head.Benefit, _ => column.Text,
    };

    private static string Day(PayColumn column, DateOnly day) => day.ToString(column.Format, CultureInfo.InvariantCulture);

    private static string Money(PayColumn column, long fen) => column.Unit == "fen" ? fen.ToString(CultureInfo.InvariantCulture) : (fen / 100m).ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>What is said of the whole file.</summary>
/// <param name="Code">Year and number of the batch, digits alone.</param>
/// <param name="On">The day on which it is sent.</param>
internal sealed record PayHead(string Code, DateOnly Month, DateOnly On, int Count, long TotalFen, string Benefit)
{
    /// <summary>Eight digits: 20260007.</summary>
    public static string CodeOf(int year, int serial) => string.Create(CultureInfo.InvariantCulture, $"{year:0000}{serial:0000}");

    /// <summary>Fourteen digits, of the batch and the line's position in it: no two payments of a county ever have the same.</summary>
    public static string ReferenceOf(int year, int serial, int position) => string.Create(CultureInfo.InvariantCulture, $"{CodeOf(year, serial)}{position:000000}");
}

/// <summary>One payment as it goes out.</summary>
internal sealed record PayOut(string Reference, StoredAccount Account, string? IdNumber, long AmountFen, DateOnly Month);

/// <summary>A value does not fit the bank's layout; its field.</summary>
internal sealed class PayFieldException(string field) : Exception($"A value of the field {field} does not fit the layout.")
{
    public string Field { get; } = field;
}
