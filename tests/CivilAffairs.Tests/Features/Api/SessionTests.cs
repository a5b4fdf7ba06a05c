using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Api;

/// <summary>Signing in and out over the API, and what a session needs to change anything.</summary>
[Collection(ApiStories.Name)]
public sealed class SessionTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Somebody_signs_in_is_known_and_signs_out(string kind)
    {
        var app = await apps.GetAsync(kind);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299101"));
        using var caller = ApiCaller.Nobody(app);
        using (var before = await caller.SendAsync(HttpMethod.Get, "/session")) await ApiCaller.RefusedAsync(before, 401, "signIn");
        using (var wrong = await caller.SignInAsync(clerk.UserName!, "not-the-password")) await ApiCaller.RefusedAsync(wrong, 401, "wrongPassword");
        using (var empty = await caller.SignInAsync("", ""))
            Assert.Equal(["password", "userName"], (await ApiCaller.RefusedAsync(empty, 422))["errors"]!.AsObject().Select(e => e.Key).Order());
        using (var form = new FormUrlEncodedContent([new("userName", clerk.UserName!), new("password", TestAccounts.Password)]))
        using (var forged = await caller.SendAsync(HttpMethod.Post, "/session", content: form)) await ApiCaller.RefusedAsync(forged, 415);

        using var signedIn = await caller.SignInAsync(clerk.UserName!, TestAccounts.Password);
        Assert.Equal("TCK", (string?)(await ApiCaller.JsonAsync(signedIn))["posts"]![0]!["role"]);
        Assert.Equal(clerk.Id, (Guid?)(await caller.GetAsync("/session"))["accountId"]);
        using (var left = await caller.SendAsync(HttpMethod.Delete, "/session")) Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        using var after = await caller.SendAsync(HttpMethod.Get, "/tasks");
        await ApiCaller.RefusedAsync(after, 401);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_session_without_its_request_token_reads_and_changes_nothing(string kind)
    {
        var app = await apps.GetAsync(kind);
        var applicant = await TestAccounts.ApplicantAsync(app);
        using var caller = await ApiCaller.AsAsync(app, applicant.UserName!);
        caller.ForgetToken();
        Assert.Empty((await caller.GetAsync("/drafts"))["items"]!.AsArray());
        using var refused = await caller.PostAsync("/drafts", new JsonObject { ["matter"] = "rural-dibao" });
        Assert.NotNull((await ApiCaller.RefusedAsync(refused, 400, "malformed"))["errors"]!["RequestVerificationToken"]);
        Assert.Empty((await caller.GetAsync("/drafts"))["items"]!.AsArray());
        // Read again, it is there; so is it for a session that the sign-in page opened.
        using (var session = await caller.SendAsync(HttpMethod.Get, "/session")) await caller.KeepTokenAsync(session);
        await caller.DoAsync(HttpMethod.Post, "/drafts", new JsonObject { ["matter"] = "rural-dibao" });
        Assert.Single((await caller.GetAsync("/drafts"))["items"]!.AsArray());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_officer_gets_an_account_changes_the_password_and_only_then_works(string kind)
    {
        var app = await apps.GetAsync(kind);
        var chief = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Administrator, "341299"));
        using var admin = await ApiCaller.AsAsync(app, chief.UserName!);
        var (name, key) = ($"new{ApiCaller.NewKey()[..8]}", ApiCaller.NewKey());
        var body = new JsonObject { ["userName"] = name, ["name"] = "新人" };
        using var made = await admin.SendAsync(HttpMethod.Post, "/accounts", body, key);
        var account = await ApiCaller.JsonAsync(made);
        using var again = await admin.SendAsync(HttpMethod.Post, "/accounts", body, key);
        var repeated = await ApiCaller.JsonAsync(again);
        Assert.Equal((Guid?)account["id"], (Guid?)repeated["id"]);
        Assert.Null(repeated["password"]);
        using (var taken = await admin.PostAsync("/accounts", body.DeepClone())) Assert.NotNull((await ApiCaller.RefusedAsync(taken, 422))["errors"]!["userName"]);
        using (var wrong = await admin.PostAsync($"/accounts/{(Guid)account["id"]!}/postings", new JsonObject { ["role"] = "XXX", ["division"] = "34", ["from"] = "2026-02-01" }))
            Assert.Equal(["division", "role"], (await ApiCaller.RefusedAsync(wrong, 422))["errors"]!.AsObject().Select(e => e.Key).Order());
        await admin.DoAsync(HttpMethod.Post, $"/accounts/{(Guid)account["id"]!}/postings", new JsonObject { ["role"] = "TCK", ["division"] = "341299101", ["from"] = "2020-02-01" });

        using var officer = ApiCaller.Nobody(app);
        using (var first = await officer.SignInAsync(name, (string)account["password"]!)) Assert.True((bool?)(await ApiCaller.JsonAsync(first))["mustChangePassword"]);
        using (var early = await officer.SendAsync(HttpMethod.Get, "/tasks")) await ApiCaller.RefusedAsync(early, 403, "temporaryPassword");
        using (var weak = await officer.SendAsync(HttpMethod.Put, "/session/password", new JsonObject { ["current"] = (string)account["password"]!, ["password"] = "short" }))
            Assert.NotNull((await ApiCaller.RefusedAsync(weak, 422))["errors"]!["password"]);
        using (var changed = await officer.SendAsync(HttpMethod.Put, "/session/password", new JsonObject { ["current"] = (string)account["password"]!, ["password"] = "my-own-long-one" })) await officer.KeepTokenAsync(changed);
        Assert.Equal(0, (int?)(await officer.GetAsync("/tasks"))["total"]);

        await admin.DoAsync(HttpMethod.Put, $"/accounts/{(Guid)account["id"]!}/disabled", new JsonObject { ["disabled"] = true });
        using (var out1 = await officer.SendAsync(HttpMethod.Get, "/tasks")) Assert.Equal(HttpStatusCode.Forbidden, out1.StatusCode);
        Assert.True((bool?)(await admin.GetAsync($"/accounts/{(Guid)account["id"]!}"))["disabled"]);
        Assert.Contains((await admin.GetAsync($"/accounts?q={name}"))["items"]!.AsArray(), l => (string?)l!["userName"] == name);
        using var oneself = await admin.SendAsync(HttpMethod.Put, $"/accounts/{chief.Id}/disabled", new JsonObject { ["disabled"] = true }, ApiCaller.NewKey());
        await ApiCaller.RefusedAsync(oneself, 422);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_person_registers_once(string kind)
    {
        var app = await apps.GetAsync(kind);
        using var caller = ApiCaller.Nobody(app);
        var body = new JsonObject { ["name"] = "李春燕", ["idNumber"] = TestAccounts.IdNumber(), ["mobile"] = "13800000077", ["password"] = "a-long-password" };
        using (var bad = await caller.SendAsync(HttpMethod.Post, "/registrations", new JsonObject { ["name"] = "", ["idNumber"] = "1", ["mobile"] = "2", ["password"] = "x" }, language: "en"))
            Assert.Equal(["idNumber", "mobile", "name", "password"], (await ApiCaller.RefusedAsync(bad, 422))["errors"]!.AsObject().Select(e => e.Key).Order());
        using (var done = await caller.SendAsync(HttpMethod.Post, "/registrations", body)) await caller.KeepTokenAsync(done);
        Assert.Equal("Applicant", (string?)(await caller.GetAsync("/session"))["kind"]);
        using var stranger = ApiCaller.Nobody(app);
        using var twice = await stranger.SendAsync(HttpMethod.Post, "/registrations", body.DeepClone());
        Assert.NotNull((await ApiCaller.RefusedAsync(twice, 422))["errors"]!["idNumber"]);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_cannot_be_read_is_said_with_the_property_or_header(string kind)
    {
        var app = await apps.GetAsync(kind);
        using var caller = ApiCaller.Nobody(app);
        using (var broken = new StringContent("{\"userName\": ", Encoding.UTF8, "application/json"))
        using (var answer = await caller.SendAsync(HttpMethod.Post, "/session", content: broken)) await ApiCaller.RefusedAsync(answer, 400, "malformed");
        using (var lacking = await caller.SendAsync(HttpMethod.Post, "/session", new JsonObject { ["userName"] = "x" }, language: "en"))
            Assert.Equal("The request cannot be understood", (string?)(await ApiCaller.RefusedAsync(lacking, 400, "malformed"))["title"]);
        using (var nowhere = await caller.SendAsync(HttpMethod.Get, "/nowhere")) await ApiCaller.RefusedAsync(nowhere, 404, "notFound");
        using (var method = await caller.SendAsync(HttpMethod.Delete, "/matters")) await ApiCaller.RefusedAsync(method, 405, "method");
        using var odd = await caller.SendAsync(HttpMethod.Get, "/notices?page=0");
        Assert.NotNull((await ApiCaller.RefusedAsync(odd, 400))["errors"]!["page"]);
    }
}
