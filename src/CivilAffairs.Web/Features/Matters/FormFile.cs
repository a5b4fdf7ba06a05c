using System.Text.Json;
using System.Text.Json.Serialization;

namespace CivilAffairs.Web.Features.Matters;

/// <summary><c>form.json</c>: what a matter asks the applicant and its officers.</summary>
/// <remarks>Form data is one JSON object: section id → object, or array of objects for a section that repeats.</remarks>
public sealed record FormFile : MatterPart
{
    public required IReadOnlyList<FormSection> Sections { get; init; }
    public IReadOnlyList<FormAttachment> Attachments { get; init; } = [];

    /// <summary>Path <c>section.field</c> of the division that decides which office handles the case; null where the county itself does.</summary>
    public string? Place { get; init; }

    /// <summary>Which answers say where the household is registered and where the event happened; absent: <see cref="Place"/> is the one of them that the matter's <c>where</c> names.</summary>
    public FormPlaces? Places { get; init; }

    /// <summary>Who is who in the answers; one entry at least is the applicant.</summary>
    public required IReadOnlyList<FormParty> Parties { get; init; }
    public FormHousehold? Household { get; init; }

    /// <summary>The subject of a register that the case is about 社会组织; absent: the case is a person's or a household's.</summary>
    public FormSubject? Subject { get; init; }

    /// <summary>What the workflow may know of the answers: never text that people typed.</summary>
    public IReadOnlyList<FormFact> Facts { get; init; } = [];

    /// <summary>What everybody may have worked out before they apply; absent: nothing.</summary>
    public FormEstimate? Estimate { get; init; }

    /// <summary>Forms of officers' and applicants' tasks, by the key that activities name.</summary>
    public IReadOnlyDictionary<string, TaskForm> TaskForms { get; init; } = new Dictionary<string, TaskForm>();
}

/// <summary>One topic, one page.</summary>
public sealed record FormSection : MatterPart
{
    public required string Id { get; init; }
    public required Words Title { get; init; }
    public Words? Intro { get; init; }

    /// <summary>JavaScript over <c>form</c>, <c>parameters</c>, <c>today</c>; absent: always shown.</summary>
    public string? ShowWhen { get; init; }
    public FormRepeat? Repeat { get; init; }
    public required IReadOnlyList<FormField> Fields { get; init; }
}

/// <summary>A section with one row per person or thing.</summary>
public sealed record FormRepeat : MatterPart
{
    public int Min { get; init; }
    public required int Max { get; init; }

    /// <summary>What one row is called: 家庭成员.</summary>
    public required Words ItemTitle { get; init; }
}

/// <summary>One question.</summary>
public sealed record FormField : MatterPart
{
    public required string Id { get; init; }

    /// <summary>One of <see cref="Forms.FieldTypes.All"/>.</summary>
    public required string Type { get; init; }
    public required Words Label { get; init; }
    public Words? Hint { get; init; }
    public Condition Required { get; init; } = Condition.Never;
    public IReadOnlyList<FieldValidator> Validators { get; init; } = [];

    /// <summary><c>name</c>, <c>id</c>, <c>phone</c>, <c>account</c>, <c>address</c>, <c>health</c> or <c>none</c>.</summary>
    public string Mask { get; init; } = "none";
    public IReadOnlyList<FieldOption> Options { get; init; } = [];

    /// <summary>JavaScript that also sees <c>item</c> (the row or section) and <c>index</c> (from 0).</summary>
    public string? ShowWhen { get; init; }

    /// <summary>In task forms: JavaScript that also sees <c>earlier</c>, what was found last time (activity id → fields); what it gives stands in the field at first, and the difference is shown.</summary>
    public string? Prefill { get; init; }

    /// <summary>Field of the register of <see cref="FormFile.Subject"/> that this is filled from, and that a new line takes from here; absent: none.</summary>
    public string? Register { get; init; }

    /// <summary>In task forms: the answer enters the workflow. Only booleans, integers, codes, dates and money may.</summary>
    public bool Flow { get; init; }
}

/// <summary>One answer to choose.</summary>
public sealed record FieldOption : MatterPart
{
    public required string Value { get; init; }
    public required Words Label { get; init; }
}

/// <summary>A rule beyond the type: see docs/matter-folder.md for the rules and what <see cref="Value"/> is.</summary>
public sealed record FieldValidator : MatterPart
{
    public required string Rule { get; init; }
    public JsonElement? Value { get; init; }

    /// <summary>JavaScript; absent: always.</summary>
    public string? When { get; init; }

    /// <summary>The message, where the catalogue's does not say enough (always for <c>js</c> and <c>pattern</c>).</summary>
    public Words? Message { get; init; }
}

/// <summary>A paper or picture to bring along.</summary>
public sealed record FormAttachment : MatterPart
{
    public required string Id { get; init; }
    public required Words Label { get; init; }
    public Condition Required { get; init; } = Condition.Never;

    /// <summary><c>pdf</c>, <c>jpg</c>, <c>png</c>.</summary>
    public required IReadOnlyList<string> Accept { get; init; }
    public int Max { get; init; } = 1;

    /// <summary>Health, accounts, children: shown only to who handles the case.</summary>
    public bool Sensitive { get; init; }

    /// <summary>Why it may be asked for at all (data obtainable by sharing must not be demanded).</summary>
    public required string Source { get; init; }
}

/// <summary>A figure computed from the answers.</summary>
public sealed record FormFact : MatterPart
{
    public required string Id { get; init; }

    /// <summary><c>integer</c>, <c>fen</c>, <c>boolean</c>, <c>code</c> or <c>date</c>.</summary>
    public required string Type { get; init; }
    public required string Expression { get; init; }
    public required string Zh { get; init; }
    public required string En { get; init; }
}

/// <summary>What one task asks.</summary>
public sealed record TaskForm : MatterPart
{
    public required Words Title { get; init; }
    public Words? Intro { get; init; }

    /// <summary>Documents, by template, that the applicant reads above the questions: an invitation, or what is signed.</summary>
    public IReadOnlyList<string> Shows { get; init; } = [];
    public required IReadOnlyList<FormField> Fields { get; init; }
}

/// <summary>Yes, no, or JavaScript that decides.</summary>
[JsonConverter(typeof(ConditionConverter))]
public sealed record Condition(bool? Fixed, string? Expression)
{
    public static Condition Never { get; } = new(false, null);
    public static Condition Always { get; } = new(true, null);
}

internal sealed class ConditionConverter : JsonConverter<Condition>
{
    public override Condition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => Condition.Always,
        JsonTokenType.False => Condition.Never,
        JsonTokenType.String => new Condition(null, reader.GetString()),
        _ => throw new JsonException("true, false or a JavaScript expression is expected."),
    };

    public override void Write(Utf8JsonWriter writer, Condition value, JsonSerializerOptions options)
    {
        if (value.Fixed is { } known) writer.WriteBooleanValue(known);
        else writer.WriteStringValue(value.Expression);
    }
}
