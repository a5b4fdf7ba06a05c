using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Runtime;

namespace CivilAffairs.Engine.Activities;

/// <summary>Elsa.WriteLine.</summary>
internal sealed class WriteLine : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("Text", "String")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        burst.Lines.Add(Values.Text(context.Inputs["Text"]) ?? "");
        burst.Complete(context);
    }
}

/// <summary>Elsa.SetVariable: by id, with conversion to the variable's type.</summary>
internal sealed class SetVariable : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("Value")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        var variable = context.Activity!.Raw["variable"] as System.Text.Json.Nodes.JsonObject;
        var id = Json.Text(variable?["id"]) ?? "";
        if (!burst.TrySetById(context, id, context.Inputs["Value"], Values.Convert))
            throw new InvalidOperationException($"Variable '{id}' not found.");
        burst.Complete(context);
    }
}

/// <summary>Elsa.SetName.</summary>
internal sealed class SetName : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("Value", "String")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        burst.State.Name = Values.Text(context.Inputs["Value"]);
        burst.Complete(context);
    }
}

/// <summary>Elsa.Correlate.</summary>
internal sealed class Correlate : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("CorrelationId", "String")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        burst.State.CorrelationId = Values.Text(context.Inputs["CorrelationId"]);
        burst.Complete(context);
    }
}

/// <summary>Elsa.SetOutput: the instance's output, undeclared names too.</summary>
internal sealed class SetOutput : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("OutputName", "String"), new("OutputValue")];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        burst.State.Outputs[Values.Text(context.Inputs["OutputName"]) ?? ""] = Values.ToJson(context.Inputs["OutputValue"]);
        burst.Complete(context);
    }
}

/// <summary>Elsa.RunJavaScript: may name its outcomes.</summary>
internal sealed class RunJavaScript : Behaviour
{
    internal override IReadOnlyList<InputSpec> Inputs { get; } = [new("Script", "String")];
    internal override IReadOnlyList<string> Outputs { get; } = ["Result"];

    internal override void Execute(Burst burst, ActivityContext context)
    {
        var outcomes = new ScriptOutcomes();
        var script = Values.Text(context.Inputs["Script"]);
        if (string.IsNullOrWhiteSpace(script))
        {
            burst.Complete(context);
            return;
        }
        // A script that gives nothing leaves the variable of its result as it was.
        if (JavaScript.Run(script, new Burst.ContextScope(burst, context), outcomes) is { } result) burst.SetOutput(context, "Result", result);
        burst.Complete(context, outcomes.Names ?? ["Done"]);
    }
}
