using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Tests.Features.Api;

/// <summary>How commands are sent over the API, and every way in which they are refused, on both databases.</summary>
[Collection(ApiStories.Name)]
public sealed class CommandTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_command_is_done_once_under_its_key(string kind)
    {
        var story = new ApiStory(await apps.GetAsync(kind));
        await story.FileAsync("granted");
        var clerk = await story.OfficerAsync("tck-1", new HeldRole(Roles.Clerk, story.Places.Township));
        var task = await story.TaskAsync("accept");
        using (var keyless = await clerk.SendAsync(HttpMethod.Post, $"/tasks/{task}/claim"))
            Assert.NotNull((await ApiCaller.RefusedAsync(keyless, 400, "malformed"))["errors"]!["Idempotency-Key"]);
        await clerk.DoAsync(HttpMethod.Post, $"/tasks/{task}/claim");
        foreach (var (language, word) in (ValueTuple<string, string>[])[("zh-CN", "请"), ("en", "relative")])
        {
            using var wrong = await clerk.SendAsync(HttpMethod.Post, $"/tasks/{task}/complete", Accept(null), ApiCaller.NewKey(), language: language);
            Assert.Contains(word, (string?)(await ApiCaller.RefusedAsync(wrong, 422, "invalid"))["errors"]!["relative"]![0], StringComparison.OrdinalIgnoreCase);
        }
        var key = ApiCaller.NewKey();
        using var first = await clerk.SendAsync(HttpMethod.Post, $"/tasks/{task}/complete", Accept(false), key);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var again = await clerk.SendAsync(HttpMethod.Post, $"/tasks/{task}/complete", Accept(false), key);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        using (var other = await clerk.SendAsync(HttpMethod.Post, $"/tasks/{task}/complete", Accept(true), key)) await ApiCaller.RefusedAsync(other, 422, "keyReused");
        await using var db = story.Places.Open();
        Assert.Equal(1, await db.Set<AuditEntry>().CountAsync(a => a.Chain == story.CaseId.ToString() && a.Action == "task.completed"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_is_late_or_has_an_old_version_learns_who_decided_and_when(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted");
        var (clerk, second) = (await story.OfficerAsync("tck-1", new HeldRole(Roles.Clerk, story.Places.Township)), await story.OfficerAsync("tck-2", new HeldRole(Roles.Clerk, story.Places.Township)));
        var (task, name) = (await story.TaskAsync("accept"), (string)(await clerk.GetAsync("/session"))["name"]!);
        await clerk.DoAsync(HttpMethod.Post, $"/tasks/{task}/claim");
        using (var taken = await second.PostAsync($"/tasks/{task}/claim"))
            Assert.Contains(name, (string?)(await ApiCaller.RefusedAsync(taken, 409, "decided"))["detail"], StringComparison.Ordinal);

        using var read = await clerk.SendAsync(HttpMethod.Get, $"/cases/{story.CaseId}");
        var version = read.Headers.ETag!.Tag;
        using (var odd = await clerk.SendAsync(HttpMethod.Post, $"/tasks/{task}/complete", Accept(false), ApiCaller.NewKey(), ifMatch: "yesterday"))
            Assert.NotNull((await ApiCaller.RefusedAsync(odd, 400))["errors"]!["If-Match"]);
        using (var done = await clerk.SendAsync(HttpMethod.Post, $"/tasks/{task}/complete", Accept(false), ApiCaller.NewKey(), ifMatch: version)) Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        using (var late = await second.PostAsync($"/tasks/{task}/complete", Accept(false)))
        {
            var said = (string?)(await ApiCaller.RefusedAsync(late, 409, "decided"))["detail"];
            foreach (var part in (string[])[name, "2026年2月10日 09:30", "受理"]) Assert.Contains(part, said, StringComparison.Ordinal);
        }
        using var stale = await (await story.ApplicantAsync()).SendAsync(HttpMethod.Post, $"/cases/{story.CaseId}/withdraw", null, ApiCaller.NewKey(), ifMatch: version, language: "en");
        var changed = (string?)(await ApiCaller.RefusedAsync(stale, 412, "stale"))["detail"];
        foreach (var part in (string[])[name, "10 February 2026 09:30"]) Assert.Contains(part, changed, StringComparison.Ordinal);
        Assert.Equal("Investigating", (string?)(await story.DossierAsync())["status"]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_draft_keeps_what_was_sent_and_names_what_is_wrong(string kind)
    {
        var app = await apps.GetAsync(kind);
        using var person = await ApiCaller.AsAsync(app, (await TestAccounts.ApplicantAsync(app)).UserName!);
        var id = (Guid)(await person.DoAsync(HttpMethod.Post, "/drafts", new JsonObject { ["matter"] = "rural-dibao" }))!["id"]!;
        var saved = await person.DoAsync(HttpMethod.Put, $"/drafts/{id}/sections/applicant", new JsonObject { ["name"] = "王建国", ["idNumber"] = "341299197803150139" });
        Assert.Contains(saved!["faults"]!.AsArray(), f => (string?)f!["path"] == "applicant.idNumber");
        using var read = await person.SendAsync(HttpMethod.Get, $"/drafts/{id}");
        var draft = await ApiCaller.JsonAsync(read);
        Assert.Equal("341299197803150139", (string?)draft["answers"]!["applicant"]!["idNumber"]);
        Assert.Equal("InProgress", (string?)draft["sections"]!.AsArray().Single(s => (string?)s!["id"] == "applicant")!["state"]);
        using (var fresh = await person.SendAsync(HttpMethod.Put, $"/drafts/{id}/sections/reason", new JsonObject { ["code"] = "illness" }, ApiCaller.NewKey(), ifMatch: read.Headers.ETag!.Tag)) Assert.True(fresh.IsSuccessStatusCode);
        using (var stale = await person.SendAsync(HttpMethod.Put, $"/drafts/{id}/sections/reason", new JsonObject { ["code"] = "other" }, ApiCaller.NewKey(), ifMatch: read.Headers.ETag!.Tag)) await ApiCaller.RefusedAsync(stale, 412, "stale");
        using (var unknown = await person.SendAsync(HttpMethod.Put, $"/drafts/{id}/sections/nonsense", new JsonObject(), ApiCaller.NewKey())) await ApiCaller.RefusedAsync(unknown, 404);
        using (var early = await person.PostAsync($"/drafts/{id}/submit"))
        {
            var errors = (await ApiCaller.RefusedAsync(early, 422, "invalid"))["errors"]!.AsObject();
            Assert.Contains("applicant.idNumber", errors.Select(e => e.Key));
            Assert.Contains("members", errors.Select(e => e.Key));
        }
        Assert.Contains((await person.GetAsync("/drafts"))["items"]!.AsArray(), d => (Guid)d!["id"]! == id);
        await person.DoAsync(HttpMethod.Delete, $"/drafts/{id}");
        using var gone = await person.SendAsync(HttpMethod.Get, $"/drafts/{id}");
        await ApiCaller.RefusedAsync(gone, 404);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Attachments_are_looked_at_kept_once_and_only_ever_saved(string kind)
    {
        var app = await apps.GetAsync(kind);
        using var person = await ApiCaller.AsAsync(app, (await TestAccounts.ApplicantAsync(app)).UserName!);
        var id = (Guid)(await person.DoAsync(HttpMethod.Post, "/drafts", new JsonObject { ["matter"] = "rural-dibao" }))!["id"]!;
        var path = $"/drafts/{id}/attachments/photos";
        using (var page = ApiCaller.File("<html><script>alert(1)</script></html>"u8.ToArray(), "a.png"))
        using (var kindless = await person.SendAsync(HttpMethod.Post, path, key: ApiCaller.NewKey(), content: page))
            Assert.NotNull((await ApiCaller.RefusedAsync(kindless, 415, "wrongKind"))["errors"]!["attachments.photos"]);
        using (var huge = ApiCaller.File(new byte[FileCommands.MaxSize + 1], "a.png"))
        using (var tooLarge = await person.SendAsync(HttpMethod.Post, path, key: ApiCaller.NewKey(), content: huge))
            Assert.NotNull((await ApiCaller.RefusedAsync(tooLarge, 413, "tooLarge"))["errors"]!["attachments.photos"]);
        using (var text = new StringContent("x", Encoding.UTF8, "text/plain"))
        using (var noForm = await person.SendAsync(HttpMethod.Post, path, key: ApiCaller.NewKey(), content: text)) await ApiCaller.RefusedAsync(noForm, 415);
        using (var odd = ApiCaller.File(SamplePicture.Png, "a.png"))
        using (var nowhere = await person.SendAsync(HttpMethod.Post, $"/drafts/{id}/attachments/nothing", key: ApiCaller.NewKey(), content: odd)) await ApiCaller.RefusedAsync(nowhere, 404);

        var key = ApiCaller.NewKey();
        using var one = ApiCaller.File(SamplePicture.Png, "照片.png");
        using var first = await person.SendAsync(HttpMethod.Post, path, key: key, content: one);
        using var two = ApiCaller.File(SamplePicture.Png, "照片.png");
        using var again = await person.SendAsync(HttpMethod.Post, path, key: key, content: two);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        var file = Assert.Single(Photos(await person.GetAsync($"/drafts/{id}")))!;
        Assert.Equal("照片.png", (string?)file["name"]);
        using (var read = await person.SendAsync(HttpMethod.Get, $"/cases/{id}/attachments/{(Guid)file["id"]!}"))
        {
            Assert.Equal(SamplePicture.Png, await read.Content.ReadAsByteArrayAsync());
            Assert.Equal("attachment", read.Content.Headers.ContentDisposition?.DispositionType);
            Assert.Equal("image/png", read.Content.Headers.ContentType?.MediaType);
            Assert.Contains("sandbox", read.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.True(read.Headers.CacheControl?.NoStore);
        }
        await person.DoAsync(HttpMethod.Delete, $"/drafts/{id}/attachments/{(Guid)file["id"]!}");
        Assert.Empty(Photos(await person.GetAsync($"/drafts/{id}")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Too_much_at_once_is_told_when_to_come_back(string kind)
    {
        var app = await apps.GetAsync(kind);
        using var person = await ApiCaller.AsAsync(app, (await TestAccounts.ApplicantAsync(app)).UserName!);
        app.Jammed = true;
        try
        {
            using var busy = await person.PostAsync("/drafts", new JsonObject { ["matter"] = "rural-dibao" });
            await ApiCaller.RefusedAsync(busy, 503, "busy");
            Assert.NotNull(busy.Headers.RetryAfter);
        }
        finally
        {
            app.Jammed = false;
        }
        await person.DoAsync(HttpMethod.Post, "/drafts", new JsonObject { ["matter"] = "rural-dibao" });
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Pages_have_bounds(string kind)
    {
        var app = await apps.GetAsync(kind);
        using var officer = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299"))).UserName!);
        foreach (var (query, field) in (ValueTuple<string, string>[])[("page=0", "page"), ("page=10001", "page"), ("pageSize=0", "pageSize"), ("pageSize=101", "pageSize")])
        {
            using var refused = await officer.SendAsync(HttpMethod.Get, $"/tasks?{query}");
            Assert.NotNull((await ApiCaller.RefusedAsync(refused, 400))["errors"]![field]);
            var (name, number) = (query.Split('=')[0], int.Parse(query.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture));
            using var search = await officer.SendAsync(HttpMethod.Post, "/cases/search", new JsonObject { ["term"] = "王建", [name] = number });
            Assert.NotNull((await ApiCaller.RefusedAsync(search, 400))["errors"]![field]);
        }
        Assert.Equal(7, (int?)(await officer.GetAsync("/tasks?page=10000&pageSize=7"))["pageSize"]);
    }

    private static JsonObject Accept(bool? relative) => new() { ["outcome"] = "Accept", ["fields"] = relative is null ? new JsonObject() : new JsonObject { ["relative"] = relative } };

    private static JsonArray Photos(JsonObject draft) => draft["attachments"]!.AsArray().Single(a => (string?)a!["slot"] == "photos")!["files"]!.AsArray();
}
