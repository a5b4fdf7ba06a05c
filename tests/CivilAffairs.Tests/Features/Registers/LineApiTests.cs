using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Registers;
using CivilAffairs.Web.Features.Registers.Lines;
using CivilAffairs.Web.Features.Registers.Subjects;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Registers;

/// <summary>Over HTTP, on both databases: benefits, certificates and marriages are found, read as they were on a day, looked at in full with a reason and exported with one; and by nobody else.</summary>
[Collection(ApiStories.Name)]
public sealed class LineApiTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_benefit_is_found_as_it_was_and_exported_with_a_reason(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.PlayAsync("granted");
        var (number, id) = ((string)(await story.DossierAsync())["number"]!, (string)story.Example.Form["applicant"]!["idNumber"]!);
        await using var db = story.Places.Open();
        var grant = await db.Set<Grant>().SingleAsync(g => g.CaseId == story.CaseId);
        var clerk = await story.OfficerAsync("tck-lines", new HeldRole(Roles.Clerk, story.Places.Township));
        Task<List<JsonNode>> FoundAsync(ApiCaller by, string term, DateOnly? asOf = null) => SearchAsync(by, BenefitLines.Register, term, asOf);
        foreach (var term in new[] { "", id, number, "王", "王建国" }) Assert.Equal(grant.Id, (Guid)Assert.Single(await FoundAsync(clerk, term))["id"]!);
        Assert.Empty(await FoundAsync(clerk, "建国"));
        // Before it was decided there was none; on the day there is.
        Assert.Empty(await FoundAsync(clerk, "", grant.OccurredOn.AddDays(-1)));
        Assert.Equal("Waiting", (string?)Assert.Single(await FoundAsync(clerk, "王", grant.OccurredOn))["state"]);
        // Later an adjustment counts from a month on, and an end after it.
        await app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
        {
            db.Add(new GrantChange { GrantId = grant.Id, AmountFen = 90_000, FromMonth = grant.FirstMonth.AddMonths(2), Reason = "income", OccurredOn = grant.OccurredOn });
            return (await db.Set<Grant>().SingleAsync(g => g.Id == grant.Id, cancel)).LastMonth = grant.FirstMonth.AddMonths(3);
        });
        app.Clock.Put(new DateTimeOffset(grant.FirstMonth.AddMonths(6).ToDateTime(new TimeOnly(2, 0)), TimeSpan.Zero));
        clerk = await story.OfficerAsync("tck-lines");
        foreach (var (month, fen, state) in new[] { (0, 120_000L, "Paid"), (1, 120_000L, "Paid"), (2, 90_000L, "Paid"), (3, 90_000L, "Paid"), (4, 90_000L, "Ended") })
        {
            var then = Assert.Single(await FoundAsync(clerk, number, grant.FirstMonth.AddMonths(month)));
            Assert.Equal((fen, state), ((long)then["amountFen"]!, (string)then["state"]!));
        }

        // Masked until a reason is written down.
        var path = $"/registers/{BenefitLines.Register}/lines/{grant.Id}";
        var shown = (await clerk.GetAsync(path))["holders"]![0]!;
        Assert.Equal(("王**", null), ((string?)shown["name"], (string?)shown["idNumber"]));
        using (var none = await clerk.PostAsync($"{path}/full-view", new JsonObject { ["reason"] = "curious" })) Assert.NotNull((await ApiCaller.RefusedAsync(none, 422))["errors"]!["reason"]);
        var whole = (await clerk.DoAsync(HttpMethod.Post, $"{path}/full-view", new JsonObject { ["reason"] = "verify" }))!["holders"]![0]!;
        Assert.Equal(("王建国", id), ((string?)whole["name"], (string?)whole["idNumber"]));
        var export = (Guid)(await clerk.DoAsync(HttpMethod.Post, $"/registers/{BenefitLines.Register}/exports", new JsonObject { ["term"] = id, ["reason"] = "other", ["note"] = "核对王建国" }))!["id"]!;
        var sheet = (await clerk.BytesAsync($"/registers/exports/{export}/workbook")).AsSheet();
        Assert.Equal(("领取人", 2), (sheet[0]["A"], sheet.Count));
        Assert.All(new[] { "王建国", id, "已终止", number, "900" }, value => Assert.Contains(value, sheet[1].Values));
        var accesses = await db.Set<RegisterAccess>().Where(a => a.LineId == grant.Id || a.Id == export).ToListAsync();
        Assert.Equal(2, accesses.Count);
        Assert.DoesNotContain(accesses, a => System.Text.Json.JsonSerializer.Serialize(a).Contains(id, StringComparison.Ordinal));
        Assert.Equal(2, await db.Set<AuditEntry>().CountAsync(a => (a.Action == "register.fullView" || a.Action == "register.export") && (a.Chain == accesses[0].Id.ToString() || a.Chain == accesses[1].Id.ToString())));

        // Another township, another family's registrar, and who has no part in the matter: nothing, and no export.
        foreach (var held in new HeldRole[] { new(Roles.Clerk, "341299998"), new(Roles.MarriageRegistrar, "341299"), new(Roles.OrganisationClerk, "341299"), new(Roles.Manager, "341299") })
        {
            var stranger = await story.OfficerAsync($"no-lines-{held.Role}", held);
            using (var hidden = await stranger.SendAsync(HttpMethod.Get, path)) await ApiCaller.RefusedAsync(hidden, 404);
            using (var hidden = await stranger.PostAsync($"{path}/full-view", new JsonObject { ["reason"] = "verify" })) await ApiCaller.RefusedAsync(hidden, 404);
            if (held.Role == Roles.Clerk) Assert.Empty(await FoundAsync(stranger, id));
            else using (var hidden = await stranger.PostAsync($"/registers/{BenefitLines.Register}/exports", new JsonObject { ["reason"] = "verify" })) await ApiCaller.RefusedAsync(hidden, 404);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_marriage_is_found_by_either_party_and_ended_by_a_divorce(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "divorce");
        await story.PlayAsync("completed");
        var registrar = await story.OfficerAsync("reg-lines", new HeldRole(Roles.MarriageRegistrar, "341299"));
        await using var db = story.Places.Open();
        var divorce = await db.Set<RegisterEntry>().SingleAsync(e => e.CaseId == story.CaseId && e.Register == "divorces");
        foreach (var party in new[] { "applicant", "spouse" })
        {
            var (name, id) = ((string)story.Example.Form[party]!["name"]!, (string)story.Example.Form[party]!["idNumber"]!);
            var marriage = Assert.Single(await SearchAsync(registrar, "marriages", id));
            Assert.Equal(("Ended", 2), ((string)marriage["state"]!, marriage["holders"]!.AsArray().Count));
            Assert.DoesNotContain(name, marriage.ToJsonString(), StringComparison.Ordinal);
            Assert.Contains(await SearchAsync(registrar, "marriages", name), l => (Guid)l["id"]! == (Guid)marriage["id"]!);
            // On the day before the divorce they were married.
            Assert.Equal("InForce", (string?)Assert.Single(await SearchAsync(registrar, "marriages", id, divorce.ValidFrom.AddDays(-1)))["state"]);
            Assert.Empty(await SearchAsync(registrar, "divorces", id, divorce.OccurredOn.AddDays(-1)));
            // By its certificate's number, as printed.
            var paper = Assert.Single(await SearchAsync(registrar, "divorces", id));
            Assert.Equal(divorce.Id, (Guid)Assert.Single(await SearchAsync(registrar, "divorces", (string)paper["number"]!))["id"]!);
        }
        using (var hidden = await (await story.OfficerAsync("tck-none", new HeldRole(Roles.Clerk, "341299101"))).SendAsync(HttpMethod.Get, $"/registers/divorces/lines/{divorce.Id}")) await ApiCaller.RefusedAsync(hidden, 404);
        // A reissued paper takes the place of the first: that the first line ended does not say that the marriage, or the divorce, did.
        var number = (string)System.Text.Json.Nodes.JsonNode.Parse(divorce.Entry)!["certificate"]!;
        await app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
        {
            (await db.Set<RegisterEntry>().SingleAsync(e => e.Id == divorce.Id, cancel)).ValidTo = divorce.ValidFrom.AddDays(9);
            db.Add(new RegisterEntry
            {
                Register = "divorces", CaseId = story.CaseId, County = "341299", Entry = $$"""{"certificate":"BL{{number}}","replaces":"{{number}}","registeredOn":"{{divorce.OccurredOn:yyyy-MM-dd}}"}""",
                ValidFrom = divorce.ValidFrom.AddDays(10), OccurredOn = divorce.OccurredOn.AddDays(10), RecordedAt = divorce.RecordedAt,
            });
            return 0;
        });
        app.Clock.Put(app.Clock.GetUtcNow().AddDays(11));
        registrar = await story.OfficerAsync("reg-lines");
        var both = await SearchAsync(registrar, "divorces", (string)story.Example.Form["applicant"]!["idNumber"]!);
        Assert.Equal([("InForce", number), ("Replaced", null)], both.Select(l => ((string)l["state"]!, (string?)l["replaces"])));
        Assert.Equal($"{divorce.OccurredOn:yyyy-MM-dd}", (string?)both[0]["registeredOn"]);
        // Who keeps off the case keeps off its line.
        var (recused, viewer) = (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.MarriageRegistrar, "341299")), new HeldRole(Roles.MarriageRegistrar, "341299"));
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.Add(new CaseRecusal { CaseId = story.CaseId, AccountId = recused.Id, Reason = "relative", RecordedById = recused.Id, OccurredOn = divorce.OccurredOn, RecordedAt = app.Clock.GetUtcNow() });
            return Task.FromResult(0);
        });
        var lines = app.Services.GetRequiredService<LineQuery>();
        var who = new Viewer(recused.Id, "某", AccountKind.Officer, [viewer]);
        Assert.Null(await lines.FindAsync(who, "divorces", divorce.Id, full: false));
        Assert.Empty((await lines.ReadAsync(who, "divorces", (string)story.Example.Form["spouse"]!["idNumber"]!, null, null))!.Lines);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_certificate_is_found_by_what_is_printed_on_it_and_by_its_holder(string kind)
    {
        var app = await apps.GetAsync(kind);
        app.Clock.Put(new DateTimeOffset(2026, 12, 30, 2, 0, 0, TimeSpan.Zero));
        var organisations = await Organisations.InAsync(app);
        var of = await organisations.EnterAsync(new(2022, 11, 20), new(2026, 11, 19));
        using var clerk = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.OrganisationClerk, "341299"))).UserName!);
        foreach (var term in new[] { of.Uscc, "旧" + of.Uscc, of.Name[3..] })
        {
            var found = Assert.Single(await SearchAsync(clerk, CertificateLines.Register, term));
            Assert.Equal((of.CertificateId, "Expired", of.Name), ((Guid)found["id"]!, (string)found["state"]!, (string)found["holders"]![0]!["name"]!));
            Assert.Equal("InForce", (string?)Assert.Single(await SearchAsync(clerk, CertificateLines.Register, term, new(2026, 11, 19)))["state"]);
            Assert.Empty(await SearchAsync(clerk, CertificateLines.Register, term, new(2022, 11, 19)));
        }
        using var registrar = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.MarriageRegistrar, "341299"))).UserName!);
        using (var hidden = await registrar.PostAsync($"/registers/{CertificateLines.Register}/lines/search", new JsonObject())) await ApiCaller.RefusedAsync(hidden, 404);
    }

    /// <summary>Lines of one day and one name, read one by one: each once, in both orders; and an export that is cut says so.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Pages_follow_each_other_without_a_gap(string kind)
    {
        var app = await apps.GetAsync(kind);
        var township = new CaseStory(app).Township;
        var grants = Enumerable.Range(0, 7).Select(i => new Grant { Matter = "rural-dibao", Benefit = "dibao", HolderName = i < 4 ? "钱同名" : $"钱同名{(char)('甲' + i)}", County = "341299", Township = township, Parameters = "[]", OccurredOn = new(2025, 3, 1 + i / 3), FirstMonth = new(2025, 4, 1) }).ToList();
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.AddRange(grants);
            return Task.FromResult(0);
        });
        app.Clock.Put(new DateTimeOffset(2026, 12, 30, 2, 0, 0, TimeSpan.Zero));
        using var clerk = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, township), new HeldRole(Roles.VillageWorker, township + "201"))).UserName!);
        async Task<List<Guid>> WalkAsync(string term)
        {
            var (ids, after) = (new List<Guid>(), (string?)null);
            do
            {
                var page = await clerk.DoAsync(HttpMethod.Post, $"/registers/{BenefitLines.Register}/lines/search", new JsonObject { ["term"] = term, ["after"] = after, ["pageSize"] = 2 });
                ids.AddRange(page!["items"]!.AsArray().Select(i => (Guid)i!["id"]!));
                after = (string?)page["next"];
            }
            while (after is not null);
            return ids;
        }
        Assert.Equal(grants.OrderByDescending(g => g.OccurredOn).ThenByDescending(g => g.Id).Select(g => g.Id), await WalkAsync(""));
        Assert.Equal(grants.OrderBy(g => g.HolderName, StringComparer.Ordinal).ThenBy(g => g.Id).Select(g => g.Id), await WalkAsync("钱同"));
        foreach (var (field, body) in new[] { ("after", new JsonObject { ["after"] = "x" }), ("pageSize", new JsonObject { ["pageSize"] = 101 }), ("term", new JsonObject { ["term"] = new string('钱', 61) }) })
            using (var bad = await clerk.SendAsync(HttpMethod.Post, $"/registers/{BenefitLines.Register}/lines/search", body)) Assert.NotNull((await ApiCaller.RefusedAsync(bad, 400))["errors"]![field]);

        var export = (Guid)(await clerk.DoAsync(HttpMethod.Post, $"/registers/{BenefitLines.Register}/exports", new JsonObject { ["reason"] = "verify" }))!["id"]!;
        Assert.Equal(8, (await clerk.BytesAsync($"/registers/exports/{export}/workbook")).AsSheet().Count);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var asked = await db.Set<RegisterAccess>().SingleAsync(a => a.Id == export);
        using var scope = app.Services.CreateScope();
        var services = scope.ServiceProvider;
        var cut = ActivatorUtilities.CreateInstance<RegisterWorkbook>(services);
        cut.Most = 3;
        using var bytes = new MemoryStream();
        await cut.WriteAsync(bytes, new Viewer(asked.ById, "某", AccountKind.Officer, [new HeldRole(Roles.Clerk, township)]), export, default);
        var rows = bytes.ToArray().AsSheet();
        Assert.Equal(5, rows.Count);
        Assert.Contains("3", rows[^1]["A"], StringComparison.Ordinal);
    }

    private static async Task<List<JsonNode>> SearchAsync(ApiCaller by, string register, string term, DateOnly? asOf = null) =>
        [.. (await by.DoAsync(HttpMethod.Post, $"/registers/{register}/lines/search", new JsonObject { ["term"] = term, ["asOf"] = asOf?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), ["pageSize"] = 100 }))!["items"]!.AsArray().Select(i => i!)];
}
