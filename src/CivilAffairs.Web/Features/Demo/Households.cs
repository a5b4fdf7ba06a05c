using System.Globalization;
using System.Text.RegularExpressions;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>Makes fictional households out of an example's: other numbers under division 341299, the same ages and sexes.</summary>
internal static partial class Households
{
    /// <summary>Every distinct ID number in a text.</summary>
    public static IReadOnlyList<string> IdNumbers(string text) => [.. IdNumber().Matches(text).Select(m => m.Value).Distinct()];

    /// <summary>Another person of about the same age and of the same sex; every number up to 14,000 gives another.</summary>
    public static string Another(string idNumber, int number)
    {
        var day = 1 + (int.Parse(idNumber.AsSpan(12, 2), CultureInfo.InvariantCulture) + number) % 28;
        var sequence = number / 28 % 500 * 2 + (idNumber[16] - '0') % 2;
        var first = string.Create(CultureInfo.InvariantCulture, $"{idNumber[..12]}{day:00}{sequence:000}");
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        return first + "10X98765432"[first.Select((c, i) => (c - '0') * weights[i]).Sum() % 11];
    }

    /// <summary>The same, where a household makes the matter; else born on the very day, since ages may count to the day. Then every number up to 499 gives another.</summary>
    public static string Another(string idNumber, int number, Matters.FormFile form)
    {
        ArgumentNullException.ThrowIfNull(form);
        if (form.Household is not null) return Another(idNumber, number);
        var first = string.Create(CultureInfo.InvariantCulture, $"{idNumber[..14]}{(int.Parse(idNumber.AsSpan(14, 3), CultureInfo.InvariantCulture) + 2 * number) % 1000:000}");
        return first + Engine.Rules.IdNumber.CheckDigit(first);
    }

    /// <summary>Another person of the same sex, born so many months later; every number up to 14,000 gives another.</summary>
    public static string Another(string idNumber, int number, int months)
    {
        var month = 12 * int.Parse(idNumber.AsSpan(6, 4), CultureInfo.InvariantCulture) + int.Parse(idNumber.AsSpan(10, 2), CultureInfo.InvariantCulture) - 1 + months;
        return Another(string.Create(CultureInfo.InvariantCulture, $"{idNumber[..6]}{month / 12:0000}{1 + month % 12:00}{idNumber[12..]}"), number);
    }

    /// <summary>Another person of the same sex, born so many years later; every number up to 14,000 gives another.</summary>
    public static string Born(string idNumber, int number, int years, int months)
    {
        var (year, month) = (int.Parse(idNumber.AsSpan(6, 4), CultureInfo.InvariantCulture) + years, 1 + (int.Parse(idNumber.AsSpan(10, 2), CultureInfo.InvariantCulture) - 1 + months) % 12);
        return Another(string.Create(CultureInfo.InvariantCulture, $"{idNumber[..6]}{year:0000}{month:00}{idNumber[12..]}"), number);
    }

    [GeneratedRegex(@"341299\d{11}[\dX](?!\d)")]
    private static partial Regex IdNumber();
}
