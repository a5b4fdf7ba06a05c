using System.Text.Json.Nodes;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;
using Function = Jint.Native.Function.Function;

namespace CivilAffairs.Engine.Expressions;

/// <summary>Makes bounded Jint engines and carries values in and out.</summary>
internal static class JavaScriptHost
{
    // Also what bounds how deep a script can nest: some built-in functions take time by the square of the depth.
    private const int MaxStatements = 50_000;
    private const int MaxDepth = 60; // what the reader of stored values takes
    private const int MaxValues = 200_000;
    private const long MaxMemory = 32_000_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);

    // A definition must not read the machine's clock: a replay would differ. Reflection stays out altogether.
    private static readonly TypeResolver Resolver = new()
    {
        MemberFilter = member => member.Name is not ("Now" or "UtcNow" or "Today" or "GetType" or "NewGuid" or "CreateVersion7" or "Shared"),
    };

    internal static Jint.Engine Create(IScope scope) => new(options => Bound(options, scope.Input.Now));

    /// <param name="now">What a script takes for the present.</param>
    internal static void Bound(Options options, DateTimeOffset now)
    {
        options.LimitMemory(MaxMemory).LimitRecursion(64).MaxStatements(MaxStatements).TimeoutInterval(MaxTime);
        options.RegexTimeoutInterval(TimeSpan.FromMilliseconds(500));
        options.LocalTimeZone(TimeZoneInfo.Utc);
        options.Culture(System.Globalization.CultureInfo.InvariantCulture);
        options.TimeSystem = new StepTime(now);
        options.Interop.TypeResolver = Resolver;
        options.Constraints.MaxArraySize = 1_000_000;
        options.Constraints.PromiseTimeout = MaxTime;
    }

    internal static JsValue ToJs(Jint.Engine engine, object? value) => value switch
    {
        null => JsValue.Null,
        bool flag => flag ? JsBoolean.True : JsBoolean.False,
        string text => new JsString(text),
        int number => JsNumber.Create(number),
        long number => JsNumber.Create((double)number),
        double number => JsNumber.Create(number),
        float number => JsNumber.Create((double)number),
        decimal number => JsNumber.Create((double)number),
        DateTime time => JsValue.FromObject(engine, DateTime.SpecifyKind(time, DateTimeKind.Utc)),
        DateTimeOffset time => JsValue.FromObject(engine, time.UtcDateTime),
        JsonObject members => Members(engine, members),
        JsonArray items => new JsArray(engine, [.. items.Select(item => ToJs(engine, Values.FromJson(item)))]),
        _ => JsValue.FromObject(engine, value),
    };

    /// <summary>What a promise has come to. The script has ended, so one that still waits would wait for ever.</summary>
    internal static JsValue Settled(Jint.Engine engine, JsValue value)
    {
        if (!value.IsPromise()) return value;
        engine.Advanced.ProcessTasks();
        return value.UnwrapIfPromise(TimeSpan.FromTicks(1)); // zero would wait without end
    }

    private static JsObject Members(Jint.Engine engine, JsonObject members)
    {
        var made = new JsObject(engine);
        foreach (var (name, value) in members) made.CreateDataProperty(name, ToJs(engine, Values.FromJson(value)));
        return made;
    }

    /// <summary>
    /// A value of a script as data: members and items one by one, undefined as null, dates as instants. Functions are
    /// left out, <c>toJSON</c> is not asked.
    /// </summary>
    internal static object? ToClr(Jint.Engine engine, JsValue value)
    {
        if (value.IsUndefined() || value.IsNull()) return null;
        if (value.IsBoolean()) return value.AsBoolean();
        if (value.IsString()) return value.AsString();
        if (value.IsNumber()) return Number(value.AsNumber());
        if (value is JsDate date) return double.IsFinite(date.DateValue) ? date.ToDateTime() : null;
        if (value is ObjectWrapper wrapper) return FromHost(wrapper.Target);
        if (value is Function or JsSymbol) return null;
        if (value is not ObjectInstance instance) return value.ToString();
        if (instance is JsError or JsRegExp) return instance.ToString();
        // A boxed number, text or truth is what it holds.
        if (instance is IJsPrimitive { Type: not Types.Object } boxed) return ToClr(engine, boxed.PrimitiveValue);
        RefuseDeep(value);
        return ToNode(engine, instance, new Parts());
    }

    /// <summary>Whole numbers come out whole, but for -0, which prints as "-0".</summary>
    internal static object Number(double number) =>
        number == Math.Floor(number) && Math.Abs(number) < 1e15 && !(number == 0 && double.IsNegative(number)) ? (long)number : number;

    private sealed class Parts { internal int Seen; internal int Depth; }

    private static JsonNode ToNode(Jint.Engine engine, ObjectInstance value, Parts parts)
    {
        // Getters may give a new object each time they are asked.
        if (++parts.Depth > MaxDepth) throw new ExpressionException($"The value is nested deeper than {MaxDepth} levels, or in a circle.");
        JsonNode node = value is JsArray array
            ? new JsonArray([.. Enumerable.Range(0, (int)array.Length).Select(i => Part(array.Get(i), parts))])
            : new JsonObject(value.GetOwnPropertyKeys(Types.String)
                .Where(key => value.GetOwnProperty(key).Enumerable && value.GetOwnProperty(key).Value is not Function)
                .Select(key => KeyValuePair.Create(key.ToString(), Part(value.Get(key), parts))));
        parts.Depth--;
        return node;

        JsonNode? Part(JsValue part, Parts parts)
        {
            if (++parts.Seen > MaxValues) throw new ExpressionException($"The value has more than {MaxValues} parts.");
            return part is ObjectInstance inner and not (ObjectWrapper or JsDate or Function or JsError or JsRegExp or IJsPrimitive { Type: not Types.Object })
                ? ToNode(engine, inner, parts) : Values.ToJson(ToClr(engine, part));
        }
    }

    /// <summary>
    /// The serializer looks through all levels above each value, and writes a shared value each time it is met: deep or
    /// doubled values would take it minutes. Data of a case is neither.
    /// </summary>
    /// <exception cref="ExpressionException">Deeper than <see cref="MaxDepth"/> or larger than <see cref="MaxValues"/>.</exception>
    internal static void RefuseDeep(JsValue value)
    {
        var left = new Stack<(JsValue Value, int Depth)>([(value, 0)]);
        for (var seen = 0; left.TryPop(out var at); seen++)
        {
            if (at.Value is not ObjectInstance container || at.Value is ObjectWrapper or Jint.Native.Function.Function) continue;
            if (at.Depth > MaxDepth) throw new ExpressionException($"The value is nested deeper than {MaxDepth} levels, or in a circle.");
            if (seen > MaxValues) throw new ExpressionException($"The value has more than {MaxValues} parts.");
            // Getters are left to the serializer: asking them here would run the script once more.
            foreach (var (_, property) in container.GetOwnProperties())
                if (property.Value is { } inner && inner.IsObject()) left.Push((inner, at.Depth + 1));
        }
    }

    private static object? FromHost(object target) => target switch
    {
        TimeSpan or Guid or DateTime or DateTimeOffset => target,
        _ => target.ToString(),
    };

    private sealed class StepTime(DateTimeOffset now) : DefaultTimeSystem(TimeZoneInfo.Utc, System.Globalization.CultureInfo.InvariantCulture)
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
