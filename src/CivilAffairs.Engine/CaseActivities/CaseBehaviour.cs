using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.Engine.CaseActivities;

/// <summary>What all case activities share: inputs from the declaration, days in the bureau's zone.</summary>
internal abstract class CaseBehaviour(ActivityDeclaration declaration) : Behaviour
{
    internal ActivityDeclaration Declaration { get; } = declaration;

    internal override IReadOnlyList<InputSpec> Inputs { get; } = [.. declaration.Inputs.Select(i => new InputSpec(i.Name, i.Type))];
    internal override IReadOnlyList<string> Outputs { get; } = declaration.Output is { } output ? [output] : [];

    internal sealed override void Execute(Burst burst, ActivityContext context) => Execute((ICaseBurst)burst, context);
    internal sealed override void Resume(Burst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload) => Resume((ICaseBurst)burst, context, bookmark, payload);
    internal sealed override string? Refuse(Burst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload) => Refuse((ICaseBurst)burst, context, bookmark, payload);
    internal sealed override Effect? Asks(Burst burst, ActivityContext context, BookmarkState bookmark, DateOnly since) => Asks((ICaseBurst)burst, context, bookmark, since);
    internal sealed override void Withdrawn(Burst burst, ActivityContext context, BookmarkState bookmark) => Withdrawn((ICaseBurst)burst, context, bookmark);

    // The same, whichever runtime carries it. Nothing is hidden by it: the sealed ones above call these.
#pragma warning disable CA1061
    internal abstract void Execute(ICaseBurst burst, ActivityContext context);
    internal virtual void Resume(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload) => burst.Complete(context);
    internal virtual string? Refuse(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload) => null;
    internal virtual Effect? Asks(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, DateOnly since) => null;
    internal virtual void Withdrawn(ICaseBurst burst, ActivityContext context, BookmarkState bookmark) { }
#pragma warning restore CA1061

    protected static string Text(ActivityContext context, string input) => Values.Text(context.Inputs.GetValueOrDefault(input)) ?? "";

    /// <exception cref="InvalidOperationException">The definition leaves a required input empty.</exception>
    protected static string Required(ActivityContext context, string input) =>
        Text(context, input) is { Length: > 0 } text ? text : throw new InvalidOperationException($"The input '{input}' is empty.");

    protected static IReadOnlyList<string> List(ActivityContext context, string input) =>
        Parsed(context, input) is JsonArray list ? [.. list.Select(item => Values.Text(Values.FromJson(item)) ?? "").Where(t => t.Length > 0)] : [];

    protected static JsonNode? Parsed(ActivityContext context, string input) => context.Inputs.GetValueOrDefault(input) switch
    {
        // An effect leaves the engine as a reader of its stored form would see it: a script's 3.0 is a whole number there.
        JsonNode node => Values.Plain(node),
        string { Length: > 0 } text => Values.Parse(text) ?? JsonValue.Create(text),
        var value => Values.ToJson(value),
    };

    protected static bool Flag(ActivityContext context, string input) => Values.Truth(context.Inputs.GetValueOrDefault(input));

    protected static int Int(ActivityContext context, string input, int fallback) =>
        context.Inputs.GetValueOrDefault(input) is { } value ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : fallback;

    /// <summary>
    /// The day on which it happened. From it count what binds the bureau and what a decision brings: limits of officers, the
    /// legal clock, the first month of a benefit. Recording late gives nobody more time.
    /// </summary>
    protected static DateOnly Day(ICaseBurst burst) => burst.Input.Day;

    /// <summary>
    /// The day of the record. From it counts what people outside have time for, the applicant's limits and the days of a
    /// notice: they hear of it no earlier, so a record made late takes no day from them.
    /// </summary>
    protected static DateOnly Today(ICaseBurst burst) => burst.Input.Recorded;

    /// <summary>00:00 of a day in the bureau's zone.</summary>
    protected static DateTimeOffset Midnight(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), StepInput.BureauOffset).ToUniversalTime();

    /// <summary>The limit counted from <c>countFrom</c> where the activity has one, else from <paramref name="day"/>.</summary>
    protected static Limit LimitOf(ICaseBurst burst, ActivityContext context, string input, DateOnly day)
    {
        var start = DateOf(Text(context, "CountFrom")) ?? day;
        var limit = Limits.Compute(Text(context, input) is { Length: > 0 } text ? text : "none", start, burst.Input.Calendar);
        // Whatever the calendar gives, it must be done by then: a renewal before the certificate runs out.
        if (DateOf(Text(context, "NotAfter")) is { } latest && limit.LastDay > latest) limit = limit with { LastDay = latest, AmberFrom = limit.AmberFrom < latest ? limit.AmberFrom : latest };
        return limit.Text == "none" ? limit : limit with { CountedFrom = start, ParameterKeys = context.ParametersRead(input) };
    }

    /// <exception cref="InvalidOperationException">The text is there, but no date.</exception>
    protected static DateOnly? DateOf(string text) =>
        text.Length == 0 ? null
        : IsoDay.Read(text.Length > 10 ? text[..10] : text) ?? throw new InvalidOperationException($"'{text}' is not a date (yyyy-MM-dd).");
}

/// <summary>An activity that asks the host for one thing and goes on with its result, in the same transaction.</summary>
internal sealed class HostCall(ActivityDeclaration declaration, Func<HostCall.Asked, Effect> effect, Func<JsonNode?, string>? outcome = null) : CaseBehaviour(declaration)
{
    internal override void Execute(ICaseBurst burst, ActivityContext context)
    {
        var bookmark = burst.Wait(context, "effect");
        burst.Effects.Add(effect(new Asked(burst, context, bookmark.Id)));
    }

    internal override void Resume(ICaseBurst burst, ActivityContext context, BookmarkState bookmark, JsonNode? payload)
    {
        if (Declaration.Output is { } output) burst.SetOutput(context, output, Values.FromJson(payload?.DeepClone()));
        burst.Complete(context, outcome is null ? null : [outcome(payload)]);
    }

    /// <summary>The inputs of one call, read by name.</summary>
    internal sealed class Asked(ICaseBurst burst, ActivityContext context, string bookmarkId)
    {
        internal string Id => context.Activity!.Id;
        internal string BookmarkId => bookmarkId;
        internal DateOnly Day => CaseBehaviour.Day(burst);
        internal string Text(string input) => Required(context, input);
        internal string? Optional(string input) => CaseBehaviour.Text(context, input) is { Length: > 0 } text ? text : null;
        internal bool Flag(string input) => CaseBehaviour.Flag(context, input);
        internal IReadOnlyList<string> List(string input) => CaseBehaviour.List(context, input);
        internal JsonNode? Json(string input) => Parsed(context, input);
        internal DateOnly? Date(string input) => DateOf(CaseBehaviour.Text(context, input));
        internal int? Whole(string input) => context.Inputs.GetValueOrDefault(input) is { } value ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : null;
        internal long Fen(string input) => context.Inputs.GetValueOrDefault(input) is { } value
            ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"The input '{input}' is empty.");
        internal decimal Percent(string input) => context.Inputs.GetValueOrDefault(input) is { } value
            ? Convert.ToDecimal(value, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"The input '{input}' is empty.");

        /// <summary><c>nextMonth</c>, <c>thisMonth</c> or a date; always the first day of the month.</summary>
        internal DateOnly Month(string input) => CaseBehaviour.Text(context, input) switch
        {
            "" or "nextMonth" => new DateOnly(Day.Year, Day.Month, 1).AddMonths(1),
            "thisMonth" => new DateOnly(Day.Year, Day.Month, 1),
            var text => DateOf(text) is { } day ? new DateOnly(day.Year, day.Month, 1) : default,
        };
    }
}

/// <summary>An activity that tells the host something and goes on at once.</summary>
internal sealed class HostMessage(ActivityDeclaration declaration, Func<HostCall.Asked, ICaseBurst, Effect> effect) : CaseBehaviour(declaration)
{
    internal override void Execute(ICaseBurst burst, ActivityContext context)
    {
        burst.Effects.Add(effect(new HostCall.Asked(burst, context, ""), burst));
        burst.Complete(context);
    }
}
