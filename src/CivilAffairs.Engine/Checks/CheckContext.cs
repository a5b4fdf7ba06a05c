using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Checks;

/// <summary>Something in a definition that must be mended before it can be published.</summary>
/// <param name="ActivityId">Empty: the definition as a whole.</param>
/// <param name="Message">A sentence for the manager who designed it.</param>
public sealed record Finding(string ActivityId, LocalText Message);

/// <summary>What surrounds a definition.</summary>
/// <param name="Roles">Role codes that somebody can hold; null: those of the domain.</param>
/// <param name="ParameterKeys">Parameter keys of the matter; null: not known, then not checked.</param>
/// <param name="OtherTasks">Ids of officers' tasks in the matter's other definitions, whose performers may be barred too; null: none.</param>
public sealed record CheckSurroundings(IReadOnlySet<string>? Roles = null, IReadOnlySet<string>? ParameterKeys = null, IReadOnlySet<string>? OtherTasks = null);

/// <summary>Collects findings for one definition.</summary>
internal sealed class CheckContext(WorkflowDefinition definition, CheckSurroundings surroundings)
{
    /// <summary>Role codes of the domain specification, section 2.</summary>
    internal static readonly IReadOnlySet<string> DomainRoles = new HashSet<string>(
        ["APP", "VIL", "TCK", "INV", "TRV", "CHK", "CCK", "CAP", "FIN", "REG", "SOC", "SPO", "DHD", "DPF", "LDR", "SUP"]);

    internal WorkflowDefinition Definition => definition;
    internal IReadOnlySet<string> Roles => surroundings.Roles ?? DomainRoles;
    internal IReadOnlySet<string>? ParameterKeys => surroundings.ParameterKeys;
    internal IReadOnlySet<string>? OtherTasks => surroundings.OtherTasks;
    internal List<Finding> Findings { get; } = [];

    internal void Add(ActivityNode? activity, string zh, string en) =>
        Findings.Add(new Finding(activity?.Id ?? "", new LocalText(zh, en)));

    /// <summary>The literal text of an input; null where it is absent or computed.</summary>
    internal static string? Literal(ActivityNode activity, string property)
    {
        var input = activity.Raw[property] as System.Text.Json.Nodes.JsonObject;
        if (input?["expression"] is not System.Text.Json.Nodes.JsonObject expression) return Json.Text(activity.Raw[property]);
        return Json.Text(expression["type"]) is null or "Literal" or "Object" ? Expressions.Values.Text(Expressions.Values.FromJson(expression["value"])) : null;
    }

    internal static bool IsSet(ActivityNode activity, string property) => activity.Raw[property] switch
    {
        null => false,
        System.Text.Json.Nodes.JsonObject wrapped when wrapped["expression"] is System.Text.Json.Nodes.JsonObject expression =>
            expression["value"] is not null && Expressions.Values.Text(Expressions.Values.FromJson(expression["value"])) is { Length: > 0 },
        System.Text.Json.Nodes.JsonObject wrapped => wrapped.ContainsKey("memoryReference"),
        _ => true,
    };

    /// <summary>A literal list of texts; null where it is absent or computed.</summary>
    internal static IReadOnlyList<string>? LiteralList(ActivityNode activity, string property) =>
        Literal(activity, property) is { } text && Expressions.Values.Parse(text) is System.Text.Json.Nodes.JsonArray list
            ? [.. list.Select(Json.Text).OfType<string>()] : null;
}
