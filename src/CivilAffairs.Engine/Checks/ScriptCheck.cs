using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Checks;

/// <summary>JavaScript: it parses, and every function, variable, input, output, parameter and fact that it names is there.</summary>
internal static class ScriptCheck
{
    /// <param name="isScript">The text of a <c>RunJavaScript</c>, which may name its outcomes.</param>
    internal static void Run(CheckContext context, ActivityNode activity, string property, string text, bool isScript = false)
    {
        if (JavaScript.Check(text) is { } fault)
        {
            context.Add(activity, $"“{property}”的表达式有误：{fault}。", $"The expression of '{property}' is wrong: {fault}.");
            return;
        }
        if (ScriptNames.Of(text) is not { } names) return;
        var variables = context.VariablesAt(activity);
        foreach (var name in names.Free.Where(n => !Exists(context, activity, variables, n, isScript)))
            Unknown(context, activity, property, name);
        NamedVariables(context, activity, property, names.VariablesRead.Concat(Texts(names, "getVariable")), Texts(names, "getInput"));
        foreach (var step in Texts(names, "getOutputFrom").Where(id => !context.Definition.Activities.Any(a => a.Id == id || a.Name == id)))
            context.Add(activity, $"“{property}”的表达式读取步骤“{step}”的结果，但没有这个步骤。", $"The expression of '{property}' reads an output of the step '{step}', which does not exist.");
        Named(context, activity, property, Texts(names, "getParameter"), Texts(names, "getFact"));
    }

    /// <summary>Liquid: the same for what a template names.</summary>
    internal static void Liquid(CheckContext context, ActivityNode activity, string property, LiquidNames names)
    {
        foreach (var name in names.Free.Where(n => !Expressions.Liquid.Offered.Contains(n))) Unknown(context, activity, property, name);
        NamedVariables(context, activity, property, names.Variables, names.Inputs);
        Named(context, activity, property, names.Parameters, names.Facts);
    }

    private static void NamedVariables(CheckContext context, ActivityNode activity, string property, IEnumerable<string> variables, IEnumerable<string> inputs)
    {
        if (!context.Made.AnyName)
        {
            var there = context.VariablesAt(activity);
            foreach (var name in variables.Where(n => !there.Contains(n) && !context.Made.Names.Contains(n)).Distinct())
                context.Add(activity, $"“{property}”的表达式使用变量“{name}”，但这里没有这个变量。", $"The expression of '{property}' uses the variable '{name}', which is not there.");
        }
        foreach (var name in inputs.Where(n => !context.Definition.Inputs.Contains(n, StringComparer.OrdinalIgnoreCase)))
            context.Add(activity, $"“{property}”的表达式读取输入“{name}”，但流程没有这个输入。", $"The expression of '{property}' reads the input '{name}', which the workflow does not have.");
    }

    /// <summary>Parameters and facts that an expression of any kind reads.</summary>
    internal static void Named(CheckContext context, ActivityNode activity, string property, IEnumerable<string> parameters, IEnumerable<string> facts)
    {
        if (context.Parameters is { } known)
            foreach (var key in parameters.Where(k => !known.ContainsKey(k)).Distinct())
                context.Add(activity, $"“{property}”的表达式使用参数“{key}”，但本事项没有这个参数。", $"The expression of '{property}' reads the parameter '{key}', which the matter does not have.");
        if (context.Facts is { } stated)
            foreach (var id in facts.Where(f => !stated.Contains(f) && f != StepInput.OccurredOnFact).Distinct()) // which every step has
                context.Add(activity, $"“{property}”的表达式读取事实“{id}”，但表单没有这个事实。", $"The expression of '{property}' reads the fact '{id}', which the form does not state.");
    }

    /// <summary>What the first arguments of the calls of one function may be, where that is written out.</summary>
    internal static IEnumerable<string> Texts(ScriptNames names, string function) =>
        names.Calls.Where(c => c.Function == function).SelectMany(c => c.First).OfType<string>().Distinct();

    private static bool Exists(CheckContext context, ActivityNode activity, IReadOnlySet<string> variables, string name, bool isScript)
    {
        if (ScriptGlobals.Offered.Contains(name) || ScriptGlobals.OfLanguage.Contains(name) || (isScript && ScriptGlobals.OfScripts.Contains(name))) return true;
        if (name.Length <= 3 || !(IsGetter(name) || name.StartsWith("set", StringComparison.Ordinal))) return false;
        var wanted = name[3..];
        return context.Made.AnyName
            || variables.Concat(context.Made.Names).Any(v => JavaScriptBinding.IsAccessible(v) && JavaScriptBinding.Accessor(v) == wanted)
            || (IsGetter(name) && (context.Definition.Inputs.Contains(wanted) || IsOutput(activity, wanted)));
    }

    /// <summary><c>&lt;Output&gt;From&lt;Activity&gt;</c> of an activity in the nearest container.</summary>
    private static bool IsOutput(ActivityNode activity, string wanted)
    {
        var container = activity.Parent;
        while (container is not null && container.Type is not ("Elsa.Flowchart" or "Elsa.Sequence" or "Elsa.Parallel")) container = container.Parent;
        return (container?.Children.Values.SelectMany(list => list) ?? [activity])
            .Any(a => Catalogue.Behaviour(a.Type).Outputs.Any(output => wanted == $"{output}From{JavaScriptBinding.Pascal(a.Name)}"));
    }

    private static void Unknown(CheckContext context, ActivityNode activity, string property, string name)
    {
        if (name.Length > 3 && char.IsUpper(name[3]) && (IsGetter(name) || name.StartsWith("set", StringComparison.Ordinal)))
            context.Add(activity, $"“{property}”的表达式使用 {name}()，但没有名为“{name[3..]}”的变量或输入。", $"The expression of '{property}' calls {name}(), but there is no variable or input '{name[3..]}'.");
        else
            context.Add(activity, $"“{property}”的表达式使用“{name}”，但没有这个函数或者名称。", $"The expression of '{property}' uses '{name}', but there is no such function or name.");
    }

    private static bool IsGetter(string name) => name.StartsWith("get", StringComparison.Ordinal);
}
