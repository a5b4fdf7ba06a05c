using CivilAffairs.Engine.Expressions;
using CivilAffairs.ElsaRuntime.Bursts;
using Elsa.Expressions.JavaScript.Notifications;
using Elsa.Expressions.Liquid.Notifications;
using Elsa.Mediator.Contracts;
using Fluid.Values;

namespace CivilAffairs.ElsaRuntime.Expressions;

/// <summary>
/// Inside Elsa's scripts: the functions that only we have (facts, parameters, limits), and the clock, the dice and the new ids
/// of the step in place of the machine's. Asked after Elsa's own have been set.
/// </summary>
internal sealed class ScriptFunctions : INotificationHandler<EvaluatingJavaScript>, INotificationHandler<CreatingJavaScriptEngine>, INotificationHandler<RenderingLiquidTemplate>
{
    private static readonly string[] Ours =
    [
        "getFact", "getParameter", "ceilDiv", "limitDay", "addMonths", "lastDay", "addDays", "ageOn",
        "newGuid", "newGuidString", "getGuidString", "newShortGuid", "getShortGuid", "Random", "DateTime", "DateTimeOffset", "TimeSpan", "Guid", "Math",
    ];

    public Task HandleAsync(CreatingJavaScriptEngine notification, CancellationToken cancellationToken)
    {
        JavaScriptHost.Bound(notification.Options, BurstRun.Current.Input.Now);
        return Task.CompletedTask;
    }

    public Task HandleAsync(EvaluatingJavaScript notification, CancellationToken cancellationToken)
    {
        var named = Ours.Where(name => notification.Expression.Contains(name, StringComparison.Ordinal)).ToHashSet();
        if (named.Count > 0) new JavaScriptBinding(notification.Engine, new ElsaScope(notification.Context), named, new HashSet<string>()).Install(null);
        return Task.CompletedTask;
    }

    public Task HandleAsync(RenderingLiquidTemplate notification, CancellationToken cancellationToken)
    {
        var run = BurstRun.Current;
        notification.TemplateContext.Now = () => run.Input.Now;
        notification.TemplateContext.SetValue("Facts", Liquid.Lookup([.. run.Input.Facts.Keys, Engine.Port.StepInput.OccurredOnFact], id => Values.FromJson(run.Fact(id))));
        notification.TemplateContext.SetValue("Parameters", Liquid.Lookup(run.Input.Parameters.Keys, key => Values.FromJson(run.Parameter(key))));
        return Task.CompletedTask;
    }
}
