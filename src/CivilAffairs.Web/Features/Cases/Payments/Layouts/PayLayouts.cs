using System.Text;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Features.Cases.Payments.Layouts;

/// <summary>The banks' layouts that are there. A file that is wrong offers no layout and is named with what is wrong in it; the others stay.</summary>
internal sealed class PayLayouts
{
    private const string Pattern = "*.layout.json";

    private PayLayouts(IReadOnlyList<PayLayout> all, IReadOnlyList<MatterFault> faults) => (All, Faults) = (all, faults);

    public IReadOnlyList<PayLayout> All { get; }
    public IReadOnlyList<MatterFault> Faults { get; }

    /// <returns>Null: there is none of that id (any more).</returns>
    public PayLayout? Find(string? id) => All.FirstOrDefault(l => l.Id == id);

    public static PayLayouts Of(DataFolder data) => Load([Path.Combine(AppContext.BaseDirectory, "Data", "payments"), (data ?? throw new ArgumentNullException(nameof(data))).Path("payments")]);

    /// <param name="folders">Later ones win, id by id.</param>
    public static PayLayouts Load(IEnumerable<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var (known, faults) = (new SortedDictionary<string, PayLayout>(StringComparer.Ordinal), new List<MatterFault>());
        foreach (var file in folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, Pattern).Order(StringComparer.Ordinal)))
            if (Read(Path.GetFileName(file), File.ReadAllText(file), faults) is { } layout) known[layout.Id] = layout;
        return new PayLayouts([.. known.Values], faults);
    }

    /// <returns>Null: <paramref name="faults"/> says why.</returns>
    public static PayLayout? Read(string file, string json, List<MatterFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var before = faults.Count;
        if (MatterJson.Read<PayLayout>(file, json, faults) is not { } layout) return null;
        faults.AddRange(Check(layout).Select(f => new MatterFault(file, f.Path, new(f.Zh, f.En))));
        return faults.Count == before ? layout : null;
    }

    /// <summary>GB18030 has every character that a name may have.</summary>
    internal static Encoding EncodingOf(string name) => name == "gb18030"
        ? CodePagesEncodingProvider.Instance.GetEncoding("gb18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)! : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static IEnumerable<(string Path, string Zh, string En)> Check(PayLayout l)
    {
        if (l.Id.Length is 0 or > 60 || l.Id.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')) yield return ("$.id", "只能用小写字母、数字和连字符。", "Small letters, digits and hyphens only.");
        if (l.File.Name.Length is 0 or > 60 || l.File.Name.IndexOfAny(['/', '\\', '"']) >= 0) yield return ("$.file.name", "应是文件名，不带目录。", "It must be a file's name, without a folder.");
        foreach (var (path, name) in new[] { ("$.file.encoding", l.File.Encoding), ("$.result.encoding", l.Result.Encoding) })
            if (name is not ("utf-8" or "gb18030")) yield return (path, "应是 utf-8 或 gb18030。", "It must be utf-8 or gb18030.");
        if (l.File.NewLine is not ("crlf" or "lf")) yield return ("$.file.newLine", "应是 crlf 或 lf。", "It must be crlf or lf.");
        foreach (var (path, separator) in new[] { ("$.file.separator", l.File.Separator), ("$.result.separator", l.Result.Separator) })
            if (separator is not null && (separator.Length != 1 || char.IsLetterOrDigit(separator[0]) || separator[0] is '\r' or '\n' or '.')) yield return (path, "应是一个字符，不能是字母、数字、句点或换行。", "One character that is no letter, digit, point or line break.");
        foreach (var fault in Columns("$.header", l.Header, PayFields.OfFile).Concat(Columns("$.columns", l.Columns, PayFields.OfLines)).Concat(Columns("$.trailer", l.Trailer, PayFields.OfFile))) yield return fault;
        foreach (var needed in (string[])["reference", "account", "amount"])
            if (l.Columns.Count(c => c.Field == needed) != 1) yield return ("$.columns", $"必须有且只有一列 {needed}。", $"There must be exactly one column {needed}.");
        for (var i = 0; i < l.Result.Columns.Count; i++)
        {
            var (column, path) = (l.Result.Columns[i], $"$.result.columns[{i}]");
            if (!PayFields.OfResults.Contains(column.Field)) yield return ($"{path}.field", $"应是 {string.Join("、", PayFields.OfResults)} 之一。", $"One of {string.Join(", ", PayFields.OfResults)}.");
            if (l.Result.Separator is null && column.Width < 1) yield return ($"{path}.width", "定长文件的每列要有宽度。", "A column of fixed width needs one.");
            if (column.Field == "amount" && column.Unit is not ("yuan" or "fen")) yield return ($"{path}.unit", "应是 yuan 或 fen。", "It must be yuan or fen.");
            if (column.Field == "date" && column.Format is not ("yyyyMMdd" or "yyyy-MM-dd")) yield return ($"{path}.format", "应是 yyyyMMdd 或 yyyy-MM-dd。", "It must be yyyyMMdd or yyyy-MM-dd.");
        }
        foreach (var needed in (string[])["reference", "amount", "code"])
            if (l.Result.Columns.Count(c => c.Field == needed) != 1) yield return ("$.result.columns", $"必须有且只有一列 {needed}。", $"There must be exactly one column {needed}.");
        var codes = l.Result.PaidCodes.Concat(l.Result.Reasons.Select(r => r.Code)).ToList();
        if (l.Result.PaidCodes.Count == 0) yield return ("$.result.paidCodes", "至少要有一个成功代码。", "At least one code means paid.");
        if (codes.Distinct(StringComparer.Ordinal).Count() != codes.Count || codes.Exists(c => c.Length is 0 or > 40)) yield return ("$.result.reasons", "代码不能重复，1 至 40 个字符。", "Codes must differ and have 1 to 40 characters.");
        if (l.Result.SkipFirst < 0 || l.Result.SkipLast < 0) yield return ("$.result", "跳过的行数不能是负数。", "Lines to skip cannot be negative.");
        if (l.Result.Missing is not ("open" or "paid")) yield return ("$.result.missing", "应是 open 或 paid。", "It must be open or paid.");

        IEnumerable<(string, string, string)> Columns(string at, IReadOnlyList<PayColumn> columns, IReadOnlyList<string> fields)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                var (c, path) = (columns[i], $"{at}[{i}]");
                if (!fields.Contains(c.Field)) yield return ($"{path}.field", $"应是 {string.Join("、", fields)} 之一。", $"One of {string.Join(", ", fields)}.");
                if (l.File.Separator is null && c.Width < 1) yield return ($"{path}.width", "定长文件的每列要有宽度。", "A column of fixed width needs one.");
                if (c.Align is not ("left" or "right")) yield return ($"{path}.align", "应是 left 或 right。", "It must be left or right.");
                if (c.Fill.Length != 1 || !char.IsAscii(c.Fill[0])) yield return ($"{path}.fill", "应是一个 ASCII 字符。", "It must be one ASCII character.");
                if (c.Unit is not ("yuan" or "fen")) yield return ($"{path}.unit", "应是 yuan 或 fen。", "It must be yuan or fen.");
                if (!PayFields.Formats.Contains(c.Format)) yield return ($"{path}.format", $"应是 {string.Join("、", PayFields.Formats)} 之一。", $"One of {string.Join(", ", PayFields.Formats)}.");
            }
        }
    }
}
