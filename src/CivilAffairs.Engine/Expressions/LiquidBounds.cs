using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace CivilAffairs.Engine.Expressions;

/// <summary>
/// What Fluid itself does not bound. Ranges, <c>(1..n)</c>: it makes a list of all their numbers before the first is
/// used, so that steps would count too late and memory would end. Time: it counts steps, and one step over a long text
/// costs as much as ten thousand over a short one; so it is asked whether time is over each time a loop begins again, and without
/// loops a template is no longer than it was written.
/// </summary>
public sealed class LiquidBounds : AstRewriter
{
    private const string Over = "civilaffairs.over";
    private readonly int most;
    private readonly Func<Exception> refusal;
    private readonly Watch watch;

    private LiquidBounds(int most, Func<Exception> refusal, Func<Exception> late) => (this.most, this.refusal, watch) = (most, refusal, new Watch(late));

    /// <param name="most">Numbers that a range may have.</param>
    /// <param name="refusal">What is thrown, when rendered, where a range has more.</param>
    /// <param name="late">What is thrown where the time that <see cref="Start"/> gave has run out.</param>
    public static IFluidTemplate Bound(IFluidTemplate template, int most, Func<Exception> refusal, Func<Exception> late) => new LiquidBounds(most, refusal, late).VisitTemplate(template);

    /// <summary>Gives a rendering its time, which runs from its first loop on. A machine too busy to ring its alarms gives it longer.</summary>
    public static void Start(TemplateContext context, TimeSpan time)
    {
        CancellationTokenSource? alarm = null;
        Start(context, () => (alarm ??= new CancellationTokenSource(time)).IsCancellationRequested);
    }

    /// <param name="over">Asked at each turn of a loop whether the rendering's time is over, by a clock of the caller's.</param>
    public static void Start(TemplateContext context, Func<bool> over)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.AmbientValues[Over] = over;
    }

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) =>
        new RangeExpression(rangeExpression.From, new BoundedEnd(rangeExpression.From, rangeExpression.To, most, refusal));

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        var loop = (ForStatement)base.VisitForStatement(forStatement);
        return new ForStatement([watch, .. loop.Statements], loop.Identifier, loop.Source, loop.Limit, loop.Offset, loop.Reversed, loop.Else);
    }

    private sealed class BoundedEnd(Expression from, Expression to, int most, Func<Exception> refusal) : Expression
    {
        public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
        {
            var (first, last) = (await from.EvaluateAsync(context), await to.EvaluateAsync(context));
            return last.ToNumberValue() - first.ToNumberValue() > most ? throw refusal() : last;
        }
    }

    /// <summary>Writes nothing and counts as no step. It asks whether the time is over, and never what time it is.</summary>
    private sealed class Watch(Func<Exception> late) : Statement
    {
        public override ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
        {
            return context.AmbientValues.TryGetValue(Over, out var over) && ((Func<bool>)over)() ? throw late() : ValueTask.FromResult(Completion.Normal);
        }
    }
}
