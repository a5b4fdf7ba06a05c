using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Designer.TryOut;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Designer.WhatIf;

/// <summary>What a past run could read and was given, for another revision: facts computed anew where the form is another one, the parameter values of the time, results of effects as they came.</summary>
internal sealed class RecordedHost : ICourseHost
{
    private static readonly ConditionalWeakTable<MatterRevision, string> Forms = [];
    private readonly List<(DateTimeOffset From, IReadOnlyDictionary<string, JsonNode?> Facts, IReadOnlyDictionary<string, JsonNode?> Parameters)> known = [];
    private readonly IReadOnlyDictionary<string, Queue<EffectResultTrigger>> results;
    private readonly WorkCalendar? calendar;

    public RecordedHost(RecordedRun run, MatterRevision other, WorkCalendar? calendar, IReadOnlyDictionary<string, Queue<EffectResultTrigger>> results)
    {
        (this.calendar, this.results) = (calendar, results);
        var same = FormOf(run.Revision) == FormOf(other);
        var (refused, missing) = (new List<string>(), new List<string>());
        (RecordedFacts? Of, IReadOnlyDictionary<string, JsonNode?> Values) facts = (null, new Dictionary<string, JsonNode?>());
        foreach (var step in run.Steps)
        {
            // What the old matter did not know has the value that the new one begins with.
            var parameters = other.FirstValues.ToDictionary(p => p.Key, p => step.Parameters.TryGetValue(p.Key, out var then) ? then : p.Value);
            if (!ReferenceEquals(facts.Of, step.Facts)) facts = (step.Facts, same ? step.Facts.Values : Again(run.Revision, other, step.Facts, parameters, refused, missing));
            known.Add((step.At, facts.Values, parameters));
        }
        (Refused, MissingFacts) = ([.. refused.Distinct()], [.. missing.Distinct()]);
    }

    /// <summary>Fields for which the new form would not have taken the application.</summary>
    public IReadOnlyList<string> Refused { get; }

    /// <summary>Facts of the new form that cannot be computed from the application.</summary>
    public IReadOnlyList<string> MissingFacts { get; }

    public (IReadOnlyDictionary<string, JsonNode?> Parameters, IReadOnlyDictionary<string, JsonNode?> Facts, WorkCalendar? Calendar) Data(DateTimeOffset now)
    {
        var (_, facts, parameters) = known.FindLast(k => k.From <= now) is { Facts: not null } at ? at : known[0];
        return (parameters, new Asked(facts, AskedInVain), calendar);
    }

    /// <summary>Facts that the definition asked for and that there are none of: each stops it.</summary>
    public HashSet<string> AskedInVain { get; } = [];

    public JsonNode? Result(Effect effect, DateTimeOffset now) =>
        results.TryGetValue(effect.ActivityId, out var queue) && queue.TryDequeue(out var recorded) ? recorded.Result?.DeepClone() : MadeUpResults.Of(effect);

    private static IReadOnlyDictionary<string, JsonNode?> Again(MatterRevision old, MatterRevision other, RecordedFacts facts, Dictionary<string, JsonNode?> parameters, List<string> refused, List<string> missing)
    {
        if (facts is not { Form: { } form, Day: { } day }) return facts.Values;
        var answers = new FormAnswers(form, parameters, day);
        var evaluator = new FormEvaluator(other.Form);
        // What the old form found wrong as well is no difference: a rule of the day of filing, checked on another day.
        var before = new FormEvaluator(old.Form).Validate(answers).Select(f => f.Path).ToHashSet();
        refused.AddRange(evaluator.Validate(answers).Select(f => f.Path).Where(p => !before.Contains(p)).Select(Place));
        var computed = evaluator.Facts(answers);
        missing.AddRange(computed.Faults.Select(f => f.Path));
        return computed.Values;
    }

    /// <summary>Without the row's number, so that cases add up.</summary>
    private static string Place(string path) => System.Text.RegularExpressions.Regex.Replace(path, @"\[\d+\]", "");

    private static string FormOf(MatterRevision revision) => Forms.GetValue(revision, static r => (string?)JsonNode.Parse(r.Bundle)?["form.json"] ?? r.Hash);

    /// <summary>The facts, and a note of who asked for another.</summary>
    private sealed class Asked(IReadOnlyDictionary<string, JsonNode?> facts, HashSet<string> inVain) : IReadOnlyDictionary<string, JsonNode?>
    {
        public JsonNode? this[string key] => facts[key];
        public IEnumerable<string> Keys => facts.Keys;
        public IEnumerable<JsonNode?> Values => facts.Values;
        public int Count => facts.Count;
        public bool ContainsKey(string key) => facts.ContainsKey(key);

        public bool TryGetValue(string key, out JsonNode? value)
        {
            if (facts.TryGetValue(key, out value)) return true;
            if (key != StepInput.OccurredOnFact) inVain.Add(key);
            return false;
        }

        public IEnumerator<KeyValuePair<string, JsonNode?>> GetEnumerator() => facts.GetEnumerator();
        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
