using System.Globalization;
using CivilAffairs.Engine.Rules;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>Invented unified social credit codes 统一社会信用代码 under the unassigned division 341299.</summary>
internal static class Codes
{
    /// <param name="begin"><c>51</c> an association, <c>52</c> a private non-enterprise unit.</param>
    /// <param name="number">Four digits; each gives another code.</param>
    public static string Organisation(string begin, int number)
    {
        int[] weights = [3, 7, 9, 10, 5, 8, 4, 2];
        var eight = string.Create(CultureInfo.InvariantCulture, $"MJ0A{number}");
        var sum = eight.Select((c, i) => weights[i] * (char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10)).Sum();
        var first = $"{begin}341299{eight}{(11 - sum % 11) switch { 10 => "X", 11 => "0", var digit => $"{digit}" }}";
        return first + Uscc.CheckCharacter(first);
    }
}
