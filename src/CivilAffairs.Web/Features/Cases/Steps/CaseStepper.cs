using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>
/// Runs a case's workflow from a trigger until nothing is left to do at once: each burst of the engine, its effects
/// applied in order, the results that effects ask for fed back, all in the caller's transaction.
/// </summary>
/// <remarks>Power failure at any point: the transaction is not committed and nothing of the decision is there.</remarks>
internal sealed class CaseStepper(IWorkflowEngine engine, MatterLibrary library, Calendars calendars, ParameterSnapshots snapshots, IEnumerable<IEffectHandler> handlers)
{
    /// <summary>More bursts than any sane definition needs for one decision.</summary>
    private const int MostBursts = 200;

    /// <summary>Cases that open cases: more than any sane matters need.</summary>
    private const int MostDepth = 5;

    /// <summary>Effects that read and write rows of the case and nothing else but the outbox: its version guards them.</summary>
    private static readonly HashSet<Type> OnlyTheCase =
        [typeof(CreateTask), typeof(CreateApplicantTask), typeof(CancelTask), typeof(CreateTimer), typeof(CancelTimer), typeof(SetStatus), typeof(SetCaseClock), typeof(SendNotice), typeof(SendEmail)];
    private readonly Dictionary<Type, IEffectHandler> byType = handlers.SelectMany(h => h.Effects.Select(e => (e, h))).ToDictionary(p => p.e, p => p.h);

    /// <exception cref="StepRefusedException">The trigger does not fit where the case stands.</exception>
    /// <exception cref="CaseFaultedException">The definition faults; nothing is kept.</exception>
    public async Task RunAsync(CaseStep step, StepTrigger trigger, string? actor = null)
    {
        if (step.Case.LatestOn is not { } latest || latest < step.OccurredOn) step.Case.LatestOn = step.OccurredOn;
        var definition = library.Definition(step.Revision, step.Instance.Workflow);
        var facts = await CaseContents.FactsAsync(step).ConfigureAwait(false);
        var parametersHash = await snapshots.KeepAsync(step).ConfigureAwait(false);
        var queue = new Queue<StepTrigger>([trigger]);
        for (var burst = 0; queue.TryDequeue(out var next); burst++)
        {
            if (burst == MostBursts) throw new CaseFaultedException([new Incident("", "The definition does not come to rest.")]);
            var number = ++step.Instance.Steps;
            var input = new StepInput(next, step.Now, $"{step.Instance.Id:N}-{number}")
            {
                OccurredOn = step.OccurredOn, InstanceId = step.Instance.Id.ToString("N"), Parameters = step.Parameters.Values, Facts = facts.Values, Calendar = calendars.Working,
            };
            var state = step.Instance.State.Length == 0 ? null : new WorkflowState(step.Instance.State);
            var result = engine.Step(definition, state, input);
            if (result.Status == InstanceStatus.Faulted) throw new CaseFaultedException(result.Incidents);
            step.Instance.State = result.State.Json;
            step.Instance.Status = result.Status.ToString();
            step.Db.Append(new JournalRow
            {
                InstanceId = step.Instance.Id, Step = number, CaseId = step.Case.Id, At = step.Now, OccurredOn = step.OccurredOn, ActorId = step.Actor.AccountId,
                Input = Journal.Write(next), FactsId = facts.ContentId, ParametersHash = parametersHash,
                Events = JsonSerializer.Serialize(result.Journal, JsonSerializerOptions.Web),
            });
            step.Variables = result.Variables;
            foreach (var effect in result.Effects)
            {
                if (effect is EventPublished published)
                {
                    // Heard by this instance where it waits for it; a case has one that runs.
                    if (result.Bookmarks.Any(b => b.EventName == published.EventName)) queue.Enqueue(new EventTrigger(published.EventName, published.Payload));
                    continue;
                }
                if (!byType.TryGetValue(effect.GetType(), out var handler))
                    throw new CaseFaultedException([new Incident(effect.ActivityId, $"Nothing here can do {effect.GetType().Name}.")]);
                if (!OnlyTheCase.Contains(effect.GetType())) step.Db.RequireWriter();
                var answer = await handler.ApplyAsync(effect, step).ConfigureAwait(false);
                if (effect.BookmarkId is { Length: > 0 } bookmark && result.Bookmarks.Any(b => b.Id == bookmark && b.Kind == "effect"))
                    queue.Enqueue(new EffectResultTrigger(bookmark, answer));
            }
        }
        if (step.Instance.Status == nameof(InstanceStatus.Finished)) step.Case.ClosedAt ??= step.Now;
        foreach (var (opened, start) in step.Opened)
        {
            if (opened.Depth > MostDepth) throw new CaseFaultedException([new Incident("", "Cases open cases without end.")]);
            // Its parties are looked up by the steps that follow.
            await step.Db.SaveChangesAsync().ConfigureAwait(false);
            await RunAsync(opened, start).ConfigureAwait(false);
        }
    }
}

/// <summary>A trigger as the journal keeps it, and back: so that a case can be replayed.</summary>
internal static class Journal
{
    public static string Write(StepTrigger trigger) => (trigger switch
    {
        StartTrigger start => new JsonObject { ["kind"] = "start", ["inputs"] = new JsonObject(start.Inputs.Select(i => KeyValuePair.Create(i.Key, i.Value?.DeepClone()))) },
        AnswerTrigger answer => new JsonObject { ["kind"] = "answer", ["bookmark"] = answer.BookmarkId, ["result"] = answer.Result?.DeepClone(), ["by"] = answer.By },
        TimerTrigger timer => new JsonObject { ["kind"] = "timer", ["bookmark"] = timer.BookmarkId },
        EventTrigger happened => new JsonObject { ["kind"] = "event", ["name"] = happened.EventName, ["payload"] = happened.Payload?.DeepClone() },
        EffectResultTrigger result => new JsonObject { ["kind"] = "result", ["bookmark"] = result.BookmarkId, ["result"] = result.Result?.DeepClone() },
        MoveTrigger move => new JsonObject { ["kind"] = "move", ["from"] = move.From, ["to"] = move.To, ["renamed"] = new JsonObject(move.Renamed.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)r.Value))) },
        MoveBackTrigger back => new JsonObject { ["kind"] = "moveBack", ["step"] = back.Step },
        _ => throw new ArgumentException("Unknown trigger.", nameof(trigger)),
    }).ToJsonString();

    public static StepTrigger Read(string json)
    {
        var node = JsonNode.Parse(json)!.AsObject();
        string Text(string name) => (string)node[name]!;
        return Text("kind") switch
        {
            "start" => new StartTrigger(node["inputs"]!.AsObject().ToDictionary(p => p.Key, p => p.Value?.DeepClone())),
            "answer" => new AnswerTrigger(Text("bookmark"), node["result"]?.DeepClone(), (string?)node["by"]),
            "timer" => new TimerTrigger(Text("bookmark")),
            "event" => new EventTrigger(Text("name"), node["payload"]?.DeepClone()),
            "move" => new MoveTrigger(Text("from"), Text("to"), node["renamed"]!.AsObject().ToDictionary(r => r.Key, r => (string)r.Value!)),
            "moveBack" => new MoveBackTrigger((int)node["step"]!),
            _ => new EffectResultTrigger(Text("bookmark"), node["result"]?.DeepClone()),
        };
    }
}

/// <summary>The definition cannot go on: shown to the supervisor with the activity; the case stays where it was.</summary>
public sealed class CaseFaultedException(IReadOnlyList<Incident> incidents)
    : Exception(string.Join("; ", (incidents ?? []).Select(i => $"{i.ActivityId}: {i.Message}")))
{
    public IReadOnlyList<Incident> Incidents { get; } = incidents ?? [];
}
