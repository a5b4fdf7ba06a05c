using System.Text.RegularExpressions;

namespace CivilAffairs.Engine.Rules;

/// <summary>Kinds of disability in the order of the card's 19th digit: 视 听 言 肢 智 精 多重.</summary>
public enum Disability { Sight = 1, Hearing, Speech, Limb, Intellect, Mind, Multiple }

/// <summary>A disabled person's card number 残疾人证号: ID number, kind, level 1 (gravest) to 4, and <c>B</c> with the count of reissues.</summary>
public sealed partial record DisabilityCard(IdNumber Holder, Disability Kind, int Level, int Reissues)
{
    /// <summary>Reads a number as typed. Exactly one of the two results is null.</summary>
    public static (DisabilityCard? Card, RuleFault? Fault) Read(string? typed, DateOnly today)
    {
        var match = Shape().Match(Typed.Number(typed));
        if (!match.Success) return (null, new RuleFault("disabilityCard.shape"));
        var (holder, fault) = IdNumber.Read(match.Groups["id"].Value, today);
        if (holder is null) return (null, fault);
        var reissues = match.Groups["reissues"] is { Success: true } group ? int.Parse(group.ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 0;
        return (new DisabilityCard(holder, (Disability)(match.Groups["kind"].ValueSpan[0] - '0'), match.Groups["level"].ValueSpan[0] - '0', reissues), null);
    }

    [GeneratedRegex("^(?<id>[0-9]{17}[0-9X])(?<kind>[1-7])(?<level>[1-4])(B(?<reissues>[0-9]{1,3}))?$")]
    private static partial Regex Shape();
}
