using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Designer.Moves;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;
using Xunit;

namespace CivilAffairs.Tests.Features.Designer.Moves;

/// <summary>Running cases of 农村低保 at chosen places, and moves of them on a clock of their own.</summary>
internal sealed class MoveKit(TestApp app)
{
    /// <summary>Where the example 'granted' stands: at the intake, with three side by side, with one of them left, at the opinion, in public notice, at the county.</summary>
    public static IReadOnlyList<DateTimeOffset> Stages { get; } = [At("2026-02-10T10:00"), At("2026-02-11T12:00"), At("2026-02-12T12:00"), At("2026-02-13T16:00"), At("2026-02-24T12:00"), At("2026-03-05T12:00")];

    public MatterRevision Shipped { get; } = app.Services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!;
    public StoryClock Clock { get; } = new(At("2026-03-05T13:00"));
    public CommandRunner Commands(IWriter? writer = null) => new(writer ?? Service<IWriter>(), Clock);

    public MoveCommands Orders => new(Commands(), Service<MatterLibrary>());

    /// <param name="writer">Where its transactions go; null: to the database.</param>
    public MoveRunner Runner(IWriter? writer = null) => new(Service<IReader>(), Commands(writer), Service<MatterLibrary>(), Service<MovePlacer>(), Service<CaseVault>(), Service<ParameterSnapshots>(), Service<IViewerSource>(), NullLogger<MoveRunner>.Instance);

    public T Service<T>() where T : notnull => app.Services.GetRequiredService<T>();
    public CivilAffairsDb Open() => Service<IReader>().Open();

    /// <summary>One case of each number, under the revision that is current.</summary>
    public async Task<Guid> PlayAsync(int number, DateTimeOffset until) => await new CaseStory(app, number: number).PlayAsync("granted", until);

    /// <summary>Plays on: these answers of the example, and further ones.</summary>
    /// <param name="left">Activities of the example, with spaces between.</param>
    public async Task GoOnAsync(Guid caseId, string left, params (string Activity, string By, JsonNode Result)[] more)
    {
        var story = Shipped.Examples["granted.json"];
        var answers = left.Split(' ').ToDictionary(a => a, a => story.Answers[a]);
        foreach (var (activity, by, result) in more) answers[activity] = [new ExampleAnswer { By = by, Result = result }];
        var player = new StoryPlayer(app.Services, Clock, (task, by) => CaseStory.Officer(by, task.Role, task.Division));
        await player.GoOnAsync(caseId, story with { At = Clock.GetUtcNow(), Answers = answers }, new Viewer(Guid.NewGuid(), "申请人", AccountKind.Applicant, []), CaseStory.Forever);
    }

    public static (string, string, JsonNode) Review => ("secondOpinion", "trv-9", new JsonObject { ["outcome"] = "Done" });

    /// <summary>Takes the case's open task.</summary>
    public async Task ClaimAsync(Viewer officer, Guid caseId)
    {
        await using var db = Open();
        await new CaseKit(app.Services, Commands(), Clock).Tasks.ClaimAsync(officer, (await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open)).Id);
    }

    /// <summary>Orders a move of these cases as they are now.</summary>
    public async Task<Guid> OrderAsync(Viewer manager, MatterRevision to, IEnumerable<Guid> cases, bool newLimits = false, params (string Old, string New)[] renamed)
    {
        await using var db = Open();
        var ids = cases.ToList();
        var chosen = await db.Set<Case>().Where(c => ids.Contains(c.Id)).Select(c => new ChosenCase(c.Id, c.Version)).ToListAsync();
        var names = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["apply"] = renamed.ToDictionary(r => r.Old, r => r.New) };
        return await Orders.StartAsync(manager, "rural-dibao", new MoveOrder(to.Hash, false, null, chosen, names, newLimits, "县局要求增加复审"), Guid.NewGuid().ToString("N"));
    }

    public async Task<IReadOnlyDictionary<Guid, CaseMoveEntry>> EntriesAsync(Guid move)
    {
        await using var db = Open();
        return await db.Set<CaseMoveEntry>().Where(e => e.MoveId == move).ToDictionaryAsync(e => e.CaseId);
    }

    /// <summary>Every case is what its journal leads to, moves included, and the audit is whole.</summary>
    public async Task ProveAsync()
    {
        await using var db = Open();
        Assert.Empty((await Service<CaseProof>().RunAsync()).Faults);
        Assert.Empty(await db.VerifyAsync(default));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time + ":00+08:00", System.Globalization.CultureInfo.InvariantCulture);
}
