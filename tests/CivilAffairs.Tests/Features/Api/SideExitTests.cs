using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Tests.Features.Api;

/// <summary>The ways out of the straight way (domain §5, §6.1), each by its name, over the API on both databases.</summary>
[Collection(ApiStories.Name)]
public sealed class SideExitTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_correction_lists_everything_is_made_in_the_draft_and_asked_only_once(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.PlayAsync("corrected", next => next == "correct");
        var applicant = await story.ApplicantAsync();
        var asked = (await applicant.GetAsync($"/my/cases/{story.CaseId}"))["asked"]![0]!;
        Assert.Equal("Correction", (string?)asked["kind"]);
        var notice = await PdfAsync(applicant, story, "correction-notice.html");
        foreach (var defect in (string[])["缺少残疾人证复印件", "缺少收入说明", "一次性告知"]) Assert.Contains(defect, notice, StringComparison.Ordinal);

        var draft = await applicant.GetAsync($"/drafts/{story.CaseId}");
        Assert.Contains("缺少收入说明", (string?)draft["correction"]!["defects"], StringComparison.Ordinal);
        var reason = draft["answers"]!["reason"]!.DeepClone();
        reason["text"] = "补充说明：收入来自种植。";
        await applicant.DoAsync(HttpMethod.Put, $"/drafts/{story.CaseId}/sections/reason", reason);
        await story.GoOnAsync(next => next == "acceptAgain");
        Assert.Equal("补充说明：收入来自种植。", Answer(await FullAsync(story), "reason", "text"));
        // What the workflow may read is reckoned anew from the corrected form, and what was read before stays for replay.
        await using (var db = story.Places.Open()) Assert.Equal(2, await db.Set<JournalRow>().Where(j => j.CaseId == story.CaseId).Select(j => j.FactsId).Distinct().CountAsync());

        // The clock stood still meanwhile; a second list of defects is not among the outcomes, nor taken.
        var again = (await story.OpenAsync("acceptAgain")).Single();
        Assert.Equal(["Accept", "NotAccept"], again["outcomes"]!.AsArray().Select(o => (string)o!));
        var clerk = await story.OfficerAsync("tck-1");
        await clerk.DoAsync(HttpMethod.Post, $"/tasks/{(Guid)again["id"]!}/claim");
        using var second = await clerk.PostAsync($"/tasks/{(Guid)again["id"]!}/complete", Decision("Correct", new JsonObject { ["defects"] = "还缺一样" }));
        var problem = await ApiCaller.RefusedAsync(second, 403, "task.noSuchOutcome");
        Assert.Contains("退回补正", (string?)problem["detail"], StringComparison.Ordinal);
        await story.GoOnAsync();
        Assert.Equal("Paying", (string?)(await story.DossierAsync())["status"]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Not_accepted_names_the_right_office(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.FileAsync("not-accepted");
        // Without the office the decision cannot be made.
        var clerk = await story.OfficerAsync("tck-1", new HeldRole(Roles.Clerk, story.Places.Township));
        var task = await story.TaskAsync("accept");
        using var nameless = await clerk.PostAsync($"/tasks/{task}/complete", Decision("NotAccept", new JsonObject { ["reason"] = "户籍不在本镇。" }));
        Assert.NotNull((await ApiCaller.RefusedAsync(nameless, 422))["errors"]!["rightOffice"]);
        await story.GoOnAsync();
        var applicant = await story.ApplicantAsync();
        Assert.Equal("NotAccepted", (string?)(await applicant.GetAsync($"/my/cases/{story.CaseId}"))["status"]);
        var decision = await PdfAsync(applicant, story, "not-accepted-decision.html");
        Assert.Contains("请向下列机关提出申请：临河县东山镇人民政府", decision, StringComparison.Ordinal);
        AssertRemedy(decision);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Withdrawn_ends_the_work_and_cannot_be_done_twice(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.PlayAsync("withdrawn");
        var dossier = await story.DossierAsync();
        Assert.Equal("Withdrawn", (string?)dossier["status"]);
        Assert.DoesNotContain(dossier["tasks"]!.AsArray(), t => (string?)t!["state"] == "Open");
        using var again = await (await story.ApplicantAsync()).PostAsync($"/cases/{story.CaseId}/withdraw");
        await ApiCaller.RefusedAsync(again, 403, "case.tooLate");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_review_supersedes_a_refusal_and_the_applicant_reads_which_decision_holds(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.PlayAsync("refused");
        var (supervisor, applicant) = (await story.SupervisorAsync(), await story.ApplicantAsync());
        var body = new JsonObject { ["basis"] = "courtJudgment", ["reference"] = " ", ["occurredOn"] = "2026-05-07" };
        using var empty = await supervisor.PostAsync($"/cases/{story.CaseId}/reopen", body.DeepClone());
        Assert.NotNull((await ApiCaller.RefusedAsync(empty, 422))["errors"]!["reference"]);
        body["reference"] = "测行初字〔2026〕7号";
        using var clerk = await (await story.OfficerAsync("tck-1", new HeldRole(Roles.Clerk, story.Places.Township))).PostAsync($"/cases/{story.CaseId}/reopen", body.DeepClone());
        await ApiCaller.RefusedAsync(clerk, 403, "review.notYours");
        Assert.True((bool)(await story.DossierAsync())["mayReopen"]!);

        var first = await supervisor.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/reopen", body.DeepClone());
        Assert.Equal("Review", (string?)first!["status"]);
        var dossier = await story.DossierAsync();
        Assert.Equal(("测行初字〔2026〕7号", false), ((string?)dossier["review"]!["reference"], (bool)dossier["mayReopen"]!));
        var mine = await applicant.GetAsync($"/my/cases/{story.CaseId}");
        Assert.Equal((true, 1, "Refused", false), ((bool)mine["isUnderReview"]!, (int)mine["decision"]!["number"]!, (string?)mine["decision"]!["status"], (bool)mine["mayWithdraw"]!));

        var reviewer = await story.OfficerAsync("cap-9", new HeldRole(Roles.CountyApprover, "341299"));
        await reviewer.DoAsync(HttpMethod.Post, $"/tasks/{await story.TaskAsync("reviewRefused")}/complete", Decision("Keep", new JsonObject { ["reason"] = "事实清楚。" }));
        var decisions = (await story.DossierAsync())["decisions"]!.AsArray();
        Assert.Equal([(1, "Refused", 2), (2, "Refused", null)], decisions.Select(d => ((int)d!["number"]!, (string)d["status"]!, (int?)d["supersededBy"])));
        mine = await applicant.GetAsync($"/my/cases/{story.CaseId}");
        Assert.Equal((false, 2), ((bool)mine["isUnderReview"]!, (int)mine["decision"]!["number"]!));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_correction_not_made_in_time_lapses_and_leaves_a_new_application_open(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.PlayAsync("correction-lapsed");
        var applicant = await story.ApplicantAsync();
        var mine = await applicant.GetAsync($"/my/cases/{story.CaseId}");
        Assert.Equal("Lapsed", (string?)mine["status"]);
        Assert.Empty(mine["asked"]!.AsArray());
        using var late = await applicant.SendAsync(HttpMethod.Get, $"/drafts/{story.CaseId}");
        await ApiCaller.RefusedAsync(late, 403, "draft.filed");
        var second = await story.DraftAsync(applicant);
        var receipt = await applicant.DoAsync(HttpMethod.Post, $"/drafts/{second}/submit");
        Assert.NotEqual((string?)mine["number"], (string?)receipt!["number"]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Refused_gives_reasons_article_evidence_and_every_remedy(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.PlayAsync("refused", next => next == "confirmRefusal");
        var approver = await story.OfficerAsync("cap-1", new HeldRole(Roles.CountyApprover, "341299"));
        using var bare = await approver.PostAsync($"/tasks/{await story.TaskAsync("confirmRefusal")}/complete", Decision("Refuse", []));
        var missing = (await ApiCaller.RefusedAsync(bare, 422))["errors"]!.AsObject();
        Assert.Equal(["article", "evidence", "reason"], missing.Select(e => e.Key).Order());
        await story.GoOnAsync();
        var applicant = await story.ApplicantAsync();
        Assert.Equal("Refused", (string?)(await applicant.GetAsync($"/my/cases/{story.CaseId}"))["status"]);
        var decision = await PdfAsync(applicant, story, "refusal-decision.html");
        foreach (var part in (string[])["家庭人均收入不低于当地低保标准", "《中华人民共和国社会救助法》第十八条", "核对报告、入户调查表", "不符合："]) Assert.Contains(part, decision, StringComparison.Ordinal);
        AssertRemedy(decision);
    }

    [Theory]
    [MemberData(nameof(Objections))]
    public async Task An_objection_in_notice_is_investigated_by_others_and_answered(string kind, string example, string end)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.PlayAsync(example, next => next == "revisit");
        var dossier = await story.DossierAsync();
        var objection = Assert.Single(dossier["notices"]!.AsArray().Single(n => (string?)n!["kind"] == "公示")!["objections"]!.AsArray())!;
        Assert.False(string.IsNullOrEmpty((string?)objection["text"]));
        Assert.Equal("45wd", (string?)dossier["clock"]!["limit"]);
        await story.GoOnAsync();
        Assert.Equal(end, (string?)(await story.DossierAsync())["status"]);
        // Answered, and the county had to go and see for itself.
        Assert.Contains((await story.DossierAsync())["documents"]!.AsArray(), d => (string?)d!["template"] == "objection-reply.html");
        Assert.Contains((await story.DossierAsync())["tasks"]!.AsArray(), t => (string?)t!["activity"] == "countyVisit" && (string?)t["state"] == "Done");
    }

    public static TheoryData<string, string, string> Objections
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var kind in Databases.Kinds)
            {
                data.Add(kind, "notice-objected", "Paying");
                data.Add(kind, "notice-objection-upheld", "Refused");
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_objection_to_the_check_leads_to_a_new_check_whose_result_counts(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.PlayAsync("check-objected", next => next == "checkReply");
        var applicant = await story.ApplicantAsync();
        var asked = (await applicant.GetAsync($"/my/cases/{story.CaseId}"))["asked"]!.AsArray().Single()!;
        Assert.Equal("Confirmation", (string?)asked["kind"]);
        using var silent = await applicant.PostAsync($"/tasks/{(Guid)asked["taskId"]!}/complete", Decision("Objection", []));
        Assert.NotNull((await ApiCaller.RefusedAsync(silent, 422))["errors"]!["reason"]);
        await story.GoOnAsync(next => next == "recheck");
        Assert.Equal("CHK", (string?)(await story.OpenAsync("recheck")).Single()["role"]);
        Assert.Empty(await story.OpenAsync("opinion"));
        await story.GoOnAsync();
        Assert.Equal("Paying", (string?)(await story.DossierAsync())["status"]);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task A_task_whose_limit_is_over_never_approves_itself(string kind, string stage)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.PlayAsync("granted", next => next == stage);
        var before = await story.DossierAsync();
        app.Clock.Put(app.Clock.GetUtcNow().AddYears(1));
        while (await story.NextTimerAsync() && app.Clock.GetUtcNow().Year < 2030) { }
        var after = await story.DossierAsync();
        Assert.Equal((string?)before["status"], (string?)after["status"]);
        Assert.Equal((long?)before["version"], (long?)after["version"]);
        Assert.Empty(after["grants"]!.AsArray());
        Assert.All(await story.OpenAsync(stage), t => Assert.Equal("Late", (string?)t["urgency"]));
        Assert.NotEmpty(await story.OpenAsync(stage));
    }

    public static TheoryData<string, string> Stages
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kind in Databases.Kinds)
                foreach (var stage in (string[])["accept", "opinion", "countyReview", "confirm"]) data.Add(kind, stage);
            return data;
        }
    }

    private static void AssertRemedy(string text)
    {
        foreach (var part in (string[])["六十日内向临河县人民政府申请行政复议", "六个月内依法向人民法院提起行政诉讼", "六十日内作出复议决定", "延长三十日", "十五日内向人民法院提起行政诉讼"])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    private static JsonObject Decision(string outcome, JsonObject fields) => new() { ["outcome"] = outcome, ["fields"] = fields };

    private static async Task<JsonObject> FullAsync(ApiStory story)
    {
        using var answer = await (await story.SupervisorAsync()).SendAsync(HttpMethod.Post, $"/cases/{story.CaseId}/full-view", new JsonObject { ["reason"] = "supervise" });
        return await ApiCaller.JsonAsync(answer);
    }

    private static string? Answer(JsonObject dossier, string section, string field) =>
        (string?)dossier["form"]!.AsArray().Single(s => (string?)s!["id"] == section)!["rows"]![0]!.AsArray().Single(a => (string?)a!["id"] == field)!["value"];

    private static async Task<string> PdfAsync(ApiCaller who, ApiStory story, string template)
    {
        var document = (await who.GetListAsync($"/cases/{story.CaseId}/documents")).Single(d => (string?)d!["template"] == template)!;
        return PdfText.Of(await who.BytesAsync($"/cases/{story.CaseId}/documents/{(Guid)document["id"]!}/pdf"));
    }
}
