using System.Text.Json.Nodes;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace CivilAffairs.Engine.Expressions;

/// <summary>Makes bounded Jint engines and carries values in and out.</summary>
internal static class JavaScriptHost
{
    private const int MaxStatements = 200_000;
    private const long MaxMemory = 32_000_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);

    // A definition must not read the machine's clock: a replay would differ. Reflection stays out altogether.
    private static readonly TypeResolver Resolver = new()
    {
        MemberFilter = member => member.Name is not ("Now" or "UtcNow" or "Today" or "GetType" or "NewGuid" or "CreateVersion7" or "Shared"),
    };

    internal static Jint.Engine Create(IScope scope) => new(options =>
    {
        options.LimitMemory(MaxMemory).LimitRecursion(64).MaxStatements(MaxStatements).TimeoutInterval(MaxTime);
        options.RegexTimeoutInterval(TimeSpan.FromMilliseconds(500));
        options.LocalTimeZone(TimeZoneInfo.Utc);
        options.Culture(System.Globalization.CultureInfo.InvariantCulture);
        options.TimeSystem = new StepTime(scope.Input.Now);
        options.Interop.TypeResolver = Resolver;
        options.Constraints.MaxArraySize = 1_000_000;
    });

    internal static JsValue ToJs(Jint.Engine engine, object? value) => value switch
    {
        null => JsValue.Null,
        bool flag => flag ? JsBoolean.True : JsBoolean.False,
        string text => new JsString(text),
        int number => JsNumber.Create(number),
        long number => JsNumber.Create((double)number),
        double number => JsNumber.Create(number),
        decimal number => JsNumber.Create((double)number),
        DateTime time => JsValue.FromObject(engine, DateTime.SpecifyKind(time, DateTimeKind.Utc)),
        DateTimeOffset time => JsValue.FromObject(engine, time.UtcDateTime),
        JsonNode node => new JsonParser(engine).Parse(node.ToJsonString()),
        _ => JsValue.FromObject(engine, value),
    };

    internal static object? ToClr(Jint.Engine engine, JsValue value)
    {
        if (value.IsUndefined() || value.IsNull()) return null;
        if (value.IsBoolean()) return value.AsBoolean();
        if (value.IsString()) return value.AsString();
        if (value.IsNumber())
        {
            var number = value.AsNumber();
            // Whole numbers come out whole, but for -0, which prints as "-0".
            return number == Math.Floor(number) && Math.Abs(number) < 1e15 && !(number == 0 && double.IsNegative(number)) ? (long)number : number;
        }
        if (value.IsDate()) return value.AsDate().ToDateTime();
        if (value is ObjectWrapper wrapper) return FromHost(wrapper.Target);
        if (value.IsObject())
        {
            var json = new JsonSerializer(engine).Serialize(value);
            return json.IsUndefined() ? null : Values.FromJson(JsonNode.Parse(json.AsString()));
        }
        return value.ToString();
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
