using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace CivilAffairs.Engine.Expressions;

/// <summary>
/// Bounds the ranges of a template, <c>(1..n)</c>: Fluid makes a list of all their numbers before the first is used, so
/// that steps would count too late and memory would end.
/// </summary>
public sealed class LiquidRanges(int most, Func<Exception> refusal) : AstRewriter
{
    /// <param name="most">Numbers that a range may have.</param>
    /// <param name="refusal">What is thrown, when rendered, where a range has more.</param>
    public static IFluidTemplate Bound(IFluidTemplate template, int most, Func<Exception> refusal) => new LiquidRanges(most, refusal).VisitTemplate(template);

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) =>
        new RangeExpression(rangeExpression.From, new BoundedEnd(rangeExpression.From, rangeExpression.To, most, refusal));

    private sealed class BoundedEnd(Expression from, Expression to, int most, Func<Exception> refusal) : Expression
    {
        public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
        {
            var (first, last) = (await from.EvaluateAsync(context), await to.EvaluateAsync(context));
            return last.ToNumberValue() - first.ToNumberValue() > most ? throw refusal() : last;
        }
    }
}
