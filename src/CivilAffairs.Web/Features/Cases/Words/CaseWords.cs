using System.Globalization;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Cases.Words;

/// <summary>What officers and applicants read instead of codes, in the reader's language.</summary>
public sealed class CaseWords(IStringLocalizer<LimitTexts> texts, IStringLocalizer<RoleTexts> roles, Refusals refusals)
{
    public string Status(string status) => refusals.Status(status);

    public string Outcome(string outcome) => refusals.Outcome(outcome);

    public string Role(string role) => roles[role] is { ResourceNotFound: false } text ? text.Value : role;

    /// <summary>A source with the mark that was frozen with it: <c>S DB 15</c> is statutory 法定, <c>L DB 22</c> a local rule 本地规定.</summary>
    public string Basis(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source is not ['S' or 'L', ' ', ..]) return Source(source);
        var named = Source(source[2..]);
        // A local rule that names nothing else is not marked as one once more.
        return named == texts["law.local"].Value ? named : texts[$"mark.{source[0]}", named];
    }

    /// <summary>Where a rule comes from: <c>DB 16, XK 34</c> in the laws' own names; <c>L</c> is a local rule. What a colon adds is told as it stands.</summary>
    public string Source(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.IndexOf('：', StringComparison.Ordinal) is > 0 and var colon) return Source(source[..colon]) + source[colon..];
        var last = "";
        var named = source.Split([',', '；'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part =>
        {
            if (part == "L") return texts["law.local"].Value;
            // DB 20, 21: a further article of the law before it.
            if (last.Length > 0 && part.All(c => char.IsAsciiDigit(c))) return texts["law.more", part].Value;
            last = "";
            var (code, article) = part.Split(' ', 2) is [var law, var at] ? (law, at) : (part, "");
            if (texts[$"law.{code}"] is not { ResourceNotFound: false } name) return part;
            last = article;
            return article.Length > 0 ? texts["law.article", name.Value, article].Value : texts["law.whole", name.Value].Value;
        });
        return string.Join(texts["law.and"], named);
    }

    /// <summary>A parameter's choice in words; one that the product does not know as it stands.</summary>
    public string Choice(string? code) => texts[$"choice.{code}"] is { ResourceNotFound: false } text ? text.Value : code ?? "";

    /// <summary>Why something is not allowed, as a sentence.</summary>
    public string Refusal(NotAllowedException refusal) => refusals.Of(refusal)!.Text;

    /// <summary>A limit as the law writes it: 12 个工作日.</summary>
    public string Span(string? limit)
    {
        if (!Limits.TryParse(limit, out var span) || span.Unit == LimitUnit.None) return texts["span.none"];
        if (span.Count == 0) return texts["span.sameDay"];
        var unit = span.Unit switch { LimitUnit.WorkDays => "wd", LimitUnit.Days => "d", LimitUnit.PlainDays => "p", LimitUnit.Months => "M", _ => "y" };
        return texts[$"span.{unit}", span.Count];
    }

    /// <summary>How a limit stands today: 还剩 3 个工作日, 逾期 2 天.</summary>
    public string Left(LimitState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Urgency switch
        {
            Urgency.None => texts["limit.none"],
            Urgency.Unknown => texts["limit.unknown"],
            Urgency.Paused => texts["limit.paused"],
            Urgency.Late => Counted("limit.late", state.Days),
            _ when state.Days == 0 => texts["limit.today"],
            _ => Counted(state.InWorkDays ? "limit.left.wd" : "limit.left.d", state.Days),
        };
    }

    /// <summary>Who did something, and in whose name where a deputy 代理人 did: 张三 代 李四.</summary>
    public static string Actor(string by, string? absent) => absent is not { Length: > 0 } ? by : Languages.IsEnglish ? $"{by} for {absent}" : $"{by} 代 {absent}";

    /// <summary>2026年11月23日.</summary>
    public static string Day(DateOnly day) => Display.Day(day);

    /// <summary>11月23日 or 23 Nov.</summary>
    public static string ShortDay(DateOnly day) => day.ToString(Languages.IsEnglish ? "d MMM" : "M月d日", Languages.IsEnglish ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo("zh-CN"));

    /// <summary>In the bureau's zone: 2026年11月23日 14:05.</summary>
    public static string Instant(DateTimeOffset at) => Display.Time(at);

    /// <summary>¥1,234.00 from fen.</summary>
    public static string Money(long fen) => Display.Money(fen);

    private string Counted(string key, int count) => texts[count == 1 ? $"{key}.one" : key, count];
}
