using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Time;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace CivilAffairs.Engine.Expressions;

/// <summary>
/// Elsa's JavaScript functions over one scope. Only names that occur in the script are installed, so a short
/// expression costs little.
/// </summary>
internal sealed class JavaScriptBinding(Jint.Engine engine, IScope scope, IReadOnlySet<string> names, IReadOnlySet<string> variableNames)
{
    private const int MaxText = 1_000_000;

    // A variable read twice is one object, so that a change through getX() and one through variables.X are both kept.
    private readonly Dictionary<string, (JsValue Value, string? Json)> read = [];
    private JsObject? variables;

    internal void Install(ScriptOutcomes? outcomes)
    {
        Instance();
        Variables();
        Helpers();
        if (names.Contains("Math")) SeedRandom();
        if (names.Contains("stringify")) LimitStringify();
        foreach (var name in new[] { "repeat", "padStart", "padEnd" })
            if (names.Contains(name)) LimitLength(name);
        if (outcomes is null) return;
        Define("setOutcome", a => { outcomes.Names = [Values.Text(Clr(a, 0)) ?? ""]; return JsValue.Undefined; });
        Define("setOutcomes", a =>
        {
            var list = Clr(a, 0) as JsonArray ?? throw new ExpressionException("setOutcomes: a list is expected.");
            outcomes.Names = [.. list.Select(item => Values.Text(Values.FromJson(item)) ?? "")];
            return JsValue.Undefined;
        });
    }

    /// <summary>Stores what the script changed inside objects and in <c>variables.X</c>.</summary>
    internal void KeepMutations()
    {
        if (variables is not null)
            foreach (var name in variableNames)
            {
                var now = variables.Get(name);
                if (read.TryGetValue(name, out var known) && ReferenceEquals(known.Value, now)) continue;
                // Nothing leaves the variable as it is; setX(null) is the way to empty it.
                if (now.IsUndefined() || now.IsNull()) continue;
                var value = JavaScriptHost.ToClr(engine, now);
                if (known.Value is not null && Equals(value, JavaScriptHost.ToClr(engine, known.Value))) continue;
                Set(name, now);
            }
        foreach (var (name, (value, json)) in read.ToList())
            if (json is not null && JavaScriptHost.ToClr(engine, value) is JsonNode node && node.ToJsonString() is var changed && changed != json)
                scope.SetVariable(name, node);
    }

    /// <summary>The value of a variable that the script gave back untouched, as it stands in the store; else null.</summary>
    internal JsonNode? Original(JsValue result)
    {
        foreach (var (name, (value, json)) in read)
            if (json is not null && ReferenceEquals(value, result) && scope.TryGetVariable(name, out var now) && now is JsonNode node
                && (JavaScriptHost.ToClr(engine, value) as JsonNode)?.ToJsonString() == node.ToJsonString()) return node;
        return null;
    }

    private void Instance()
    {
        Define("getVariable", a => Get(Text(a, 0)));
        Define("setVariable", a => Set(Text(a, 0), At(a, 1)));
        Define("getInput", a => Js(scope.GetInput(At(a, 0).IsUndefined() ? throw new ExpressionException("getInput: a name is expected.") : Text(a, 0))));
        Define("getOutputFrom", a => Js(scope.GetOutputFrom(Text(a, 0), a.Length > 1 ? Text(a, 1) : null)));
        Define("getLastResult", _ => Js(scope.LastResult));
        Define("getWorkflowDefinitionId", _ => Js(scope.Definition.DefinitionId));
        Define("getWorkflowDefinitionVersionId", _ => Js(scope.Definition.VersionId));
        Define("getWorkflowDefinitionVersion", _ => Js(scope.Definition.Version));
        Define("getWorkflowInstanceId", _ => Js(scope.Input.InstanceId));
        Define("getCorrelationId", _ => Js(scope.CorrelationId));
        Define("setCorrelationId", a => { scope.CorrelationId = Values.Text(Clr(a, 0)); return JsValue.Undefined; });
        Define("getWorkflowInstanceName", _ => Js(scope.InstanceName));
        Define("setWorkflowInstanceName", a => { scope.InstanceName = Values.Text(Clr(a, 0)); return JsValue.Undefined; });
        Define("getFact", a => Js(Values.FromJson(scope.Fact(Text(a, 0)))));
        Define("getParameter", a => Js(Values.FromJson(scope.Parameter(Text(a, 0)))));
        Define("ceilDiv", a => Js(CeilDiv(At(a, 0), At(a, 1))));
        Define("limitDay", a => Js(LimitDay(Text(a, 0))));
        Define("addMonths", a => Js(Iso(DayOf(Text(a, 0)).AddMonths(System.Convert.ToInt32(At(a, 1).AsNumber(), CultureInfo.InvariantCulture)))));
        // As limits of tasks count: null while the calendar does not reach so far.
        Define("lastDay", a => Js(Iso(Limits.Compute(Text(a, 0), DayOf(a, 1) ?? throw new ExpressionException("lastDay: a limit and the day it counts from are expected."), scope.Input.Calendar).LastDay)));
        // Not a number where a date is missing: nobody's unknown age is below a limit, or above it.
        Define("ageOn", a => DayOf(a, 0) is { } born && DayOf(a, 1) is { } day ? Js(Rules.Age.On(born, day)) : Js(double.NaN));
        Define("addDays", a => Js(Iso(DayOf(a, 0)?.AddDays(int.Parse(Text(a, 1), CultureInfo.InvariantCulture)))));
    }

    private void Variables()
    {
        foreach (var name in scope.VariableNames.Where(IsAccessible))
        {
            var pascal = Accessor(name);
            Define("get" + pascal, _ => Get(name));
            Define("set" + pascal, a => Set(name, At(a, 0)));
        }
        foreach (var name in scope.Definition.Inputs)
            Define("get" + name, _ => Js(scope.GetInput(name)));
        Outputs();
        if (!names.Contains("variables")) return;
        variables = (JsObject)engine.Evaluate("({})");
        foreach (var name in variableNames.Where(IsAccessible))
            if (scope.TryGetVariable(name, out _)) variables.Set(name, Get(name));
        engine.SetValue("variables", variables);
    }

    /// <summary><c>get&lt;Output&gt;From&lt;Activity&gt;</c> for every activity around that has such an output, run or not.</summary>
    private void Outputs()
    {
        if (!names.Any(n => n.StartsWith("get", StringComparison.Ordinal) && n.Contains("From", StringComparison.Ordinal) && n != "getOutputFrom")) return;
        foreach (var activity in scope.Neighbours)
            foreach (var name in names)
                if (name.EndsWith("From" + Pascal(activity.Name), StringComparison.Ordinal) && name.StartsWith("get", StringComparison.Ordinal))
                {
                    var output = name[3..^(4 + Pascal(activity.Name).Length)];
                    if (Activities.Catalogue.Behaviour(activity.Type).Outputs.Contains(output)) Define(name, _ => Js(scope.GetOutputFrom(activity.Id, output)));
                }
    }

    private void Helpers()
    {
        Define("isNullOrEmpty", a => Js(string.IsNullOrEmpty(Values.Text(Clr(a, 0)))));
        Define("isNullOrWhiteSpace", a => Js(string.IsNullOrWhiteSpace(Values.Text(Clr(a, 0)))));
        Define("toJson", a => Js(Values.ToJson(Clr(a, 0))?.ToJsonString(Definitions.Json.Printed) ?? "null"));
        Define("parseGuid", a => Js(Guid.Parse(Text(a, 0))));
        Define("newGuid", _ => Js(scope.NextGuid()));
        Define("newGuidString", _ => Js(scope.NextGuid().ToString()));
        Define("getGuidString", _ => Js(scope.NextGuid().ToString()));
        Define("newShortGuid", _ => Js(ShortGuid()));
        Define("getShortGuid", _ => Js(ShortGuid()));
        Define("bytesToString", a => Js(Encoding.UTF8.GetString(Bytes(a))));
        Define("bytesFromString", a => JsValue.FromObject(engine, Encoding.UTF8.GetBytes(Text(a, 0))));
        Define("bytesToBase64", a => Js(System.Convert.ToBase64String(Bytes(a))));
        Define("bytesFromBase64", a => JsValue.FromObject(engine, System.Convert.FromBase64String(Text(a, 0))));
        Define("stringToBase64", a => Js(System.Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(a, 0)))));
        Define("stringFromBase64", a => Js(Encoding.UTF8.GetString(System.Convert.FromBase64String(Text(a, 0)))));
        Define("streamToBytes", a => At(a, 0));
        Define("streamToBase64", a => Js(System.Convert.ToBase64String(Bytes(a))));
        if (names.Contains("Random")) SeededRandomType();
        foreach (var type in new[] { typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(Guid) })
            if (names.Contains(type.Name)) engine.SetValue(type.Name, Seeded(TypeReference.CreateTypeReference(engine, type), type));
    }

    /// <summary>The type <c>Random</c>; without a seed of its own it takes one from the step.</summary>
    private void SeededRandomType()
    {
        engine.SetValue("__random", new ClrFunction(engine, "__random", (_, a) =>
            JsValue.FromObject(engine, new Random(At(a, 0).IsNumber() ? (int)At(a, 0).AsNumber() : (int)(scope.NextRandom() * int.MaxValue)))));
        engine.Evaluate("class Random { constructor(seed) { return __random(seed) } }");
    }

    /// <summary>Members of .NET that read a clock or throw dice give the step's hour and chance.</summary>
    private TypeReference Seeded(TypeReference reference, Type type)
    {
        if (type == typeof(Guid)) Own("NewGuid", new ClrFunction(engine, "NewGuid", (_, _) => Js(scope.NextGuid())));
        if (type != typeof(DateTime) && type != typeof(DateTimeOffset)) return reference;
        foreach (var name in new[] { "Now", "UtcNow" }) Own(name, Js(scope.Input.Now.UtcDateTime));
        if (type == typeof(DateTime)) Own("Today", Js(scope.Input.Now.UtcDateTime.Date));
        return reference;

        void Own(string name, JsValue value) => reference.FastSetProperty(name, new PropertyDescriptor(value, false, false, false));
    }

    /// <summary>Chance must repeat in a replay.</summary>
    private void SeedRandom() =>
        ((ObjectInstance)engine.GetValue("Math")).Set("random", new ClrFunction(engine, "random", (_, _) => JsNumber.Create(scope.NextRandom())));

    /// <summary>One call may ask for a gigabyte, between two looks at the memory used.</summary>
    private void LimitLength(string name)
    {
        var prototype = (ObjectInstance)((ObjectInstance)engine.GetValue("String")).Get("prototype");
        var original = prototype.Get(name);
        prototype.Set(name, new ClrFunction(engine, name, (text, arguments) =>
        {
            var wanted = At(arguments, 0) is { } count && count.IsNumber() ? count.AsNumber() : 0;
            if ((name == "repeat" ? wanted * text.ToString().Length : wanted) > MaxText) throw new ExpressionException($"{name}: the text would be longer than {MaxText} characters.");
            return engine.Invoke(original, text, [.. arguments]);
        }));
    }

    private void LimitStringify()
    {
        var json = (ObjectInstance)engine.GetValue("JSON");
        var original = json.Get("stringify");
        json.Set("stringify", new ClrFunction(engine, "stringify", (self, arguments) =>
        {
            JavaScriptHost.RefuseDeep(At(arguments, 0));
            return engine.Invoke(original, self, [.. arguments]);
        }));
    }

    private void Define(string name, Func<JsValue[], JsValue> body)
    {
        if (names.Contains(name)) engine.SetValue(name, new ClrFunction(engine, name, (_, arguments) => body(arguments)));
    }

    private JsValue Get(string name)
    {
        if (read.TryGetValue(name, out var known)) return known.Value;
        if (!scope.TryGetVariable(name, out var value)) return JsValue.Null;
        var js = Js(value);
        read[name] = (js, value is JsonNode node ? node.ToJsonString() : null);
        return js;
    }

    private JsValue Set(string name, JsValue value)
    {
        var clr = JavaScriptHost.ToClr(engine, value);
        scope.SetVariable(name, clr);
        // The script itself reads back what it wrote; the variable's type takes hold when it has ended.
        read[name] = (value, clr is JsonNode node ? node.ToJsonString() : null);
        if (variables is not null && variableNames.Contains(name)) variables.Set(name, Get(name));
        return JsValue.Undefined;
    }

    private static string? Iso(DateOnly? day) => day is { } known ? Time.IsoDay.Write(known) : null;

    /// <summary>A date yyyy-MM-dd; null where there is none.</summary>
    private DateOnly? DayOf(JsValue[] arguments, int index) => At(arguments, index) is { } value && (value.IsNull() || value.IsUndefined()) ? null
        : DayOf(Text(arguments, index));

    private static long CeilDiv(JsValue dividend, JsValue divisor)
    {
        var (a, b) = (System.Convert.ToInt64(dividend.AsNumber(), CultureInfo.InvariantCulture), System.Convert.ToInt64(divisor.AsNumber(), CultureInfo.InvariantCulture));
        if (b == 0) throw new ExpressionException("ceilDiv: division by zero.");
        var quotient = Math.DivRem(a, b, out var rest);
        return rest != 0 && (rest > 0) == (b > 0) ? quotient + 1 : quotient;
    }

    /// <summary>Last day of a limit that somebody outside is given today, so counted from the day of the record; null while it is not known.</summary>
    private string? LimitDay(string limit) => Time.Limits.Compute(limit, scope.Input.Recorded, scope.Input.Calendar).LastDay is { } day ? Iso(day) : null;

    private static DateOnly DayOf(string text) => Time.IsoDay.Read(text) ?? throw new ExpressionException($"'{text}' is not a date (yyyy-MM-dd).");

    private string ShortGuid() => System.Convert.ToBase64String(scope.NextGuid().ToByteArray())[..22].Replace('/', '_').Replace('+', '-');
    private JsValue Js(object? value) => JavaScriptHost.ToJs(engine, value);
    private object? Clr(JsValue[] arguments, int index) => JavaScriptHost.ToClr(engine, At(arguments, index));
    private string Text(JsValue[] arguments, int index) => Values.Text(Clr(arguments, index)) ?? "";
    private static JsValue At(JsValue[] arguments, int index) => index < arguments.Length ? arguments[index] : JsValue.Undefined;
    private static byte[] Bytes(JsValue[] arguments) => At(arguments, 0).ToObject() switch
    {
        byte[] bytes => bytes,
        object[] items => [.. items.Select(i => System.Convert.ToByte(i, CultureInfo.InvariantCulture))],
        var other => Encoding.UTF8.GetBytes(other?.ToString() ?? ""),
    };

    /// <summary>What follows <c>get</c> and <c>set</c> in the functions of a variable.</summary>
    internal static string Accessor(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    /// <summary>Whether a variable has functions of its own: letters and digits only.</summary>
    internal static bool IsAccessible(string name) => name.Length > 0 && name.All(char.IsLetterOrDigit);

    /// <summary>The name of an activity as functions spell it: <c>my task</c> is <c>MyTask</c>.</summary>
    internal static string Pascal(string name) => string.Concat(name.Split([' ', '_', '-'], StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
}
