using CivilAffairs.Engine.CaseActivities;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.UIHints;

namespace CivilAffairs.ElsaRuntime.Activities;

/// <summary>Gives Elsa our activities from the declarations that the check, the designer and our own engine read.</summary>
internal sealed class CaseActivityProvider : IActivityProvider
{
    private static readonly Dictionary<string, Type> Types = new()
    {
        ["String"] = typeof(string), ["Boolean"] = typeof(bool), ["Int32"] = typeof(int), ["Int64"] = typeof(long), ["Decimal"] = typeof(decimal), ["List<String>"] = typeof(ICollection<string>),
    };

    public ValueTask<IEnumerable<ActivityDescriptor>> GetDescriptorsAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(CaseActivityCatalogue.Declarations.Select(Describe));

    private static ActivityDescriptor Describe(ActivityDeclaration declaration) => new()
    {
        TypeName = declaration.Type,
        Namespace = "CivilAffairs",
        Name = declaration.Type["CivilAffairs.".Length..],
        ClrType = typeof(CaseActivity),
        Version = 1,
        Category = "CivilAffairs",
        DisplayName = declaration.Name.Zh,
        Description = declaration.Help.Zh,
        Kind = ActivityKind.Action,
        Inputs = [.. declaration.Inputs.Select(Describe)],
        // Elsa keeps inputs and outputs under their names alone: an output called as an input is bound by CaseBurst.
        Outputs = declaration.Output is { } output && declaration.Inputs.All(i => i.Name != output)
            ? [new OutputDescriptor(output, output, typeof(object), a => a.SyntheticProperties.TryGetValue(output, out var found) ? found : null, (a, v) => a.SyntheticProperties[output] = v!) { IsSynthetic = true }]
            : [],
        Ports = [.. declaration.Outcomes.Select(o => new Port { Name = o, DisplayName = o, Type = PortType.Flow })],
        Constructor = context =>
        {
            var made = context.CreateActivity<CaseActivity>();
            made.Activity.Type = declaration.Type;
            return new ActivityConstructionResult(made.Activity, made.Exceptions);
        },
    };

    // Not evaluated by Elsa's pipeline: CaseBurst asks for one after the other and notes which parameters each one read.
    private static InputDescriptor Describe(InputDeclaration input) => new(
        input.Name, Types.GetValueOrDefault(input.Type, typeof(object)), a => a.SyntheticProperties.TryGetValue(input.Name, out var found) ? found : null, (a, v) => a.SyntheticProperties[input.Name] = v!,
        isWrapped: true, input.UiHint.Length > 0 ? input.UiHint : InputUIHints.SingleLine, input.Label.Zh, isSynthetic: true, autoEvaluate: false);
}
