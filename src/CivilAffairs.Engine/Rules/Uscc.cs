namespace CivilAffairs.Engine.Rules;

/// <summary>What kind of social organisation 社会组织 a code must belong to: the second character after the 5 of 民政.</summary>
public enum SocialOrganisation { Association = 1, PrivateNonEnterprise = 2, Foundation = 3 }

/// <summary>The unified social credit code 统一社会信用代码 (GB 32100), 18 characters with two check characters.</summary>
public static class Uscc
{
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    /// <summary>Null where the code is valid and, if <paramref name="kind"/> is given, belongs to such an organisation.</summary>
    public static RuleFault? Check(string? typed, SocialOrganisation? kind = null)
    {
        var text = Typed.Number(typed);
        if (text.Length != 18 || text.Any(c => !Alphabet.Contains(c))) return new RuleFault("uscc.shape");
        if (CheckCharacter(text) is var expected && expected != text[17])
            return new RuleFault("uscc.checkCharacter", expected.ToString());
        if (kind is null) return null;
        if (text[0] != '5' || text[1] != (char)('0' + (int)kind)) return new RuleFault("uscc.kind", $"5{(int)kind}");
        if (!Typed.AllDigits(text.AsSpan(2, 6))) return new RuleFault("uscc.division");
        if (OrganisationCheck(text.AsSpan(8, 8)) != text[16]) return new RuleFault("uscc.organisationCode");
        return null;
    }

    /// <summary>The 18th character that the first 17 ask for.</summary>
    public static char CheckCharacter(string first17)
    {
        ArgumentNullException.ThrowIfNull(first17);
        int sum = 0, weight = 1;
        for (var i = 0; i < 17; i++, weight = weight * 3 % 31)
            sum += Alphabet.IndexOf(first17[i], StringComparison.Ordinal) * weight;
        return Alphabet[(31 - sum % 31) % 31];
    }

    private static char OrganisationCheck(ReadOnlySpan<char> eight)
    {
        int[] weights = [3, 7, 9, 10, 5, 8, 4, 2];
        var sum = 0;
        for (var i = 0; i < 8; i++) sum += weights[i] * (char.IsAsciiDigit(eight[i]) ? eight[i] - '0' : eight[i] - 'A' + 10);
        return (11 - sum % 11) switch { 10 => 'X', 11 => '0', var digit => (char)('0' + digit) };
    }
}
