using Jint.Runtime;

namespace CivilAffairs.Engine.Expressions;

/// <summary>The names every script finds around it, whatever its definition: those of the language here, and Elsa's functions and types.</summary>
public static class ScriptGlobals
{
    /// <summary>What the runtime defines for every expression, but for those made of names in the definition.</summary>
    public static IReadOnlySet<string> Offered { get; } = new HashSet<string>(
    [
        "getVariable", "setVariable", "getInput", "getOutputFrom", "getLastResult", "getWorkflowDefinitionId", "getWorkflowDefinitionVersionId", "getWorkflowDefinitionVersion",
        "getWorkflowInstanceId", "getCorrelationId", "setCorrelationId", "getWorkflowInstanceName", "setWorkflowInstanceName", "getFact", "getParameter", "ceilDiv", "limitDay", "addMonths", "lastDay", "addDays", "ageOn",
        "isNullOrEmpty", "isNullOrWhiteSpace", "toJson", "parseGuid", "newGuid", "newGuidString", "getGuidString", "newShortGuid", "getShortGuid",
        "bytesToString", "bytesFromString", "bytesToBase64", "bytesFromBase64", "stringToBase64", "stringFromBase64", "streamToBytes", "streamToBase64",
        "variables", "Random", "DateTime", "DateTimeOffset", "TimeSpan", "Guid",
    ]);

    /// <summary>Those of <c>RunJavaScript</c> alone.</summary>
    public static IReadOnlySet<string> OfScripts { get; } = new HashSet<string>(["setOutcome", "setOutcomes"]);

    /// <summary>The language's own: <c>Math</c>, <c>Date</c>, <c>undefined</c>…</summary>
    public static IReadOnlySet<string> OfLanguage { get; } = Language();

    private static HashSet<string> Language()
    {
        using var engine = new Jint.Engine();
        return [.. engine.Global.GetOwnPropertyKeys(Types.String).Select(key => key.ToString())];
    }
}
