using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Acornima;
using Acornima.Ast;

namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>Which answers an expression of form.json reads, taken from its syntax tree and not from its letters.</summary>
internal sealed class ScriptReads : AstVisitor
{
    private const int MaxCached = 5_000;
    private static readonly ConcurrentDictionary<string, ScriptReads> Cache = new();
    private static readonly ScriptReads Nothing = new();
    private bool shadowed;

    /// <summary><c>form.section</c>, whatever follows.</summary>
    public HashSet<string> Sections { get; } = [];

    /// <summary><c>form.section.name</c>.</summary>
    public HashSet<(string Section, string Field)> Paths { get; } = [];

    /// <summary><c>item.name</c>.</summary>
    public HashSet<string> Items { get; } = [];

    /// <summary><c>parameters['key']</c>.</summary>
    public HashSet<string> Parameters { get; } = [];

    /// <summary>Every member that is named anywhere: a row of <c>form.members.filter(m =&gt; m.health)</c> goes by any name.</summary>
    public HashSet<string> Members { get; } = [];

    /// <summary>Every text written out.</summary>
    public HashSet<string> Texts { get; } = [];

    /// <summary>Nothing for a text that does not parse, which the check says by itself.</summary>
    public static ScriptReads Of(string expression)
    {
        if (Cache.Count > MaxCached) Cache.Clear();
        return Cache.GetOrAdd(expression, Read);
    }

    /// <summary>The expression alone, as <see cref="FormScript"/> runs it; null: it does not parse.</summary>
    public static Expression? Parse(string expression)
    {
        try
        {
            return new Parser().ParseScript($"({expression}\n)", strict: true).Body is [ExpressionStatement { Expression: { } only }] ? only : null;
        }
        catch (Exception e) when (e is ParseErrorException or InsufficientExecutionStackException)
        {
            return null;
        }
    }

    private static ScriptReads Read(string expression)
    {
        if (Parse(expression) is not { } tree) return Nothing;
        var reads = new ScriptReads();
        try
        {
            reads.Visit(tree);
        }
        catch (InsufficientExecutionStackException)
        {
            return Nothing;
        }
        // A script with a name of its own for the answers is not understood: better to say nothing than something wrong.
        return reads.shadowed ? Nothing : reads;
    }

    public override object? Visit(Node node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return base.Visit(node);
    }

    protected override object? VisitArrowFunctionExpression(ArrowFunctionExpression node)
    {
        shadowed |= node.Params.Any(p => p is Identifier { Name: "form" or "item" or "parameters" });
        return base.VisitArrowFunctionExpression(node);
    }

    protected override object? VisitFunctionExpression(FunctionExpression node)
    {
        shadowed |= node.Params.Any(p => p is Identifier { Name: "form" or "item" or "parameters" });
        return base.VisitFunctionExpression(node);
    }

    protected override object? VisitLiteral(Literal node)
    {
        if (node.Value is string text) Texts.Add(text);
        return base.VisitLiteral(node);
    }

    protected override object? VisitMemberExpression(MemberExpression node)
    {
        if (NameOf(node) is { } name)
        {
            Members.Add(name);
            switch (Plain(node.Object))
            {
                case Identifier { Name: "form" }:
                    Sections.Add(name);
                    break;
                case Identifier { Name: "item" }:
                    Items.Add(name);
                    break;
                case Identifier { Name: "parameters" }:
                    Parameters.Add(name);
                    break;
                case MemberExpression section when Plain(section.Object) is Identifier { Name: "form" } && NameOf(section) is { } of:
                    Paths.Add((of, name));
                    break;
            }
        }
        return base.VisitMemberExpression(node);
    }

    /// <summary>What is named: <c>a.b</c>, <c>a?.b</c>, <c>a['b']</c>; null: something worked out.</summary>
    internal static string? NameOf(MemberExpression node) => node switch
    {
        { Computed: false, Property: Identifier property } => property.Name,
        { Computed: true, Property: Literal { Value: string text } } => text,
        _ => null,
    };

    private static Node Plain(Node node) => node switch
    {
        ChainExpression chain => Plain(chain.Expression),
        ParenthesizedExpression inner => Plain(inner.Expression),
        _ => node,
    };
}
