namespace CivilAffairs.Engine.Rules;

/// <summary>Where a benefit is paid: a bank card 银行卡 (Luhn) or a passbook 存折 (no check digit).</summary>
public static class Account
{
    /// <summary>Null where the number is a bank card's: 16 to 19 digits with Luhn's check digit.</summary>
    public static RuleFault? CheckCard(string? typed)
    {
        var text = Typed.Number(typed);
        if (text.Length is < 16 or > 19 || !Typed.AllDigits(text)) return new RuleFault("account.cardShape");
        return Luhn(text) ? null : new RuleFault("account.cardCheckDigit");
    }

    /// <summary>Null where the number may be a passbook's: 8 to 32 digits.</summary>
    public static RuleFault? CheckPassbook(string? typed)
    {
        var text = Typed.Number(typed);
        return text.Length is >= 8 and <= 32 && Typed.AllDigits(text) ? null : new RuleFault("account.passbookShape");
    }

    private static bool Luhn(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10;
        }
        return sum % 10 == 0;
    }
}
