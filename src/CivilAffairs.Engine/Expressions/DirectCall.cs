using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CivilAffairs.Engine.Expressions;

/// <summary>
/// A script that is one call which reads one value, as most inputs are: <c>getParameter('dibao.limit.check')</c>,
/// <c>getFact('people')</c>, <c>getAmount()</c>; or that value's member, its negative, or whether it is a literal:
/// <c>getDays().end</c>, <c>-getParameter('divorce.remind.cooling')</c>, <c>getDecision().outcome === 'Grant'</c>. Its answer is
/// what the script would give, without the engine that costs more than all the rest of a step.
/// </summary>
/// <param name="Member">Read of what the call gives; null: the value itself.</param>
/// <param name="IsNegative">A minus stands before it.</param>
/// <param name="Literal">A text, truth or number that it is compared with; null: it is not.</param>
/// <param name="Differs">Whether it is asked to be another than the literal.</param>
internal sealed partial record DirectCall(string Function, string? Argument, string? Member, bool IsNegative, object? Literal, bool Differs)
{
    /// <param name="source">A script that parses.</param>
    /// <returns>Null: it does more than that.</returns>
    internal static DirectCall? Of(string source) => OneCall().Match(source) is { Success: true } match
        ? new DirectCall(match.Groups["name"].Value, Group(match, "text"), Group(match, "member"), match.Groups["minus"].Success, LiteralOf(match), Group(match, "is") == "!==") : null;

    private static string? Group(Match match, string name) => match.Groups[name] is { Success: true } group ? group.Value : null;

    private static object? LiteralOf(Match match) => Group(match, "word") is { } word ? word : Group(match, "truth") is { } truth ? truth == "true"
        : Group(match, "number") is { } number ? double.Parse(number, CultureInfo.InvariantCulture) : null;

    /// <returns>False: only the script itself can tell.</returns>
    /// <exception cref="ExpressionException">As the script throws it: the case has no such fact or parameter.</exception>
    internal bool TryEvaluate(IScope scope, out object? value)
    {
        if (!TryRead(scope, out value)) return false;
        if (Member is not null)
        {
            // Of what is no object, or has no such member of its own, only the language knows.
            if (value is not JsonObject members || !members.TryGetPropertyValue(Member, out var member)) return false;
            value = Values.FromJson(member);
        }
        switch (value)
        {
            case null or bool or string:
                break;
            case int or long or float or double or decimal:
                value = JavaScriptHost.Number(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            default:
                // Objects, lists and dates are made over by the language.
                return false;
        }
        if (IsNegative)
        {
            if (value is not (long or double)) return false;
            value = JavaScriptHost.Number(-Convert.ToDouble(value, CultureInfo.InvariantCulture));
        }
        if (Literal is not null) value = IsLiteral(value) != Differs;
        return true;
    }

    /// <summary>As <c>===</c>: of one kind, and the same.</summary>
    private bool IsLiteral(object? value) => (value, Literal) switch
    {
        (string text, string literal) => string.Equals(text, literal, StringComparison.Ordinal),
        (bool truth, bool literal) => truth == literal,
        (long or double, double literal) => Convert.ToDouble(value, CultureInfo.InvariantCulture) == literal,
        _ => false,
    };

    private bool TryRead(IScope scope, out object? value)
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
        return true;
    }

    private bool IsAccessor(string variable) => Function.Length == variable.Length + 3 && variable.Length > 0 && Function.StartsWith("get", StringComparison.Ordinal)
        && Function[3] == char.ToUpperInvariant(variable[0]) && Function.AsSpan(4).SequenceEqual(variable.AsSpan(1));

    [GeneratedRegex(@"^\s*(?<minus>-)?(?<name>get[\p{L}\p{N}]+)\(\s*(?:'(?<text>[^'\\\r\n\u2028\u2029]*)'|""(?<text>[^""\\\r\n\u2028\u2029]*)"")?\s*\)(?:\.(?<member>[\p{L}_$][\p{L}\p{N}_$]*))?"
        + @"(?:\s*(?<is>===|!==)\s*(?:'(?<word>[^'\\\r\n\u2028\u2029]*)'|""(?<word>[^""\\\r\n\u2028\u2029]*)""|(?<truth>true|false)|(?<number>0|[1-9][0-9]{0,14})))?\s*;?\s*$")]
    private static partial Regex OneCall();
}
