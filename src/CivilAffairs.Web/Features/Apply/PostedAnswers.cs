using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>Reads what a page sent. Nothing typed is lost: what cannot be read is kept as text, and the form's rules say what is wrong with it.</summary>
public static class PostedAnswers
{
    /// <summary>Names the questions that were on the page, so that an empty one can be told from one that was not asked.</summary>
    public const string Asked = "asked";

    // One more than a text may have, so that the rule about length speaks instead of the text being cut unseen.
    private const int Longest = 4_001;

    /// <param name="before">The answers so far; those that the page did not ask stay.</param>
    public static JsonObject Read(IReadOnlyList<FormField> fields, IFormCollection form, JsonObject before)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(before);
        var asked = form[Asked].ToString().Split(',').ToHashSet();
        var answers = before.DeepClone().AsObject();
        foreach (var field in fields.Where(f => asked.Contains(f.Id)))
        {
            answers.Remove(field.Id);
            if (Read(field, form[Question.NameOf(field.Id)]) is { } value) answers[field.Id] = value;
        }
        return answers;
    }

    /// <summary>One answer; null: nothing was typed.</summary>
    public static JsonNode? Read(FormField field, Microsoft.Extensions.Primitives.StringValues sent)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.Type == "choices") return sent.Count == 0 ? null : new JsonArray([.. sent.Select(s => (JsonNode?)Cut(s))]);
        var text = Cut(sent.Count == 0 ? null : sent[^1]);
        var (value, fault) = FieldText.Read(field, text);
        return fault is null ? value : JsonValue.Create(text);
    }

    private static string? Cut(string? text) => text?.Length > Longest ? text[..Longest] : text;
}
