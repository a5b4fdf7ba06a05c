using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace CivilAffairs.Engine.Expressions;

/// <summary>
/// Bounds the ranges of a template, <c>(1..n)</c>: Fluid makes a list of all their numbers before the first is used, so
/// that steps would count too late and memory would end.
/// </summary>
internal sealed class LiquidRanges(int most) : AstRewriter
{
    /// <exception cref="ExpressionException">When rendered: a range has more numbers than <c>most</c>.</exception>
    public static IFluidTemplate Bound(IFluidTemplate template, int most) => new LiquidRanges(most).VisitTemplate(template);

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) =>
        new RangeExpression(rangeExpression.From, new BoundedEnd(rangeExpression.From, rangeExpression.To, most));

    private sealed class BoundedEnd(Expression from, Expression to, int most) : Expression
    {
        public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
        {
            var (first, last) = (await from.EvaluateAsync(context), await to.EvaluateAsync(context));
            return last.ToNumberValue() - first.ToNumberValue() > most ? throw new ExpressionException($"Liquid: the range has more than {most} numbers.") : last;
        }
    }
}
