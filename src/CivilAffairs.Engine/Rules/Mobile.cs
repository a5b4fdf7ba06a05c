namespace CivilAffairs.Engine.Rules;

/// <summary>A mainland mobile number 手机号: 11 digits from 13 to 19.</summary>
public static class Mobile
{
    /// <summary>Null where the number is one.</summary>
    public static RuleFault? Check(string? typed)
    {
        var text = Typed.Number(typed);
        return text.Length == 11 && text[0] == '1' && text[1] is >= '3' and <= '9' && Typed.AllDigits(text)
            ? null
            : new RuleFault("mobile.shape");
    }
}
