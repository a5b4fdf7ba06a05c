using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Tests.Features.Api;

/// <summary>The API v1 over HTTP, on both databases.</summary>
public sealed class ApiTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_clerk_finds_claims_and_closes_a_task_once(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted", (await story.PrepareAsync("granted")).At);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        using var person = await SignedIn.AsAsync(app, clerk.UserName!);
        var queue = (await person.Client.GetFromJsonAsync<JsonObject>("/api/v1/tasks"))!;
        var task = queue["items"]!.AsArray().Single(t => (Guid)t!["caseId"]! == caseId)!;
        Assert.Contains("*", (string)task["applicant"]!, StringComparison.Ordinal);
        var id = (Guid)task["id"]!;

        using var keyless = await SendAsync(person, $"/api/v1/tasks/{id}/claim", null, null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, keyless.StatusCode);
        using var claimed = await SendAsync(person, $"/api/v1/tasks/{id}/claim", "c1", null);
        Assert.Equal(HttpStatusCode.NoContent, claimed.StatusCode);
        using var wrong = await SendAsync(person, $"/api/v1/tasks/{id}/complete", "k1", new JsonObject { ["outcome"] = "Accept" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.NotNull((await wrong.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!["relative"]);

        var body = new JsonObject { ["outcome"] = "Accept", ["fields"] = new JsonObject { ["relative"] = false } };
        using var first = await SendAsync(person, $"/api/v1/tasks/{id}/complete", "k2", body);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var again = await SendAsync(person, $"/api/v1/tasks/{id}/complete", "k2", body);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        using var late = await SendAsync(person, $"/api/v1/tasks/{id}/complete", "k3", body);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        await using var db = story.Open();
        Assert.Equal(1, await db.Set<WorkTask>().CountAsync(t => t.CaseId == caseId && t.ActivityId == "accept" && t.State == TaskState.Done));
        var read = (await person.Client.GetFromJsonAsync<JsonObject>($"/api/v1/cases/{caseId}"))!;
        Assert.Equal("Accept", (string)read["tasks"]!.AsArray().Single(t => (string)t!["activity"]! == "accept")!["outcome"]!);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Another_township_and_a_stranger_learn_nothing(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted", (await story.PrepareAsync("granted")).At);
        var other = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299999"));
        using var person = await SignedIn.AsAsync(app, other.UserName!);
        Assert.Equal(0, (int)(await person.Client.GetFromJsonAsync<JsonObject>("/api/v1/tasks"))!["total"]!);
        using var hidden = await person.GetAsync($"/api/v1/cases/{caseId}");
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        using var nobody = SignedIn.Nobody(app);
        using var refused = await nobody.GetAsync("/api/v1/tasks");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task The_description_names_every_path()
    {
        var app = await databases.GetAsync(Databases.Sqlite);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299101"));
        using var officer = await SignedIn.AsAsync(app, clerk.UserName!);
        var paths = (await officer.Client.GetFromJsonAsync<JsonObject>("/api/openapi/v1.json"))!["paths"]!.AsObject().Select(p => p.Key).Order();
        Assert.Equal(["/api/v1/cases/{id}", "/api/v1/tasks", "/api/v1/tasks/{id}/claim", "/api/v1/tasks/{id}/complete"], paths);
    }

    private static async Task<HttpResponseMessage> SendAsync(SignedIn person, string path, string? key, JsonObject? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await person.Client.SendAsync(request);
    }
}
