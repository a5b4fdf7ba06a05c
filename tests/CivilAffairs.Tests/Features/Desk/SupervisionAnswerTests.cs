using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Registers;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Features.Retention;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Desk;

/// <summary>Supervision orders 督办: who answers, what one must have seen, what ends under them, and what leaders read and take away.</summary>
[Collection(ApiStories.Name)]
public sealed class SupervisionAnswerTests(StoryApps apps)
{
    private const string Asked = "请查明原因，按期办理。", Done = "已受理。";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nobody_decides_without_having_seen_what_was_said_last(string kind)
    {
        var town = await OpenAsync(kind);
        var id = await town.IssueAsync();
        await town.Clerk.DoAsync(HttpMethod.Post, $"/supervision/{id}/answer", Said(Done, 1));
        // Who ordered it read it before it was answered.
        foreach (var (verb, body) in new[] { ("close", Said("", 1)), ("withdraw", Said("x", 1)), ("demand", Said("x", 1, Day(town.App, 5))) })
        {
            using var stale = await town.Supervisor.PostAsync($"/supervision/{id}/{verb}", body);
            Assert.Matches(@"^已由 .+ 于 .+ 反馈", (string)(await ApiCaller.RefusedAsync(stale, 409, "supervision.moved"))["detail"]!);
        }
        using (var english = await town.Supervisor.SendAsync(HttpMethod.Post, $"/supervision/{id}/close", Said("", 1), ApiCaller.NewKey(), language: "en"))
            Assert.StartsWith("Already answered by ", (string)(await ApiCaller.RefusedAsync(english, 409))["detail"]!, StringComparison.Ordinal);
        using (var none = await town.Supervisor.PostAsync($"/supervision/{id}/close", Said("", null))) Assert.NotNull((await ApiCaller.RefusedAsync(none, 422))["errors"]!["version"]);
        await using var db = town.Story.Places.Open();
        Assert.Equal(SupervisionState.Answered, (await db.Set<SupervisionOrder>().AsNoTracking().SingleAsync(o => o.Id == id)).State);

        // Another leader closes it; who asks again then learns of that, and so does who answers.
        using var leader = await town.Story.OfficerAsync("ldr-s", new HeldRole(Roles.Leader, "341299"));
        await leader.DoAsync(HttpMethod.Post, $"/supervision/{id}/close", Said("", 2));
        using (var late = await town.Supervisor.PostAsync($"/supervision/{id}/demand", Said("x", 2, Day(town.App, 5)))) Assert.Contains("确认办结", (string)(await ApiCaller.RefusedAsync(late, 409, "supervision.moved"))["detail"]!, StringComparison.Ordinal);
        using (var late = await town.Clerk.PostAsync($"/supervision/{id}/answer", Said(Done, 2))) await ApiCaller.RefusedAsync(late, 409, "supervision.moved");
        Assert.Equal(3, await db.Set<SupervisionEntry>().CountAsync(e => e.OrderId == id));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_who_has_the_work_in_hand_the_deputy_or_the_head_of_the_same_office_answers(string kind)
    {
        var town = await OpenAsync(kind);
        var (township, now) = (town.Story.Places.Township, town.App.Clock.GetUtcNow());
        async Task<(ApiCaller Caller, Guid Id)> PersonAsync(params HeldRole[] held)
        {
            var account = await TestAccounts.OfficerAsync(town.App, null, held);
            return (await ApiCaller.AsAsync(town.App, account.UserName!), account.Id);
        }
        var colleague = await PersonAsync(new HeldRole(Roles.Clerk, township));
        var head = await PersonAsync(new HeldRole(Roles.TownshipReviewer, township));
        var elsewhere = await PersonAsync(new HeldRole(Roles.DepartmentHead, "341299"));
        var (deputy, later) = (await PersonAsync(new HeldRole(Roles.Investigator, township)), await PersonAsync(new HeldRole(Roles.Investigator, township)));
        var id = await town.IssueAsync();
        await using var db = town.Story.Places.Open();
        var (holder, today) = ((await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.CaseId == town.Story.CaseId && t.State == TaskState.Open)).HolderId!.Value, BureauTime.Day(now));
        await town.App.Services.GetRequiredService<IWriter>().WriteAsync((w, _) =>
        {
            w.Add(new Absence { AccountId = holder, DeputyId = deputy.Id, From = today, To = today, RecordedById = holder, RecordedAt = now });
            // Over since yesterday: no deputy any more.
            w.Add(new Absence { AccountId = holder, DeputyId = later.Id, From = today.AddDays(-3), To = today.AddDays(-1), RecordedById = holder, RecordedAt = now.AddDays(-3) });
            return Task.FromResult(0);
        });
        // All of them read the case: the deputy of yesterday by a posting of another step, if at all.
        foreach (var (who, may) in new[] { (colleague.Caller, false), (elsewhere.Caller, false), (head.Caller, true), (deputy.Caller, true), (town.Clerk, true) })
        {
            var read = (await who.GetAsync($"/cases/{town.Story.CaseId}/supervision"))["items"]![0]!;
            Assert.Equal(may, (bool)read["mayAnswer"]!);
            Assert.Equal(may, (await IdsAsync(who, "Owed")).Contains(id));
            var version = (int)read["version"]!;
            using var answer = await who.PostAsync($"/supervision/{id}/answer", Said(Done, version));
            if (may) Assert.True(answer.IsSuccessStatusCode, answer.StatusCode.ToString());
            else await ApiCaller.RefusedAsync(answer, 403, "supervision.handlersOnly");
            // Asked again, so that the next one owes it too.
            if (may) await town.Supervisor.DoAsync(HttpMethod.Post, $"/supervision/{id}/demand", Said(Asked, version + 1, Day(town.App, 4)));
        }
        using (var hidden = await later.Caller.PostAsync($"/supervision/{id}/answer", Said(Done, 7))) Assert.Contains((int)hidden.StatusCode, (int[])[403, 404]);
        await town.Supervisor.DoAsync(HttpMethod.Post, $"/supervision/{id}/withdraw", Said("x", 7));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_is_recused_neither_hears_of_it_nor_answers(string kind)
    {
        var town = await OpenAsync(kind, claim: false);
        var recused = await TestAccounts.OfficerAsync(town.App, null, new HeldRole(Roles.Clerk, town.Story.Places.Township));
        using var caller = await ApiCaller.AsAsync(town.App, recused.UserName!);
        await town.App.Services.GetRequiredService<IWriter>().WriteAsync((w, _) =>
        {
            w.Add(new CaseRecusal { CaseId = town.Story.CaseId, AccountId = recused.Id, Reason = "近亲属", RecordedById = Guid.Empty, RecordedAt = town.App.Clock.GetUtcNow() });
            return Task.FromResult(0);
        });
        var id = await town.IssueAsync();
        await using var db = town.Story.Places.Open();
        Assert.DoesNotContain(await LettersAsync(db, town.Story), m => m.AccountId == recused.Id);
        Assert.NotEmpty(await LettersAsync(db, town.Story));
        Assert.DoesNotContain(await IdsAsync(caller, "Owed"), i => i == id);
        using (var hidden = await caller.PostAsync($"/supervision/{id}/answer", Said(Done, 1))) await ApiCaller.RefusedAsync(hidden, 404);
        // Nobody holds the task: a colleague of the post answers.
        await town.Clerk.DoAsync(HttpMethod.Post, $"/supervision/{id}/answer", Said(Done, 1));
        await town.Supervisor.DoAsync(HttpMethod.Post, $"/supervision/{id}/close", Said("", 2));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_who_order_at_once_issue_one(string kind)
    {
        var town = await OpenAsync(kind);
        using var leader = await town.Story.OfficerAsync("ldr-s", new HeldRole(Roles.Leader, "341299"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? leader : town.Supervisor).PostAsync($"/cases/{town.Story.CaseId}/supervision", Said($"{Asked}{i}", null, Day(town.App, 5)))));
        Assert.Single(answers, a => a.IsSuccessStatusCode);
        foreach (var refused in answers.Where(a => !a.IsSuccessStatusCode)) await ApiCaller.RefusedAsync(refused, 403, "supervision.runs");
        await using var db = town.Story.Places.Open();
        Assert.Equal(1, await db.Set<SupervisionOrder>().CountAsync(o => o.CaseId == town.Story.CaseId));
        Assert.Equal(1, await db.Set<SupervisionEntry>().CountAsync(e => e.CaseId == town.Story.CaseId));
        foreach (var answer in answers) answer.Dispose();
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_that_ends_under_an_order_makes_it_neither_late_nor_unendable(string kind)
    {
        var town = await OpenAsync(kind);
        var id = await town.IssueAsync();
        var party = await town.Story.ApplicantAsync();
        await party.DoAsync(HttpMethod.Post, $"/cases/{town.Story.CaseId}/withdraw");
        await using var db = town.Story.Places.Open();
        Assert.NotNull((await db.Set<Case>().AsNoTracking().SingleAsync(c => c.Id == town.Story.CaseId)).ClosedAt);
        town.App.Clock.Put(BureauTime.Start(Day(town.App, 9)).AddHours(9));
        await town.App.Services.GetRequiredService<SupervisionWatch>().RunAsync(default);
        Assert.DoesNotContain(await LettersAsync(db, town.Story), m => m.Template is "supervision-late.mail" or "supervision-due.mail");
        var supervisor = await town.Story.SupervisorAsync();
        Assert.DoesNotContain(await IdsAsync(supervisor, "Late"), i => i == id);
        var read = (await supervisor.GetAsync($"/cases/{town.Story.CaseId}/supervision"))["items"]![0]!;
        Assert.Equal((true, false, true, false), ((bool)read["order"]!["caseOver"]!, (bool)read["order"]!["late"]!, (bool)read["mayClose"]!, (bool)read["mayDemand"]!));
        using (var over = await supervisor.PostAsync($"/supervision/{id}/demand", Said("x", 1, Day(town.App, 5)))) await ApiCaller.RefusedAsync(over, 403, "supervision.caseOver");
        await supervisor.DoAsync(HttpMethod.Post, $"/supervision/{id}/close", Said("当事人已撤回。", 1));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_that_is_destroyed_takes_the_words_with_it_and_ends_the_order(string kind)
    {
        var town = await OpenAsync(kind);
        var id = await town.IssueAsync();
        await town.Clerk.DoAsync(HttpMethod.Post, $"/supervision/{id}/answer", Said(Done, 1));
        await town.App.Services.GetRequiredService<IWriter>().WriteAsync(async (w, token) => await CaseEraser.EraseAsync(w, await w.Set<Case>().SingleAsync(c => c.Id == town.Story.CaseId, token), town.App.Clock.GetUtcNow()));
        await using var db = town.Story.Places.Open();
        Assert.All(await db.Set<SupervisionEntry>().AsNoTracking().Where(e => e.OrderId == id).ToListAsync(), e => Assert.Empty(e.Cipher));
        var order = await db.Set<SupervisionOrder>().AsNoTracking().SingleAsync(o => o.Id == id);
        Assert.Equal((SupervisionState.Withdrawn, (DateOnly?)null), (order.State, order.WatchOn));
        Assert.NotNull(order.EndedAt);
        var read = (await town.Supervisor.GetAsync($"/cases/{town.Story.CaseId}/supervision"))["items"]![0]!;
        Assert.All(read["entries"]!.AsArray(), e => Assert.Equal("", (string)e!["text"]!));
        Assert.Equal([false, false, false, false], ((string[])["mayAnswer", "mayDemand", "mayClose", "mayWithdraw"]).Select(m => (bool)read[m]!));
        using (var gone = await town.Supervisor.PostAsync($"/supervision/{id}/close", Said("", 2))) await ApiCaller.RefusedAsync(gone, 410);
        using (var gone = await town.Supervisor.PostAsync($"/cases/{town.Story.CaseId}/supervision", Said(Asked, null, Day(town.App, 5)))) await ApiCaller.RefusedAsync(gone, 410);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Leaders_read_each_office_s_figures_and_take_the_list_away_with_a_reason(string kind)
    {
        var town = await OpenAsync(kind);
        var township = town.Story.Places.Township;
        var before = await FiguresAsync(town.Supervisor, township);
        // One answered in time and asked again, one withdrawn.
        var id = await town.IssueAsync();
        await town.Clerk.DoAsync(HttpMethod.Post, $"/supervision/{id}/answer", Said(Done, 1));
        var after = await FiguresAsync(town.Supervisor, township);
        Assert.Equal((before.Issued + 1, before.InTime + 1, before.Late, before.Open + 1), after);
        await town.Supervisor.DoAsync(HttpMethod.Post, $"/supervision/{id}/demand", Said(Asked, 2, Day(town.App, 2)));
        // Over its second day it is late, whatever came before; and stays so when the answer comes.
        town.App.Clock.Put(BureauTime.Start(Day(town.App, 4)).AddHours(9));
        var supervisor = await town.Story.SupervisorAsync();
        Assert.Equal((before.Issued + 1, before.InTime, before.Late + 1, before.Open + 1), await FiguresAsync(supervisor, township));
        var clerk = await town.Story.OfficerAsync("tck-s", new HeldRole(Roles.Clerk, township));
        await clerk.DoAsync(HttpMethod.Post, $"/supervision/{id}/answer", Said(Done, 3));
        await supervisor.DoAsync(HttpMethod.Post, $"/supervision/{id}/close", Said("", 4));
        Assert.Equal((before.Issued + 1, before.InTime, before.Late + 1, before.Open), await FiguresAsync(supervisor, township));
        using (var refused = await clerk.SendAsync(HttpMethod.Get, "/supervision/offices")) await ApiCaller.RefusedAsync(refused, 403, "supervision.leadersRead");

        using (var none = await supervisor.PostAsync("/supervision/exports", new JsonObject { ["reason"] = "" })) await ApiCaller.RefusedAsync(none, 422);
        using (var refused = await clerk.PostAsync("/supervision/exports", new JsonObject { ["reason"] = "supervise" })) await ApiCaller.RefusedAsync(refused, 403);
        var export = (Guid)(await supervisor.DoAsync(HttpMethod.Post, "/supervision/exports", new JsonObject { ["reason"] = "other", ["note"] = "季度通报", ["only"] = "Closed" }))!["id"]!;
        var line = Assert.Single((await supervisor.BytesAsync($"/supervision/exports/{export}/workbook")).AsSheet(), r => r["C"] == town.Number);
        Assert.Equal(("已办结", "否", "2"), (line["B"], line["K"], line["J"]));
        await using var db = town.Story.Places.Open();
        Assert.DoesNotContain("季度通报", (await db.Set<SupervisionExport>().AsNoTracking().SingleAsync(e => e.Id == export)).NoteCipher!, StringComparison.Ordinal);
        Assert.Equal(1, await db.Set<AuditEntry>().CountAsync(a => a.Action == "supervision.export" && a.Chain == export.ToString()));
        using var leader = await town.Story.OfficerAsync("ldr-s", new HeldRole(Roles.Leader, "341299"));
        using (var others = await leader.SendAsync(HttpMethod.Get, $"/supervision/exports/{export}/workbook")) await ApiCaller.RefusedAsync(others, 404);
        town.App.Clock.Put(town.App.Clock.GetUtcNow().AddMinutes(11));
        using (var late = await supervisor.SendAsync(HttpMethod.Get, $"/supervision/exports/{export}/workbook")) await ApiCaller.RefusedAsync(late, 404);
    }

    private static async Task<(int Issued, int InTime, int Late, int Open)> FiguresAsync(ApiCaller who, string office) =>
        (await who.GetAsync("/supervision/offices"))["items"]!.AsArray().FirstOrDefault(f => (string)f!["office"]! == office) is { } f ? ((int)f["issued"]!, (int)f["inTime"]!, (int)f["late"]!, (int)f["open"]!) : default;

    private async Task<Town> OpenAsync(string kind, bool claim = true)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted");
        var clerk = await story.OfficerAsync("tck-s", new HeldRole(Roles.Clerk, story.Places.Township));
        if (claim) await clerk.DoAsync(HttpMethod.Post, $"/tasks/{await story.TaskAsync("accept")}/claim");
        return new Town(app, story, clerk, await story.SupervisorAsync(), (string)(await story.DossierAsync())["number"]!);
    }

    /// <summary>A filed case that a clerk has in hand, and a supervisor of the county.</summary>
    private sealed record Town(StoryApp App, ApiStory Story, ApiCaller Clerk, ApiCaller Supervisor, string Number)
    {
        public async Task<Guid> IssueAsync() => (Guid)(await Supervisor.DoAsync(HttpMethod.Post, $"/cases/{Story.CaseId}/supervision", Said(Asked, null, Day(App, 5))))!["id"]!;
    }

    private static DateOnly Day(StoryApp app, int days) => BureauTime.Day(app.Clock.GetUtcNow()).AddDays(days);

    private static JsonObject Said(string text, int? version, DateOnly? due = null)
    {
        var said = new JsonObject { ["text"] = text, ["version"] = version };
        if (due is { } day) said["dueOn"] = BureauTime.Iso(day);
        return said;
    }

    private static async Task<List<Guid>> IdsAsync(ApiCaller who, string only) => [.. (await who.GetAsync($"/supervision?only={only}&pageSize=100"))["items"]!.AsArray().Select(i => (Guid)i!["id"]!)];
    private static Task<List<OutboxMessage>> LettersAsync(CivilAffairsDb db, ApiStory story) =>
        db.Set<OutboxMessage>().AsNoTracking().Where(m => m.CaseId == story.CaseId && m.Template!.StartsWith("supervision")).ToListAsync();
}
