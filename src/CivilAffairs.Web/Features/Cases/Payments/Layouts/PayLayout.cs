using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Cases.Payments.Layouts;

/// <summary>
/// How a bank wants a batch and answers it, as data: <c>*.layout.json</c> in the product's <c>Data/payments</c> or in <c>payments</c> of
/// the data folder, which wins. Another bank is another file (docs/adr/0085).
/// </summary>
public sealed record PayLayout : MatterPart
{
    /// <summary>Small letters, digits and hyphens.</summary>
    public required string Id { get; init; }
    public required Matters.Words Name { get; init; }
    public required PayFileFormat File { get; init; }

    /// <summary>One line before the payments; empty: none.</summary>
    public IReadOnlyList<PayColumn> Header { get; init; } = [];

    /// <summary>A line for each payment.</summary>
    public required IReadOnlyList<PayColumn> Columns { get; init; }

    /// <summary>One line after them; empty: none.</summary>
    public IReadOnlyList<PayColumn> Trailer { get; init; } = [];
    public required PayResultFormat Result { get; init; }
}

public sealed record PayFileFormat : MatterPart
{
    /// <summary>With <c>{number}</c> (year and number of the batch, digits alone) and <c>{month}</c> (yyyyMM).</summary>
    public required string Name { get; init; }

    /// <summary><c>utf-8</c> or <c>gb18030</c>.</summary>
    public required string Encoding { get; init; }

    /// <summary><c>crlf</c> or <c>lf</c>.</summary>
    public string NewLine { get; init; } = "crlf";

    /// <summary>One character between columns; absent: columns have fixed widths.</summary>
    public string? Separator { get; init; }
}

/// <summary>A column of what is sent.</summary>
public sealed record PayColumn : MatterPart
{
    /// <summary>One of <see cref="PayFields.OfLines"/> or <see cref="PayFields.OfFile"/>.</summary>
    public required string Field { get; init; }

    /// <summary>Of the field <c>text</c>: what always stands there.</summary>
    public string Text { get; init; } = "";

    /// <summary>Bytes in the file's encoding, where widths are fixed.</summary>
    public int Width { get; init; }

    /// <summary><c>left</c> or <c>right</c>.</summary>
    public string Align { get; init; } = "left";

    /// <summary>One character that fills the width.</summary>
    public string Fill { get; init; } = " ";

    /// <summary>Of days and months: <c>yyyyMMdd</c>, <c>yyyy-MM-dd</c>, <c>yyyyMM</c>.</summary>
    public string Format { get; init; } = "yyyyMMdd";

    /// <summary>Of sums: <c>yuan</c> with two decimals, or <c>fen</c>.</summary>
    public string Unit { get; init; } = "yuan";
}

/// <summary>How the bank's result is read.</summary>
public sealed record PayResultFormat : MatterPart
{
    public required string Encoding { get; init; }
    public string? Separator { get; init; }

    /// <summary>Lines at the beginning and the end that are no payments.</summary>
    public int SkipFirst { get; init; }
    public int SkipLast { get; init; }
    public required IReadOnlyList<PayResultColumn> Columns { get; init; }
    public required IReadOnlyList<string> PaidCodes { get; init; }

    /// <summary>Why it comes back; a code that is in neither list is refused.</summary>
    public required IReadOnlyList<PayReason> Reasons { get; init; }

    /// <summary>What a payment is that the file leaves out: <c>open</c>, its result is still to come; <c>paid</c>, the bank names returns alone.</summary>
    public string Missing { get; init; } = "open";
}

public sealed record PayResultColumn : MatterPart
{
    /// <summary><c>reference</c>, <c>amount</c>, <c>account</c>, <c>code</c>, <c>date</c> or <c>skip</c>.</summary>
    public required string Field { get; init; }
    public int Width { get; init; }
    public string Format { get; init; } = "yyyyMMdd";
    public string Unit { get; init; } = "yuan";
}

public sealed record PayReason : MatterPart
{
    /// <summary>At most 40 characters.</summary>
    public required string Code { get; init; }
    public required Matters.Words Name { get; init; }
}

/// <summary>What a layout may name.</summary>
internal static class PayFields
{
    public static IReadOnlyList<string> OfFile { get; } = ["text", "number", "month", "date", "count", "total"];
    public static IReadOnlyList<string> OfLines { get; } = ["text", "sequence", "reference", "account", "holder", "bank", "idNumber", "amount", "month", "benefit"];
    public static IReadOnlyList<string> OfResults { get; } = ["reference", "amount", "account", "code", "date", "skip"];
    public static IReadOnlyList<string> Formats { get; } = ["yyyyMMdd", "yyyy-MM-dd", "yyyyMM"];
}
