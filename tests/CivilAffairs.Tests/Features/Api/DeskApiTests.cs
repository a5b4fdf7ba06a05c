using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Tests.Features.Api;

/// <summary>What officers and the public read over the API, and what a clerk files at the counter, on both databases.</summary>
[Collection(ApiStories.Name)]
public sealed class DeskApiTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_file_is_masked_until_somebody_says_why_and_that_is_written_down(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.FileAsync("granted");
        var clerk = await story.OfficerAsync("tck-1", new HeldRole(Roles.Clerk, story.Places.Township));
        var number = (string)story.Example.Form["applicant"]!["idNumber"]!;
        var masked = (await clerk.GetAsync($"/cases/{story.CaseId}")).ToJsonString();
        foreach (var secret in (string[])[number, "王建国", "13800000001", "6228480438123456784", "柳树村一组"]) Assert.DoesNotContain(secret, masked, StringComparison.Ordinal);
        Assert.Contains(number[..6] + "********" + number[^4..], masked, StringComparison.Ordinal);

        using (var reasonless = await clerk.SendAsync(HttpMethod.Post, $"/cases/{story.CaseId}/full-view", new JsonObject { ["reason"] = "curious" }))
            Assert.NotNull((await ApiCaller.RefusedAsync(reasonless, 400))["errors"]!["reason"]);
        for (var looks = 1; looks <= 2; looks++)
        {
            using var full = await clerk.SendAsync(HttpMethod.Post, $"/cases/{story.CaseId}/full-view", new JsonObject { ["reason"] = "verify" }, key: "the-same");
            Assert.Contains(number, await full.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            await using var db = story.Places.Open();
            Assert.Equal(looks, await db.Set<AuditEntry>().CountAsync(a => a.Chain == story.CaseId.ToString() && a.Action == "case.fullView"));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_is_found_by_number_id_number_and_name_and_only_by_whom_it_concerns(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.FileAsync("granted");
        var clerk = await story.OfficerAsync("tck-1", new HeldRole(Roles.Clerk, story.Places.Township));
        var stranger = await story.OfficerAsync("tck-9", new HeldRole(Roles.Clerk, "341299997"));
        var number = (string)(await story.DossierAsync())["number"]!;
        foreach (var term in (string[])[number, number[^6..], (string)story.Example.Form["applicant"]!["idNumber"]!, "王建"])
        {
            Assert.Contains(await FindAsync(clerk, term), c => (Guid)c!["id"]! == story.CaseId);
            Assert.DoesNotContain(await FindAsync(stranger, term), c => (Guid)c!["id"]! == story.CaseId);
        }
        Assert.All(await FindAsync(clerk, "王建"), c => Assert.Equal("王**", (string?)c!["applicant"]));
        using var one = await clerk.SendAsync(HttpMethod.Post, "/cases/search", new JsonObject { ["term"] = "王" });
        Assert.NotNull((await ApiCaller.RefusedAsync(one, 400))["errors"]!["term"]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_queue_counts_filters_and_pages(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.PlayAsync("granted", next => next == "visit");
        var visitor = await story.OfficerAsync("inv-x", new HeldRole(Roles.Investigator, story.Places.Township));
        var first = await visitor.GetAsync("/tasks?pageSize=1&role=INV");
        Assert.Equal((2, 1, 1), ((int)first["total"]!, (int)first["page"]!, first["items"]!.AsArray().Count));
        Assert.Equal(2, first["counts"]!.AsArray().Sum(c => (int)c!["count"]!));
        var second = await visitor.GetAsync("/tasks?pageSize=1&page=2");
        Assert.NotEqual((Guid)first["items"]![0]!["id"]!, (Guid)second["items"]![0]!["id"]!);
        Assert.Equal("王**", (string?)second["items"]![0]!["applicant"]);
        await visitor.DoAsync(HttpMethod.Post, $"/tasks/{(Guid)first["items"]![0]!["id"]!}/claim");
        Assert.Equal(1, (int)(await visitor.GetAsync("/tasks?mine=true"))["total"]!);
        Assert.Equal(1, (int)(await visitor.GetAsync("/tasks?mine=false&urgency=Due"))["total"]!);
        using var odd = await visitor.SendAsync(HttpMethod.Get, "/tasks?urgency=Whenever");
        await ApiCaller.RefusedAsync(odd, 400);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_benefit_stands_in_the_register_and_its_paper_can_be_verified_by_anybody(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.PlayAsync("granted");
        var payer = await story.OfficerAsync("fin", new HeldRole(Roles.Payments, "341299"));
        using var answer = await payer.SendAsync(HttpMethod.Post, "/registers/benefits/lines/search", new JsonObject { ["term"] = "王建国", ["pageSize"] = 100 });
        var register = await ApiCaller.JsonAsync(answer);
        var benefit = register["items"]!.AsArray().Single(b => (Guid?)b!["caseId"] == story.CaseId)!;
        Assert.Equal((120_000L, "王**", "2026-04-01"), ((long)benefit["amountFen"]!, (string)benefit["holders"]![0]!["name"]!, (string)benefit["validFrom"]!));
        Assert.Equal(120_000L, (long)(await payer.GetListAsync("/benefits/totals")).Single(t => (string?)t!["division"] == story.Places.Township)!["amountFen"]!);

        var applicant = await story.ApplicantAsync();
        var paper = (await applicant.GetListAsync($"/cases/{story.CaseId}/documents")).Single(d => (string?)d!["template"] == "confirmation-notice.html")!;
        Assert.Null(paper["openedAt"]);
        Assert.Contains("1,200", PdfText.Of(await applicant.BytesAsync($"/cases/{story.CaseId}/documents/{(Guid)paper["id"]!}/pdf")), StringComparison.Ordinal);
        Assert.NotNull((await applicant.GetAsync($"/cases/{story.CaseId}/documents/{(Guid)paper["id"]!}"))["openedAt"]);

        await using var db = story.Places.Open();
        var id = (Guid)paper["id"]!;
        var code = await db.Set<CivilAffairs.Web.Features.Cases.Model.IssuedDocument>().Where(d => d.Id == id).Select(d => d.VerifyCode).SingleAsync();
        using var nobody = ApiCaller.Nobody(await apps.GetAsync(kind));
        var verified = await nobody.GetAsync($"/verifications/{code.ToLowerInvariant()}");
        Assert.Equal((string?)paper["number"], (string?)verified["number"]);
        Assert.Equal(["issuedAt", "name", "number", "office"], verified.Select(p => p.Key).Order());
        using var guessed = await nobody.SendAsync(HttpMethod.Get, "/verifications/AAAAAAAAAA");
        await ApiCaller.RefusedAsync(guessed, 404);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_notice_hangs_for_everybody_and_the_reviewer_records_what_people_bring(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        // The first thing that waits for time alone is the end of the notice.
        await story.PlayAsync("granted", next => next == "timer");
        using var nobody = ApiCaller.Nobody(app);
        var hangs = (await nobody.GetAsync($"/notices?place={story.Places.Village}"))["items"]!.AsArray().Single()!;
        var (id, text) = ((Guid)hangs["id"]!, hangs.ToJsonString());
        foreach (var secret in (string[])["341299", "13800000001", "6228480438123456784", "疾病"]) Assert.DoesNotContain(secret, text.Replace(story.Places.Village, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(text, (await nobody.GetAsync($"/notices/{id}")).ToJsonString());
        using (var empty = await nobody.PostAsync($"/notices/{id}/objections", new JsonObject { ["text"] = " " })) Assert.NotNull((await ApiCaller.RefusedAsync(empty, 422))["errors"]!["text"]);

        var visitor = await story.OfficerAsync("inv-1");
        using (var other = await visitor.PostAsync($"/desk/notices/{id}/objections", Objection("2026-02-25"))) await ApiCaller.RefusedAsync(other, 403, "notice.reviewerOnly");
        var reviewer = await story.OfficerAsync("trv-1");
        Assert.True((bool?)(await reviewer.GetListAsync("/desk/notices")).Single(n => (Guid)n!["id"]! == id)!["mayRecord"]);
        using (var later = await reviewer.PostAsync($"/desk/notices/{id}/objections", Objection("2026-12-31"))) Assert.NotNull((await ApiCaller.RefusedAsync(later, 422))["errors"]!["occurredOn"]);
        await reviewer.DoAsync(HttpMethod.Post, $"/desk/notices/{id}/objections", Objection((string)hangs["firstDay"]!));
        Assert.Single(await story.OpenAsync("revisit"), t => (int)t["seat"]! == 1);
        var said = (await reviewer.GetAsync($"/cases/{story.CaseId}"))["notices"]![0]!["objections"]![0]!;
        Assert.Equal(("情况不符", "****"), ((string)said["text"]!, (string)said["sender"]!));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_clerk_files_at_the_counter_and_withdraws_for_who_asked(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("not-accepted");
        // Somebody of another household comes to the window.
        var form = JsonNode.Parse(CivilAffairs.Web.Features.Demo.Households.IdNumbers(story.Example.Form.ToJsonString())
            .Aggregate(story.Example.Form.ToJsonString(), (text, id) => text.Replace(id, CivilAffairs.Web.Features.Demo.Households.Another(id, 9_000 + (kind == Databases.Sqlite ? 1 : 2)), StringComparison.Ordinal)))!.AsObject();
        var clerk = await story.OfficerAsync("window", new HeldRole(Roles.Clerk, story.Places.Township));
        var visitor = await story.OfficerAsync("inv-9", new HeldRole(Roles.Investigator, story.Places.Township));
        using (var notTheirs = await visitor.PostAsync("/drafts", new JsonObject { ["matter"] = "rural-dibao" })) await ApiCaller.RefusedAsync(notTheirs, 403, "draft.clerkOnly");
        var id = (Guid)(await clerk.DoAsync(HttpMethod.Post, "/drafts", new JsonObject { ["matter"] = "rural-dibao" }))!["id"]!;
        foreach (var (section, value) in form) await clerk.DoAsync(HttpMethod.Put, $"/drafts/{id}/sections/{section}", value!.DeepClone());
        var draft = await clerk.GetAsync($"/drafts/{id}");
        foreach (var wanted in draft["attachments"]!.AsArray().Where(a => (bool)a!["wanted"]!))
            await clerk.DoAsync(HttpMethod.Post, $"/drafts/{id}/attachments/{(string)wanted!["slot"]!}", content: ApiCaller.File(CivilAffairs.Web.Features.Demo.SamplePicture.Png, "证明.png"));
        var colleague = await story.OfficerAsync("window-2", new HeldRole(Roles.Clerk, story.Places.Township));
        using (var hidden = await colleague.SendAsync(HttpMethod.Get, $"/drafts/{id}")) await ApiCaller.RefusedAsync(hidden, 404);
        await clerk.DoAsync(HttpMethod.Post, $"/drafts/{id}/submit");
        Assert.Equal("Counter", (string?)(await colleague.GetAsync($"/cases/{id}"))["channel"]);
        // Filed, it is a case like any other: nobody reads the answers unmasked in passing, unless a correction is asked of this counter.
        using (var elsewhere = await visitor.SendAsync(HttpMethod.Get, $"/drafts/{id}")) await ApiCaller.RefusedAsync(elsewhere, 404);
        using (var open = await colleague.SendAsync(HttpMethod.Get, $"/drafts/{id}")) await ApiCaller.RefusedAsync(open, 403, "draft.filed");
        using (var own = await clerk.SendAsync(HttpMethod.Get, $"/drafts/{id}")) await ApiCaller.RefusedAsync(own, 403, "draft.filed");
        await colleague.DoAsync(HttpMethod.Post, $"/cases/{id}/withdraw");
        Assert.Equal("Withdrawn", (string?)(await clerk.GetAsync($"/cases/{id}"))["status"]);
    }

    [Fact]
    public async Task Matters_their_guides_and_forms_are_there_for_everybody()
    {
        using var nobody = ApiCaller.Nobody(await apps.GetAsync(Databases.Sqlite));
        var matter = (await nobody.GetListAsync("/matters")).Single(m => (string?)m!["id"] == "rural-dibao")!;
        Assert.Equal(["online", "counter"], matter["channels"]!.AsArray().Select(c => (string)c!));
        Assert.NotEmpty((await nobody.GetAsync("/matters/rural-dibao"))["guide"]!["steps"]!.AsArray());
        var form = await nobody.GetAsync("/matters/rural-dibao/form");
        Assert.Contains(form["form"]!["sections"]!.AsArray(), s => (string?)s!["id"] == "members" && (int?)s["repeat"]!["max"] == 15);
        using var unknown = await nobody.SendAsync(HttpMethod.Get, "/matters/nothing/form");
        await ApiCaller.RefusedAsync(unknown, 404);
    }

    private static JsonObject Objection(string day) => new() { ["occurredOn"] = day, ["text"] = "情况不符", ["sender"] = "邻居 赵某" };

    private static async Task<JsonArray> FindAsync(ApiCaller who, string term)
    {
        using var answer = await who.SendAsync(HttpMethod.Post, "/cases/search", new JsonObject { ["term"] = term, ["pageSize"] = 100 });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await ApiCaller.JsonAsync(answer))["items"]!.AsArray();
    }
}
