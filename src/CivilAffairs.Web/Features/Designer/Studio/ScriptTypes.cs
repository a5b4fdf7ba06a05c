using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.Definitions;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>What scripts of a definition may call, as TypeScript: the editor completes from it.</summary>
internal static partial class ScriptTypes
{
    private const string Common = """
        declare function getWorkflowDefinitionId(): string;
        declare function getWorkflowInstanceId(): string;
        declare function getCorrelationId(): string;
        declare function getVariable(name: string): any;
        declare function setVariable(name: string, value: any): void;
        declare function getInput(name: string): any;
        declare function getOutputFrom(activityIdOrName: string, outputName?: string): any;
        declare function getLastResult(): any;
        /** 参数的现行值；金额以分计。 The value in force; money in fen. */
        declare function getParameter(key: string): any;
        /** 办件事实。 A fact of the case. */
        declare function getFact(id: string): any;

        """;

    public static string Of(StudioDefinition definition)
    {
        var read = WorkflowDefinition.Parse(definition.Text);
        var text = new StringBuilder(Common);
        foreach (var variable in read.Variables.Concat(read.Root.Variables).Where(v => Name().IsMatch(v.Name)).DistinctBy(v => v.Name))
            text.Append(CultureInfo.InvariantCulture, $"declare function get{variable.Name}(): {Type(variable)};\ndeclare function set{variable.Name}(value: {Type(variable)}): void;\n");
        foreach (var input in read.Inputs.Where(i => Name().IsMatch(i)))
            text.Append(CultureInfo.InvariantCulture, $"declare function get{char.ToUpperInvariant(input[0])}{input[1..]}(): any;\n");
        return text.ToString();
    }

    private static string Type(VariableDefinition variable) => (variable.TypeName switch { "String" or "DateTime" or "DateTimeOffset" or "TimeSpan" => "string", "Boolean" => "boolean", "Int32" or "Int64" or "Decimal" or "Double" => "number", _ => "any" }) + (variable.IsArray ? "[]" : "");

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Name();
}
