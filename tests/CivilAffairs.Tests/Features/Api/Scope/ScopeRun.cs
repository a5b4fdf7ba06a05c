using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Api.Scope;

/// <summary>What every asker got for every route, asked once for each app.</summary>
internal sealed class ScopeRun
{
    private const string County = "341299";
    private static readonly ConcurrentDictionary<StoryApp, Task<ScopeRun>> Runs = new();

    public required Oracle Oracle { get; init; }
    public required Targets Targets { get; init; }

    /// <summary>Status by asker and route.</summary>
    public Dictionary<(Asker Who, string Route), HttpStatusCode> Answers { get; } = [];

    /// <summary>Whether lists showed the case or the notice: by asker and list.</summary>
    public Dictionary<(Asker Who, string Route), bool> Shown { get; } = [];

    public static Task<ScopeRun> Of(StoryApp app) => Runs.GetOrAdd(app, AskAllAsync);

    private static async Task<ScopeRun> AskAllAsync(StoryApp app)
    {
        var (noticed, story) = (new ApiStory(app), new ApiStory(app));
        await story.FileAsync("relative", photo: true);
        await story.GoOnAsync(next => next == "visit");
        await noticed.PlayAsync("granted", next => next == "timer");
        var people = await PeopleAsync(app, story, noticed);
        var run = new ScopeRun
        {
            Targets = await TargetsAsync(app, story, noticed),
            Oracle = new Oracle(PlaceOf(story, []), PlaceOf(noticed, [new HeldRole("TRV", noticed.Places.Township)])),
        };
        await RecuseAsync(app, story.CaseId, people);
        foreach (var (who, userName) in people) await run.AskAsync(app, who, userName);
        return run;
    }

    private static Place PlaceOf(ApiStory story, HeldRole[] more) => new(story.Places.Township, story.Places.Village,
        [new HeldRole("TCK", story.Places.Township), new HeldRole("INV", story.Places.Township), new HeldRole("VIL", story.Places.Village), new HeldRole("CHK", County), .. more]);

    private async Task AskAsync(StoryApp app, Asker who, string? userName)
    {
        using var caller = userName is null ? ApiCaller.Nobody(app) : await ApiCaller.AsAsync(app, userName);
        var asksPublic = who.Kind is null || who.Owns || who.Holds("SUP", County);
        // Where the rule does not look at divisions, one officer of each role asks for all of them.
        var asksAll = who.Held is not [{ Division: not County }];
        foreach (var (route, send) in Requests.For(Targets))
        {
            if (Requests.Public.Contains(route) ? !asksPublic : !asksAll && !Oracle.LooksAtDivisions(route)) continue;
            using var answer = await send(caller);
            Answers[(who, route)] = await RefusedForWhatWasSentAsync(answer) ? HttpStatusCode.UnprocessableEntity : answer.StatusCode;
            if (answer.StatusCode == HttpStatusCode.OK && Sought(route) is { } sought) Shown[(who, route)] = (await answer.Content.ReadAsStringAsync()).Contains(sought.ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>A 403 that says nothing of who sent it.</summary>
    private static async Task<bool> RefusedForWhatWasSentAsync(HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.Forbidden && (string?)(await ApiCaller.JsonAsync(answer))["code"] is "recusal.nobody" or "erasure.noEnd" or "reassign.notEligible" or "parameter.inForce" or "subject.cause" or "supervision.unanswered" or "supervision.runs" or "designer.unchanged" or "pay.state" or "pay.notHeld";

    private Guid? Sought(string route) => route switch
    {
        "GET /api/v1/tasks" => Targets.Task,
        "POST /api/v1/cases/search" or "GET /api/v1/registers/{id}" or "POST /api/v1/registers/{id}/lines/search" or "GET /api/v1/my/cases" => Targets.Case,
        "GET /api/v1/desk/notices" => Targets.Notice,
        "GET /api/v1/drafts" => Targets.Draft,
        "GET /api/v1/retention/proposals" => Targets.Proposal,
        "POST /api/v1/registers/{id}/subjects/search" => Targets.Organisation,
        "POST /api/v1/persons/search" => Targets.Person,
        "GET /api/v1/supervision" => Targets.Order,
        _ => null,
    };

    /// <summary>Every role in every division alone, and who is special.</summary>
    private static async Task<List<(Asker Who, string? UserName)>> PeopleAsync(StoryApp app, ApiStory story, ApiStory noticed)
    {
        var people = new List<(Asker, string?)> { (new Asker("nobody", null, []), null) };
        string[] divisions = [County, story.Places.Township, story.Places.Village, noticed.Places.Township];
        foreach (var role in Roles.All)
            foreach (var division in divisions) await AddAsync(new Asker($"{role}@{division}", AccountKind.Officer, [new HeldRole(role, division)]));
        await AddAsync(new Asker("without a posting", AccountKind.Officer, []));
        await AddAsync(new Asker("recused", AccountKind.Officer, [new HeldRole("TCK", story.Places.Township), new HeldRole("INV", story.Places.Township)], Recused: true));
        await AddAsync(new Asker("administrator and manager", AccountKind.Officer, [new HeldRole("ADM", County), new HeldRole("MGR", County)]));
        await AddAsync(new Asker("temporary", AccountKind.Officer, [new HeldRole("TCK", story.Places.Township)], Temporary: true));
        people.Add((new Asker("another applicant", AccountKind.Applicant, []), (await TestAccounts.ApplicantAsync(app)).UserName));
        people.Add((new Asker("a member of the household", AccountKind.Applicant, []), await MemberAsync(app, story)));
        people.Add((new Asker("the applicant", AccountKind.Applicant, [], Owns: true), (string)story.Example.Form["applicant"]!["idNumber"]!));
        return people;

        async Task AddAsync(Asker who)
        {
            var account = await TestAccounts.OfficerAsync(app, null, [.. who.Held]);
            if (who.Temporary)
                await app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) => (await db.Users.FirstAsync(a => a.Id == account.Id, cancel)).PasswordIsTemporary = true);
            people.Add((who, account.UserName));
        }
    }

    /// <summary>Somebody of the household registers: found by their ID number, they are a person of the case.</summary>
    private static async Task<string> MemberAsync(StoryApp app, ApiStory story)
    {
        using var caller = ApiCaller.Nobody(app);
        var member = story.Example.Form["members"]![1]!;
        await caller.DoAsync(HttpMethod.Post, "/registrations", new JsonObject
        {
            ["name"] = (string)member["name"]!, ["idNumber"] = (string)member["idNumber"]!, ["mobile"] = "13800000066", ["password"] = TestAccounts.Password,
        });
        return (string)member["idNumber"]!;
    }

    private static async Task<Targets> TargetsAsync(StoryApp app, ApiStory story, ApiStory noticed)
    {
        var (owner, dossier) = (await story.ApplicantAsync(), await story.DossierAsync());
        async Task<Guid> DraftAsync() => (Guid)(await owner.DoAsync(HttpMethod.Post, "/drafts", new JsonObject { ["matter"] = "rural-dibao" }))!["id"]!;
        var draft = await DraftAsync();
        var file = await owner.DoAsync(HttpMethod.Post, $"/drafts/{draft}/attachments/photos", content: ApiCaller.File(CivilAffairs.Web.Features.Demo.SamplePicture.Png, "b.png"));
        var officer = await TestAccounts.OfficerAsync(app, null, new HeldRole("VIL", story.Places.Village));
        var value = new CivilAffairs.Web.Features.Matters.ParameterValue { Key = "dibao.rural.standard", Scope = County + "996", Value = "900000", ValidFrom = new DateOnly(2020, 1, 1), Source = "test" };
        // Of an imported ledger: with a grant of its own the case would be the payments' to see.
        var grant = new Grant { Matter = "rural-dibao", Benefit = "dibao", HolderName = "某人", County = County, Township = story.Places.Township, Village = story.Places.Village, Parameters = "[]" };
        // Of a benefit that no other test pays.
        var roster = new PayRoster
        {
            Matter = "rural-dibao", Benefit = "dibao", County = County, Month = new DateOnly(2026, 1, 1), Since = new DateOnly(2026, 1, 1), Year = 2020, Serial = 1, Digest = "", MadeBy = "某人", MadeAt = app.Clock.GetUtcNow(), ChangedBy = "某人", ChangedAt = app.Clock.GetUtcNow(),
        };
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.AddRange(value, grant, roster);
            return Task.FromResult(0);
        });
        var document = (Guid)dossier["documents"]![0]!["id"]!;
        // One to decide on, and one that nobody decides on and lists show.
        CaseErasure ProposalOf(Guid caseId) => new() { CaseId = caseId, Keep = "10y", From = "decision", Source = "L", KeptUntil = new DateOnly(2020, 1, 1), ProposedById = Guid.NewGuid(), ProposedAt = app.Clock.GetUtcNow() };
        var (erasure, proposal) = (ProposalOf(story.CaseId), ProposalOf(noticed.CaseId));
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.AddRange(erasure, proposal);
            return Task.FromResult(0);
        });
        var order = (Guid)(await (await story.SupervisorAsync()).DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/supervision", new JsonObject { ["text"] = "请查明原因。", ["dueOn"] = Web.Platform.Time.BureauTime.Iso(Web.Platform.Time.BureauTime.Day(app.Clock.GetUtcNow()).AddDays(30)) }))!["id"]!;
        await using var db = story.Places.Open();
        return new Targets(story.CaseId, await story.TaskAsync("visit"), document, (Guid)dossier["attachments"]![0]!["id"]!, draft, await DraftAsync(), (Guid)file!["id"]!,
            (Guid)(await noticed.DossierAsync())["notices"]![0]!["id"]!, await db.Set<IssuedDocument>().Where(d => d.Id == document).Select(d => d.VerifyCode).SingleAsync(), officer.Id, officer.Postings[0].Id, value.Id,
            grant.Id, erasure.Id, proposal.Id, await db.Set<CaseParty>().Where(p => p.CaseId == story.CaseId && p.Role == PartyRole.Applicant).Select(p => p.PersonId).FirstAsync(), (string)dossier["number"]!,
            (await (await Registers.Organisations.InAsync(app)).EnterAsync(new(2022, 11, 20), new(2026, 11, 19), seat: story.Places.Village)).SubjectId, order, roster.Id);
    }

    private static async Task RecuseAsync(StoryApp app, Guid caseId, List<(Asker Who, string? UserName)> people)
    {
        var names = people.Where(p => p.Who.Recused).Select(p => p.UserName).ToList();
        await app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
        {
            foreach (var account in await db.Users.Where(a => names.Contains(a.UserName)).ToListAsync(cancel))
                db.Add(new CaseRecusal { CaseId = caseId, AccountId = account.Id, Reason = "近亲属", RecordedById = Guid.Empty, RecordedAt = app.Clock.GetUtcNow() });
            return 0;
        });
    }
}
