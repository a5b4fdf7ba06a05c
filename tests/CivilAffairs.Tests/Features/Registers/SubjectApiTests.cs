using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Registers.Subjects;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Features.Registers;

/// <summary>Over HTTP: an organisation is found, read as it was on a day, looked at in full with a reason, exported with one, and acted on ex officio; on both databases.</summary>
[Collection(ApiStories.Name)]
public sealed class SubjectApiTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_organisation_is_found_read_as_it_was_and_exported_with_a_reason(string kind)
    {
        var app = await apps.GetAsync(kind);
        app.Clock.Put(new DateTimeOffset(2026, 12, 30, 2, 0, 0, TimeSpan.Zero));
        var organisations = await Organisations.InAsync(app);
        var of = await organisations.EnterAsync(new(2022, 11, 20), new(2026, 11, 19));
        await organisations.RenewAsync("granted", of, s =>
        {
            s.Form["organisation"]!["address"] = "青河镇石桥村新址";
            return s;
        });
        var account = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.OrganisationClerk, "341299"));
        using var clerk = await ApiCaller.AsAsync(app, account.UserName!);
        var path = $"/registers/{Organisations.Register}";
        async Task<JsonNode?> FoundAsync(string term, string? asOf = null) =>
            (await clerk.DoAsync(HttpMethod.Post, $"{path}/subjects/search", new JsonObject { ["term"] = term, ["asOf"] = asOf, ["pageSize"] = 100 }))!["items"]!.AsArray().SingleOrDefault(i => (Guid)i!["id"]! == of.SubjectId);

        // By its code, by a part of its name, and not by another.
        Assert.Equal("2031-11-19", (string?)(await FoundAsync(of.Uscc.ToLowerInvariant()))!["certificate"]!["validTo"]);
        Assert.NotNull(await FoundAsync(of.Name[3..]));
        Assert.Null(await FoundAsync("没有这样的协会"));
        // As it was: the certificate of then, and before it was entered nothing.
        Assert.Equal("2026-11-19", (string?)(await FoundAsync(of.Uscc, "2026-10-01"))!["certificate"]!["validTo"]);
        Assert.Null(await FoundAsync(of.Uscc, "2022-11-19"));

        var detail = await clerk.GetAsync($"/registers/subjects/{of.SubjectId}");
        Assert.Equal(["青河镇石桥村新址", "青河镇柳树村文化中心"], detail["versions"]!.AsArray().Select(v => (string)v!["fields"]!["address"]!));
        Assert.Equal(["Waiting", "Renewed"], detail["certificates"]!.AsArray().Select(c => (string)c!["state"]!).Select(s => s == "InForce" ? "Waiting" : s));
        Assert.Equal("341299********" + of.IdNumber[^4..], (string?)detail["versions"]![0]!["fields"]!["legalRepId"]);
        using (var none = await clerk.PostAsync($"/registers/subjects/{of.SubjectId}/full-view", new JsonObject { ["reason"] = "curious" })) Assert.NotNull((await ApiCaller.RefusedAsync(none, 422))["errors"]!["reason"]);
        using (var none = await clerk.PostAsync($"/registers/subjects/{of.SubjectId}/full-view", new JsonObject { ["reason"] = "other" })) Assert.NotNull((await ApiCaller.RefusedAsync(none, 422))["errors"]!["note"]);
        var whole = await clerk.DoAsync(HttpMethod.Post, $"/registers/subjects/{of.SubjectId}/full-view", new JsonObject { ["reason"] = "other", ["note"] = "核对茶永年的身份证号" });
        Assert.Equal(of.IdNumber, (string?)whole!["versions"]![0]!["fields"]!["legalRepId"]);

        var export = (Guid)(await clerk.DoAsync(HttpMethod.Post, $"{path}/exports", new JsonObject { ["term"] = of.Name[3..], ["reason"] = "verify" }))!["id"]!;
        var sheet = (await clerk.BytesAsync($"/registers/exports/{export}/workbook")).AsSheet();
        Assert.Equal("统一社会信用代码", sheet[0]["A"]);
        Assert.Contains(of.IdNumber, sheet.Single(r => r["A"] == of.Uscc).Values);
        // Nobody else fetches it, and not for long.
        using var other = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.OrganisationClerk, "341299"))).UserName!);
        using (var theirs = await other.SendAsync(HttpMethod.Get, $"/registers/exports/{export}/workbook")) await ApiCaller.RefusedAsync(theirs, 404);
        // Nor who has been moved to another post since it was asked for.
        Task<int> PostAsync(string role) => app.Services.GetRequiredService<IWriter>().WriteAsync((w, cancel) => w.Set<Posting>().Where(p => p.AccountId == account.Id).ExecuteUpdateAsync(p => p.SetProperty(x => x.Role, role), cancel));
        await PostAsync(Roles.MarriageRegistrar);
        using (var moved = await clerk.SendAsync(HttpMethod.Get, $"/registers/exports/{export}/workbook")) await ApiCaller.RefusedAsync(moved, 404);
        await PostAsync(Roles.OrganisationClerk);
        await clerk.BytesAsync($"/registers/exports/{export}/workbook");
        app.Clock.Put(app.Clock.GetUtcNow().AddMinutes(11));
        using (var late = await clerk.SendAsync(HttpMethod.Get, $"/registers/exports/{export}/workbook")) await ApiCaller.RefusedAsync(late, 404);

        await using var db = organisations.Open();
        var audit = await db.Set<AuditEntry>().Where(a => a.Chain == export.ToString()).SingleAsync();
        Assert.Equal(("register.export", true), (audit.Action, audit.Details.Contains("\"verify\"", StringComparison.Ordinal)));
        // Neither the reason's words nor what was sought lie in clear.
        var accesses = await db.Set<RegisterAccess>().Where(a => a.SubjectId == of.SubjectId || a.Id == export).ToListAsync();
        Assert.Equal(2, accesses.Count);
        Assert.DoesNotContain("茶", System.Text.Json.JsonSerializer.Serialize(accesses, Plain), StringComparison.Ordinal);
        Assert.DoesNotContain(await db.Set<AuditEntry>().Where(a => a.Action == "register.fullView").Select(a => a.Details).ToListAsync(), d => d.Contains('茶', StringComparison.Ordinal));
        Assert.Empty(await db.VerifyAsync(default));
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_representative_sees_the_organisation_and_renews_it_from_the_register(string kind)
    {
        var app = await apps.GetAsync(kind);
        app.Clock.Put(new DateTimeOffset(2026, 9, 1, 2, 0, 0, TimeSpan.Zero));
        var organisations = await Organisations.InAsync(app);
        var (of, other) = (await organisations.EnterAsync(new(2022, 11, 20), new(2026, 11, 19)), await organisations.EnterAsync(new(2024, 3, 1), new(2029, 2, 28)));
        using var mine = await ApiCaller.AsAsync(app, of.UserName);
        var shown = Assert.Single(await mine.GetListAsync("/my/organisations"))!;
        Assert.Equal((of.SubjectId, 79, "so-renewal"), ((Guid)shown["id"]!, (int)shown["certificates"]![0]!["daysLeft"]!, (string)shown["certificates"]![0]!["renewal"]!));
        Assert.Equal(["donation-campaign", "so-annual-inspection", "so-change", "so-deregistration"], shown["matters"]!.AsArray().Select(m => (string)m!));
        using (var theirs = await ApiCaller.AsAsync(app, other.UserName)) Assert.Null((string?)Assert.Single(await theirs.GetListAsync("/my/organisations"))!["certificates"]![0]!["renewal"]);

        using (var foreign = await mine.PostAsync("/drafts", new JsonObject { ["matter"] = "so-renewal", ["organisation"] = other.SubjectId.ToString() })) await ApiCaller.RefusedAsync(foreign, 404);
        var draft = (Guid)(await mine.DoAsync(HttpMethod.Post, "/drafts", new JsonObject { ["matter"] = "so-renewal", ["organisation"] = of.SubjectId.ToString() }))!["id"]!;
        Assert.Equal(of.Uscc, (string?)(await mine.GetAsync($"/drafts/{draft}"))["answers"]!["organisation"]!["uscc"]);
        // Only what the register cannot know is asked.
        await mine.DoAsync(HttpMethod.Put, $"/drafts/{draft}/sections/standing", new JsonObject { ["inspection"] = "passed" });
        await mine.DoAsync(HttpMethod.Put, $"/drafts/{draft}/sections/declaration", new JsonObject { ["truthful"] = true, ["signature"] = "茶永年" });
        await mine.DoAsync(HttpMethod.Post, $"/drafts/{draft}/submit");
        Assert.Equal(draft, (Guid)Assert.Single(await mine.GetListAsync("/my/organisations"))!["openCases"]![0]!);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_township_reads_its_own_and_who_has_no_part_nothing(string kind)
    {
        var app = await apps.GetAsync(kind);
        var organisations = await Organisations.InAsync(app);
        var (here, there) = (await organisations.EnterAsync(new(2022, 11, 20), new(2026, 11, 19)), await organisations.EnterAsync(new(2022, 11, 20), new(2026, 11, 19), seat: "341299102"));
        using var township = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299101"))).UserName!);
        await township.GetAsync($"/registers/subjects/{here.SubjectId}");
        using (var hidden = await township.SendAsync(HttpMethod.Get, $"/registers/subjects/{there.SubjectId}")) await ApiCaller.RefusedAsync(hidden, 404);
        using (var hidden = await township.PostAsync($"/registers/subjects/{there.SubjectId}/full-view", new JsonObject { ["reason"] = "verify" })) await ApiCaller.RefusedAsync(hidden, 404);
        using var none = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299101"))).UserName!);
        using (var hidden = await none.PostAsync($"/registers/{Organisations.Register}/subjects/search", new JsonObject())) await ApiCaller.RefusedAsync(hidden, 404);
        using (var hidden = await none.PostAsync($"/registers/{Organisations.Register}/exports", new JsonObject { ["reason"] = "verify" })) await ApiCaller.RefusedAsync(hidden, 404);
        Assert.Equal(HttpStatusCode.OK, (await township.SendAsync(HttpMethod.Get, "/registers")).StatusCode);
    }
}
