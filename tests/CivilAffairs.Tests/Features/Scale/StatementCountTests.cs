using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Scale;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Queue;
using CivilAffairs.Web.Features.Desk.Casefile;
using CivilAffairs.Web.Features.Desk.Search;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Notices;
using CivilAffairs.Web.Features.Registers.Lines;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Scale;

/// <summary>A page asks the database as often for twenty lines as for one.</summary>
public sealed class StatementCountTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static int villages = 200;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Twenty_lines_cost_as_many_statements_as_one(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (one, twenty) = (await SceneAsync(app, 1), await SceneAsync(app, 20));
        foreach (var (name, page) in Pages)
        {
            var few = await Statements.OfAsync(app.Services, () => page(app, one));
            var many = await Statements.OfAsync(app.Services, () => page(app, twenty));
            Assert.NotEmpty(few);
            Assert.True(few.Count == many.Count, $"{name}: {few.Count} statements for one line, {many.Count} for twenty:\n{string.Join("\n\n", many.Select(s => s.Text))}");
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_guard_sees_a_statement_for_each_line(string kind)
    {
        var app = await databases.GetAsync(kind);
        var scene = await SceneAsync(app, 20);
        var asked = await Statements.OfAsync(app.Services, async () =>
        {
            await using var db = app.Services.GetRequiredService<IReader>().Open();
            foreach (var id in scene.Cases) await db.Set<Case>().FirstAsync(c => c.Id == id);
        });
        Assert.Equal(20, asked.Count);
    }

    private static readonly Dictionary<string, Func<TestApp, Scene, Task>> Pages = new()
    {
        ["queue"] = (app, scene) => ExpectAsync(scene, async () => (await app.Services.GetRequiredService<QueueQuery>().ReadAsync(scene.Officer, new())).Rows.Count),
        ["search"] = (app, scene) => ExpectAsync(scene, async () => (await app.Services.GetRequiredService<SearchQuery>().FindAsync(scene.Officer, scene.Name, 1)).Rows.Count),
        ["notice board"] = (app, scene) => ExpectAsync(scene, async () => (await app.Services.GetRequiredService<NoticeBoardQuery>().ReadAsync(scene.Officer)).Count),
        ["register"] = (app, scene) => ExpectAsync(scene, async () => (await app.Services.GetRequiredService<LineQuery>().ReadAsync(scene.Officer, BenefitLines.Register, "", null, null))!.Lines.Count),
        ["case page"] = (app, scene) => ExpectAsync(scene, async () => (await app.Services.GetRequiredService<DossierQuery>().ReadAsync(scene.Officer, scene.Full))!.Tasks.Count),
        ["my cases"] = async (app, scene) => await scene.Browser.PageAsync("/my"),
        ["public board"] = async (app, scene) => await scene.Browser.PageAsync($"/notices?place={scene.Village}"),
        ["API tasks"] = async (app, scene) => Assert.True((await scene.Desk.GetAsync("/api/v1/tasks")).IsSuccessStatusCode),
    };

    private static async Task ExpectAsync(Scene scene, Func<Task<int>> lines) => Assert.Equal(scene.Cases.Count, await lines());

    private sealed record Scene(Viewer Officer, string Village, string Name, List<Guid> Cases, Guid Full, SignedIn Browser, SignedIn Desk);

    /// <summary>A village of its own with so many cases, each with a task, a notice and a benefit; one of them with as many of everything.</summary>
    private static async Task<Scene> SceneAsync(TestApp app, int lines)
    {
        var number = Interlocked.Increment(ref villages);
        var village = $"341299{700 + number % 100}{number:000}";
        var (name, services) = ($"计数{(char)('甲' + number)}", app.Services);
        var officer = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.VillageWorker, village));
        var applicant = await TestAccounts.ApplicantAsync(app, name: name);
        var revision = services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!;
        var (vault, today) = (services.GetRequiredService<CaseVault>(), DateOnly.FromDateTime(DateTime.UtcNow.AddHours(8)));
        var cases = Enumerable.Range(0, lines).Select(i => new Case
        {
            Number = $"{village}-{i}", Matter = "rural-dibao", Revision = revision.Hash, Status = "Investigating", ApplicantName = name, ApplicantAccountId = applicant.Id,
            County = "341299", Township = village[..9], Village = village, CreatedAt = DateTimeOffset.UtcNow, ChangedAt = DateTimeOffset.UtcNow, SubmittedAt = DateTimeOffset.UtcNow,
        }).ToList();
        await services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            foreach (var @case in cases)
            {
                var cipher = vault.Create(db, @case.Id);
                var whole = @case == cases[0];
                db.Add(@case);
                db.Add(new CaseContent { CaseId = @case.Id, Kind = ContentKind.Form, Number = 1, Cipher = cipher.SealJson(new System.Text.Json.Nodes.JsonObject(), "content.Form.") });
                db.Add(Notice(@case, village, today));
                db.Add(new Grant { CaseId = @case.Id, Matter = "rural-dibao", Benefit = "dibao", HolderName = name, County = "341299", Township = @case.Township, Village = village, Parameters = "[]", RecordedAt = DateTimeOffset.UtcNow });
                db.Add(Task(@case, village, "task0"));
                for (var i = 1; whole && i < lines; i++)
                {
                    // Of another post: on the case's page, not in this queue.
                    db.Add(Task(@case, @case.Township!, $"task{i}"));
                    db.Add(new CaseFile { CaseId = @case.Id, Slot = "diagnosis", ContentType = "application/pdf", Size = 1, NameCipher = cipher.SealText("a.pdf", "file.name"), StoredHash = $"{i:x64}" });
                }
            }
            return System.Threading.Tasks.Task.FromResult(0);
        });
        var viewer = new Viewer(officer.Id, officer.DisplayName, AccountKind.Officer, [new HeldRole(Roles.VillageWorker, village)]);
        return new Scene(viewer, village, name, cases.ConvertAll(c => c.Id), cases[0].Id, await SignedIn.AsAsync(app, applicant.UserName!), await SignedIn.AsAsync(app, officer.UserName!));
    }

    private static WorkTask Task(Case @case, string division, string activity) => new()
    {
        CaseId = @case.Id, Matter = @case.Matter, InstanceId = @case.Id, BookmarkId = activity, ActivityId = activity, Role = Roles.VillageWorker, Division = division, TitleZh = "办理", TitleEn = "Work",
        Outcomes = "[\"Done\"]", FinishLimit = "none", CreatedAt = DateTimeOffset.UtcNow,
    };

    private static PublicNotice Notice(Case @case, string village, DateOnly today) => new()
    {
        CaseId = @case.Id, BookmarkId = "n", InstanceId = @case.Id, Kind = "公示", TitleZh = "公示", TitleEn = "Notice", Division = village, FirstDay = today, LastDay = today.AddDays(7), Html = "<p></p>",
    };
}
