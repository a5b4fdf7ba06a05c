using System.Security.Cryptography;
using System.Text;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Support;

/// <summary>Examples of a matter played as real cases in a running app, each in a township of its own.</summary>
internal sealed class CaseStory(TestApp app, string matter = "rural-dibao", int? number = null)
{
    // Of three digits, as a township's are. A whole run has more stories than that: they begin again, in other apps by then.
    // 990 and above are nobody's: tests take their strangers from there.
    private const int First = 110, Townships = 880;
    private static int stories;
    private readonly int number = number ?? First + (Interlocked.Increment(ref stories) & int.MaxValue) % Townships;

    public static DateTimeOffset Forever { get; } = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Where a matter that is decided on the spot is filed: the post at its counter, the county's or the township's; null: people file it.</summary>
    public HeldRole? Counter => Revision.Matter.Applicants is { OnTheSpot: true, CounterRoles: [var role, ..] }
        ? new(role, Revision.Matter.Roles.Any(r => r.Code == role && r.Level == "township") ? Township : "341299")
        : null;

    /// <summary>The applicant of a story: no account is needed to be one. Of a matter that is decided on the spot, the officer at its counter.</summary>
    public Viewer Applicant => applicant ??= Counter is { } post ? Officer("counter-1", post.Role, post.Division) : new(Guid.NewGuid(), "申请人", AccountKind.Applicant, []);
    private Viewer? applicant;

    /// <summary>The organisation of the story, entered in the register; null: the matter is about none.</summary>
    public Features.Registers.Organisation? Organisation { get; private set; }

    /// <summary>Makes the people and the township of the story.</summary>
    public int Number => number;

    public MatterRevision Revision { get; } = app.Services.GetRequiredService<MatterLibrary>().Find(matter)!;
    public string Township => $"341299{number}";
    public string Village => Township + "201";

    /// <summary>Replaces chance; for <see cref="TestApp"/>'s services.</summary>
    public static void Services(IServiceCollection services) => services.AddSingleton<FixedDraw>().AddSingleton<ISampleDraw>(provider => provider.GetRequiredService<FixedDraw>());

    /// <param name="name">File of the matter's examples, without <c>.json</c>.</param>
    /// <param name="until">Plays no further than this.</param>
    public async Task<Guid> PlayAsync(string name, DateTimeOffset? until = null)
    {
        var story = await PrepareAsync(name);
        foreach (var earlier in story.Before) await new CaseStory(app, earlier.Matter, number).PlayAsync(earlier.Example);
        Draw(story.SampleSelects);
        var player = new StoryPlayer(app.Services, new StoryClock(story.At), (task, by) => Officer(by, task.Role, task.Division));
        return await player.PlayAsync(Revision, story, Applicant, until ?? Forever);
    }

    /// <summary>Reopens a case that was played, and plays an example of the review.</summary>
    /// <param name="at">When it is reopened, by others than in an earlier review; null: when the example says.</param>
    /// <param name="until">Plays no further than this.</param>
    public Task ReviewAsync(Guid caseId, string name, DateTimeOffset? at = null, DateTimeOffset? until = null)
    {
        var story = Revision.Examples[name + ".json"];
        story = story with { At = at ?? story.At };
        var player = new StoryPlayer(app.Services, new StoryClock(story.At), (task, who) => Officer(at is null ? who : $"{who} {at:yyyy-MM-dd}", task.Role, task.Division));
        return player.ReopenAsync(caseId, story, Officer("sup-1", Roles.Supervisor, "341299"), Applicant, until ?? Forever);
    }

    /// <summary>Opens what is due for re-verification when an example of it begins, and plays it in the case of one plan.</summary>
    /// <param name="at">When; null: when the example says.</param>
    /// <returns>That case; null: the plan opened none.</returns>
    public Task<Guid?> ReverifyAsync(Guid planId, string name, DateTimeOffset? at = null, DateTimeOffset? until = null)
    {
        var story = Revision.Examples[name + ".json"];
        story = story with { At = at ?? story.At };
        var player = new StoryPlayer(app.Services, new StoryClock(story.At), (task, who) => Officer(who, task.Role, task.Division));
        return player.ReverifyAsync(planId, story, Applicant, until ?? Forever);
    }

    /// <summary>A case filed and not yet accepted, with the one task that waits in it.</summary>
    public async Task<(Guid CaseId, Guid Task)> WaitingAsync()
    {
        var caseId = await PlayAsync("granted", (await PrepareAsync("granted")).At);
        await using var db = Open();
        return (caseId, (await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open)).Id);
    }

    /// <summary>Whether samples drawn from now on select the case.</summary>
    public void Draw(bool selects) => app.Services.GetRequiredService<FixedDraw>().Drawn = selects ? 0 : 99.99m;

    /// <summary>The example in this story's township, its parameters in force there.</summary>
    public async Task<ExampleFile> PrepareAsync(string name)
    {
        var original = Revision.Examples[name + ".json"];
        var writer = app.Services.GetRequiredService<IWriter>();
        await County.WriteAsync(writer, [County.Of(Township, "测试镇", "Test Town", "测试镇人民政府", "Test Town Government", "0550-6129000"), County.Of(Village, "测试村", "Test Village")]);
        await app.Services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
        await writer.WriteAsync((db, _) =>
        {
            foreach (var (key, value) in original.Parameters)
                db.Add(new ParameterValue { Key = key, Scope = Township, Value = value?.ToJsonString() ?? "null", ValidFrom = new DateOnly(2020, 1, 1), Source = "example" });
            return Task.FromResult(0);
        });
        if (Revision.Form.Subject is not null)
        {
            var organisations = await Features.Registers.Organisations.InAsync(app);
            Organisation = await organisations.EnterAsync(new DateOnly(2022, 11, 20), new DateOnly(2026, 11, 19), ((string)original.Form["organisation"]!["uscc"]!)[..2]);
            applicant = Organisation.Representative;
            return organisations.Story(matter, name, Organisation);
        }
        var form = original.Form.ToJsonString();
        // Whatever place of this county decides who handles it becomes the story's own, so that no other test's officers find its tasks.
        foreach (var path in new[] { "applicant.hukouDivision", Revision.Form.Place }.OfType<string>().Select(p => p.Split('.')))
            if (original.Form[path[0]] is System.Text.Json.Nodes.JsonObject section && (string?)section[path[1]] is { } division && division.StartsWith("341299", StringComparison.Ordinal)) form = form.Replace(division, Village, StringComparison.Ordinal);
        // Everybody in it becomes somebody new, so that no two stories share a household.
        foreach (var id in Households.IdNumbers(form)) form = form.Replace(id, Households.Another(id, number, Revision.Form), StringComparison.Ordinal);
        return original with { Form = System.Text.Json.Nodes.JsonNode.Parse(form)!.AsObject() };
    }

    /// <summary>The same reference is always the same person.</summary>
    public static Viewer Officer(string by, string role, string division) =>
        new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(by))[..16]), by, AccountKind.Officer, [new HeldRole(role, division)]);

    public CivilAffairsDb Open() => app.Services.GetRequiredService<IReader>().Open();

    /// <summary>One for each app, since classes run side by side; the stories of one app are played one after the other.</summary>
    private sealed class FixedDraw : ISampleDraw
    {
        /// <summary>Every draw, 0 to below 100.</summary>
        public decimal Drawn { get; set; } = 99.99m;

        public decimal Draw(Guid caseId, string sample) => Drawn;
    }
}
