using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>
/// An application in which nobody can be known: names, numbers, addresses, phones, accounts and everything that people
/// wrote are replaced by made-up ones, the same one for the same original, so that what belongs together still does. Kept is
/// what rules reckon with: sex and month of birth, choices, figures, days (docs/adr/0074).
/// </summary>
internal sealed class Anonymous
{
    private const string Division = "341299", Village = "341299101201";

    /// <summary>Ten thousand of each at most; a form has some dozens.</summary>
    private readonly Dictionary<(string Kind, string Original), string> made = [];

    private Anonymous()
    {
    }

    /// <summary>A copy; answers that the form does not ask are left out.</summary>
    public static JsonObject Of(Matters.FormFile form, JsonObject answers)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(answers);
        var (hidden, result) = (new Anonymous(), new JsonObject());
        foreach (var section in form.Sections)
            if (answers[section.Id] is { } given)
                result[section.Id] = given is JsonArray rows ? new JsonArray([.. rows.OfType<JsonObject>().Select(r => hidden.Row(section, r))]) : given is JsonObject row ? hidden.Row(section, row) : null;
        return result;
    }

    private JsonObject Row(FormSection section, JsonObject row)
    {
        var hidden = new JsonObject();
        foreach (var field in section.Fields)
            if (row[field.Id] is { } value) hidden[field.Id] = Value(field, value);
        return hidden;
    }

    private JsonNode? Value(FormField field, JsonNode value)
    {
        // What is no text is a figure, a day, a choice: rules reckon with it, and it names nobody.
        if (value is not JsonValue one || !one.TryGetValue<string>(out var text)) return value.DeepClone();
        return field.Type switch
        {
            "choice" or "date" => value.DeepClone(),
            "division" => text.Length switch { >= 12 => Village, >= 9 => Village[..9], _ => Division },
            "idNumber" => Number(text),
            "disabilityCard" => text.Length > 18 ? Number(text[..18]) + text[18..] : Number(text),
            "uscc" => Once("uscc", text, n => Organisation(text, n)),
            "phone" => Once("phone", text, n => string.Create(CultureInfo.InvariantCulture, $"1990000{n:0000}")),
            "account" => Once("account", text, n => Card(text, n)),
            "personName" => Person(text),
            "email" => Once("email", text, n => string.Create(CultureInfo.InvariantCulture, $"person{n}@example.invalid")),
            "address" => Once("address", text, n => string.Create(CultureInfo.InvariantCulture, $"某村某组 {n} 号")),
            // A text that holds a name is the name again, so that it agrees with it: the holder of an account, a signature.
            _ when made.TryGetValue(("name", text), out var known) => known,
            _ => Once("text", text, n => Written(field, text, n)),
        };
    }

    private string Person(string text) => Once("name", text, n => "甲乙丙丁戊己庚辛壬癸"[(n - 1) % 10] + "某" + (n > 10 ? new string('某', (n - 1) / 10) : ""));

    /// <summary>Sex and month of birth stay, the day of birth is the first; the order number is counted.</summary>
    private string Number(string text) => Once("id", text, n =>
    {
        var digits = text.Length == 18 && text.AsSpan(0, 17).ContainsAnyExceptInRange('0', '9') is false ? text : "341299198001010017";
        var order = (n * 2 % 998) + ((digits[16] - '0') % 2);
        var first = string.Create(CultureInfo.InvariantCulture, $"{Division}{digits[6..12]}01{order:000}");
        return first + IdNumber.CheckDigit(first);
    });

    private static string Organisation(string text, int n)
    {
        // The kind of organisation is the second character; check characters as the code asks.
        var kind = text.Length == 18 ? text[..2] : "52";
        var eight = string.Create(CultureInfo.InvariantCulture, $"9900{n:0000}");
        int[] weights = [3, 7, 9, 10, 5, 8, 4, 2];
        var check = (11 - weights.Select((w, i) => w * (eight[i] - '0')).Sum() % 11) switch { 10 => 'X', 11 => '0', var digit => (char)('0' + digit) };
        var first = kind + Division + eight + check;
        return first + Uscc.CheckCharacter(first);
    }

    /// <summary>As long as the original, with Luhn's check digit: a card stays a card, a passbook's number may be anything.</summary>
    private static string Card(string text, int n)
    {
        var length = Math.Clamp(text.Length, 8, 32);
        var first = "622848".PadRight(length - 5, '0') + n.ToString("0000", CultureInfo.InvariantCulture);
        first = first[..(length - 1)];
        var sum = 0;
        for (var i = 0; i < first.Length; i++)
        {
            var digit = first[^(i + 1)] - '0';
            sum += i % 2 == 1 ? digit : digit * 2 / 10 + digit * 2 % 10;
        }
        return first + (char)('0' + (10 - sum % 10) % 10);
    }

    /// <summary>Long enough for the field's rule, in its own words where it wants a shape.</summary>
    private static string Written(FormField field, string text, int n)
    {
        if (field.Validators.Any(v => v.Rule == "pattern")) return new string([.. text.Select(c => char.IsAsciiDigit(c) ? '0' : char.IsAsciiLetter(c) ? 'A' : char.IsLetter(c) ? '某' : c)]);
        var made = string.Create(CultureInfo.InvariantCulture, $"已隐去 {n}");
        var least = field.Validators.FirstOrDefault(v => v.Rule == "minLength")?.Value?.GetInt32() ?? 0;
        return made.Length >= least ? made : made.PadRight(least, '。');
    }

    private string Once(string kind, string original, Func<int, string> make)
    {
        if (!made.TryGetValue((kind, original), out var value)) made[(kind, original)] = value = make(made.Keys.Count(k => k.Kind == kind) + 1);
        return value;
    }
}
