using System.Globalization;
using System.Text;

namespace CivilAffairs.Web.Platform.Documents.Filters;

/// <summary>Numbers in Chinese characters: counting (十二), year digits (二〇二六) and the amount in words of a bank form (大写).</summary>
public static class ChineseNumerals
{
    private const string Digits = "〇一二三四五六七八九";
    private const string BankDigits = "零壹贰叁肆伍陆柒捌玖";
    private static readonly string[] Places = ["", "十", "百", "千"];
    private static readonly string[] BankPlaces = ["", "拾", "佰", "仟"];
    private static readonly string[] Groups = ["", "万", "亿", "万亿"];

    /// <summary>0 to 9999999999999999 as counted: 12 → 十二, 105 → 一百零五, 20000 → 二万.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or 10^16 and more.</exception>
    public static string Count(long number)
    {
        if (number == 0) return "零";
        var text = Whole(number, "零一二三四五六七八九", Places);
        return text.StartsWith("一十", StringComparison.Ordinal) ? text[1..] : text;
    }

    /// <summary>Each digit by itself, as years are written: 2026 → 二〇二六.</summary>
    public static string DigitByDigit(int number) =>
        string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(d => Digits[d - '0']));

    /// <summary>A date of a solemn document: 二〇二六年十一月二十四日.</summary>
    public static string Date(DateOnly date) => $"{DigitByDigit(date.Year)}年{Count(date.Month)}月{Count(date.Day)}日";

    /// <summary>Fen in words for a payment form (人民币大写): 120000 → 壹仟贰佰元整, 100050 → 壹仟元伍角整, 105 → 壹元零伍分.</summary>
    /// <exception cref="ArgumentOutOfRangeException">10^16 yuan and more.</exception>
    public static string Amount(long fen)
    {
        var absolute = Math.Abs((decimal)fen);
        var (yuan, jiao, cent) = ((long)(absolute / 100), (int)(absolute / 10 % 10), (int)(absolute % 10));
        var text = new StringBuilder(fen < 0 ? "负" : "");
        if (yuan > 0) text.Append(Whole(yuan, BankDigits, BankPlaces)).Append('元');
        if (jiao > 0) text.Append(BankDigits[jiao]).Append('角');
        else if (cent > 0 && yuan > 0) text.Append('零');
        if (cent > 0) text.Append(BankDigits[cent]).Append('分');
        else text.Append(yuan == 0 && jiao == 0 ? "零元整" : "整");
        return text.ToString();
    }

    private static string Whole(long number, string digits, string[] places)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, 10_000_000_000_000_000);
        var text = new StringBuilder();
        var gap = false;
        for (var group = 3; group >= 0; group--)
        {
            var four = (int)(number / Power(group) % 10_000);
            if (four == 0) { gap = text.Length > 0; continue; }
            if (text.Length > 0 && (gap || four < 1000)) text.Append(digits[0]);
            AppendFour(text, four, digits, places);
            // 万亿 is written once for both groups: 一万二千亿, not 一万亿二千亿.
            text.Append(group == 3 && number / Power(2) % 10_000 > 0 ? "万" : Groups[group]);
            gap = false;
        }
        return text.ToString();
    }

    private static void AppendFour(StringBuilder text, int four, string digits, string[] places)
    {
        bool started = false, zero = false;
        for (var place = 3; place >= 0; place--)
        {
            var digit = four / (int)Math.Pow(10, place) % 10;
            if (digit == 0) { zero = started; continue; }
            if (zero) text.Append(digits[0]);
            text.Append(digits[digit]).Append(places[place]);
            (started, zero) = (true, false);
        }
    }

    private static long Power(int group) => group switch { 0 => 1, 1 => 10_000, 2 => 100_000_000, _ => 1_000_000_000_000 };
}
