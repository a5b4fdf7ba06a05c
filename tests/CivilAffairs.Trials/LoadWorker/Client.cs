using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.LoadWorker;

/// <summary>
/// Plays one case as people would over several months, and says each step before it is sent and after it was acknowledged.
/// </summary>
internal sealed class Client
{
    private readonly IReader reader;
    private readonly StoryClock clock;
    private readonly CaseKit kit;
    private readonly Action<Said> say;

    public Client(IServiceProvider services, DateTimeOffset start, Action<Said> say)
    {
        clock = new StoryClock(start);
        kit = new CaseKit(services, new CommandRunner(services.GetRequiredService<IWriter>(), clock), clock);
        (reader, this.say) = (services.GetRequiredService<IReader>(), say);
    }

    public async Task PlayAsync(MatterRevision revision, ExampleFile story)
    {
        var applicant = (Id: Guid.NewGuid(), Name: "申请人");
        Ask Of(string what, Guid target) => new(what, Guid.NewGuid().ToString(), applicant.Id, applicant.Name, null, null, clock.GetUtcNow(), target);
        var started = Of("start", Guid.Empty);
        if (await SendAsync(started) is not { } id) return;
        var caseId = JsonSerializer.Deserialize<Guid>(id);
        var actor = ViewerOf(started);
        foreach (var (section, value) in story.Form) await kit.Drafts.SaveSectionAsync(actor, caseId, section, value);
        var wanted = new FormEvaluator(revision.Form).Attachments(new FormAnswers(story.Form, revision.FirstValues, BureauTime.Day(story.At)));
        foreach (var attachment in wanted.Where(a => a.Required)) await kit.Files.AttachAsync(actor, caseId, attachment.Attachment.Id, "证明材料.png", SamplePicture.Png);
        if (await SendAsync(Of("submit", caseId)) is null) return;

        var answers = story.Answers.ToDictionary(a => a.Key, a => new Queue<ExampleAnswer>(a.Value));
        while (await NextAsync(caseId, answers) is { } next)
        {
            clock.MoveTo(next.At);
            if (next.Task is { } task) await AnswerAsync(task, answers[task.ActivityId].Dequeue(), Of("complete", task.Id));
            else if (await kit.Timers.FireAsync(next.Timer, default)) say(new Said(Done: $"timer:{next.Timer}"));
        }
    }

    /// <summary>Sends a command, and says so before and after.</summary>
    /// <returns>JSON of the result; null where it was refused.</returns>
    public async Task<string?> SendAsync(Ask ask)
    {
        say(new Said(Ask: ask));
        try
        {
            var actor = ViewerOf(ask);
            clock.MoveTo(ask.At);
            var result = ask.Do switch
            {
                "start" => JsonSerializer.Serialize(await kit.Drafts.StartAsync(actor, "rural-dibao", ask.Key)),
                "submit" => JsonSerializer.Serialize(await kit.Drafts.SubmitAsync(actor, ask.Target, ask.Key)),
                _ => JsonSerializer.Serialize(await kit.Tasks.CompleteAsync(actor, ask.Target, ask.Outcome, JsonNode.Parse(ask.Fields)!.AsObject(), ask.Key)),
            };
            say(new Said(Done: ask.Key, Result: result));
            return result;
        }
        catch (Exception e) when (e is InvalidAnswersException or NotAllowedException or AlreadyDecidedException or BusyException or UnknownCaseException)
        {
            say(new Said(Done: ask.Key, Refused: e.GetType().Name));
            return null;
        }
    }

    private async Task AnswerAsync(WorkTask task, ExampleAnswer answer, Ask ask)
    {
        var fields = (answer.Result as JsonObject)?.DeepClone().AsObject() ?? [];
        var outcome = (string?)fields["outcome"] ?? (string?)(answer.Result as JsonValue) ?? "";
        fields.Remove("outcome");
        ask = ask with { Outcome = outcome, Fields = fields.ToJsonString() };
        if (task.Role != Roles.Applicant)
        {
            // The same reference is always the same person.
            ask = ask with { ActorId = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(answer.By ?? ""))[..16]), ActorName = answer.By ?? "", Role = task.Role, Division = task.Division };
            await kit.Tasks.ClaimAsync(ViewerOf(ask), task.Id);
            say(new Said(Done: $"claim:{task.Id}"));
        }
        await SendAsync(ask);
    }

    private async Task<(DateTimeOffset At, WorkTask? Task, Guid Timer)?> NextAsync(Guid caseId, Dictionary<string, Queue<ExampleAnswer>> answers)
    {
        await using var db = reader.Open();
        var now = clock.GetUtcNow();
        var choices = new List<(DateTimeOffset At, WorkTask? Task, Guid Timer)>();
        foreach (var task in await db.Set<WorkTask>().Where(t => t.CaseId == caseId && t.State == TaskState.Open).OrderBy(t => t.CreatedAt).ThenBy(t => t.Seat).ToListAsync())
            if (answers.TryGetValue(task.ActivityId, out var queue) && queue.TryPeek(out var answer)) choices.Add((answer.At > now ? answer.At.Value : now, task, Guid.Empty));
        var timer = await db.Set<CaseTimer>().Where(t => t.CaseId == caseId && t.State == TimerState.Waiting && t.DueAt != null).OrderBy(t => t.DueAt).ThenBy(t => t.ActivityId).FirstOrDefaultAsync();
        if (timer is not null) choices.Add((timer.DueAt > now ? timer.DueAt.Value : now, null, timer.Id));
        return choices.Count == 0 ? null : choices.OrderBy(c => c.At).First();
    }

    private static Viewer ViewerOf(Ask ask) => ask.Role is null
        ? new Viewer(ask.ActorId, ask.ActorName, AccountKind.Applicant, [])
        : new Viewer(ask.ActorId, ask.ActorName, AccountKind.Officer, [new HeldRole(ask.Role, ask.Division!)]);
}
