using System.Text.Json;
using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>The words of one <c>run</c>. Values are JSON where they can be read as such, else text.</summary>
internal sealed class RunCall
{
    internal const string Usage = "run FILE [--input name=value]… [--parameter key=value]… [--fact id=value]… [--answer activityId=text]… [--script EXPECTED.json] [--json]";

    internal string File { get; private set; } = "";
    internal string? Script { get; private set; }
    internal bool Json { get; private set; }
    internal Dictionary<string, JsonNode?> Inputs { get; } = [];

    /// <summary>In place of the matter's first values.</summary>
    internal Dictionary<string, JsonNode?> Parameters { get; } = [];

    /// <summary>Facts of the made-up case; one that is read and not given is a fault of the run.</summary>
    internal Dictionary<string, JsonNode?> Facts { get; } = [];
    internal Dictionary<string, Queue<string>> Answers { get; } = [];

    /// <exception cref="UsageException">A word is not known, or lacks its value.</exception>
    internal static RunCall Read(string[] args)
    {
        var call = new RunCall();
        for (var i = 0; i < args.Length; i++)
            switch (args[i])
            {
                case "--json": call.Json = true; break;
                case "--script": call.Script = Value(args, ref i); break;
                case "--input": Put(call.Inputs, Value(args, ref i)); break;
                case "--parameter": Put(call.Parameters, Value(args, ref i)); break;
                case "--fact": Put(call.Facts, Value(args, ref i)); break;
                case "--answer":
                    var (activity, text) = Pair(Value(args, ref i));
                    if (!call.Answers.TryGetValue(activity, out var queue)) call.Answers[activity] = queue = new Queue<string>();
                    queue.Enqueue(text);
                    break;
                case var other when other.StartsWith("--", StringComparison.Ordinal) || call.File.Length > 0:
                    throw new UsageException($"run does not know '{other}'. Usage: {Usage}");
                default: call.File = args[i]; break;
            }
        return call.File.Length > 0 ? call : throw new UsageException($"run needs a FILE. Usage: {Usage}");
    }

    private static void Put(Dictionary<string, JsonNode?> values, string text)
    {
        var (name, value) = Pair(text);
        try
        {
            values[name] = JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            values[name] = JsonValue.Create(value);
        }
    }

    private static string Value(string[] args, ref int i) =>
        ++i < args.Length ? args[i] : throw new UsageException($"{args[i - 1]} needs a value.");

    private static (string, string) Pair(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 ? (text[..at], text[(at + 1)..]) : throw new UsageException($"'{text}' is not name=value.");
    }
}
