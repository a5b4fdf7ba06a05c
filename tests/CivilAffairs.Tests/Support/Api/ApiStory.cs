using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Support.Api;

/// <summary>
/// An example of a matter played over the HTTP API alone: the applicant and every officer have accounts, sign in, and do
/// what the example says at its times. Only the clock and what is due by it are the test's own.
/// </summary>
internal sealed class ApiStory(StoryApp app, string matter = "rural-dibao", int? number = null)
{
    private readonly CaseStory places = new(app, matter, number);
    private readonly Dictionary<string, (string UserName, ApiCaller? Caller, DateTimeOffset At)> people = [];
    private Dictionary<string, Queue<ExampleAnswer>> answers = [];

    public CaseStory Places => places;
    public Guid CaseId { get; private set; }
    public ExampleFile Example { get; private set; } = null!;

    /// <summary>Files the case and plays the answers until nothing is left, or until what comes next is not wanted.</summary>
    /// <param name="name">File of the matter's examples, without <c>.json</c>.</param>
    /// <param name="stopBefore">Told the activity (or <c>timer</c>) that would come next; true: not any more.</param>
    public async Task PlayAsync(string name, Func<string, bool>? stopBefore = null, Func<ExampleFile, ExampleFile>? change = null)
    {
        await FileAsync(name, change);
        await GoOnAsync(stopBefore);
    }

    /// <summary>Fills in a draft, attaches what is wanted and submits it.</summary>
    /// <param name="photo">Whether a photo is attached that nobody asked for.</param>
    public async Task FileAsync(string name, Func<ExampleFile, ExampleFile>? change = null, bool photo = false)
    {
        app.Clock.Put(places.Revision.Examples[name + ".json"].At);
        Example = await places.PrepareAsync(name);
        foreach (var earlier in Example.Before) await new CaseStory(app, earlier.Matter, places.Number).PlayAsync(earlier.Example);
        if (change is not null)
        {
            Example = change(Example);
            app.Clock.Put(Example.At);
        }
        places.Draw(Example.SampleSelects);
        answers = Example.Answers.ToDictionary(a => a.Key, a => new Queue<ExampleAnswer>(a.Value));
        var applicant = await ApplicantAsync();
        CaseId = await DraftAsync(applicant);
        if (photo) await applicant.DoAsync(HttpMethod.Post, $"/drafts/{CaseId}/attachments/photos", content: ApiCaller.File(SamplePicture.Png, "照片.png"));
        await applicant.DoAsync(HttpMethod.Post, $"/drafts/{CaseId}/submit");
    }

    public async Task<Guid> DraftAsync(ApiCaller applicant)
    {
        var id = (Guid)(await applicant.DoAsync(HttpMethod.Post, "/drafts", new JsonObject { ["matter"] = places.Revision.Matter.Id }))!["id"]!;
        foreach (var (section, value) in Example.Form) await applicant.DoAsync(HttpMethod.Put, $"/drafts/{id}/sections/{section}", value!.DeepClone());
        var draft = await applicant.GetAsync($"/drafts/{id}");
        foreach (var wanted in draft["attachments"]!.AsArray().Where(a => (bool)a!["wanted"]!))
            await applicant.DoAsync(HttpMethod.Post, $"/drafts/{id}/attachments/{(string)wanted!["slot"]!}", content: ApiCaller.File(SamplePicture.Png, "证明材料.png"));
        return id;
    }

    public async Task GoOnAsync(Func<string, bool>? stopBefore = null)
    {
        while (await NextAsync() is { } next && stopBefore?.Invoke(next.Name) != true)
        {
            app.Clock.Put(next.At);
            await next.Do();
        }
    }

    /// <summary>Who files and acts for the parties: the applicant, or the counter where the matter is decided on the spot.</summary>
    public Task<ApiCaller> ApplicantAsync() => places.Counter is { } post ? OfficerAsync("counter-1", post) : PersonAsync("applicant", async () => places.Organisation is { } organisation ? organisation.UserName :
        (await TestAccounts.ApplicantAsync(app, (string?)Example.Form["applicant"]?["idNumber"], (string?)Example.Form["applicant"]?["name"] ?? "申请人")).UserName!);

    /// <summary>The officer of a reference, signed in; the same reference is always the same person.</summary>
    public Task<ApiCaller> OfficerAsync(string by, params HeldRole[] held) => PersonAsync(by, async () => (await TestAccounts.OfficerAsync(app, null, held)).UserName!);

    /// <summary>What somebody who played a part signs in with.</summary>
    public string UserNameOf(string who) => people[who].UserName;

    /// <summary>Sees all of the county's cases and does nothing with them.</summary>
    public Task<ApiCaller> SupervisorAsync() => OfficerAsync("sup", new HeldRole(Roles.Supervisor, "341299"));

    public async Task<JsonObject> DossierAsync() => await (await SupervisorAsync()).GetAsync($"/cases/{CaseId}");

    /// <summary>The open seats of an activity.</summary>
    public async Task<List<JsonObject>> OpenAsync(string? activity = null) =>
        [.. (await DossierAsync())["tasks"]!.AsArray().Select(t => t!.AsObject()).Where(t => (string?)t["state"] == "Open" && (activity is null || (string?)t["activity"] == activity))];

    public async Task<Guid> TaskAsync(string activity) => (Guid)(await OpenAsync(activity))[0]["id"]!;

    /// <summary>Answers as the example would, by whom it names.</summary>
    public async Task AnswerAsync(JsonObject task)
    {
        var (id, activity, role) = ((Guid)task["id"]!, (string)task["activity"]!, (string)task["role"]!);
        var answer = answers[activity].Dequeue();
        var fields = (answer.Result as JsonObject)?.DeepClone().AsObject() ?? [];
        var outcome = (string?)fields["outcome"] ?? (string?)(answer.Result as JsonValue) ?? "";
        fields.Remove("outcome");
        var who = role == "APP" ? await ApplicantAsync() : await OfficerAsync(answer.By!, new HeldRole(role, (string)task["division"]!));
        if (role != "APP") await who.DoAsync(HttpMethod.Post, $"/tasks/{id}/claim");
        await who.DoAsync(HttpMethod.Post, $"/tasks/{id}/complete", new JsonObject { ["outcome"] = outcome, ["fields"] = fields });
    }

    /// <summary>Puts the clock to what is due next and lets the job find it.</summary>
    /// <returns>False: nothing waits.</returns>
    public async Task<bool> NextTimerAsync()
    {
        if (await DueAsync() is not { } due) return false;
        if (due > app.Clock.GetUtcNow()) app.Clock.Put(due);
        await app.Services.GetRequiredService<CaseTimers>().FireDueAsync(1000, default);
        return true;
    }

    private async Task<(DateTimeOffset At, string Name, Func<Task> Do)?> NextAsync()
    {
        var now = app.Clock.GetUtcNow();
        var choices = new List<(DateTimeOffset At, string Name, Func<Task> Do)>();
        foreach (var task in await OpenAsync())
            if (Ready((string)task["activity"]!, now) is { } at) choices.Add((at, (string)task["activity"]!, () => AnswerAsync(task)));
        if (answers.Keys.FirstOrDefault(k => k.Contains("otice", StringComparison.Ordinal) && Ready(k, now) is not null) is { } objecting
            && (await DossierAsync())["notices"]!.AsArray().FirstOrDefault(n => (string?)n!["kind"] == "公示") is { } notice)
            choices.Add((Ready(objecting, now)!.Value, objecting, () => ObjectAsync((Guid)notice["id"]!, answers[objecting].Dequeue())));
        if (Ready("withdraw", now) is { } withdrawn) choices.Add((withdrawn, "withdraw", WithdrawAsync));
        if (await DueAsync() is { } due) choices.Add((due > now ? due : now, "timer", NextTimerAsync));
        // Stable: an answer before a timer of the same instant, since it was added first.
        return choices.Count == 0 ? null : choices.OrderBy(c => c.At).First();
    }

    private async Task<DateTimeOffset?> DueAsync()
    {
        await using var db = places.Open();
        return await db.Set<CaseTimer>().Where(t => t.CaseId == CaseId && t.State == TimerState.Waiting && t.DueAt != null).OrderBy(t => t.DueAt).Select(t => t.DueAt).FirstOrDefaultAsync();
    }

    private DateTimeOffset? Ready(string activity, DateTimeOffset now) =>
        answers.TryGetValue(activity, out var queue) && queue.TryPeek(out var answer) ? (answer.At is { } at && at > now ? at : now) : null;

    private async Task ObjectAsync(Guid notice, ExampleAnswer answer)
    {
        using var nobody = ApiCaller.Nobody(app);
        await nobody.DoAsync(HttpMethod.Post, $"/notices/{notice}/objections", new JsonObject { ["text"] = (string?)(answer.Result as JsonObject)?["text"] ?? "该户有外出务工收入，情况与公示不符。" });
    }

    private async Task WithdrawAsync()
    {
        answers["withdraw"].Dequeue();
        using var answer = await (await ApplicantAsync()).PostAsync($"/cases/{CaseId}/withdraw");
        // Part of some stories: who withdraws after the decision is told so, and nothing changes.
        if (!answer.IsSuccessStatusCode) await ApiCaller.RefusedAsync(answer, 403, "case.tooLate");
    }

    private async Task<ApiCaller> PersonAsync(string who, Func<Task<string>> make)
    {
        var now = app.Clock.GetUtcNow();
        var known = people.TryGetValue(who, out var person) ? person : (UserName: await make(), Caller: null, At: now);
        // As a session does, it ends after some hours without use.
        if (known.Caller is null || now - known.At > TimeSpan.FromMinutes(50) || now < known.At)
        {
            known.Caller?.Dispose();
            known.Caller = await ApiCaller.AsAsync(app, known.UserName);
        }
        people[who] = (known.UserName, known.Caller, now);
        return known.Caller;
    }
}
