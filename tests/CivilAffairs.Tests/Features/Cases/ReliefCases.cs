using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>Cases of the <see cref="ReliefMatter"/>, filed and decided through the product's own commands on a clock of their own.</summary>
internal sealed class ReliefCases
{
    private readonly TestApp app;
    private readonly CaseKit kit;

    private ReliefCases(TestApp app, DateTimeOffset at)
    {
        (this.app, Clock) = (app, new StoryClock(at));
        kit = new CaseKit(app.Services, new CommandRunner(app.Services.GetRequiredService<IWriter>(), Clock), Clock);
    }

    /// <summary>Wednesday 2026-03-18, 09:00 in the bureau.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 3, 18, 1, 0, 0, TimeSpan.Zero);
    public StoryClock Clock { get; }
    public Viewer Clerk { get; } = CaseStory.Officer("relief-tck", Roles.Clerk, "341299101");
    public Viewer Approver { get; } = CaseStory.Officer("relief-cap", Roles.CountyApprover, "341299");
    public CaseKit Kit => kit;

    public static async Task<ReliefCases> InAsync(TestApp app)
    {
        await County.WriteAsync(app.Services.GetRequiredService<IWriter>());
        await app.Services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
        var folder = ReliefMatter.Write();
        Assert.Empty((await app.Services.GetRequiredService<MatterLibrary>().PublishFoldersAsync(folder, default)).SelectMany(f => f.Value).Select(f => f.ToString()));
        Directory.Delete(folder, recursive: true);
        return new ReliefCases(app, Start);
    }

    public CivilAffairsDb Open() => app.Services.GetRequiredService<IReader>().Open();

    /// <summary>Files at the counter.</summary>
    /// <param name="people">Identity numbers: the applicant's, then those who live with them.</param>
    /// <param name="agent">Who applies for them; null: nobody.</param>
    public async Task<Guid> FileAsync(string wish, string[] people, string? agent = null, DateOnly? receivedOn = null, string hukou = "341299102201", string key = "")
    {
        var id = await kit.Drafts.StartAsync(Clerk, ReliefMatter.Id, Key());
        await kit.Drafts.SaveSectionAsync(Clerk, id, "person", new JsonObject { ["fullName"] = "甲", ["card"] = people[0], ["hukou"] = hukou, ["wish"] = wish });
        await kit.Drafts.SaveSectionAsync(Clerk, id, "event", new JsonObject { ["village"] = "341299101201" });
        await kit.Drafts.SaveSectionAsync(Clerk, id, "others", new JsonArray([.. people[1..].Select(p => (JsonNode)new JsonObject { ["fullName"] = "乙", ["card"] = p })]));
        if (agent is not null) await kit.Drafts.SaveSectionAsync(Clerk, id, "agent", new JsonObject { ["fullName"] = "丙", ["card"] = agent });
        await kit.Drafts.SubmitAsync(Clerk, id, key.Length > 0 ? key : Key(), null, receivedOn, default);
        return id;
    }

    /// <summary>Closes the case's open task, as whoever does such tasks.</summary>
    public async Task<TaskResult> CloseAsync(Guid caseId, DateOnly? occurredOn = null)
    {
        var task = await TaskAsync(caseId);
        var outcome = System.Text.Json.JsonSerializer.Deserialize<string[]>(task.Outcomes)![0];
        return await kit.Tasks.CompleteAsync(task.Role == Roles.Clerk ? Clerk : Approver, task.Id, outcome, [], Key(), null, occurredOn, default);
    }

    /// <summary>Files, accepts and decides.</summary>
    public async Task<Guid> DecideAsync(string wish, string[] people, string? agent = null)
    {
        var id = await FileAsync(wish, people, agent);
        await CloseAsync(id);
        await CloseAsync(id);
        return id;
    }

    public async Task<WorkTask> TaskAsync(Guid caseId)
    {
        await using var db = Open();
        return await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open);
    }

    /// <summary>A valid number of nobody, new each time.</summary>
    public static string Somebody() => Households.Another("34129919580419001X", Interlocked.Increment(ref people));

    private static int people = 100;
    private static string Key() => Guid.NewGuid().ToString("N");
}
