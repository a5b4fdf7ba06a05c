using System.Globalization;
using System.Net;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Engine.Time;
using Fluid;
using Fluid.Values;

namespace CivilAffairs.Web.Platform.Documents.Filters;

/// <summary>The filters documents and messages share, as listed in <c>docs/document-templates.md</c>.</summary>
public static class DocumentFilters
{
    /// <summary>Name of the ambient value that says: the result is no HTML.</summary>
    internal const string PlainText = "plain-text";

    /// <summary>Adds the date, money, number and mask filters.</summary>
    public static void AddTo(FilterCollection filters)
    {
        Add(filters, "zh_date", value => Day(value) is { } d ? $"{d.Year}年{d.Month}月{d.Day}日" : null);
        Add(filters, "zh_numeral_date", value => Day(value) is { } d ? ChineseNumerals.Date(d) : null);
        Add(filters, "zh_month", value => Month(value) is { } d ? $"{d.Year}年{d.Month}月" : null);
        Add(filters, "en_date", value => Day(value)?.ToString("d MMMM yyyy", CultureInfo.InvariantCulture));
        Add(filters, "money", value => Whole(value) is { } fen ? Money(fen) : null);
        Add(filters, "zh_money", value => Whole(value) is { } fen ? ChineseNumerals.Amount(fen) : null);
        Add(filters, "zh_number", value => Whole(value) is >= 0 and < 10_000_000_000_000_000 and { } number ? ChineseNumerals.Count(number) : null);
        AddLines(filters, "lines", "<br>");
        AddLines(filters, "paragraphs", "</p><p>");
        AddMask(filters, "mask_name", Mask.Name);
        AddMask(filters, "mask_id", Mask.Id);
        AddMask(filters, "mask_phone", Mask.Phone);
        AddMask(filters, "mask_account", Mask.Account);
        AddMask(filters, "mask_address", Mask.Address);
    }

    /// <summary>Fen as shown everywhere: 123400 → ¥1,234.00.</summary>
    private static string Money(long fen) =>
        (fen < 0 ? "-¥" : "¥") + (Math.Abs((decimal)fen) / 100).ToString("#,##0.00", CultureInfo.InvariantCulture);

    /// <summary>A text of several lines, with markup between them; lines without text go. The only filters that write markup: they encode what they get.</summary>
    private static void AddLines(FilterCollection filters, string name, string between) => filters.AddFilter(name, (input, _, context) =>
    {
        var lines = input.ToStringValue().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return ValueTask.FromResult<FluidValue>(context.AmbientValues.ContainsKey(PlainText)
            ? new StringValue(string.Join('\n', lines))
            : new StringValue(string.Join(between, lines.Select(WebUtility.HtmlEncode)), encode: false));
    });

    private static void AddMask(FilterCollection filters, string name, Func<string, string> mask) =>
        Add(filters, name, value => mask(value.ToStringValue()));

    private static void Add(FilterCollection filters, string name, Func<FluidValue, string?> filter) =>
        filters.AddFilter(name, (input, _, _) => new ValueTask<FluidValue>(new StringValue(
            filter(input) ?? throw new DocumentTemplateException(null, "BadFilterInput", name))));

    private static DateOnly? Day(FluidValue value) => IsoDay.Read(value.ToStringValue());

    private static DateOnly? Month(FluidValue value) =>
        DateOnly.TryParseExact(value.ToStringValue(), "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) ? month : Day(value);

    private static long? Whole(FluidValue value)
    {
        if (value is not (NumberValue or StringValue)) return null;
        return long.TryParse(value.ToStringValue(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
