using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.People;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.People;

/// <summary>Over HTTP: the county's supervisor finds records, merges two of one person and corrects a number; on both databases.</summary>
[Collection(ApiStories.Name)]
public sealed class PersonApiTests(StoryApps apps)
{
    private const string County = "341299";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_records_are_found_compared_and_made_one(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted");
        var number = (string)story.Example.Form["applicant"]!["idNumber"]!;
        var twice = TestAccounts.IdNumber();
        await TestAccounts.ApplicantAsync(app, twice, "王建国", mobile: "13800000077");
        var supervisor = await story.SupervisorAsync();
        var caseNumber = (string)(await story.DossierAsync())["number"]!;
        var (first, second) = (Assert.Single(await FindAsync(supervisor, "idNumber", number))!, Assert.Single(await FindAsync(supervisor, "idNumber", twice))!);
        Assert.Equal(("王**", number[..6] + "********" + number[^4..], 1), ((string)first["name"]!, (string)first["idNumber"]!, (int)first["caseCount"]!));
        Assert.DoesNotContain(twice, second.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("138****0077", (string?)second["phone"]);
        Assert.Contains(await FindAsync(supervisor, "caseNumber", caseNumber), p => (Guid)p!["id"]! == (Guid)first["id"]!);

        // Nobody else finds anything, nor does who is kept off one of the record's cases.
        foreach (var other in (HeldRole[])[new(Roles.Clerk, story.Places.Township), new(Roles.Supervisor, story.Places.Township), new(Roles.Leader, County), new(Roles.Administrator, County)])
            Assert.Empty(await FindAsync(await story.OfficerAsync($"p-{other.Role}-{other.Division}", other), "idNumber", number));
        var recused = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, County));
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.Add(new CaseRecusal { CaseId = story.CaseId, AccountId = recused.Id, Reason = "relative", RecordedById = recused.Id, RecordedAt = app.Clock.GetUtcNow() })));
        using (var kept = await ApiCaller.AsAsync(app, recused.UserName!))
        {
            Assert.Empty(await FindAsync(kept, "idNumber", number));
            Assert.Empty(await FindAsync(kept, "caseNumber", caseNumber));
            using var hidden = await kept.PostAsync($"/persons/{(Guid)first["id"]!}/merge", Merge(second, "户口簿原件"));
            await ApiCaller.RefusedAsync(hidden, 404);
        }

        var query = app.Services.GetRequiredService<PersonQuery>();
        var pair = await query.CompareAsync(CaseStory.Officer("sup-p", Roles.Supervisor, County), (Guid)first["id"]!, (Guid)second["id"]!);
        Assert.Equal(Enumerable.Range(1, 18).Where(i => number[i - 1] != twice[i - 1]), pair!.NumberPlaces);
        Assert.True(pair.SameName);
        Assert.Null(await query.CompareAsync(CaseStory.Officer("tck-p", Roles.Clerk, County), (Guid)first["id"]!, (Guid)second["id"]!));

        using (var unproven = await supervisor.PostAsync($"/persons/{(Guid)second["id"]!}/merge", Merge(first, " "))) Assert.NotNull((await ApiCaller.RefusedAsync(unproven, 422))["errors"]!["evidence"]);
        using (var self = await supervisor.PostAsync($"/persons/{(Guid)first["id"]!}/merge", Merge(first, "户口簿原件"))) await ApiCaller.RefusedAsync(self, 403, "person.same");
        var goesOn = await supervisor.DoAsync(HttpMethod.Post, $"/persons/{(Guid)second["id"]!}/merge", Merge(first, "户口簿原件"));
        Assert.Equal((Guid)first["id"]!, (Guid)goesOn!["id"]!);
        Assert.Empty(await FindAsync(supervisor, "idNumber", twice));
        Assert.Single(await FindAsync(supervisor, "idNumber", number));
        using var again = await supervisor.PostAsync($"/persons/{(Guid)second["id"]!}/merge", Merge(first, "户口簿原件"));
        await ApiCaller.RefusedAsync(again, 403, "person.merged");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_mistyped_number_is_corrected_for_a_reason_and_with_a_paper(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted");
        var (wrong, right) = ((string)story.Example.Form["applicant"]!["idNumber"]!, TestAccounts.IdNumber());
        var supervisor = await story.SupervisorAsync();
        var person = Assert.Single(await FindAsync(supervisor, "idNumber", wrong))!;
        var path = $"/persons/{(Guid)person["id"]!}/id-number";
        using (var both = await supervisor.PostAsync(path, Correction("341299196203050121", "")))
            Assert.Equal(["evidence", "idNumber"], (await ApiCaller.RefusedAsync(both, 422))["errors"]!.AsObject().Select(e => e.Key).Order());
        using (var odd = await supervisor.PostAsync(path, new JsonObject { ["idNumber"] = right, ["reason"] = "because", ["evidence"] = "x" })) Assert.NotNull((await ApiCaller.RefusedAsync(odd, 400))["errors"]!["reason"]);
        using (var clerk = await (await story.OfficerAsync("tck-n", new HeldRole(Roles.Clerk, story.Places.Township))).PostAsync(path, Correction(right, "派出所证明"))) await ApiCaller.RefusedAsync(clerk, 403, "person.supervisorOnly");
        var goesOn = (Guid)(await supervisor.DoAsync(HttpMethod.Post, path, Correction(right, "派出所证明 2026 年第 5 号")))!["id"]!;
        Assert.Equal(goesOn, (Guid)Assert.Single(await FindAsync(supervisor, "idNumber", right))!["id"]!);
        Assert.Empty(await FindAsync(supervisor, "idNumber", wrong));
        // The case goes with its person, and neither number nor paper stands anywhere in clear.
        await using var db = story.Places.Open();
        Assert.Equal(goesOn, await db.Set<CaseParty>().Where(p => p.CaseId == story.CaseId && p.Role == PartyRole.Applicant).Select(p => p.PersonId).FirstAsync());
        var told = await db.Set<CivilAffairs.Web.Platform.Audit.AuditEntry>().Where(a => a.Action == "person.merged").Select(a => a.Details).ToListAsync();
        Assert.DoesNotContain(told, d => d.Contains(right, StringComparison.Ordinal) || d.Contains("派出所", StringComparison.Ordinal));
        Assert.DoesNotContain(await db.Set<CivilAffairs.Web.Platform.Commands.CommandRecord>().Select(c => c.Result).ToListAsync(), r => r.Contains("派出所", StringComparison.Ordinal));
    }

    private static JsonObject Merge(JsonNode into, string evidence) => new() { ["into"] = ((Guid)into["id"]!).ToString(), ["reason"] = "recordedTwice", ["evidence"] = evidence };
    private static JsonObject Correction(string number, string evidence) => new() { ["idNumber"] = number, ["reason"] = "typo", ["evidence"] = evidence };

    private static async Task<JsonArray> FindAsync(ApiCaller who, string by, string term)
    {
        using var answer = await who.SendAsync(HttpMethod.Post, "/persons/search", new JsonObject { [by] = term });
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray();
    }
}
