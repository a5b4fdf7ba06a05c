using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Platform.Api;

namespace CivilAffairs.Web.Features.Tools;

/// <summary>Whether numbers that people type are right (domain §4), with what they say by themselves. Pure; keeps and repeats no number.</summary>
internal static class NumberTools
{
    private static readonly (string Word, SocialOrganisation Kind)[] Kinds =
    [
        ("社会团体", SocialOrganisation.Association), ("association", SocialOrganisation.Association),
        ("民非", SocialOrganisation.PrivateNonEnterprise), ("民办非企业单位", SocialOrganisation.PrivateNonEnterprise), ("nonEnterprise", SocialOrganisation.PrivateNonEnterprise),
        ("基金会", SocialOrganisation.Foundation), ("foundation", SocialOrganisation.Foundation),
    ];

    /// <summary>公民身份号码, GB 11643.</summary>
    public static ResidentIdAnswer ResidentId(string value, DateOnly today)
    {
        var (number, fault) = IdNumber.Read(value, today);
        return number is null ? new(false, Reason(fault)) : new(true, null, number.Born, Sex(number), Age.On(number.Born, today));
    }

    /// <summary>统一社会信用代码, GB 32100.</summary>
    /// <param name="value">As typed.</param>
    /// <param name="kind">社会团体, 民非 or 基金会; null: any kind of body.</param>
    /// <exception cref="MalformedRequestException">There is no such kind.</exception>
    public static CreditCodeAnswer CreditCode(string value, string? kind)
    {
        SocialOrganisation? wanted = null;
        if (kind is not null)
        {
            var found = Array.Find(Kinds, k => k.Word.Equals(kind.Trim(), StringComparison.OrdinalIgnoreCase));
            if (found.Word is null) throw new MalformedRequestException("kind", ToolTexts.In("kind.unknown", "zh-CN"), ToolTexts.In("kind.unknown", "en"));
            wanted = found.Kind;
        }
        if (Uscc.Check(value, wanted) is { } fault) return new(false, Reason(fault));
        var text = Typed.Number(value);
        var organisation = text[0] == '5' ? Array.Find(Kinds, k => (char)('0' + (int)k.Kind) == text[1]).Word : null;
        return new(true, null, organisation, Division: text[2..8]);
    }

    /// <summary>残疾人证号: 20 characters, and the count of reissues.</summary>
    public static DisabilityCardAnswer DisabilityCard(string value, DateOnly today)
    {
        var (card, fault) = Engine.Rules.DisabilityCard.Read(value, today);
        return card is null ? new(false, Reason(fault)) : new(true, null, ToolTexts.Here($"disability.{(int)card.Kind}"), card.Level, card.Holder.Born, Sex(card.Holder), card.Reissues);
    }

    /// <summary>银行卡号: 16 to 19 digits with Luhn's check digit.</summary>
    public static BankCardAnswer BankCard(string value) => Account.CheckCard(value) is { } fault ? new(false, Reason(fault)) : new(true, null, Typed.Number(value).Length);

    private static string Sex(IdNumber number) => number.IsMale ? "male" : "female";

    private static string? Reason(RuleFault? fault) => fault is null ? null : ToolTexts.Here(fault.Key, fault.Detail);
}
