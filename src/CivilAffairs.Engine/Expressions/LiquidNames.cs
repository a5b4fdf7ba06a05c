using Fluid;
using Fluid.Ast;

namespace CivilAffairs.Engine.Expressions;

/// <summary>What a Liquid template names from outside itself: read from its syntax tree, so that texts and names that it makes itself are not mistaken for it.</summary>
internal sealed class LiquidNames : AstVisitor
{
    private readonly HashSet<string> roots = [];
    private readonly HashSet<string> made = [];

    /// <summary>First names that must exist around the template.</summary>
    internal IEnumerable<string> Free => roots.Where(name => !made.Contains(name));

    /// <summary>X of <c>Variables.X</c> and <c>Variables["X"]</c>; likewise of the others.</summary>
    internal HashSet<string> Variables { get; } = [];
    internal HashSet<string> Inputs { get; } = [];
    internal HashSet<string> Facts { get; } = [];
    internal HashSet<string> Parameters { get; } = [];

    /// <param name="template">As parsed.</param>
    internal static LiquidNames Of(IFluidTemplate template)
    {
        var names = new LiquidNames();
        names.VisitTemplate(template);
        return names;
    }

    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        if (memberExpression.Segments is [IdentifierSegment root, ..])
        {
            roots.Add(root.Identifier);
            if (memberExpression.Segments is [_, var first, ..] && Named(first) is { } name) Of(root.Identifier)?.Add(name);
        }
        return base.VisitMemberExpression(memberExpression);
    }

    protected override Statement VisitAssignStatement(AssignStatement assignStatement)
    {
        made.Add(assignStatement.Identifier);
        return base.VisitAssignStatement(assignStatement);
    }

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
    {
        made.Add(captureStatement.Identifier);
        return base.VisitCaptureStatement(captureStatement);
    }

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        made.UnionWith([forStatement.Identifier, "forloop"]);
        return base.VisitForStatement(forStatement);
    }

    protected override Statement VisitTableRowStatement(TableRowStatement tableRowStatement)
    {
        made.UnionWith([tableRowStatement.Identifier, "tablerowloop"]);
        return base.VisitTableRowStatement(tableRowStatement);
    }

    protected override Statement VisitIncrementStatement(IncrementStatement incrementStatement)
    {
        made.Add(incrementStatement.Identifier);
        return base.VisitIncrementStatement(incrementStatement);
    }

    protected override Statement VisitDecrementStatement(DecrementStatement decrementStatement)
    {
        made.Add(decrementStatement.Identifier);
        return base.VisitDecrementStatement(decrementStatement);
    }

    private HashSet<string>? Of(string root) => root switch { "Variables" => Variables, "Input" => Inputs, "Facts" => Facts, "Parameters" => Parameters, _ => null };

    private static string? Named(MemberSegment segment) => segment switch
    {
        IdentifierSegment name => name.Identifier,
        IndexerSegment { Expression: LiteralExpression literal } => literal.Value.ToStringValue(),
        _ => null,
    };
}
