using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>Officers open a case's papers for a reason, and every opening is written down; the applicant opens their own.</summary>
[Collection(ApiStories.Name)]
public sealed class AccessReasonTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Papers_open_for_a_reason_that_holds_for_one_officer_one_case_and_one_sitting(string kind)
    {
        var app = await apps.GetAsync(kind);
        var (story, other) = (new ApiStory(app), new ApiStory(app));
        await other.FileAsync("granted", photo: true);
        await story.FileAsync("granted", photo: true);
        await story.GoOnAsync(next => next == "visit");
        var clerk = await story.OfficerAsync("tck-a", new HeldRole(Roles.Clerk, story.Places.Township));
        var colleague = await story.OfficerAsync("tck-b", new HeldRole(Roles.Clerk, story.Places.Township));
        var papers = Papers(story.CaseId, await story.DossierAsync());
        foreach (var path in papers)
        {
            using var refused = await clerk.SendAsync(HttpMethod.Get, path);
            var problem = await ApiCaller.RefusedAsync(refused, 400, "accessReason");
            Assert.Contains("verify", (string)problem["errors"]![AccessReasons.Header]![0]!, StringComparison.Ordinal);
        }
        Assert.Empty(await OpenedAsync(story));
        foreach (var odd in (string[])["curious", "other", ""])
            using (var refused = await AskAsync(clerk, papers[0], odd)) Assert.NotNull((await ApiCaller.RefusedAsync(refused, 400))["errors"]![AccessReasons.Header]);

        // For one look.
        using (var once = await AskAsync(clerk, papers[0], "verify")) Assert.Equal(HttpStatusCode.OK, once.StatusCode);
        Assert.Equal(["verify"], (await OpenedAsync(story)).Select(o => o.Reason));
        using (var again = await clerk.SendAsync(HttpMethod.Get, papers[0])) await ApiCaller.RefusedAsync(again, 400, "accessReason");

        // For a sitting: not for a colleague, not for another case, and not for ever.
        using (var silent = await clerk.PostAsync($"/cases/{story.CaseId}/access-reasons", new JsonObject { ["reason"] = "other" }))
            Assert.NotNull((await ApiCaller.RefusedAsync(silent, 422))["errors"]!["note"]);
        const string Note = "审计组调阅，联系人李四 13800009999";
        await clerk.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/access-reasons", new JsonObject { ["reason"] = "other", ["note"] = Note });
        foreach (var path in papers) Assert.NotEmpty(await clerk.BytesAsync(path));
        Assert.Equal(["verify", .. papers.Select(_ => "other")], (await OpenedAsync(story)).Select(o => o.Reason));
        using (var refused = await colleague.SendAsync(HttpMethod.Get, papers[0])) await ApiCaller.RefusedAsync(refused, 400, "accessReason");
        var clerkThere = await story.OfficerAsync("tck-a", new HeldRole(Roles.Clerk, story.Places.Township));
        using (var refused = await clerkThere.SendAsync(HttpMethod.Get, Papers(other.CaseId, await other.DossierAsync())[0])) await ApiCaller.RefusedAsync(refused, 404);
        app.Clock.Put(app.Clock.GetUtcNow() + AccessReasons.Sitting - TimeSpan.FromSeconds(1));
        Assert.NotEmpty(await clerk.BytesAsync(papers[0]));
        app.Clock.Put(app.Clock.GetUtcNow() + TimeSpan.FromSeconds(2));
        using (var late = await clerk.SendAsync(HttpMethod.Get, papers[0])) await ApiCaller.RefusedAsync(late, 400, "accessReason");

        // The words are nowhere in clear, and the audit is whole.
        await using var db = story.Places.Open();
        Assert.DoesNotContain(await db.Set<AuditEntry>().Where(a => a.Chain == story.CaseId.ToString()).Select(a => a.Details).ToListAsync(), d => d.Contains("李四", StringComparison.Ordinal));
        var kept = await db.Set<CaseContent>().SingleAsync(c => c.CaseId == story.CaseId && c.Kind == ContentKind.AccessNote);
        Assert.DoesNotContain("李四", System.Text.Encoding.UTF8.GetString(kept.Cipher), StringComparison.Ordinal);
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_task_in_hand_is_a_reason_by_itself_and_is_named(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted", photo: true);
        var clerk = await story.OfficerAsync("tck-a", new HeldRole(Roles.Clerk, story.Places.Township));
        var (path, task) = (Papers(story.CaseId, await story.DossierAsync())[0], await story.TaskAsync("accept"));
        using (var refused = await clerk.SendAsync(HttpMethod.Get, path)) await ApiCaller.RefusedAsync(refused, 400, "accessReason");
        await clerk.DoAsync(HttpMethod.Post, $"/tasks/{task}/claim");
        Assert.NotEmpty(await clerk.BytesAsync(path));
        Assert.Equal([("task", (Guid?)task)], await OpenedAsync(story));
        await clerk.DoAsync(HttpMethod.Post, $"/tasks/{task}/release");
        using (var refused = await clerk.SendAsync(HttpMethod.Get, path)) await ApiCaller.RefusedAsync(refused, 400, "accessReason");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_applicant_opens_their_own_papers_and_that_is_no_officers_access(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted", photo: true);
        await story.GoOnAsync(next => next == "visit");
        var applicant = await story.ApplicantAsync();
        foreach (var path in Papers(story.CaseId, await story.DossierAsync())) Assert.NotEmpty(await applicant.BytesAsync(path));
        Assert.Empty(await OpenedAsync(story));
        using var officers = await applicant.PostAsync($"/cases/{story.CaseId}/access-reasons", new JsonObject { ["reason"] = "verify" });
        await ApiCaller.RefusedAsync(officers, 403);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Pages_ask_for_the_reason_and_lead_back_to_the_paper(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted", photo: true);
        await story.GoOnAsync(next => next == "visit");
        var dossier = await story.DossierAsync();
        var officer = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Places.Township));
        var stranger = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299998"));
        using var person = await SignedIn.AsAsync(app, officer.UserName!);
        string[] papers =
        [
            $"/desk/cases/{story.CaseId}/files/{(Guid)dossier["attachments"]![0]!["id"]!}", $"/desk/cases/{story.CaseId}/documents/{(Guid)dossier["documents"]![0]!["id"]!}",
            $"/my/cases/{story.CaseId}/documents/{(Guid)dossier["documents"]![0]!["id"]!}/pdf",
        ];
        foreach (var path in papers)
        {
            using var asked = await person.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(($"/desk/cases/{story.CaseId}/reason?to={Uri.EscapeDataString(path)}", HttpStatusCode.Redirect), (asked.Headers.Location?.OriginalString, asked.StatusCode));
        }
        var page = $"/desk/cases/{story.CaseId}/reason?to={Uri.EscapeDataString(papers[0])}";
        using (var nothing = await person.SubmitAsync(page, []))
            Assert.Contains("请选择查阅理由。", await nothing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var elsewhere = await person.SubmitAsync($"/desk/cases/{story.CaseId}/reason?to={Uri.EscapeDataString("https://example.invalid/")}", new() { ["Reason"] = "verify" }))
            Assert.Equal($"/desk/cases/{story.CaseId}?tab=papers", elsewhere.Headers.Location?.OriginalString);
        using (var given = await person.SubmitAsync(page, new() { ["Reason"] = "verify" })) Assert.Equal(papers[0], given.Headers.Location?.OriginalString);
        foreach (var path in papers)
            using (var opened = await person.Client.GetAsync(new Uri(path, UriKind.Relative))) Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.Equal(["verify", "verify", "verify"], (await OpenedAsync(story)).Select(o => o.Reason));
        using var other = await SignedIn.AsAsync(app, stranger.UserName!);
        foreach (var path in (string[])[page, .. papers])
            using (var hidden = await other.Client.GetAsync(new Uri(path, UriKind.Relative))) Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_types_an_application_in_opens_its_scans_and_a_full_view_starts_a_sitting(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted", photo: true);
        var clerk = await story.OfficerAsync("tck-c", new HeldRole(Roles.Clerk, story.Places.Township));
        var draft = (Guid)(await clerk.DoAsync(HttpMethod.Post, "/drafts", new JsonObject { ["matter"] = "rural-dibao" }))!["id"]!;
        var scan = (Guid)(await clerk.DoAsync(HttpMethod.Post, $"/drafts/{draft}/attachments/photos", content: ApiCaller.File(CivilAffairs.Web.Features.Demo.SamplePicture.Png, "a.png")))!["id"]!;
        Assert.NotEmpty(await clerk.BytesAsync($"/cases/{draft}/attachments/{scan}"));
        await using var db = story.Places.Open();
        Assert.Contains("\"filing\"", await db.Set<AuditEntry>().Where(a => a.Chain == draft.ToString() && a.Action == "file.opened").Select(a => a.Details).SingleAsync(), StringComparison.Ordinal);

        // The names that files came with are masked as well.
        var (masked, path) = (await clerk.GetAsync($"/cases/{story.CaseId}"), Papers(story.CaseId, await story.DossierAsync())[0]);
        Assert.Equal("photos.png", (string?)masked["attachments"]![0]!["name"]);
        using (var silent = await clerk.SendAsync(HttpMethod.Post, $"/cases/{story.CaseId}/full-view", new JsonObject { ["reason"] = "other" })) Assert.NotNull((await ApiCaller.RefusedAsync(silent, 422))["errors"]!["note"]);
        using (var refused = await clerk.SendAsync(HttpMethod.Get, path)) await ApiCaller.RefusedAsync(refused, 400, "accessReason");
        using (var full = await clerk.SendAsync(HttpMethod.Post, $"/cases/{story.CaseId}/full-view", new JsonObject { ["reason"] = "contact" })) Assert.Equal("照片.png", (string?)(await ApiCaller.JsonAsync(full))["attachments"]![0]!["name"]);
        Assert.NotEmpty(await clerk.BytesAsync(path));
        Assert.Equal(["contact"], (await OpenedAsync(story)).Select(o => o.Reason));
    }

    private static string[] Papers(Guid caseId, JsonObject dossier) =>
        [.. dossier["attachments"]!.AsArray().Select(a => $"/cases/{caseId}/attachments/{(Guid)a!["id"]!}"), .. dossier["documents"]!.AsArray().Select(d => $"/cases/{caseId}/documents/{(Guid)d!["id"]!}/pdf")];

    private static async Task<HttpResponseMessage> AskAsync(ApiCaller who, string path, string reason)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1" + path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation(AccessReasons.Header, reason);
        return await who.Client.SendAsync(request);
    }

    /// <summary>What the audit says of openings, in their order.</summary>
    private static async Task<List<(string Reason, Guid? Task)>> OpenedAsync(ApiStory story)
    {
        await using var db = story.Places.Open();
        var lines = await db.Set<AuditEntry>().Where(a => a.Chain == story.CaseId.ToString() && (a.Action == "file.opened" || a.Action == "document.opened")).OrderBy(a => a.Sequence).Select(a => a.Details).ToListAsync();
        return [.. lines.Select(l => JsonNode.Parse(l)!).Select(l => ((string)l["reason"]!, (Guid?)l["taskId"]))];
    }
}
