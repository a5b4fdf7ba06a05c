using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>
/// <c>run FILE [--input name=value]… [--answer activityId=text]… [--script EXPECTED.json] [--json]</c>: runs one
/// definition with a virtual clock. Ready answers go before timers, then the earliest timer, ties by activity id.
/// </summary>
internal static class RunVerb
{
    private const int MaxFirings = 1_000;

    internal static int Execute(string[] args, TextWriter output, TextWriter errors)
    {
        var call = Read(args);
        var script = call.Script is null ? null : JsonNode.Parse(File.ReadAllText(call.Script)) as JsonObject
            ?? throw new UsageException($"{call.Script} is not a JSON object.");
        foreach (var (name, value) in script?["inputs"] as JsonObject ?? [])
            call.Inputs.TryAdd(name, value?.DeepClone());
        var simulation = new Simulation(File.ReadAllText(call.File), call.Inputs);
        var given = new JsonArray();
        foreach (var answer in (script?["answers"] as JsonArray ?? []).OfType<JsonObject>())
            if (!simulation.Ended && simulation.Oldest(answer["activityId"]?.GetValue<string>() ?? "") is { } bookmark)
                Answer(simulation, bookmark, answer["result"]?.DeepClone(), given);
        for (var n = 0; !simulation.Ended && Next(simulation, call.Answers) is { } next; n++)
        {
            if (n == MaxFirings)
            {
                errors.WriteLine($"Stopped after {MaxFirings} firings.");
                break;
            }
            Answer(simulation, next.Bookmark, next.Result, given);
        }
        if (call.Json)
            output.WriteLine(RunResult.Of(simulation, call.Inputs, given).ToJsonString(RunResult.Readable));
        else
        {
            foreach (var line in simulation.Lines) output.WriteLine(line ?? "");
            output.WriteLine($"status: {simulation.Last.Status}");
        }
        return simulation.Last.Status == InstanceStatus.Faulted ? 1 : 0;
    }

    private static (Bookmark Bookmark, JsonNode? Result)? Next(Simulation simulation, Dictionary<string, Queue<string>> answers)
    {
        foreach (var bookmark in simulation.Last.Bookmarks.Where(b => b.Kind != "timer"))
            if (answers.TryGetValue(bookmark.ActivityId, out var queue) && queue.TryDequeue(out var text))
                return (bookmark, Result(bookmark, text));
        // Nobody answers for the host in a simulation: it stands in with a made-up result.
        if (simulation.Last.Bookmarks.FirstOrDefault(b => b.Kind == "effect") is { } effect)
            return (effect, SimulatedHost.Result(simulation.Effects, effect));
        var timer = simulation.Last.Bookmarks.Where(b => b is { Kind: "timer", DueAt: not null })
            .OrderBy(b => b.DueAt).ThenBy(b => b.ActivityId, StringComparer.Ordinal).FirstOrDefault();
        return timer is null ? null : (timer, null);
    }

    /// <summary>JSON where the text is a JSON object or list; for a case activity a bare word is an outcome; else the text itself.</summary>
    private static JsonNode? Result(Bookmark bookmark, string text)
    {
        if (bookmark.Kind == "event" && text.Length == 0) return null;
        if (text.StartsWith('{') || text.StartsWith('[')) return JsonNode.Parse(text);
        return JsonValue.Create(text);
    }

    private static void Answer(Simulation simulation, Bookmark bookmark, JsonNode? result, JsonArray given)
    {
        var entry = new JsonObject { ["activityId"] = bookmark.ActivityId, ["kind"] = bookmark.Kind };
        if (bookmark.Kind != "timer") entry["result"] = result?.DeepClone();
        if (bookmark.EventName is not null) entry["eventName"] = bookmark.EventName;
        given.Add(entry);
        simulation.Answer(bookmark, result);
    }

    private sealed record Call(string File, Dictionary<string, JsonNode?> Inputs, Dictionary<string, Queue<string>> Answers, string? Script, bool Json);

    private static Call Read(string[] args)
    {
        string? file = null, script = null;
        var json = false;
        var inputs = new Dictionary<string, JsonNode?>();
        var answers = new Dictionary<string, Queue<string>>();
        for (var i = 0; i < args.Length; i++)
            switch (args[i])
            {
                case "--json": json = true; break;
                case "--script": script = Value(args, ref i); break;
                case "--input":
                    var (name, value) = Pair(Value(args, ref i));
                    inputs[name] = Parse(value);
                    break;
                case "--answer":
                    var (activity, text) = Pair(Value(args, ref i));
                    if (!answers.TryGetValue(activity, out var queue)) answers[activity] = queue = new Queue<string>();
                    queue.Enqueue(text);
                    break;
                case var other when other.StartsWith("--", StringComparison.Ordinal) || file is not null:
                    throw new UsageException($"run does not know '{other}'. Usage: run FILE [--input name=value]… [--answer activityId=text]… [--script EXPECTED.json] [--json]");
                default: file = args[i]; break;
            }
        return new Call(file ?? throw new UsageException("run needs a FILE."), inputs, answers, script, json);
    }

    private static JsonNode? Parse(string value)
    {
        try { return JsonNode.Parse(value); }
        catch (System.Text.Json.JsonException) { return JsonValue.Create(value); }
    }

    private static string Value(string[] args, ref int i) =>
        ++i < args.Length ? args[i] : throw new UsageException($"{args[i - 1]} needs a value.");

    private static (string, string) Pair(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? (text[..at], text[(at + 1)..]) : throw new UsageException($"'{text}' is not name=value.");
    }
}
