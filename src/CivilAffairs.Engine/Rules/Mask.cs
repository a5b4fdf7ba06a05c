using System.Buffers;
using System.Globalization;

namespace CivilAffairs.Engine.Rules;

/// <summary>
/// What the screen shows of personal data 脱敏 until somebody asks for the full view (domain §13). Counts text elements,
/// so that a rare character outside the basic plane is one character.
/// </summary>
public static class Mask
{
    private static readonly string[][] Units = [["村", "社区", "居委会"], ["街道", "镇", "乡"], ["县", "区", "市", "省"]];
    private static readonly SearchValues<char> House = SearchValues.Create("0123456789０１２３４５６７８９号栋幢室");

    /// <summary>张三 → 张*; 欧阳小明 → 欧***. A name of one character is hidden whole.</summary>
    public static string Name(string? name) => KeepEnds(name, first: 1, last: 0);

    /// <summary>First 6, eight stars, last 4; of anything shorter than an ID number only stars.</summary>
    public static string Id(string? number) => KeepEnds(number, first: 6, last: 4, least: 15);

    /// <summary>Stars and the last 4.</summary>
    public static string Account(string? number) => KeepEnds(number, first: 0, last: 4, least: 8);

    /// <summary>138****1234.</summary>
    public static string Phone(string? number) => KeepEnds(number, first: 3, last: 4, least: 11);

    /// <summary>z****@example.com: the first character and the host.</summary>
    public static string Email(string? address)
    {
        var text = address?.Trim() ?? "";
        return text.LastIndexOf('@') is > 0 and var at ? string.Concat(new StringInfo(text).SubstringByTextElements(0, 1), "***", text.AsSpan(at)) : new string('*', text.Length);
    }

    /// <summary>Up to the village or community, never a house number; four stars stand for the rest, however long.</summary>
    public static string Address(string? address)
    {
        if (string.IsNullOrWhiteSpace(address)) return "";
        foreach (var units in Units)
        {
            var end = units.Select(unit => address.IndexOf(unit, StringComparison.Ordinal) is var at and >= 0 ? at + unit.Length : int.MaxValue).Min();
            if (end <= address.Length && !address.AsSpan(0, end).ContainsAny(House)) return address[..end] + "****";
        }
        return "****";
    }

    private static string KeepEnds(string? text, int first, int last, int least = 2)
    {
        if (string.IsNullOrWhiteSpace(text)) return "";
        var elements = new StringInfo(text.Trim());
        var length = elements.LengthInTextElements;
        if (length < least) return new string('*', length);
        var stars = new string('*', length - first - last);
        var head = first == 0 ? "" : elements.SubstringByTextElements(0, first);
        var tail = last == 0 ? "" : elements.SubstringByTextElements(length - last, last);
        return head + stars + tail;
    }
}
