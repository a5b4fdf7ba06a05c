using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Tests.Features.Matters.Examples;

/// <summary>
/// Replays an example through the port with a virtual clock, as a host would: facts from the form, answers checked by the
/// task's form, only the fields marked for the flow passed on. Ready answers go before timers, then whatever comes first.
/// </summary>
internal sealed class ExampleReplay
{
    private const int MaxSteps = 1_000;
    private readonly IWorkflowEngine engine;
    private readonly WorkCalendar calendar;
    private readonly ExampleFile example;
    private readonly TaskFormEvaluator taskForms;
    private readonly Dictionary<string, JsonNode?> parameters;
    private readonly IReadOnlyDictionary<string, JsonNode?> facts;
    private IWorkflowDefinition definition;
    private readonly Dictionary<string, Queue<ExampleAnswer>> answers;
    private readonly Dictionary<string, Queue<JsonObject>> found;
    private readonly List<Effect> effects = [];
    private readonly List<JournalEvent> journal = [];
    private readonly List<string> faults = [];
    private readonly Dictionary<string, string> forms = [];
    private DateTimeOffset now;
    private StepResult last = null!;
    private int steps;

    private ExampleReplay(IWorkflowEngine engine, MatterRevision revision, ExampleFile example, WorkCalendar calendar)
    {
        (this.engine, this.calendar, this.example, now) = (engine, calendar, example, example.At.ToUniversalTime());
        taskForms = new TaskFormEvaluator(revision.Form);
        parameters = revision.FirstValues.ToDictionary(p => p.Key, p => p.Value);
        faults.AddRange(example.Parameters.Keys.Where(k => !parameters.ContainsKey(k)).Select(k => $"the matter has no parameter {k}"));
        foreach (var (key, value) in example.Parameters) parameters[key] = value;
        var form = new FormEvaluator(revision.Form);
        var computed = form.Facts(Answers());
        faults.AddRange(form.Validate(Answers()).Concat(computed.Faults).Select(f => $"form {f.Path}: {f.Zh}"));
        facts = computed.Values;
        definition = engine.Load(revision.Workflows[example.Workflow]);
        answers = example.Answers.ToDictionary(a => a.Key, a => new Queue<ExampleAnswer>(a.Value));
        found = example.Found.ToDictionary(f => f.Key, f => new Queue<JsonObject>(f.Value));
    }

    /// <param name="move">Asked whenever the example rests, with what it would read: where the instance goes on; null: where it is.</param>
    internal static ExampleRun Run(IWorkflowEngine engine, MatterRevision revision, ExampleFile example, WorkCalendar calendar, Func<Rest, (IWorkflowDefinition Definition, WorkflowState State)?>? move = null)
    {
        var replay = new ExampleReplay(engine, revision, example, calendar);
        replay.Step(null, new StartTrigger(example.Inputs));
        while (replay.last.Status == InstanceStatus.Suspended && replay.faults.Count == 0 && replay.Next(move)) { }
        replay.faults.AddRange(replay.answers.Where(a => a.Value.Count > 0).Select(a => $"{a.Value.Count} answer(s) for {a.Key} were never asked for"));
        replay.faults.AddRange(replay.found.Where(f => f.Value.Count > 0).Select(f => $"{f.Key} never looked for what it would have found"));
        return new ExampleRun(replay.last, replay.effects, replay.journal, replay.faults);
    }

    /// <returns>False where everything that still waits waits for somebody the example does not play.</returns>
    private bool Next(Func<Rest, (IWorkflowDefinition Definition, WorkflowState State)?>? move)
    {
        if (steps > MaxSteps) throw new InvalidOperationException("The example goes round in a circle.");
        if (last.Bookmarks.FirstOrDefault(b => b.Kind == "effect") is { } effect)
        {
            Step(last.State, new EffectResultTrigger(effect.Id, Result(effects.Last(e => e.BookmarkId == effect.Id))));
            return true;
        }
        var answer = last.Bookmarks.Where(b => b.Kind is "task" or "event" && answers.TryGetValue(b.ActivityId, out var queue) && queue.Count > 0)
            .Select(b => (Bookmark: b, At: Later(answers[b.ActivityId].Peek().At))).OrderBy(a => a.At).FirstOrDefault();
        var timer = last.Bookmarks.Where(b => b is { Kind: "timer", DueAt: not null }).OrderBy(b => b.DueAt).ThenBy(b => b.ActivityId, StringComparer.Ordinal).FirstOrDefault();
        if (answer.Bookmark is null && timer is null) return false;
        if (move is not null)
        {
            var next = answer.Bookmark is not null && (timer is null || answer.At <= timer.DueAt) ? answer.Bookmark : timer!;
            var given = next == answer.Bookmark ? answers[next.ActivityId].Peek() : null;
            var input = new StepInput(new MoveTrigger("here", "there", new Dictionary<string, string>()), now, $"move-{steps.ToString(CultureInfo.InvariantCulture)}") { InstanceId = "example", Parameters = parameters, Facts = facts, Calendar = calendar };
            if (move(new Rest(definition, last, input, next, (string?)(given?.Result as JsonObject)?["outcome"], journal)) is { } moved) (definition, last) = (moved.Definition, last with { State = moved.State });
        }
        if (answer.Bookmark is not null && (timer is null || answer.At <= timer.DueAt))
        {
            now = answer.At;
            Give(answer.Bookmark, answers[answer.Bookmark.ActivityId].Dequeue());
            return true;
        }
        now = timer!.DueAt > now ? timer.DueAt!.Value : now;
        Step(last.State, new TimerTrigger(timer.Id));
        return true;
    }

    private void Give(Bookmark bookmark, ExampleAnswer answer)
    {
        if (bookmark.Kind == "event")
        {
            Step(last.State, new EventTrigger(bookmark.EventName!, answer.Result?.DeepClone()));
            return;
        }
        var result = answer.Result as JsonObject ?? new JsonObject { ["outcome"] = answer.Result?.DeepClone() };
        if (forms.TryGetValue(bookmark.Id, out var form))
        {
            faults.AddRange(taskForms.Validate(form, result, Answers()).Select(f => $"{bookmark.ActivityId} {f.Path}: {f.Zh}"));
            var flow = taskForms.FlowFields(form, result, Answers());
            flow["outcome"] = result["outcome"]?.DeepClone();
            result = flow;
        }
        if (answer.By is null) faults.Add($"{bookmark.ActivityId}: nobody is named who answers");
        try
        {
            Step(last.State, new AnswerTrigger(bookmark.Id, result.DeepClone(), answer.By));
        }
        catch (StepRefusedException refused)
        {
            faults.Add($"{bookmark.ActivityId}: {refused.Message}");
        }
    }

    private JsonObject Result(Effect effect) => effect switch
    {
        IssueDocument document => new JsonObject { ["documentId"] = effect.BookmarkId, ["number"] = $"{document.NumberKind}〔{now.Year}〕00001" },
        DrawSample => new JsonObject { ["selected"] = example.SampleSelects, ["draw"] = example.SampleSelects ? 1 : 100 },
        GrantBenefit => new JsonObject { ["grantId"] = effect.BookmarkId },
        FindRegisterEntry => found.TryGetValue(effect.ActivityId, out var entries) && entries.TryDequeue(out var entry) ? Entry(entry) : new JsonObject { ["state"] = "None" },
        EndRegisterEntry end => new JsonObject { ["entryId"] = end.Entry },
        WriteRegisterEntry => new JsonObject { ["entryId"] = effect.BookmarkId },
        _ => [],
    };

    private static JsonObject Entry(JsonObject found)
    {
        var entry = found.DeepClone().AsObject();
        entry["entryId"] ??= "entry-of-before";
        return entry;
    }

    private void Step(WorkflowState? state, StepTrigger trigger)
    {
        last = engine.Step(definition, state, new StepInput(trigger, now, $"example-{steps++.ToString(CultureInfo.InvariantCulture)}")
        {
            InstanceId = "example", Parameters = parameters, Facts = facts, Calendar = calendar,
        });
        effects.AddRange(last.Effects);
        journal.AddRange(last.Journal);
        foreach (var created in last.Effects)
            if (created is CreateTask { Form: { } taskForm }) forms[created.BookmarkId!] = taskForm;
            else if (created is CreateApplicantTask { Form: { } applicantForm }) forms[created.BookmarkId!] = applicantForm;
    }

    private FormAnswers Answers() => new(example.Form, parameters, DateOnly.FromDateTime(now.ToOffset(TimeSpan.FromHours(8)).DateTime));

    private DateTimeOffset Later(DateTimeOffset? at) => at is { } given && given > now ? given.ToUniversalTime() : now;
}

/// <summary>An example between two steps.</summary>
/// <param name="Input">With a move that renames nothing.</param>
/// <param name="Next">What is answered, or comes due, next.</param>
/// <param name="Outcome">Of that answer; null: it has none.</param>
/// <param name="Journal">All that happened until now.</param>
internal sealed record Rest(IWorkflowDefinition Definition, StepResult Last, StepInput Input, Bookmark Next, string? Outcome, IReadOnlyList<JournalEvent> Journal);
