using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Web.Platform.Documents.Filters;
using Fluid;
using Fluid.Values;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>
/// The Liquid half: template + data → text, bounded in steps and size. With encoding on, a value can only ever be text,
/// so all markup of the result comes from the template.
/// </summary>
internal sealed partial class TemplateText
{
    private const int LongestTemplate = 200_000;
    private const int LongestRange = 10_000;
    private const int DeepestNesting = 2_000; // opening marks in all: real templates have a dozen
    private static readonly FluidParser Parser = new();
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly TemplateOptions _options;
    private readonly DocumentLimits _limits;
    private readonly TimeProvider _time;

    public TemplateText(DocumentLimits limits, TimeProvider time)
    {
        (_limits, _time) = (limits, time);
        _options = new TemplateOptions { MaxSteps = limits.Steps, MaxRecursion = 50, StrictFilters = true, Undefined = name => ValueTask.FromResult<FluidValue>(new MissingValue(name)) };
        _options.Filters.AddFilter("raw", (_, _, _) => throw new DocumentTemplateException(null, "UnknownFilter", "raw"));
        _options.Filters.AddFilter("replace", Replace);
        _options.Assigned = (_, value, _) => ValueTask.FromResult(Bounded(value));
        _options.Captured = (_, value, _) => ValueTask.FromResult(Bounded(value));
        DocumentFilters.AddTo(_options.Filters);
    }

    /// <summary>Refuses Liquid that does not parse.</summary>
    public static IFluidTemplate Parse(string template)
    {
        if (template.Length > LongestTemplate) throw TooLong(LongestTemplate);
        // The parser and the renderer recurse for each level of nesting.
        if (Nesting().Count(template) > DeepestNesting) throw new DocumentTemplateException(null, "TooManySteps", DeepestNesting);
        var (parsed, error) = StackRoom.Run(template, () => Parser.TryParse(template, out var read, out var wrong) ? (read, "") : (null, wrong), LongestTemplate);
        if (parsed is not null) return LiquidBounds.Bound(parsed, LongestRange, () => new DocumentTemplateException(null, "TooManySteps", LongestRange), () => new LateException());
        var place = Place().Match(error);
        throw new DocumentTemplateException(place.Success ? int.Parse(place.Groups[1].Value, CultureInfo.InvariantCulture) : 1, "Liquid", error);
    }

    /// <param name="budget">The time that is left; null: that of the limits.</param>
    public string Render(string template, JsonNode? data, CultureInfo culture, RenderBudget? budget = null) => Render(Parse(template), template, data, culture, null, budget);

    /// <param name="template">What <paramref name="parsed"/> was read from, to find the line of a fault.</param>
    public string Render(IFluidTemplate parsed, string template, JsonNode? data, CultureInfo culture, TextEncoder? encoder, RenderBudget? budget = null)
    {
        budget ??= new RenderBudget(_limits, _time);
        var context = new TemplateContext(_options) { CultureInfo = culture };
        if (encoder == NullEncoder.Default) context.AmbientValues[DocumentFilters.PlainText] = true;
        foreach (var (name, value) in data as JsonObject ?? []) context.SetValue(name, ToFluid(name, value));
        LiquidBounds.Start(context, budget.IsOver);
        using var output = new BoundedWriter(_limits.Characters);
        try
        {
            parsed.RenderAsync(output, encoder ?? Encoder, context).AsTask().GetAwaiter().GetResult();
            return output.ToString();
        }
        catch (DocumentTemplateException fault) when (fault.Line is null && fault.Key is "UnknownName" or "BadFilterInput" or "UnknownFilter")
        {
            throw new DocumentTemplateException(LineOf(template, fault.Subject), fault.Key, fault.Subject);
        }
        catch (LateException)
        {
            throw budget.TooSlow();
        }
        catch (FluidException fault)
        {
            var name = Quoted().Match(fault.Message).Groups[1].Value;
            throw new DocumentTemplateException(LineOf(template, name), "UnknownFilter", name);
        }
        catch (FileNotFoundException)
        {
            throw new DocumentTemplateException(LineOf(template, "include"), "Liquid", "include, render");
        }
        catch (InvalidOperationException)
        {
            // Fluid says so when steps or recursion run out.
            throw new DocumentTemplateException(null, "TooManySteps", _limits.Steps);
        }
    }

    private sealed class LateException : Exception;

    /// <summary>The first line with this name inside a Liquid mark: the reader's best hint, since Liquid keeps no places at run time.</summary>
    private static int LineOf(string template, string name)
    {
        var place = Regex.Match(template, @"\{[{%][^}]*?(?<![\w-])" + Regex.Escape(name) + @"(?![\w-])", RegexOptions.None, TimeSpan.FromSeconds(1));
        return place.Success ? template.AsSpan(0, place.Index + place.Length).Count('\n') + 1 : 1;
    }

    /// <summary>Data as Liquid sees it. Null counts as absent: an empty place must be the template's decision.</summary>
    private static FluidValue ToFluid(string name, JsonNode? node) => node switch
    {
        null => new MissingValue(name),
        JsonObject map => new DictionaryValue(new Members(map)),
        JsonArray list => new ArrayValue([.. list.Select(item => ToFluid(name, item))]),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => BooleanValue.True,
            JsonValueKind.False => BooleanValue.False,
            JsonValueKind.Number => NumberValue.Create(decimal.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)),
            _ => new StringValue(node.GetValue<string>()),
        },
    };

    /// <summary>Keeps a template from doubling a text until memory ends.</summary>
    private FluidValue Bounded(FluidValue value) =>
        value is StringValue && value.ToStringValue().Length > _limits.Characters ? throw TooLong(_limits.Characters) : value;

    private ValueTask<FluidValue> Replace(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var (text, old, with) = (input.ToStringValue(), arguments.At(0).ToStringValue(), arguments.At(1).ToStringValue());
        if (old.Length == 0) return ValueTask.FromResult(input);
        if ((long)text.Length / old.Length * with.Length > _limits.Characters) throw TooLong(_limits.Characters);
        return ValueTask.FromResult<FluidValue>(new StringValue(text.Replace(old, with, StringComparison.Ordinal)));
    }

    private static DocumentTemplateException TooLong(int limit) => new(null, "TooLong", limit);

    [GeneratedRegex(@"\{%-?\s*(if|unless|for|case|capture|tablerow)\b")] private static partial Regex Nesting();
    [GeneratedRegex(@"\((\d+):\d+\)")] private static partial Regex Place();
    [GeneratedRegex("['\"`]([^'\"`]+)['\"`]")] private static partial Regex Quoted();

    /// <summary>An object of the data that tells which of its members is absent.</summary>
    private sealed class Members(JsonObject map) : IFluidIndexable
    {
        /// <summary>Liquid answers <c>.size</c> with this: a member of that name comes first.</summary>
        public int Count => map["size"] is JsonValue own && own.TryGetValue<int>(out var size) ? size : map.Count;
        public IEnumerable<string> Keys => map.Select(p => p.Key);

        public bool TryGetValue(string name, out FluidValue value)
        {
            map.TryGetPropertyValue(name, out var node);
            value = ToFluid(name, node);
            return map.ContainsKey(name) || name != "size";
        }
    }

    private sealed class BoundedWriter(int limit) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void Write(char value) { Check(1); base.Write(value); }
        public override void Write(string? value) { Check(value?.Length ?? 0); base.Write(value); }
        public override void Write(char[] buffer, int index, int count) { Check(count); base.Write(buffer, index, count); }
        public override void Write(ReadOnlySpan<char> buffer) { Check(buffer.Length); base.Write(buffer); }
        private void Check(int more) { if (GetStringBuilder().Length + more > limit) throw TooLong(limit); }
    }
}
