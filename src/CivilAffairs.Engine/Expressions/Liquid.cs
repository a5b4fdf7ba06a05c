using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Fluid;
using Fluid.Values;

namespace CivilAffairs.Engine.Expressions;

/// <summary>Liquid expressions with Fluid, bounded in steps, time, recursion and output.</summary>
internal static class Liquid
{
    private const int MaxSteps = 100_000;
    /// <summary>Asked at every turn of a loop: a hundred thousand steps over long texts would else take minutes.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);
    private const int MaxText = 500_000;
    private const int MaxCached = 2_000;
    private static readonly FluidParser Parser = new();
    private static readonly ConcurrentDictionary<string, IFluidTemplate> Templates = new();
    private static readonly TemplateOptions Options = CreateOptions();

    /// <returns>The text, or null for a blank template.</returns>
    /// <exception cref="ExpressionException">It does not parse, or exceeds its bounds.</exception>
    internal static string? Render(string source, IScope scope) =>
        string.IsNullOrWhiteSpace(source) ? null : StackRoom.Run(source, () => RenderHere(source, scope));

    private static string RenderHere(string source, IScope scope)
    {
        if (!Templates.TryGetValue(source, out var template))
        {
            if (!Parser.TryParse(source, out template, out var error))
                throw new ExpressionException($"Liquid: {error}");
            template = LiquidBounds.Bound(template, MaxSteps, () => new ExpressionException($"Liquid: the range has more than {MaxSteps} numbers."),
                () => new ExpressionException($"Liquid: it takes longer than {MaxTime.TotalSeconds} seconds."));
            if (Templates.Count < MaxCached) Templates.TryAdd(source, template);
        }
        var context = new TemplateContext(Options) { CultureInfo = CultureInfo.InvariantCulture, TimeZone = TimeZoneInfo.Utc, Now = () => scope.Input.Now };
        context.SetValue("Variables", Lookup(scope.VariableNames, name => scope.TryGetVariable(name, out var v) ? v : null));
        context.SetValue("Input", Lookup([], scope.GetInput));
        context.SetValue("Facts", Lookup([.. scope.Input.Facts.Keys, Port.StepInput.OccurredOnFact], id => Values.FromJson(scope.Fact(id))));
        context.SetValue("Parameters", Lookup(scope.Input.Parameters.Keys, key => Values.FromJson(scope.Parameter(key))));
        context.SetValue("CorrelationId", scope.CorrelationId);
        context.SetValue("WorkflowDefinitionId", scope.Definition.DefinitionId);
        context.SetValue("WorkflowDefinitionVersionId", scope.Definition.VersionId);
        context.SetValue("WorkflowDefinitionVersion", scope.Definition.Version);
        context.SetValue("WorkflowInstanceId", scope.Input.InstanceId);
        try
        {
            LiquidBounds.Start(context, MaxTime);
            using var output = new BoundedWriter();
            template.RenderAsync(output, NullEncoder.Default, context).AsTask().GetAwaiter().GetResult();
            return output.ToString();
        }
        catch (Exception e) when (e is not ExpressionException)
        {
            throw new ExpressionException($"Liquid: {e.Message}", e);
        }
    }

    /// <summary>Null where the source parses.</summary>
    internal static string? Check(string source) =>
        string.IsNullOrWhiteSpace(source) ? null
        : source.Length > StackRoom.MaxLength ? $"longer than {StackRoom.MaxLength} characters"
        : StackRoom.Run(source, () => Parser.TryParse(source, out _, out var error) ? null : error);

    /// <summary>What it names; null for a source that does not parse, or is too deep: then <see cref="Check"/> says so.</summary>
    internal static LiquidNames? Names(string source) =>
        string.IsNullOrWhiteSpace(source) || source.Length > StackRoom.MaxLength ? null
        : StackRoom.Run(source, () => Parser.TryParse(source, out var template, out _) ? LiquidNames.Of(template) : null);

    internal static DictionaryValue Lookup(IEnumerable<string> names, Func<string, object?> read) => new(new LazyDictionary(names, read));

    private static TemplateOptions CreateOptions()
    {
        var options = new TemplateOptions { MaxSteps = MaxSteps, MaxRecursion = 100, ModelNamesComparer = StringComparer.Ordinal, CultureInfo = CultureInfo.InvariantCulture, TimeZone = TimeZoneInfo.Utc };
        options.Assigned = (_, value, _) => ValueTask.FromResult(Bounded(value));
        options.Captured = (_, value, _) => ValueTask.FromResult(Bounded(value));
        options.Filters.AddFilter("replace", Replace);
        options.Filters.AddFilter("base64", (input, _, _) => new StringValue(Convert.ToBase64String(Encoding.UTF8.GetBytes(input.ToStringValue()))));
        options.Filters.AddFilter("keys", (input, _, _) => input.ToObjectValue() is IFluidIndexable dictionary
            ? new ArrayValue([.. dictionary.Keys.Select(k => (FluidValue)new StringValue(k))]) : ArrayValue.Empty);
        return options;
    }

    /// <summary>Names that every template finds around it.</summary>
    internal static IReadOnlySet<string> Offered { get; } = new HashSet<string>(
        ["Variables", "Input", "Facts", "Parameters", "CorrelationId", "WorkflowDefinitionId", "WorkflowDefinitionVersionId", "WorkflowDefinitionVersion", "WorkflowInstanceId", "blank", "empty"]);

    /// <summary>Keeps a template from doubling a text until memory ends.</summary>
    private static FluidValue Bounded(FluidValue value) => value is StringValue && value.ToStringValue().Length > MaxText ? throw TooLong() : value;

    private static ValueTask<FluidValue> Replace(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var (text, old, with) = (input.ToStringValue(), arguments.At(0).ToStringValue(), arguments.At(1).ToStringValue());
        if (old.Length == 0) return ValueTask.FromResult(input);
        if ((long)text.Length / old.Length * with.Length > MaxText) throw TooLong();
        return ValueTask.FromResult<FluidValue>(new StringValue(text.Replace(old, with, StringComparison.Ordinal)));
    }

    private static ExpressionException TooLong() => new($"Liquid: the text is longer than {MaxText} characters.");

    private sealed class BoundedWriter() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void Write(char value) { Check(1); base.Write(value); }
        public override void Write(string? value) { Check(value?.Length ?? 0); base.Write(value); }
        public override void Write(char[] buffer, int index, int count) { Check(count); base.Write(buffer, index, count); }
        public override void Write(ReadOnlySpan<char> buffer) { Check(buffer.Length); base.Write(buffer); }
        private void Check(int more) { if (GetStringBuilder().Length + more > MaxText) throw TooLong(); }
    }

    private static FluidValue Wrap(object? value) => value switch
    {
        null => NilValue.Instance,
        JsonObject json => new DictionaryValue(new LazyDictionary(json.Select(p => p.Key), name => json.TryGetPropertyValue(name, out var node) ? Values.FromJson(node) : null)),
        JsonArray array => new ArrayValue([.. array.Select(item => Wrap(Values.FromJson(item)))]),
        DateTime time => FluidValue.Create(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)), Options),
        TimeSpan span => FluidValue.Create(DateTimeOffset.UnixEpoch + span, Options),
        Guid id => new StringValue(id.ToString("D")),
        _ => FluidValue.Create(value, Options),
    };

    /// <summary>Values are fetched when the template asks for them: most templates read one.</summary>
    private sealed class LazyDictionary(IEnumerable<string> names, Func<string, object?> read) : IFluidIndexable
    {
        public int Count => names.Count();
        public IEnumerable<string> Keys => names;

        public bool TryGetValue(string name, out FluidValue value)
        {
            value = Wrap(read(name));
            return true;
        }
    }
}
