using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>
/// Plays an example of a matter as a real case, through the same commands that people's clicks run, each at its time:
/// ready answers before timers, as the example's replay does. The Development county and the tests are made of these.
/// </summary>
/// <param name="officer">Who answers a task, from the example's made-up reference (<c>inv-2</c>).</param>
/// <param name="name">Unique to the story, and the same whenever it is told: then every command is done once, however often it is told, and a story that was cut off goes on where it was. Null: told once.</param>
/// <param name="done">Keys of the commands that were done, each with its result; see <see cref="DoneAsync"/>.</param>
/// <param name="days">When offices are open: an answer that came before its task waits until they are. Null: it is given at once.</param>
internal sealed class StoryPlayer(IServiceProvider services, StoryClock clock, Func<WorkTask, string, Viewer> officer, string? name = null, IReadOnlyDictionary<string, string>? done = null, StoryDays? days = null)
{
    private readonly IReader reader = services.GetRequiredService<IReader>();
    private readonly CaseKit kit = new(services, new CommandRunner(services.GetRequiredService<IWriter>(), clock), clock);

    /// <summary>What stories have done so far, of all whose names begin with <paramref name="prefix"/>.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> DoneAsync(IReader reader, string prefix, CancellationToken cancel)
    {
        await using var db = reader.Open();
        return await db.Set<CommandRecord>().Where(c => c.Key.StartsWith(prefix)).ToDictionaryAsync(c => c.Key, c => c.Result, cancel);
    }

    /// <summary>Files the case and plays its answers until nothing is left or the next thing lies after <paramref name="until"/>.</summary>
    /// <returns>The case's id.</returns>
    public async Task<Guid> PlayAsync(MatterRevision revision, ExampleFile story, Viewer applicant, DateTimeOffset until)
    {
        clock.MoveTo(story.At);
        var caseId = await FileAsync(revision, story, applicant);
        await AnswerAsync(caseId, story, applicant, until);
        return caseId;
    }

    /// <summary>Reopens a decided case when the story begins, and plays the answers of the review.</summary>
    public async Task ReopenAsync(Guid caseId, ExampleFile story, Viewer by, Viewer applicant, DateTimeOffset until)
    {
        clock.MoveTo(story.At);
        await ReopenAsync(caseId, story, by);
        await AnswerAsync(caseId, story, applicant, until, "review.");
    }

    /// <summary>Reopens a decided case now.</summary>
    public async Task ReopenAsync(Guid caseId, ExampleFile story, Viewer by)
    {
        if (done?.ContainsKey(Key("reopen")) == true) return;
        await kit.Reviews.ReopenAsync(by, caseId, (string)story.Inputs["basis"]!, "测复决字〔2026〕3号", Platform.Time.BureauTime.Day(clock.GetUtcNow()), Key("reopen"));
    }

    /// <summary>Opens the re-verifications that are due when the story begins, and plays the answers in the case of one of them.</summary>
    /// <returns>That case's id; null: none was opened for the plan, and nothing is played.</returns>
    public async Task<Guid?> ReverifyAsync(Guid planId, ExampleFile story, Viewer applicant, DateTimeOffset until)
    {
        clock.MoveTo(story.At);
        await kit.Reverifications.OpenDueAsync(batch: 50, default);
        await using var db = reader.Open();
        var opened = await db.Set<PlannedReverification>().Where(p => p.Id == planId).Select(p => p.OpenedCaseId).SingleAsync();
        if (opened is { } caseId) await AnswerAsync(caseId, story, applicant, until);
        return opened;
    }

    /// <summary>Plays the answers in a case that was opened already.</summary>
    public Task GoOnAsync(Guid caseId, ExampleFile story, Viewer applicant, DateTimeOffset until)
    {
        clock.MoveTo(story.At);
        return AnswerAsync(caseId, story, applicant, until);
    }

    private async Task AnswerAsync(Guid caseId, ExampleFile story, Viewer applicant, DateTimeOffset until, string part = "")
    {
        var answers = Answers(story, part);
        while (await NextAsync(caseId, answers, until) is { } next)
        {
            clock.MoveTo(next.At);
            await next.Do(applicant);
        }
    }

    /// <summary>The answers that were not given yet, each with the key of its command.</summary>
    /// <param name="part">Tells the cases of one story apart.</param>
    public Dictionary<string, Queue<StoryAnswer>> Answers(ExampleFile story, string part) => story.Answers.ToDictionary(a => a.Key, a =>
        new Queue<StoryAnswer>(a.Value.Select((answer, i) => new StoryAnswer(Key($"{part}{a.Key}.{i}"), answer)).Where(a => done?.ContainsKey(a.Key) != true)));

    /// <summary>A draft, filled in and not filed.</summary>
    public async Task<Guid> DraftAsync(ExampleFile story, string matter, Viewer applicant, int sections)
    {
        clock.MoveTo(story.At);
        if (Filed is { } filed) return filed;
        var caseId = await kit.Drafts.StartAsync(applicant, matter, Key("start"));
        foreach (var (section, value) in story.Form.Take(sections)) await kit.Drafts.SaveSectionAsync(applicant, caseId, section, value);
        return caseId;
    }

    /// <summary>Files the case at the story's time.</summary>
    /// <param name="email">The applicant's, noted at the counter; null: has none.</param>
    public async Task<Guid> FileAsync(MatterRevision revision, ExampleFile story, Viewer applicant, string? email = null)
    {
        if (Filed is { } filed) return filed;
        var caseId = await DraftAsync(story, revision.Matter.Id, applicant, story.Form.Count);
        if (email is not null) await kit.Counter.SetEmailAsync(applicant, caseId, email);
        await using var db = reader.Open();
        var there = name is null ? [] : await db.Set<CaseFile>().Where(f => f.CaseId == caseId).Select(f => f.Slot).ToListAsync();
        var wanted = new FormEvaluator(revision.Form).Attachments(new FormAnswers(story.Form, revision.FirstValues, Platform.Time.BureauTime.Day(story.At)));
        foreach (var attachment in wanted.Where(a => a.Required && !there.Contains(a.Attachment.Id)))
            await kit.Files.AttachAsync(applicant, caseId, attachment.Attachment.Id, "证明材料.png", SamplePicture.Png);
        await kit.Drafts.SubmitAsync(applicant, caseId, Key("submit"));
        return caseId;
    }

    /// <summary>What happens next in a case, and when; null: nothing until then.</summary>
    public async Task<(DateTimeOffset At, Func<Viewer, Task> Do)?> NextAsync(Guid caseId, Dictionary<string, Queue<StoryAnswer>> answers, DateTimeOffset until)
    {
        await using var db = reader.Open();
        var now = clock.GetUtcNow();
        var choices = new List<(DateTimeOffset At, Func<Viewer, Task> Do)>();
        foreach (var task in await db.Set<WorkTask>().Where(t => t.CaseId == caseId && t.State == TaskState.Open).OrderBy(t => t.CreatedAt).ThenBy(t => t.Seat).ToListAsync())
            if (Ready(answers, task.ActivityId, task.CreatedAt > now ? task.CreatedAt : now) is { } at) choices.Add((task.Role != Roles.Applicant && days is not null ? days.Open(at) : at, applicant => AnswerAsync(task, answers[task.ActivityId].Dequeue(), applicant)));
        foreach (var notice in await db.Set<PublicNotice>().Where(n => n.CaseId == caseId && n.BookmarkId != null).ToListAsync())
            if (answers.Keys.FirstOrDefault(k => k.Contains("otice", StringComparison.Ordinal) && Ready(answers, k, now) is not null) is { } activity)
                choices.Add((Ready(answers, activity, now)!.Value, _ => ObjectAsync(notice, answers[activity].Dequeue())));
        if (Ready(answers, "withdraw", now) is { } withdrawn)
            choices.Add((withdrawn, applicant => WithdrawAsync(caseId, answers["withdraw"], applicant)));
        var timer = await db.Set<CaseTimer>().Where(t => t.CaseId == caseId && t.State == TimerState.Waiting && t.DueAt != null).OrderBy(t => t.DueAt).ThenBy(t => t.ActivityId).FirstOrDefaultAsync();
        if (timer is not null) choices.Add((timer.DueAt > now ? timer.DueAt.Value : now, _ => kit.Timers.FireAsync(timer.Id, default)));
        // Stable: an answer before a timer of the same instant, since it was added first.
        return choices.Where(c => c.At <= until).OrderBy(c => c.At).Cast<(DateTimeOffset, Func<Viewer, Task>)?>().FirstOrDefault();
    }

    /// <summary>The story's case, where it was filed already.</summary>
    public Guid? Filed => done is not null && done.ContainsKey(Key("submit")) ? JsonSerializer.Deserialize<Guid>(done[Key("start")]) : null;

    private string Key(string part) => name is null ? Guid.NewGuid().ToString() : $"{name}.{part}";

    private static DateTimeOffset? Ready(Dictionary<string, Queue<StoryAnswer>> answers, string activity, DateTimeOffset now) =>
        answers.TryGetValue(activity, out var queue) && queue.TryPeek(out var next) ? (next.Answer.At is { } at && at > now ? at : now) : null;

    private async Task AnswerAsync(WorkTask task, StoryAnswer given, Viewer applicant)
    {
        var answer = given.Answer;
        var fields = (answer.Result as JsonObject)?.DeepClone().AsObject() ?? [];
        var outcome = (string?)fields["outcome"] ?? (string?)(answer.Result as JsonValue) ?? "";
        fields.Remove("outcome");
        var who = task.Role == Roles.Applicant ? applicant : officer(task, answer.By ?? "");
        if (task.Role != Roles.Applicant) await kit.Tasks.ClaimAsync(who, task.Id);
        await kit.Tasks.CompleteAsync(who, task.Id, outcome, fields, given.Key);
    }

    private async Task WithdrawAsync(Guid caseId, Queue<StoryAnswer> answers, Viewer applicant)
    {
        var key = answers.Dequeue().Key;
        try
        {
            await kit.Events.WithdrawAsync(applicant, caseId, key);
        }
        catch (NotAllowedException refused) when (refused.Reason == "case.tooLate")
        {
            // Part of some stories: who withdraws after the decision is told so, and nothing changes.
        }
    }

    private Task<TaskResult> ObjectAsync(PublicNotice notice, StoryAnswer given) => kit.Events.ObjectAsync(Viewer.System, notice.Id, Platform.Time.BureauTime.Day(clock.GetUtcNow()),
        (string?)(given.Answer.Result as JsonObject)?["text"] ?? "该户有外出务工收入，情况与公示不符。", "", given.Key);
}

/// <param name="Key">Idempotency key of the command that gives it.</param>
internal sealed record StoryAnswer(string Key, ExampleAnswer Answer);
