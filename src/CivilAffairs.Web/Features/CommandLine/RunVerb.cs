using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>
/// <c>run FILE …</c>, see <see cref="RunCall.Usage"/>: runs one definition with a virtual clock. Ready answers go before
/// timers, then the earliest timer, ties by activity id. Working days are those of the shipped calendars.
/// </summary>
internal static class RunVerb
{
    private const int MaxFirings = 1_000;

    internal static int Execute(string[] args, TextWriter output, TextWriter errors)
    {
        var call = RunCall.Read(args);
        var script = call.Script is null ? null : JsonNode.Parse(File.ReadAllText(call.Script)) as JsonObject
            ?? throw new UsageException($"{call.Script} is not a JSON object.");
        foreach (var (name, value) in script?["inputs"] as JsonObject ?? [])
            call.Inputs.TryAdd(name, value?.DeepClone());
        var calendar = Calendars.Load([Path.Combine(AppContext.BaseDirectory, "Data", "calendars")], demoThrough: null).Working;
        var simulation = new Simulation(File.ReadAllText(call.File), call.Inputs, new SimulationData(Parameters(call), call.Facts, calendar));
        var given = new JsonArray();
        foreach (var answer in (script?["answers"] as JsonArray ?? []).OfType<JsonObject>())
            if (!simulation.Ended && simulation.Oldest(answer["activityId"]?.GetValue<string>() ?? "") is { } bookmark)
                Answer(simulation, bookmark, answer["result"]?.DeepClone(), given);
        // A script says all that happened, unless answers are given for what comes after it.
        for (var n = 0; (script is null || call.Answers.Count > 0) && !simulation.Ended && Next(simulation, call.Answers) is { } next; n++)
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

    /// <summary>The first values of the matter that the definition belongs to, then what the caller says.</summary>
    /// <exception cref="UsageException">The matter beside the definition cannot be read.</exception>
    private static Dictionary<string, JsonNode?> Parameters(RunCall call)
    {
        var values = new Dictionary<string, JsonNode?>();
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(call.File))!, "matter.json");
        if (File.Exists(path))
        {
            var faults = new List<MatterFault>();
            var matter = MatterJson.Read<MatterFile>(path, File.ReadAllText(path), faults) ?? throw new UsageException(faults[0].ToString());
            foreach (var parameter in matter.Parameters) values[parameter.Key] = JsonNode.Parse(parameter.Value.GetRawText());
        }
        foreach (var (key, value) in call.Parameters) values[key] = value;
        return values;
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
}
