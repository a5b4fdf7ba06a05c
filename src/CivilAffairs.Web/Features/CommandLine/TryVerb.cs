using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Designer.TryOut;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>
/// <c>try FOLDER EXAMPLE [--steps N] [--json]</c>: plays an example of a matter's folder, or an example file beside it, as the
/// designer's page does: forms are checked, officers answer, time jumps. Prints what happened and what waits; exit code 1
/// where an answer is refused or the definition faults.
/// </summary>
internal static class TryVerb
{
    private const string Usage = "try FOLDER EXAMPLE [--steps N] [--json]";

    internal static int Execute(string[] args, TextWriter output, TextWriter errors)
    {
        var (words, steps, json) = Read(args);
        var loaded = Directory.Exists(words[0]) ? MatterFolder.LoadUnchecked(words[0]) : throw new UsageException($"There is no folder {words[0]}.");
        var revision = loaded.Revision ?? throw new UsageException(loaded.Faults[0].ToString());
        var example = Example(revision, words[1]);
        var calendar = Calendars.Load([Path.Combine(AppContext.BaseDirectory, "Data", "calendars")], demoThrough: null).Working;
        var engine = new WorkflowEngine();
        var inputs = TryOutScript.Inputs(engine, revision, example, calendar);
        var play = TryOutPlay.Run(engine, revision, TryOutStart.Of(example), inputs.Take(steps ?? int.MaxValue), calendar);
        if (json) output.WriteLine(Json(play).ToJsonString(RunResult.Readable));
        else Tell(play, output);
        foreach (var fault in play.FormFaults.Concat(play.Refusal?.Faults ?? [])) errors.WriteLine($"{fault.Path}: {fault.Zh}");
        if (play.Refusal is { } refusal) errors.WriteLine($"refused: {refusal.Code} {refusal.Detail}".TrimEnd());
        return play.FormFaults.Count > 0 || play.Refusal is not null || play.Course.Circles || play.Course.Last?.Status == InstanceStatus.Faulted ? 1 : 0;
    }

    private static (List<string> Words, int? Steps, bool Json) Read(string[] args)
    {
        var words = new List<string>();
        var (steps, json) = ((int?)null, false);
        for (var i = 0; i < args.Length; i++)
            switch (args[i])
            {
                case "--json": json = true; break;
                case "--steps":
                    steps = ++i < args.Length && int.TryParse(args[i], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : throw new UsageException($"--steps needs a number. Usage: {Usage}");
                    break;
                case var other when other.StartsWith("--", StringComparison.Ordinal): throw new UsageException($"try does not know '{other}'. Usage: {Usage}");
                default: words.Add(args[i]); break;
            }
        return words.Count == 2 ? (words, steps, json) : throw new UsageException($"Usage: {Usage}");
    }

    private static ExampleFile Example(MatterRevision revision, string name)
    {
        if (revision.Examples.TryGetValue(name, out var own) || revision.Examples.TryGetValue(name + ".json", out own)) return own;
        if (!File.Exists(name)) throw new UsageException($"The matter has no example '{name}', and there is no such file. Examples: {string.Join(", ", revision.Examples.Keys.Select(Path.GetFileNameWithoutExtension))}");
        var faults = new List<MatterFault>();
        return MatterJson.Read<ExampleFile>(name, File.ReadAllText(name), faults) ?? throw new UsageException(faults[0].ToString());
    }

    private static void Tell(TryOutPlay play, TextWriter output)
    {
        foreach (var happening in play.Course.Happened)
            foreach (var line in Lines(happening)) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{BureauTime.Local(happening.At):yyyy-MM-dd HH:mm}  {line}"));
        foreach (var bookmark in play.Course.Last?.Bookmarks ?? []) output.WriteLine($"waits: {bookmark.ActivityId} ({bookmark.Kind}{(bookmark.DueAt is { } due ? string.Create(CultureInfo.InvariantCulture, $" {BureauTime.Local(due):yyyy-MM-dd HH:mm}") : "")})");
        output.WriteLine($"status: {play.Case.Status}");
        output.WriteLine($"instance: {play.Course.Last?.Status.ToString() ?? "not begun"}");
    }

    private static IEnumerable<string> Lines(Happening happening)
    {
        yield return happening.Trigger switch
        {
            StartTrigger => "start", AnswerTrigger answer => $"answer {(answer.Result as JsonObject)?["outcome"] ?? answer.Result} by {answer.By}",
            TimerTrigger => "timer", EventTrigger happened => $"event {happened.EventName}", _ => "result",
        };
        foreach (var effect in happening.Result.Effects)
            yield return "  " + effect switch
            {
                CreateTask task => $"task {task.ActivityId} {task.Role} {task.Level}: {task.Title.Zh}{By(task.FinishWithin)}",
                CreateApplicantTask task => $"asks the applicant {task.ActivityId}: {task.Title.Zh}{By(task.FinishWithin)}",
                SetStatus status => $"status {status.Status}",
                PublishNotice notice => string.Create(CultureInfo.InvariantCulture, $"notice {notice.Template} {notice.FirstDay:yyyy-MM-dd} to {notice.LastDay:yyyy-MM-dd}"),
                PublishResult result => $"result {result.Template}", SendNotice letter => $"letter {letter.Template} to {letter.To}",
                IssueDocument document => $"document {document.Template}",
                GrantBenefit grant => string.Create(CultureInfo.InvariantCulture, $"grant {grant.Benefit} {grant.AmountFen / 100m:0.00} from {grant.FirstMonth:yyyy-MM}"),
                var other => other.GetType().Name + " " + other.ActivityId,
            };
        foreach (var incident in happening.Result.Incidents) yield return $"  fault {incident.ActivityId}: {incident.Message}";
    }

    private static string By(Limit limit) => limit.LastDay is { } day ? string.Create(CultureInfo.InvariantCulture, $", by {day:yyyy-MM-dd}") : "";

    private static JsonObject Json(TryOutPlay play) => new()
    {
        ["status"] = play.Case.Status, ["instance"] = play.Course.Last?.Status.ToString(),
        ["statuses"] = new JsonArray([.. play.Case.Statuses.Select(s => (JsonNode)new JsonObject { ["status"] = s.Status, ["on"] = BureauTime.Iso(s.On) })]),
        ["waits"] = new JsonArray([.. (play.Course.Last?.Bookmarks ?? []).Select(b => (JsonNode)b.ActivityId)]),
        ["papers"] = new JsonArray([.. play.Papers.Select(p => (JsonNode)new JsonObject { ["template"] = p.Template, ["number"] = p.Number, ["on"] = BureauTime.Iso(p.On) })]),
        ["inputs"] = JsonSerializer.SerializeToNode(play.Done.Select(d => d.Input), TryOutInput.Json),
    };
}
