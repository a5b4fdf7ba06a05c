using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Acornima;
using Acornima.Ast;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Platform.Time;
using Jint;
using Jint.Native;
using Jint.Runtime;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Rules;

namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>An expression of form.json failed; the message is the script engine's.</summary>
public sealed class FormScriptException(string expression, Exception inner) : Exception(inner.Message, inner)
{
    public string Expression { get; } = expression;
}

/// <summary>
/// Evaluates the form's JavaScript over one set of answers: <c>form</c>, <c>parameters</c>, <c>today</c>, and
/// <c>item</c>, <c>index</c> inside a section; <c>ceilDiv(a, b)</c>, <c>ageOn(born, day)</c>, <c>bornOf(idNumber)</c>,
/// <c>sexOf(idNumber)</c> (<c>male</c>, <c>female</c>).
/// Bounded in time, memory, depth and statements; nothing of the host is reachable.
/// </summary>
internal sealed class FormScript : IDisposable
{
    private const int MaxCached = 5_000;
    private static readonly ConcurrentDictionary<string, Prepared<Script>> Cache = new();
    private readonly Func<JsonObject> form;
    private readonly IReadOnlyDictionary<string, JsonNode?> parameters;
    private readonly DateOnly today;
    private Jint.Engine? engine;
    private JsValue? parse;
    private (JsonObject Item, int Index)? at;

    /// <param name="form">Asked for with the first expression.</param>
    public FormScript(Func<JsonObject> form, IReadOnlyDictionary<string, JsonNode?> parameters, DateOnly today) =>
        (this.form, this.parameters, this.today) = (form, parameters, today);

    /// <summary>The row or section that <c>item</c> and <c>index</c> speak of from now on.</summary>
    public void At(JsonObject item, int index)
    {
        at = (item, index);
        if (engine is not null) Place(engine, item, index);
    }

    /// <summary>True, and nothing else that JavaScript takes for true, counts as yes.</summary>
    public bool Decide(string expression) => Evaluate(expression) is { } value && value.IsBoolean() && value.AsBoolean();

    /// <exception cref="FormScriptException">Syntax, a name that does not exist, or a bound exceeded.</exception>
    public JsValue Evaluate(string expression)
    {
        try
        {
            if (Cache.Count > MaxCached) Cache.Clear();
            var prepared = Cache.GetOrAdd(expression, Prepare);
            var ready = engine ??= Start();
            return StackRoom.Run(expression, () => ready.Evaluate(prepared));
        }
        catch (Exception e) when (e is JintException or ParseErrorException or TimeoutException or ArgumentOutOfRangeException or ExpressionException or InsufficientExecutionStackException)
        {
            throw new FormScriptException(expression, e);
        }
    }

    /// <summary>What <c>earlier</c> and <c>found</c> speak of from now on.</summary>
    public void Before(JsonObject earlier, JsonObject found)
    {
        Set(engine ??= Start(), "earlier", earlier);
        Set(engine, "found", found);
    }

    /// <summary>What <c>facts</c> and <c>steps</c> speak of from now on: an estimate's figures so far.</summary>
    public void Worked(IReadOnlyDictionary<string, JsonNode?> facts, JsonObject steps)
    {
        Set(engine ??= Start(), "facts", new JsonObject(facts.Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))));
        Set(engine, "steps", steps);
    }

    public void Dispose() => engine?.Dispose();

    /// <summary>Null where the text is one JavaScript expression, else what is wrong with it.</summary>
    public static string? SyntaxError(string expression)
    {
        try
        {
            Prepare(expression);
            return null;
        }
        catch (Exception e) when (e is JintException or ParseErrorException or InsufficientExecutionStackException)
        {
            return e.Message;
        }
    }

    // In parentheses: an expression that starts with a brace is an object, and statements are refused.
    private static Prepared<Script> Prepare(string expression) => Jint.Engine.PrepareScript($"({expression}\n)", strict: true);

    // Made for the first expression: many forms, of tasks above all, have none that applies.
    private Jint.Engine Start()
    {
        var made = new Jint.Engine(options => options
            .TimeoutInterval(TimeSpan.FromSeconds(2))
            .LimitMemory(32_000_000)
            .LimitRecursion(100)
            .MaxStatements(200_000)
            .RegexTimeoutInterval(TimeSpan.FromMilliseconds(200))
            .DisableStringCompilation()
            .Strict());
        parse = made.Evaluate("JSON.parse");
        Set(made, "form", form());
        Set(made, "parameters", new JsonObject(parameters.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))));
        Set(made, "today", JsonValue.Create(BureauTime.Iso(today)));
        made.SetValue("ceilDiv", (double a, double b) => (double)LowIncome.CeilDiv((long)a, (long)b));
        // Not a number where a date is missing: JavaScript takes null for 0, and nobody's unknown age is below 18.
        made.SetValue("ageOn", (string? born, string? day) => IsoDay.Read(born) is { } b && IsoDay.Read(day) is { } d ? Age.On(b, d) : double.NaN);
        made.SetValue("bornOf", (string? number) => BureauTime.Iso(IdNumber.Read(number, today).Number?.Born));
        made.SetValue("sexOf", (string? number) => IdNumber.Read(number, today).Number is { } read ? (read.IsMale ? "male" : "female") : null);
        if (at is { } place) Place(made, place.Item, place.Index);
        return made;
    }

    private void Place(Jint.Engine engine, JsonObject item, int index)
    {
        Set(engine, "item", item);
        engine.SetValue("index", index);
    }

    private void Set(Jint.Engine engine, string name, JsonNode? value) => engine.SetValue(name, engine.Invoke(parse!, value?.ToJsonString() ?? "null"));
}
