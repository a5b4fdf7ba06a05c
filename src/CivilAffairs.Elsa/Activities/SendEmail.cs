using System.Text.Json.Nodes;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.ElsaRuntime.Bursts;
using CivilAffairs.ElsaRuntime.Expressions;
using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace CivilAffairs.ElsaRuntime.Activities;

/// <summary>
/// Elsa's <c>SendEmail</c>, whose own lies in a package beside hers and sends at once: here it is an effect, as on our own
/// runtime, and the letter leaves after the commit.
/// </summary>
[Activity("Elsa", "SendEmail", 1, "Sends an e-mail.", "Email")]
public sealed class SendEmail : CodeActivity
{
    public Input<object?> To { get; set; } = new(default(object));
    public Input<string?> Subject { get; set; } = new(default(string));
    public Input<string?> Body { get; set; } = new(default(string));

    protected override void Execute(ActivityExecutionContext context)
    {
        var to = ElsaValues.FromClr(context.Get(To)) is { } addresses && Values.Convert(addresses, "List<String>", true) is JsonArray list
            ? list.Select(item => Values.Text(Values.FromJson(item)) ?? "").Where(a => a.Length > 0).ToList() : [];
        BurstRun.Current.Effects.Add(new Engine.Port.SendEmail(Id, to, context.Get(Subject), context.Get(Body)));
    }
}
