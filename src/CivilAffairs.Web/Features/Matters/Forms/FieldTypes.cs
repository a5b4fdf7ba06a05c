namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>The words that form.json may use.</summary>
public static class FieldTypes
{
    /// <summary>
    /// Stored as JSON: <c>integer</c> and <c>money</c> (fen) whole numbers, <c>boolean</c> true/false, <c>choices</c> an
    /// array of values, <c>date</c> yyyy-MM-dd, everything else text.
    /// </summary>
    public static IReadOnlySet<string> All { get; } = new HashSet<string>
    {
        "text", "textarea", "integer", "money", "date", "choice", "choices", "boolean", "idNumber", "disabilityCard",
        "uscc", "phone", "account", "address", "division", "personName", "email",
    };

    /// <summary>Types whose answers may enter the workflow: they cannot carry a person's data.</summary>
    public static IReadOnlySet<string> Flow { get; } = new HashSet<string> { "integer", "money", "date", "choice", "choices", "boolean" };

    public static IReadOnlySet<string> Masks { get; } = new HashSet<string> { "none", "name", "id", "phone", "account", "address", "health", "email" };

    /// <summary>Validators beyond the type.</summary>
    public static IReadOnlySet<string> Rules { get; } = new HashSet<string>
    {
        "min", "max", "minLength", "maxLength", "pattern", "notFuture", "notPast", "bankCard", "passbook", "unique", "mustBeTrue", "js",
    };

    public static IReadOnlySet<string> FactTypes { get; } = new HashSet<string> { "integer", "fen", "boolean", "code", "date" };

    /// <summary>Parts a person can have in a case.</summary>
    public static IReadOnlySet<string> Parties { get; } = new HashSet<string> { "applicant", "spouse", "agent", "guardian", "member" };

    public static IReadOnlySet<string> Accept { get; } = new HashSet<string> { "pdf", "jpg", "png" };
}
