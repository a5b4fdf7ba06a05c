using System.Globalization;
using System.Text.RegularExpressions;

namespace CivilAffairs.Engine.Expressions;

/// <summary>
/// A script that is one call which reads one value, as most inputs are: <c>getParameter('dibao.limit.check')</c>,
/// <c>getFact('people')</c>, <c>getAmount()</c>. Its answer is what the script would give, without the engine that costs
/// more than all the rest of a step.
/// </summary>
internal sealed partial record DirectCall(string Function, string? Argument)
{
    /// <param name="source">A script that parses.</param>
    /// <returns>Null: it does more than that.</returns>
    internal static DirectCall? Of(string source) => OneCall().Match(source) is { Success: true } match
        ? new DirectCall(match.Groups["name"].Value, match.Groups["text"] is { Success: true } text ? text.Value : null) : null;

    /// <returns>False: only the script itself can tell.</returns>
    /// <exception cref="ExpressionException">As the script throws it: the case has no such fact or parameter.</exception>
    internal bool TryEvaluate(IScope scope, out object? value)
    {
        value = null;
        string? accessed = null;
        // The function of a variable hides one of that name; the furthest of two alike is the one that stands.
        foreach (var name in scope.VariableNames)
            if (IsAccessor(name) && JavaScriptBinding.IsAccessible(name)) accessed = name;
        if (scope.Definition.Inputs.Any(input => Function.Length == input.Length + 3 && Function.EndsWith(input, StringComparison.Ordinal))) return false;
        switch (Function)
        {
            case "getParameter" when accessed is null && Argument is not null:
                value = Values.FromJson(scope.Parameter(Argument));
                break;
            case "getFact" when accessed is null && Argument is not null:
                value = Values.FromJson(scope.Fact(Argument));
                break;
            default:
                // Functions that come with the product are no variable's, whatever it is called.
                if (accessed is null || Argument is not null || ScriptGlobals.Offered.Contains(Function) || Function.Contains("From", StringComparison.Ordinal)) return false;
                scope.TryGetVariable(accessed, out value);
                break;
        }
        switch (value)
        {
            case null or bool or string:
                return true;
            case int or long or float or double or decimal:
                value = JavaScriptHost.Number(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                return true;
            default:
                // Objects, lists and dates are made over by the language.
                return false;
        }
    }

    private bool IsAccessor(string variable) => Function.Length == variable.Length + 3 && variable.Length > 0 && Function.StartsWith("get", StringComparison.Ordinal)
        && Function[3] == char.ToUpperInvariant(variable[0]) && Function.AsSpan(4).SequenceEqual(variable.AsSpan(1));

    [GeneratedRegex(@"^\s*(?<name>get[\p{L}\p{N}]+)\(\s*(?:'(?<text>[^'\\\r\n\u2028\u2029]*)'|""(?<text>[^""\\\r\n\u2028\u2029]*)"")?\s*\)\s*;?\s*$")]
    private static partial Regex OneCall();
}
