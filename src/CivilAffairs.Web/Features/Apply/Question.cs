using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>One question as a page asks it.</summary>
/// <param name="Required">As the form's rules say now.</param>
/// <param name="Error">What is wrong with the answer; null: nothing, or not said yet.</param>
/// <param name="IsNew">It appeared because of the answers just given.</param>
public sealed record Question(FormField Field, bool Required, JsonNode? Value, string? Error, bool IsNew)
{
    /// <summary>More answers than this are a list to open instead of a row of buttons.</summary>
    private const int MostButtons = 6;

    /// <summary>What stands before the field's id in the name, where a page asks it more than once: <c>members-0-</c>.</summary>
    public string At { get; init; } = "";

    /// <summary>Name of the input, and what an error's link jumps to.</summary>
    public string Name => NameOf(At + Field.Id);

    /// <summary>As the input shows it again, whether it could be read or not.</summary>
    public string Typed => FieldText.Write(Field, Value);

    public bool Has(string option) => Value is JsonArray list ? list.Any(i => (string?)i == option) : Typed == option;

    public bool IsConsent => Field.Type == "boolean" && Field.Validators.Any(v => v.Rule == "mustBeTrue");

    public bool HasButtons => Field.Type is "choices" || (Field.Type == "boolean" && !IsConsent) || (Field.Type == "choice" && Field.Options.Count <= MostButtons);

    /// <summary>Space-separated ids of what explains the input; null: nothing does.</summary>
    public string? DescribedBy => string.Join(' ', new[] { HasHint ? $"{Name}-hint" : null, Error is null ? null : $"{Name}-error" }.Where(id => id is not null)) is { Length: > 0 } ids ? ids : null;

    public bool HasHint => Field.Hint is not null || Field.Type is "date" or "money" or "idNumber" or "account";

    /// <summary>The on-screen keyboard that fits.</summary>
    public string? InputMode => Field.Type switch
    {
        "integer" or "date" or "account" => "numeric",
        "money" => "decimal",
        "phone" => "tel",
        _ => null,
    };

    /// <summary>How wide an answer is expected to be: a CSS class.</summary>
    public string Width => Field.Type switch { "integer" => "w-s", "money" or "date" or "phone" or "personName" => "w-m", _ => "w-l" };

    public static string NameOf(string field) => $"a-{field}";
}

/// <summary>A paper that is wanted, as the head of its block tells it.</summary>
/// <param name="Given">Files that were given for it.</param>
public sealed record WantedPaper(WantedAttachment Wanted, int Given);
