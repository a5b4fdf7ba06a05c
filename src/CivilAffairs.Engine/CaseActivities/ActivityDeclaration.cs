using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.CaseActivities;

/// <summary>One input of an activity, as the runtime, the check and the designer see it.</summary>
/// <param name="Name">PascalCase; camelCase in the file.</param>
/// <param name="Type">Elsa's type name.</param>
/// <param name="UiHint">Elsa Studio's editor: singleline, dropdown, dynamic-outcomes, json-editor, code-editor, checkbox…</param>
/// <param name="Options">For dropdowns.</param>
public sealed record InputDeclaration(string Name, string Type, LocalText Label, bool Required = false, string UiHint = "singleline", IReadOnlyList<string>? Options = null)
{
    /// <summary>As the file spells it.</summary>
    public string Property { get; } = char.ToLowerInvariant(Name[0]) + Name[1..];
}

/// <summary>A case activity, declared once: the runtime, the check and the designer all read this.</summary>
/// <param name="Outcomes">Its fixed ports; those a manager names come from the input <c>Outcomes</c>.</param>
/// <param name="Output">PascalCase name of what it returns, or null.</param>
public sealed record ActivityDeclaration(string Type, LocalText Name, LocalText Help, IReadOnlyList<InputDeclaration> Inputs, IReadOnlyList<string> Outcomes, string? Output = null)
{
    public bool HasOwnOutcomes { get; } = Inputs.Any(i => i.Name == "Outcomes");
}
