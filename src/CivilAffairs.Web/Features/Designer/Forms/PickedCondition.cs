using System.Globalization;
using Acornima.Ast;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>One comparison that can be picked.</summary>
/// <param name="Section">Id of the section whose answer is asked; <c>item</c>: the same section, row or task.</param>
/// <param name="Field">Its question; <c>length</c>: how many rows the section has.</param>
/// <param name="Test"><c>is</c>, <c>isNot</c>, <c>oneOf</c>, <c>noneOf</c>, <c>filled</c>, <c>empty</c>, <c>atLeast</c>, <c>atMost</c>, <c>more</c>, <c>less</c>.</param>
/// <param name="Values">JavaScript literals.</param>
/// <param name="AnyRow">Of a section that repeats: one row is enough.</param>
public sealed record PickedClause(string Section, string Field, string Test, IReadOnlyList<string> Values, bool AnyRow = false);

/// <summary>A condition as somebody picks it; everything more stays an expression that is typed.</summary>
/// <param name="All">Every comparison must hold; else one is enough.</param>
public sealed record PickedCondition(bool All, IReadOnlyList<PickedClause> Clauses)
{
    private static readonly Dictionary<string, string> Operators = new() { ["is"] = "===", ["isNot"] = "!==", ["atLeast"] = ">=", ["atMost"] = "<=", ["more"] = ">", ["less"] = "<" };

    /// <returns>Null: it says more than can be picked, or cannot be read.</returns>
    public static PickedCondition? Read(string? expression)
    {
        if (expression is null || ScriptReads.Parse(expression) is not { } tree) return null;
        foreach (var all in new[] { true, false })
        {
            var parts = new List<Node>();
            Split(tree, all ? Acornima.Operator.LogicalAnd : Acornima.Operator.LogicalOr, parts);
            if (parts.Select(Clause).ToList() is var clauses && clauses.All(c => c is not null)) return new PickedCondition(all || clauses.Count == 1, [.. clauses.Select(c => c!)]);
        }
        return null;
    }

    public string Write() => string.Join(All ? " && " : " || ", Clauses.Select(Write));

    /// <summary>As a JavaScript text.</summary>
    public static string Literal(string text) => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "'";

    /// <summary>What a literal says, for a field to show.</summary>
    public static string Plain(string literal) => literal is ['\'', .. var inner, '\''] ? inner.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\'", "'", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal) : literal;

    private static string Write(PickedClause clause)
    {
        var row = clause.Section.Length > 0 ? char.ToLowerInvariant(clause.Section[0]).ToString() : "r";
        var name = clause.AnyRow ? $"{row}.{clause.Field}" : clause.Section == "item" ? $"item.{clause.Field}" : $"form.{clause.Section}.{clause.Field}";
        var value = clause.Values.Count > 0 ? clause.Values[0] : "''";
        var test = clause.Test switch
        {
            "oneOf" => $"[{string.Join(", ", clause.Values)}].includes({name})",
            "noneOf" => $"![{string.Join(", ", clause.Values)}].includes({name})",
            "filled" => $"{name} != null",
            "empty" => $"{name} == null",
            _ => $"{name} {Operators[clause.Test]} {value}",
        };
        return clause.AnyRow ? $"form.{clause.Section}.some({row} => {test})" : test;
    }

    private static void Split(Node node, Acornima.Operator by, List<Node> parts)
    {
        if (node is ParenthesizedExpression inner) Split(inner.Expression, by, parts);
        else if (node is BinaryExpression logical && logical.Operator == by)
        {
            Split(logical.Left, by, parts);
            Split(logical.Right, by, parts);
        }
        else parts.Add(node);
    }

    private static PickedClause? Clause(Node node)
    {
        if (node is ParenthesizedExpression inner) return Clause(inner.Expression);
        if (node is CallExpression { Callee: MemberExpression { Computed: false, Property: Identifier { Name: "some" }, Object: MemberExpression rows }, Arguments: [ArrowFunctionExpression { Params: [Identifier row], Body: Expression body }] }
            && rows.Object is Identifier { Name: "form" } && ScriptReads.NameOf(rows) is { } section)
            return Test(body, row.Name) is { Section: "item" } test ? test with { Section = section, AnyRow = true } : null;
        return Test(node, "item");
    }

    /// <param name="item">What the row is called here.</param>
    private static PickedClause? Test(Node node, string item)
    {
        switch (node)
        {
            case ParenthesizedExpression inner:
                return Test(inner.Expression, item);
            case BinaryExpression binary when Place(binary.Left, item) is { } place:
                if (binary.Right is Literal { Value: null, Raw: "null" })
                    return binary.Operator switch { Acornima.Operator.Inequality => place with { Test = "filled" }, Acornima.Operator.Equality => place with { Test = "empty" }, _ => null };
                return Written(binary.Right) is { } value && binary.Operator switch
                {
                    Acornima.Operator.StrictEquality => "is", Acornima.Operator.StrictInequality => "isNot", Acornima.Operator.GreaterThanOrEqual => "atLeast",
                    Acornima.Operator.LessThanOrEqual => "atMost", Acornima.Operator.GreaterThan => "more", Acornima.Operator.LessThan => "less", _ => null,
                } is { } test ? place with { Test = test, Values = [value] } : null;
            case UnaryExpression { Operator: Acornima.Operator.LogicalNot } not:
                return Test(not.Argument, item) is { Test: "oneOf" } listed ? listed with { Test = "noneOf" } : null;
            case CallExpression { Callee: MemberExpression { Computed: false, Property: Identifier { Name: "includes" }, Object: ArrayExpression list }, Arguments: [var asked] } when Place(asked, item) is { } place:
                var values = list.Elements.Select(e => e is null ? null : Written(e)).ToList();
                return values.Count > 0 && values.TrueForAll(v => v is not null) ? place with { Test = "oneOf", Values = [.. values.Select(v => v!)] } : null;
            default:
                return null;
        }
    }

    private static PickedClause? Place(Node node, string item)
    {
        if (node is not MemberExpression { Computed: false, Optional: false } member || ScriptReads.NameOf(member) is not { } field) return null;
        return member.Object switch
        {
            Identifier of when of.Name == item => new PickedClause("item", field, "is", []),
            MemberExpression { Optional: false, Object: Identifier { Name: "form" } } section when item == "item" && ScriptReads.NameOf(section) is { } name => new PickedClause(name, field, "is", []),
            _ => null,
        };
    }

    private static string? Written(Node node) => node switch
    {
        Literal { Value: string text } => Literal(text),
        Literal { Value: bool yes } => yes ? "true" : "false",
        Literal { Value: double number } => number.ToString("R", CultureInfo.InvariantCulture),
        UnaryExpression { Operator: Acornima.Operator.UnaryNegation, Argument: Literal { Value: double number } } => (-number).ToString("R", CultureInfo.InvariantCulture),
        _ => null,
    };
}
