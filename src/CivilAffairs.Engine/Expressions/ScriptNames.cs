using System.Runtime.CompilerServices;
using Acornima;
using Acornima.Ast;

namespace CivilAffairs.Engine.Expressions;

/// <summary>A call of a function that the script does not define itself.</summary>
/// <param name="First">What its first argument may be: two texts for <c>late ? 'a' : 'b'</c>, null in place of one that is not written out.</param>
internal sealed record ScriptCall(string Function, IReadOnlyList<string?> First);

/// <summary>
/// What a script names from outside itself: read from its syntax tree with the scopes that the parser found, so that its
/// own functions, parameters and variables, texts and members of objects are not mistaken for it.
/// </summary>
internal sealed class ScriptNames : AstVisitor
{
    private readonly List<HashSet<string>> scopes = [];
    private readonly HashSet<string> made = [];
    private readonly HashSet<string> free = [];

    /// <summary>Names that must exist around the script, without those it makes by assigning to them.</summary>
    internal IEnumerable<string> Free => free.Where(name => !made.Contains(name));
    internal List<ScriptCall> Calls { get; } = [];

    /// <summary>X of <c>variables.X</c>, read; and where it is assigned, which makes the variable.</summary>
    internal HashSet<string> VariablesRead { get; } = [];
    internal HashSet<string> VariablesMade { get; } = [];

    /// <summary>Null for a source that does not parse, or is nested too deep: then <see cref="JavaScript.Check"/> says so.</summary>
    internal static ScriptNames? Of(string source)
    {
        var parser = new Parser(new ParserOptions { AllowReturnOutsideFunction = true, Tolerant = false, OnNode = KeepScope });
        var names = new ScriptNames();
        try
        {
            names.Visit(parser.ParseScript(source));
            return names;
        }
        catch (Exception e) when (e is ParseErrorException or InsufficientExecutionStackException)
        {
            return null;
        }
    }

    /// <summary>The parser forgets a scope when it leaves it.</summary>
    private static void KeepScope(Node node, in OnNodeContext context)
    {
        if (!context.HasScope) return;
        ref readonly var scope = ref context.Scope;
        var names = new HashSet<string>();
        foreach (var list in (ReadOnlySpan<Identifier[]>)[scope.VarVariables.ToArray(), scope.LexicalVariables.ToArray(), scope.Functions.ToArray()])
            foreach (var identifier in list) names.Add(identifier.Name);
        node.UserData = names;
    }

    public override object? Visit(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return node.UserData is HashSet<string> names ? Within(names, () => base.Visit(node)) : base.Visit(node);
    }

    protected override object? VisitIdentifier(Identifier node)
    {
        if (!IsOwn(node.Name)) free.Add(node.Name);
        return null;
    }

    protected override object? VisitFunctionDeclaration(FunctionDeclaration node) => Within(Parameters(node), () => base.VisitFunctionDeclaration(node));
    protected override object? VisitFunctionExpression(FunctionExpression node) => Within(Parameters(node), () => base.VisitFunctionExpression(node));
    protected override object? VisitArrowFunctionExpression(ArrowFunctionExpression node) => Within(Parameters(node), () => base.VisitArrowFunctionExpression(node));
    protected override object? VisitClassExpression(ClassExpression node) => Within(node.Id is { } id ? [id.Name] : [], () => base.VisitClassExpression(node));

    protected override object? VisitMemberExpression(MemberExpression node)
    {
        if (VariableOf(node) is { } variable) VariablesRead.Add(variable);
        Visit(node.Object);
        if (node.Computed) Visit(node.Property);
        return null;
    }

    protected override object? VisitObjectProperty(ObjectProperty node) => KeyAndValue(node.Computed, node.Key, node.Value);
    protected override object? VisitAssignmentProperty(AssignmentProperty node) => KeyAndValue(node.Computed, node.Key, node.Value);
    protected override object? VisitMethodDefinition(MethodDefinition node) => KeyAndValue(node.Computed, node.Key, node.Value);
    protected override object? VisitPropertyDefinition(PropertyDefinition node) => KeyAndValue(node.Computed, node.Key, node.Value);

    // Labels name places in the script.
    protected override object? VisitLabeledStatement(LabeledStatement node) => Visit(node.Body);
    protected override object? VisitBreakStatement(BreakStatement node) => null;
    protected override object? VisitContinueStatement(ContinueStatement node) => null;
    protected override object? VisitMetaProperty(MetaProperty node) => null;

    // Asking for the type of a name that is not there is no fault.
    protected override object? VisitUnaryExpression(UnaryExpression node) =>
        node is { Operator: Operator.TypeOf, Argument: Identifier } ? null : base.VisitUnaryExpression(node);

    protected override object? VisitAssignmentExpression(AssignmentExpression node)
    {
        if (node.Operator == Operator.Assignment) Assigned(node.Left);
        if (node is not { Operator: Operator.Assignment, Left: MemberExpression member } || VariableOf(member) is null) return base.VisitAssignmentExpression(node);
        Visit(node.Right);
        return null;
    }

    protected override object? VisitForInStatement(ForInStatement node)
    {
        Assigned(node.Left);
        return base.VisitForInStatement(node);
    }

    protected override object? VisitForOfStatement(ForOfStatement node)
    {
        Assigned(node.Left);
        return base.VisitForOfStatement(node);
    }

    protected override object? VisitCallExpression(CallExpression node)
    {
        if (node.Callee is Identifier { Name: var function } && !IsOwn(function)) Calls.Add(new ScriptCall(function, [.. node.Arguments.Take(1).SelectMany(OneOf)]));
        return base.VisitCallExpression(node);
    }

    private bool IsOwn(string name) => scopes.Exists(scope => scope.Contains(name));

    private object? Within(HashSet<string> names, Func<object?> visit)
    {
        scopes.Add(names);
        var result = visit();
        scopes.RemoveAt(scopes.Count - 1);
        return result;
    }

    private object? KeyAndValue(bool computed, Node key, Node? value)
    {
        if (computed) Visit(key);
        return value is null ? null : Visit(value);
    }

    private string? VariableOf(MemberExpression node) =>
        node.Object is not Identifier { Name: "variables" } || IsOwn("variables") ? null
        : node is { Computed: false, Property: Identifier property } ? property.Name
        : node.Computed ? Written(node.Property) : null;

    /// <summary>Outside strict mode an assignment makes the name; one to <c>variables.X</c> makes the variable.</summary>
    private void Assigned(Node target)
    {
        foreach (var name in Bound(target)) made.Add(name);
        if (target is MemberExpression member && VariableOf(member) is { } variable) VariablesMade.Add(variable);
    }

    private static HashSet<string> Parameters(IFunction function) =>
        [.. function.Params.SelectMany(Bound), .. function.Id is { } id ? [id.Name] : Array.Empty<string>(), "arguments"];

    private static IEnumerable<string> Bound(Node? pattern) => pattern switch
    {
        Identifier identifier => [identifier.Name],
        AssignmentPattern assignment => Bound(assignment.Left),
        RestElement rest => Bound(rest.Argument),
        ArrayPattern array => array.Elements.SelectMany(e => Bound(e)),
        ObjectPattern map => map.Properties.SelectMany(p => Bound(p is AssignmentProperty property ? property.Value : p)),
        _ => [],
    };

    private static IEnumerable<string?> OneOf(Node node) => node switch
    {
        ConditionalExpression choice => OneOf(choice.Consequent).Concat(OneOf(choice.Alternate)),
        LogicalExpression choice => OneOf(choice.Left).Concat(OneOf(choice.Right)),
        ParenthesizedExpression inner => OneOf(inner.Expression),
        _ => [Written(node)],
    };

    private static string? Written(Node node) => node switch
    {
        StringLiteral text => text.Value,
        TemplateLiteral { Expressions.Count: 0 } template => template.Quasis[0].Value.Cooked,
        _ => null,
    };
}
