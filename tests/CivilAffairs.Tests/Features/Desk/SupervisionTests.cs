using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Desk;

/// <summary>Supervision orders 督办: who issues, answers and ends them, what they tell, and that each day's letter comes once.</summary>
[Collection(ApiStories.Name)]
public sealed class SupervisionTests(StoryApps apps)
{
    private const string Asked = "群众反映受理太慢，请查明原因。", Done = "材料已收齐，今天受理。";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_order_is_issued_answered_asked_again_and_closed_and_each_side_is_told(string kind)
    {
        var (app, story, clerk, supervisor) = await OpenAsync(kind);
        var path = $"/cases/{story.CaseId}/supervision";
        var (key, due) = (ApiCaller.NewKey(), Day(app, 7));

        // Sent twice with its key it is one order; another is refused while it runs.
        Guid id = default;
        for (var i = 0; i < 2; i++)
            using (var issued = await supervisor.SendAsync(HttpMethod.Post, path, Body(Asked, due), key)) id = (Guid)(await ApiCaller.JsonAsync(issued))["id"]!;
        using (var second = await supervisor.PostAsync(path, Body(Asked, due))) await ApiCaller.RefusedAsync(second, 403, "supervision.runs");
        await using var db = story.Places.Open();
        var order = await db.Set<SupervisionOrder>().AsNoTracking().SingleAsync(o => o.CaseId == story.CaseId);
        Assert.Equal((id, SupervisionState.Open, due, 1), (order.Id, order.State, order.DueOn, order.Round));
        Assert.Matches(@"^督办〔\d{4}〕\d+号$", order.Number);
        Assert.DoesNotContain("群众反映", Encoding.UTF8.GetString((await db.Set<SupervisionEntry>().AsNoTracking().SingleAsync(e => e.OrderId == id)).Cipher), StringComparison.Ordinal);

        // Whoever has the case in hand is written to, and owes the answer; the letter says neither what nor whom it is about.
        var letter = Assert.Single(await LettersAsync(db, story, "supervision.mail"));
        Assert.Equal(OutboxMessage.Product, letter.Revision);
        Assert.Equal($"{{\"number\":\"{order.Number}\",\"lastDay\":\"{BureauTime.Iso(due)}\",\"path\":\"/desk/cases/{story.CaseId}\"}}", JsonNode.Parse(letter.Data!)!.ToJsonString(Plain));
        Assert.Contains(await IdsAsync(clerk, "Owed"), i => i == id);
        Assert.DoesNotContain(await IdsAsync(supervisor, "Owed"), i => i == id);
        Assert.Contains(await IdsAsync(supervisor, "Mine"), i => i == id);
        using (var own = await supervisor.PostAsync($"/supervision/{id}/answer", Said(Done, 1))) await ApiCaller.RefusedAsync(own, 403, "supervision.own");
        using (var unanswered = await supervisor.PostAsync($"/supervision/{id}/close", Said("", 1))) await ApiCaller.RefusedAsync(unanswered, 403, "supervision.unanswered");
        using (var none = await clerk.PostAsync($"/supervision/{id}/answer", Said("  ", 1))) await ApiCaller.RefusedAsync(none, 422);

        await clerk.DoAsync(HttpMethod.Post, $"/supervision/{id}/answer", Said(Done, 1));
        Assert.Single(await LettersAsync(db, story, "supervision-answer.mail"));
        Assert.DoesNotContain(await IdsAsync(clerk, "Owed"), i => i == id);
        Assert.Contains(await IdsAsync(supervisor, "Answered"), i => i == id);
        using (var late = await supervisor.PostAsync($"/supervision/{id}/demand", Body("请补充说明。", Day(app, 0), 2))) await ApiCaller.RefusedAsync(late, 422);
        await supervisor.DoAsync(HttpMethod.Post, $"/supervision/{id}/demand", Body("请补充说明。", Day(app, 3), 2));
        Assert.Equal(2, (await LettersAsync(db, story, "supervision.mail")).Count);
        await clerk.DoAsync(HttpMethod.Post, $"/supervision/{id}/answer", Said("补充：已电话告知。", 3));
        await supervisor.DoAsync(HttpMethod.Post, $"/supervision/{id}/close", Said("", 4));
        using (var over = await clerk.PostAsync($"/supervision/{id}/answer", Said(Done, 5))) await ApiCaller.RefusedAsync(over, 403, "supervision.over");

        var read = (await clerk.GetAsync(path))["items"]![0]!;
        Assert.Equal(["Issued", "Answered", "Demanded", "Answered", "Closed"], read["entries"]!.AsArray().Select(e => (string?)e!["kind"]));
        Assert.Equal(Asked, (string?)read["entries"]![0]!["text"]);
        Assert.Equal(("Closed", 2, false), ((string?)read["order"]!["state"], (int)read["order"]!["round"]!, (bool)read["mayAnswer"]!));
        foreach (var list in new[] { "Ended", "Closed" }) Assert.Contains(await IdsAsync(supervisor, list), i => i == id);
        Assert.DoesNotContain(await IdsAsync(supervisor, "Withdrawn"), i => i == id);
        // Another may be issued now, with the next number.
        var next = (Guid)(await supervisor.DoAsync(HttpMethod.Post, path, Body(Asked, due)))!["id"]!;
        Assert.Equal(2, (await db.Set<SupervisionOrder>().AsNoTracking().Where(o => o.CaseId == story.CaseId).Select(o => o.Number).ToListAsync()).Distinct().Count());
        await supervisor.DoAsync(HttpMethod.Post, $"/supervision/{next}/withdraw", Said("已另行处理。", 1));
        Assert.Contains(await IdsAsync(supervisor, "Withdrawn"), i => i == next);
        // The story of the case names it for officers; its party sees nothing of it.
        Assert.Contains((await story.DossierAsync())["story"]!.AsArray(), l => ((string)l!["kind"]!).StartsWith("supervision.", StringComparison.Ordinal));
        var party = await story.ApplicantAsync();
        using (var hidden = await party.SendAsync(HttpMethod.Get, path)) await ApiCaller.RefusedAsync(hidden, 403);
        Assert.DoesNotContain("督办", (await party.GetAsync($"/my/cases/{story.CaseId}")).ToJsonString(Plain), StringComparison.Ordinal);
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_who_leads_there_orders_and_strangers_do_not_learn_of_it(string kind)
    {
        var (app, story, clerk, supervisor) = await OpenAsync(kind);
        var path = $"/cases/{story.CaseId}/supervision";
        using (var refused = await clerk.PostAsync(path, Body(Asked, Day(app, 5)))) await ApiCaller.RefusedAsync(refused, 403, "supervision.leaderOnly");
        using (var today = await supervisor.PostAsync(path, Body(Asked, Day(app, 0)))) await ApiCaller.RefusedAsync(today, 422);
        using (var far = await supervisor.PostAsync(path, Body(Asked, Day(app, 91)))) await ApiCaller.RefusedAsync(far, 422);
        using (var wordless = await supervisor.PostAsync(path, Body(" ", Day(app, 5)))) await ApiCaller.RefusedAsync(wordless, 422);
        using (var much = await supervisor.PostAsync(path, Body(new string('长', 1001), Day(app, 5)))) await ApiCaller.RefusedAsync(much, 422);
        var id = (Guid)(await supervisor.DoAsync(HttpMethod.Post, path, Body(Asked, Day(app, 5))))!["id"]!;
        using var elsewhere = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299998"))).UserName!);
        using (var hidden = await elsewhere.SendAsync(HttpMethod.Get, path)) await ApiCaller.RefusedAsync(hidden, 404);
        using (var hidden = await elsewhere.PostAsync($"/supervision/{id}/withdraw", Said("x", 1))) await ApiCaller.RefusedAsync(hidden, 404);
        Assert.DoesNotContain(await IdsAsync(elsewhere, "Running"), i => i == id);
        using (var refused = await clerk.PostAsync($"/supervision/{id}/withdraw", Said("x", 1))) await ApiCaller.RefusedAsync(refused, 403, "supervision.leaderOnly");
        await supervisor.DoAsync(HttpMethod.Post, $"/supervision/{id}/withdraw", Said("不再需要。", 1));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_office_is_reminded_on_the_eve_and_once_it_is_late_also_who_ordered_it_each_once_after_days_of_downtime(string kind)
    {
        var (app, story, clerk, supervisor) = await OpenAsync(kind);
        var watch = app.Services.GetRequiredService<SupervisionWatch>();
        var leader = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Leader, "341299"));
        var due = Day(app, 10);
        var id = (Guid)(await supervisor.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/supervision", Body(Asked, due)))!["id"]!;
        await using var db = story.Places.Open();
        await watch.RunAsync(default);
        Assert.Empty(await LettersAsync(db, story, "supervision-due.mail"));

        // On the working day before, and not again.
        var eve = due.AddDays(-1);
        while (app.Services.GetRequiredService<Calendars>().Working.IsWorkday(eve) == false) eve = eve.AddDays(-1);
        app.Clock.Put(BureauTime.Start(eve).AddHours(8));
        for (var i = 0; i < 2; i++) await watch.RunAsync(default);
        Assert.Single(await LettersAsync(db, story, "supervision-due.mail"));

        // Three days late, after nothing ran: the clerk and the supervisor who ordered it, once; and not when the clock goes back.
        foreach (var day in new[] { due.AddDays(3), due, due.AddDays(400) })
        {
            app.Clock.Put(BureauTime.Start(day).AddHours(9));
            await watch.RunAsync(default);
        }
        app.Clock.Put(BureauTime.Start(due.AddDays(3)).AddHours(10));
        var late = await LettersAsync(db, story, "supervision-late.mail");
        Assert.Equal(late.Count, late.Select(m => m.AccountId).Distinct().Count());
        var issuer = (await db.Set<SupervisionOrder>().AsNoTracking().SingleAsync(o => o.Id == id)).IssuedById;
        Assert.Contains(late, m => m.AccountId == issuer);
        Assert.Contains(late, m => m.AccountId == leader.Id);
        Assert.True(late.Count >= 3);
        // Sessions do not last so long.
        (clerk, supervisor) = (await story.OfficerAsync("tck-s", new HeldRole(Roles.Clerk, story.Places.Township)), await story.SupervisorAsync());
        Assert.Contains(await IdsAsync(supervisor, "Late"), i => i == id);
        Assert.Single(await LettersAsync(db, story, "supervision-due.mail"));
        await clerk.DoAsync(HttpMethod.Post, $"/supervision/{id}/answer", Said(Done, 1));
        Assert.DoesNotContain(await IdsAsync(supervisor, "Late"), i => i == id);
        await supervisor.DoAsync(HttpMethod.Post, $"/supervision/{id}/close", Said("好。", 2));
    }

    [Fact]
    public void The_letters_tell_neither_the_words_nor_whom_it_is_about()
    {
        var texts = ProductTemplates.Texts.Where(t => t.Key.StartsWith("supervision", StringComparison.Ordinal)).Select(t => t.Value).ToList();
        Assert.Equal(10, texts.Count);
        foreach (var text in texts) Assert.All((string[])["applicant.", "party.", "matter.", "reminder.text"], word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A filed case that a clerk has in hand, and a supervisor of the county.</summary>
    private async Task<(StoryApp App, ApiStory Story, ApiCaller Clerk, ApiCaller Supervisor)> OpenAsync(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted");
        var clerk = await story.OfficerAsync("tck-s", new HeldRole(Roles.Clerk, story.Places.Township));
        await clerk.DoAsync(HttpMethod.Post, $"/tasks/{await story.TaskAsync("accept")}/claim");
        return (app, story, clerk, await story.SupervisorAsync());
    }

    private static DateOnly Day(StoryApp app, int days) => BureauTime.Day(app.Clock.GetUtcNow()).AddDays(days);
    private static JsonObject Body(string text, DateOnly due, int? version = null) => new() { ["text"] = text, ["dueOn"] = BureauTime.Iso(due), ["version"] = version };
    private static JsonObject Said(string text, int? version) => new() { ["text"] = text, ["version"] = version };
    private static async Task<List<Guid>> IdsAsync(ApiCaller who, string only) => [.. (await who.GetAsync($"/supervision?only={only}&pageSize=100"))["items"]!.AsArray().Select(i => (Guid)i!["id"]!)];
    private static Task<List<OutboxMessage>> LettersAsync(Web.Platform.Data.CivilAffairsDb db, ApiStory story, string template) =>
        db.Set<OutboxMessage>().AsNoTracking().Where(m => m.CaseId == story.CaseId && m.Template == template).ToListAsync();
}
