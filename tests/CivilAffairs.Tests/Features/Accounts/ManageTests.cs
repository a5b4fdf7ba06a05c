using System.Net;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Accounts;

public sealed class ManageTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly HeldRole Administers = new(Roles.Administrator, "341299");

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_administrators_get_in(string kind)
    {
        var app = await databases.GetAsync(kind);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299101"), new HeldRole(Roles.Manager, "341299"));
        foreach (var path in new[] { "/manage/accounts", "/manage/accounts/new", $"/manage/accounts/{clerk.Id}" })
        {
            using var nobody = SignedIn.Nobody(app);
            using var away = await nobody.GetAsync(path);
            Assert.StartsWith("/sign-in?returnUrl=", away.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
            using var officer = await SignedIn.AsAsync(app, clerk.UserName!);
            using var refused = await officer.GetAsync(path);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("没有权限", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_new_officer_gets_a_password_that_lets_them_do_nothing_but_change_it(string kind)
    {
        var app = await databases.GetAsync(kind);
        var chief = await TestAccounts.OfficerAsync(app, null, Administers);
        using var admin = await SignedIn.AsAsync(app, chief.UserName!);
        var name = $"clerk{Guid.NewGuid().ToString("N")[..8]}";
        using var made = await admin.SubmitAsync("/manage/accounts/new", new() { ["UserName"] = name, ["Name"] = "新人", ["Email"] = "" });
        using var shown = await SignedIn.ReadAsync(made);
        var password = shown.QuerySelector(".secret code")!.TextContent;
        var officerPage = shown.QuerySelector("main a[href^='/manage/accounts/']")!.GetAttribute("href")!;
        using var again = await admin.SubmitAsync("/manage/accounts/new", new() { ["UserName"] = name.ToUpperInvariant(), ["Name"] = "新人", ["Email"] = "" });
        Assert.Contains("已经有人使用", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var posted = await admin.SubmitAsync(officerPage, new() { ["Role"] = Roles.Administrator, ["Division"] = "341299", ["To"] = "" }, "main form[action*='Add']");
        Assert.Equal(HttpStatusCode.Redirect, posted.StatusCode);
        using var officer = SignedIn.Nobody(app);
        using var first = await officer.SignInAsync(name, password);
        Assert.Equal("/password", first.Headers.Location!.ToString());
        using (var kept = await officer.GetAsync("/manage/accounts")) Assert.Equal("/password", kept.Headers.Location?.ToString());
        using var changed = await officer.SubmitAsync("/password", new() { ["Current"] = password, ["Password"] = "my-own-long-one", ["Again"] = "my-own-long-one" });
        Assert.Equal(HttpStatusCode.Redirect, changed.StatusCode);
        using var works = await officer.PageAsync("/manage/accounts");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Postings_begin_and_end_locks_open_and_a_disabled_officer_is_out_at_once(string kind)
    {
        var app = await databases.GetAsync(kind);
        var chief = await TestAccounts.OfficerAsync(app, null, Administers);
        var other = await TestAccounts.OfficerAsync(app, null, Administers);
        using var admin = await SignedIn.AsAsync(app, chief.UserName!);
        using var officer = await SignedIn.AsAsync(app, other.UserName!);
        using (var before = await officer.PageAsync("/manage/accounts")) { }
        var path = $"/manage/accounts/{other.Id}";

        using var bad = await admin.SubmitAsync(path, new() { ["Role"] = Roles.Clerk, ["Division"] = "12", ["From"] = "2026-02-30" }, "main form[action*='Add']");
        using var faults = await SignedIn.ReadAsync(bad);
        Assert.Equal(["Division", "From"], faults.QuerySelectorAll(".summary a").Select(a => a.GetAttribute("href")![1..]).Order());
        Assert.Equal("12", faults.GetElementById("Division")!.GetAttribute("value"));

        using var ended = await admin.SubmitAsync(path, new() { ["last"] = "2020-01-01" }, "main form[action*='End']");
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        using (var after = await officer.GetAsync("/manage/accounts")) Assert.Equal(HttpStatusCode.Forbidden, after.StatusCode);

        using var disabled = await admin.SubmitAsync(path, [], "main form[action*='Disable']");
        Assert.Equal(HttpStatusCode.Redirect, disabled.StatusCode);
        using var nobody = SignedIn.Nobody(app);
        using (var out1 = await nobody.SignInAsync(other.UserName!, TestAccounts.Password)) Assert.Equal(HttpStatusCode.OK, out1.StatusCode);
        using var enabled = await admin.SubmitAsync(path, [], "main form[action*='Disable']");
        for (var i = 0; i < 5; i++) using (var wrong = await nobody.SignInAsync(other.UserName!, "wrong")) { }
        using (var locked = await nobody.SignInAsync(other.UserName!, TestAccounts.Password)) Assert.Equal(HttpStatusCode.OK, locked.StatusCode);
        using var unlocked = await admin.SubmitAsync(path, [], "main form[action*='Unlock']");
        using var inAgain = await SignedIn.AsAsync(app, other.UserName!);

        using var oneself = await admin.SubmitAsync($"/manage/accounts/{chief.Id}", [], "main form[action*='Disable']");
        Assert.Contains("不能停用自己", await oneself.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var lines = await db.Set<AuditEntry>().Where(a => a.Chain == AuditTrail.Accounts && a.ActorId == chief.Id).OrderBy(a => a.Sequence).ToListAsync();
        Assert.Equal(["posting.ended", "account.disabled", "account.enabled", "account.unlocked"], lines.Select(l => l.Action));
        Assert.All(lines, l => Assert.DoesNotContain(other.DisplayName, l.Details, StringComparison.Ordinal));
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_list_has_pages_and_finds_by_name(string kind)
    {
        var app = await databases.GetAsync(kind);
        var tag = $"z{Guid.NewGuid().ToString("N")[..8]}";
        for (var i = 0; i < 51; i++) await TestAccounts.OfficerAsync(app, $"{tag}{i:00}");
        var chief = await TestAccounts.OfficerAsync(app, null, Administers);
        using var admin = await SignedIn.AsAsync(app, chief.UserName!);
        using var first = await admin.PageAsync($"/manage/accounts?q={tag}");
        Assert.Equal(50, first.QuerySelectorAll("tbody tr").Length);
        using var second = await admin.PageAsync(first.QuerySelector("nav.pages a")!.GetAttribute("href")!);
        Assert.Contains($"{tag}50", Assert.Single(second.QuerySelectorAll("tbody tr")).TextContent, StringComparison.Ordinal);
    }
}
