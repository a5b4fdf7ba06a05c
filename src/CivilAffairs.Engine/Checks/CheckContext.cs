using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Checks;

/// <summary>Something in a definition that must be mended before it can be published.</summary>
/// <param name="ActivityId">Empty: the definition as a whole.</param>
/// <param name="Message">A sentence for the manager who designed it.</param>
public sealed record Finding(string ActivityId, LocalText Message);

/// <summary>What surrounds a definition.</summary>
/// <param name="Roles">Role codes that somebody can hold, each with the levels where; null: those of the domain.</param>
/// <param name="Parameters">Parameters of the matter by key, with their first values; null: not known, then not checked.</param>
/// <param name="OtherTasks">Ids of officers' tasks in the matter's other definitions, whose performers may be barred too; null: none.</param>
/// <param name="Facts">Ids of what the matter's form states of a case; null: not known, then not checked.</param>
public sealed record CheckSurroundings(IReadOnlyDictionary<string, IReadOnlySet<string>>? Roles = null, IReadOnlyDictionary<string, JsonNode?>? Parameters = null,
    IReadOnlySet<string>? OtherTasks = null, IReadOnlySet<string>? Facts = null);

/// <summary>Variables that the definition's scripts make beside those it declares.</summary>
/// <param name="AnyName">One is made under a name that is only known when it runs.</param>
internal sealed record MadeVariables(IReadOnlySet<string> Names, bool AnyName);

/// <summary>Collects findings for one definition.</summary>
internal sealed class CheckContext(WorkflowDefinition definition, CheckSurroundings surroundings)
{
    private static readonly Dictionary<string, IReadOnlySet<string>> DomainRoles = Held(
        ("APP", "village township county"), ("VIL", "village"), ("TCK", "township"), ("INV", "township"), ("TRV", "township"), ("CHK", "county"), ("CCK", "county"),
        ("CAP", "county township"), // where the province lets the township decide
        ("FIN", "county"), ("REG", "county township"), ("SOC", "county"), ("SPO", "county"), ("DHD", "county"), ("DPF", "county"), ("LDR", "county"), ("SUP", "county township"));

    private MadeVariables? made;

    internal WorkflowDefinition Definition => definition;

    /// <summary>Those of the domain specification, section 2, where the matter is not known.</summary>
    internal IReadOnlyDictionary<string, IReadOnlySet<string>> Roles => surroundings.Roles ?? DomainRoles;
    internal IReadOnlyDictionary<string, JsonNode?>? Parameters => surroundings.Parameters;
    internal IReadOnlySet<string>? OtherTasks => surroundings.OtherTasks;
    internal IReadOnlySet<string>? Facts => surroundings.Facts;
    internal List<Finding> Findings { get; } = [];

    /// <summary>All that are declared, wherever.</summary>
    internal IEnumerable<VariableDefinition> Variables => definition.Variables.Concat(definition.Activities.SelectMany(a => a.Variables));

    internal MadeVariables Made => made ??= ExpressionCheck.Made(definition);

    /// <summary>Names of the variables that an activity sees: its own, those of what is around it, and the value of a loop.</summary>
    internal IReadOnlySet<string> VariablesAt(ActivityNode activity)
    {
        var names = definition.Variables.Select(v => v.Name).ToHashSet();
        for (var at = activity; at is not null; at = at.Parent)
        {
            names.UnionWith(at.Variables.Select(v => v.Name));
            if (at != activity && at.Type is "Elsa.For" or "Elsa.ForEach" or "Elsa.ParallelForEach") names.Add("CurrentValue");
            if (at != activity && at.Type is "Elsa.ForEach" or "Elsa.ParallelForEach") names.Add("CurrentIndex");
        }
        return names;
    }

    internal void Add(ActivityNode? activity, string zh, string en) =>
        Findings.Add(new Finding(activity?.Id ?? "", new LocalText(zh, en)));

    /// <summary>The literal text of an input; null where it is absent or computed.</summary>
    internal static string? Literal(ActivityNode activity, string property)
    {
        var input = activity.Raw[property] as JsonObject;
        if (input?["expression"] is not JsonObject expression) return Json.Text(activity.Raw[property]);
        return Json.Text(expression["type"]) is null or "Literal" or "Object" ? Expressions.Values.Text(Expressions.Values.FromJson(expression["value"])) : null;
    }

    internal static bool IsSet(ActivityNode activity, string property) => activity.Raw[property] switch
    {
        null => false,
        JsonObject wrapped when wrapped["expression"] is JsonObject expression =>
            expression["value"] is not null && Expressions.Values.Text(Expressions.Values.FromJson(expression["value"])) is { Length: > 0 },
        JsonObject wrapped => wrapped.ContainsKey("memoryReference"),
        _ => true,
    };

    private static Dictionary<string, IReadOnlySet<string>> Held(params (string Role, string Levels)[] roles) =>
        roles.ToDictionary(r => r.Role, r => (IReadOnlySet<string>)r.Levels.Split(' ').ToHashSet());

    /// <summary>A literal list of texts; null where it is absent or computed.</summary>
    internal static IReadOnlyList<string>? LiteralList(ActivityNode activity, string property) =>
        Literal(activity, property) is { } text && Expressions.Values.Parse(text) is JsonArray list
            ? [.. list.Select(Json.Text).OfType<string>()] : null;
}
