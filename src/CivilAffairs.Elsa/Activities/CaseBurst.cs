using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.ElsaRuntime.Bursts;
using CivilAffairs.ElsaRuntime.Expressions;
using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Models;
using Bookmark = Elsa.Workflows.Models.Bookmark;
using BookmarkState = CivilAffairs.Engine.Runtime.BookmarkState;

namespace CivilAffairs.ElsaRuntime.Activities;

/// <summary>One run of a case activity inside a burst of Elsa's: carries what its behaviour asks for to Elsa and to our effects.</summary>
internal sealed class CaseBurst : ICaseBurst
{
    internal const string MemoryKey = "CivilAffairs.Memory";
    private readonly ActivityExecutionContext elsa;
    private readonly BurstRun run;
    private readonly ActivityContext context;
    private readonly CaseBehaviour behaviour;
    private (bool Asked, IReadOnlyList<string>? Outcomes) completion;
    private bool kept;

    internal CaseBurst(ActivityExecutionContext elsa)
    {
        (this.elsa, run) = (elsa, BurstRun.Current);
        behaviour = (CaseBehaviour)Catalogue.Behaviour(elsa.Activity.Type);
        context = new ActivityContext
        {
            Id = int.Parse(elsa.Id, CultureInfo.InvariantCulture),
            Activity = run.Definition.Own.Activities.First(a => a.Id == elsa.Activity.Id),
            Memory = elsa.Properties.TryGetValue(MemoryKey, out var kept) ? JsonNode.Parse((string)kept) as JsonObject : null,
        };
    }

    public StepInput Input => run.Input;
    public List<Effect> Effects => run.Effects;
    public ClockState? Clock { get => run.Case.Clock; set => run.Case.Clock = value; }
    public Dictionary<string, List<string>> Performers => run.Case.Performers;
    public IScope Scope(ActivityContext context) => new ElsaScope(elsa.ExpressionExecutionContext);

    public BookmarkState Wait(ActivityContext context, string kind, string? eventName = null, DateTimeOffset? due = null, string? tag = null)
    {
        var marks = new Dictionary<string, string> { [WatchedBookmarks.Kind] = kind };
        if (due is { } at) marks[WatchedBookmarks.Due] = at.ToString("O", CultureInfo.InvariantCulture);
        var bookmark = elsa.CreateBookmark(new CreateBookmarkArgs
        {
            Callback = ((CaseActivity)elsa.Activity).ResumeAsync, IncludeActivityInstanceId = true,
            // Whether it is used up is the behaviour's to say: a task for several persons goes on waiting.
            AutoBurn = false, AutoComplete = false, Metadata = marks,
        });
        return State(bookmark);
    }

    public void Keep(BookmarkState bookmark) => kept = true;

    public void SetOutput(ActivityContext context, string output, object? value)
    {
        var bound = elsa.Activity.SyntheticProperties.TryGetValue(output, out var found) && found is Output declared ? declared : Bound(output);
        elsa.Set(bound, ElsaValues.ToClr(Converted(bound, value)), output);
    }

    public void Complete(ActivityContext context, IReadOnlyList<string>? outcomes = null) => completion = (true, outcomes);

    internal async ValueTask ExecuteAsync()
    {
        await EvaluateInputsAsync().ConfigureAwait(false);
        behaviour.Execute(this, context);
        await EndAsync().ConfigureAwait(false);
    }

    internal async ValueTask ResumeAsync()
    {
        var resumed = elsa.WorkflowExecutionContext.ResumedBookmarkContext!.Bookmark;
        await EvaluateInputsAsync().ConfigureAwait(false);
        behaviour.Resume(this, context, State(resumed), run.Payload);
        if (kept) run.Bookmarks.StillWaits(resumed);
        else elsa.WorkflowExecutionContext.Bookmarks.Remove(resumed);
        await EndAsync().ConfigureAwait(false);
    }

    /// <summary>Why this answer cannot be taken, or null. Asked before anything runs.</summary>
    internal string? Refuse(Bookmark bookmark, JsonNode? payload) => behaviour.Refuse(this, context, State(bookmark), payload);

    /// <summary>It no longer waits under this bookmark: what it asked of the host is taken back.</summary>
    internal void Withdrawn(Bookmark bookmark) => behaviour.Withdrawn(this, context, State(bookmark));

    private async ValueTask EndAsync()
    {
        if (context.Memory is { } memory) elsa.Properties[MemoryKey] = memory.ToJsonString();
        if (completion.Asked) await elsa.CompleteActivityAsync(completion.Outcomes is { } outcomes ? new Outcomes([.. outcomes]) : null).ConfigureAwait(false);
    }

    /// <summary>By Elsa's evaluator, in the order of the declaration; what comes out is converted as both runtimes convert.</summary>
    private async ValueTask EvaluateInputsAsync()
    {
        var evaluator = elsa.GetRequiredService<IExpressionEvaluator>();
        foreach (var input in behaviour.Declaration.Inputs)
        {
            run.TakeRead();
            try
            {
                var value = elsa.Activity.SyntheticProperties.TryGetValue(input.Name, out var found) ? found : null;
                if (found is Input wrapped) value = wrapped.Expression is { } expression ? await evaluator.EvaluateAsync<object>(expression, elsa.ExpressionExecutionContext, new ExpressionEvaluatorOptions()).ConfigureAwait(false) : null;
                context.Inputs[input.Name] = Values.Convert(ElsaValues.FromClr(value), input.Type, false);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new ExpressionException($"Failed to evaluate activity input '{input.Name}'", e);
            }
            if (run.TakeRead() is { Count: > 0 } read) context.Read[input.Name] = read;
        }
    }

    /// <summary>The variable that the file binds an output to, where Elsa has no place for it.</summary>
    private Output? Bound(string output)
    {
        var property = context.Activity!.Raw[char.ToLowerInvariant(output[0]) + output[1..]] as JsonObject;
        return (property?["memoryReference"] as JsonObject)?["id"] is { } id ? new Output(new MemoryBlockReference(id.GetValue<string>())) : null;
    }

    /// <summary>Elsa puts an output into a typed variable as it is; here it is converted first, as SetVariable would.</summary>
    private object? Converted(Output? bound, object? value) =>
        bound?.MemoryBlockReference().Id is { } id && run.Definition.Variable(id) is { } variable ? Values.ConvertResult(value, variable.TypeName, variable.IsArray) : value;

    private BookmarkState State(Bookmark bookmark) => new()
    {
        Id = bookmark.Id, Context = context.Id, Activity = bookmark.ActivityId, Kind = WatchedBookmarks.KindOf(bookmark), Due = WatchedBookmarks.DueOf(bookmark),
    };
}
