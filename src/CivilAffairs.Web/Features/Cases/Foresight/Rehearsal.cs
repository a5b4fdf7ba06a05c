using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Cases.Foresight;

/// <summary>
/// Runs a case's definition from its state as <see cref="CaseStepper"/> does, and keeps nothing. Registers are really asked;
/// numbers and ids that the host would give are made up; a sample is not drawn, and its branch ends there.
/// </summary>
internal sealed class Rehearsal(IWorkflowEngine engine, MatterLibrary library, Calendars calendars, IEnumerable<IEffectHandler> handlers)
{
    /// <summary>More than any sane definition needs: bursts for one decision, answers until a case is done.</summary>
    private const int MostBursts = 200, MostAnswers = 24;

    /// <summary>Of later steps what stays is told; not the work in between.</summary>
    private static readonly HashSet<string> Lasting = ["grant", "amount", "end", "opens", "document", "letter", "notice", "result", "certificate", "entry", "entryEnds", "reverification"];
    private readonly IEffectHandler registers = handlers.Single(h => h.Effects.Contains(typeof(FindRegisterEntry)));

    /// <param name="step">Nothing of it is saved.</param>
    /// <param name="nowFen">What the benefit pays as things stand; null: the case is about none.</param>
    /// <exception cref="CaseFaultedException">The case cannot go on so.</exception>
    /// <exception cref="StepRefusedException">The trigger does not fit where the case stands.</exception>
    public async Task<Foreseen> RunAsync(CaseStep step, StepTrigger trigger, long? nowFen)
    {
        var definition = library.Definition(step.Revision, step.Instance.Workflow);
        var run = new Run(step, definition, (await CaseContents.FactsAsync(step).ConfigureAwait(false)).Values, step.Instance.State);
        var before = Reckoning.Of(step.Revision, step.Instance.Workflow, engine.Variables(definition, new WorkflowState(step.Instance.State)));
        var effects = await StepAsync(run, trigger).ConfigureAwait(false);
        var lines = await ForeseenLines.OfAsync(step, effects).ConfigureAwait(false);
        var reckoned = Reckoning.Of(step.Revision, step.Instance.Workflow, run.Last!.Variables);
        var closes = run.Last.Status == InstanceStatus.Finished;
        var later = closes || run.Chance ? null : await LaterAsync(run).ConfigureAwait(false);
        return new Foreseen(lines, reckoned.Same(before) ? null : reckoned, nowFen, closes, run.Chance, later, []);
    }

    /// <summary>One answer and all that follows from it at once.</summary>
    private async Task<List<Effect>> StepAsync(Run run, StepTrigger trigger)
    {
        var (effects, queue) = (new List<Effect>(), new Queue<StepTrigger>([trigger]));
        while (queue.TryDequeue(out var next))
        {
            if (run.Bursts++ == MostBursts) throw new CaseFaultedException([new Incident("", "The definition does not come to rest.")]);
            var result = run.Last = engine.Step(run.Definition, new WorkflowState(run.State), Input(run, next));
            if (result.Status == InstanceStatus.Faulted) throw new CaseFaultedException(result.Incidents);
            (run.State, run.Step.Variables) = (result.State.Json, result.Variables);
            foreach (var effect in result.Effects)
            {
                effects.Add(effect);
                run.Take(effect);
                if (effect is EventPublished published)
                {
                    if (result.Bookmarks.Any(b => b.EventName == published.EventName)) queue.Enqueue(new EventTrigger(published.EventName, published.Payload));
                    continue;
                }
                if (effect is DrawSample || effect.BookmarkId is not { Length: > 0 } bookmark || !result.Bookmarks.Any(b => b.Id == bookmark && b.Kind == "effect")) continue;
                var answer = effect is FindRegisterEntry ? await registers.ApplyAsync(effect, run.Step).ConfigureAwait(false) : MadeUpResults.Of(effect);
                queue.Enqueue(new EffectResultTrigger(bookmark, answer));
            }
        }
        return effects;
    }

    private StepInput Input(Run run, StepTrigger trigger) => new(trigger, run.Step.Now, string.Create(CultureInfo.InvariantCulture, $"{run.Step.Instance.Id:N}-{run.Step.Instance.Steps + run.Bursts}"))
    {
        OccurredOn = run.Step.OccurredOn, InstanceId = run.Step.Instance.Id.ToString("N"), Parameters = run.Step.Parameters.Values, Facts = run.Facts, Calendar = calendars.Working,
    };

    /// <summary>
    /// Goes on with the first outcome of each step that this answer gave to people, where they are asked for nothing else that the
    /// flow reads: so nothing is made up but the outcome, and that is told.
    /// </summary>
    /// <returns>Null: somewhere it could not be said, or the case does not come to an end so.</returns>
    private async Task<ForeseenLater?> LaterAsync(Run run)
    {
        var (answers, effects) = (new List<ForeseenAnswer>(), new List<Effect>());
        try
        {
            for (var count = 0; run.Last!.Status == InstanceStatus.Suspended; count++)
            {
                var waits = run.Last.Bookmarks.Where(b => b.Kind == "task").ToList();
                // Something was asked before, or hangs out in public; or its answer brings figures of its own.
                if (waits.Count == 0 || count == MostAnswers || run.Chance || waits.Any(w => !run.Asked.TryGetValue(w.Id, out var known) || (known.Form is { } form && Steers(run.Step, form)))) return null;
                var (bookmark, asked) = (waits[0].Id, run.Asked[waits[0].Id]);
                if (asked.Outcomes is not [var first, ..]) return null;
                var seat = asked.Taken + 1;
                var by = string.Create(CultureInfo.InvariantCulture, $"later-{count}");
                run.Asked[bookmark] = asked with { Taken = seat };
                if (seat == 1) answers.Add(new ForeseenAnswer(asked.Title, first));
                effects.AddRange(await StepAsync(run, new AnswerTrigger(bookmark, new JsonObject { ["outcome"] = first, ["seat"] = seat, ["by"] = by }, by)).ConfigureAwait(false));
            }
            var lines = (await ForeseenLines.OfAsync(run.Step, effects).ConfigureAwait(false)).Where(l => Lasting.Contains(l.Kind)).ToList();
            return answers.Count == 0 ? null : new ForeseenLater(answers, lines, Closes: true);
        }
        catch (Exception e) when (e is CaseFaultedException or StepRefusedException)
        {
            // What later steps would do is their own matter: this answer can be sent.
            return null;
        }
    }

    private static bool Steers(CaseStep step, string form) => !step.Revision.Form.TaskForms.TryGetValue(form, out var asked) || asked.Fields.Any(f => f.Flow);

    /// <summary>A copy of a case at work.</summary>
    private sealed class Run(CaseStep step, IWorkflowDefinition definition, IReadOnlyDictionary<string, JsonNode?> facts, string state)
    {
        public CaseStep Step { get; } = step;
        public IWorkflowDefinition Definition { get; } = definition;
        public IReadOnlyDictionary<string, JsonNode?> Facts { get; } = facts;
        public string State { get; set; } = state;
        public StepResult? Last { get; set; }
        public int Bursts { get; set; }

        /// <summary>A sample would be drawn.</summary>
        public bool Chance { get; private set; }

        /// <summary>What people were asked in this run, by bookmark.</summary>
        public Dictionary<string, Question> Asked { get; } = [];

        public void Take(Effect effect)
        {
            switch (effect)
            {
                case CreateTask task:
                    Asked[task.BookmarkId!] = new Question(task.Title, task.Form, task.Outcomes, 0);
                    break;
                case CreateApplicantTask { Kind: not "Correction" } task:
                    Asked[task.BookmarkId!] = new Question(task.Title, task.Form, task.Outcomes, 0);
                    break;
                case DrawSample:
                    Chance = true;
                    break;
            }
        }
    }

    private sealed record Question(LocalText Title, string? Form, IReadOnlyList<string> Outcomes, int Taken);
}
