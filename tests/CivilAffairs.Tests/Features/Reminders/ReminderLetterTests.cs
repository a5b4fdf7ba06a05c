using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Reminders;

/// <summary>Every letter that the product brings, as it arrives: case number and link, in the reader's language, nobody's name.</summary>
public sealed class ReminderLetterTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_reminder_arrives_with_number_day_and_link_and_names_nobody(string kind)
    {
        await using var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server, new Dictionary<string, string> { ["Site:Url"] = "https://bureau.example" });
        var desk = await ReminderDesk.OpenAsync(app);
        await desk.WriteAsync(db => db.Users.Where(a => a.Id == desk.Holder.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Email, "holder@bureau.example")));
        await desk.WriteAsync(db => db.Users.Where(a => a.Id == desk.Supervisor.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Email, "supervisor@bureau.example").SetProperty(a => a.Language, "en")));
        var @case = desk.NewCase();
        var task = desk.NewTask(@case, new DateOnly(2026, 9, 18), holder: desk.Holder.Id);
        await desk.StoreAsync(@case, task);
        await desk.Watch(new DateOnly(2026, 9, 30)).RunAsync(default);
        Assert.Equal(2, (await app.Dispatcher.RunOnceAsync(default)).Sent);

        var (zh, en) = (Letter(server, "holder@"), Letter(server, "supervisor@"));
        Assert.Equal($"期限将至：{@case.Number}", zh.Subject);
        Assert.Contains("“提出初审意见”应在 2026年10月9日 前办完", zh.TextBody, StringComparison.Ordinal);
        Assert.Contains("“Give an opinion”", en.TextBody, StringComparison.Ordinal);
        Assert.All([zh, en], l => Assert.Contains($"https://bureau.example/desk/cases/{@case.Id}", l.TextBody + l.HtmlBody, StringComparison.Ordinal));
        Assert.All([zh, en], l => Assert.DoesNotContain("张三", l.Subject + l.TextBody + l.HtmlBody, StringComparison.Ordinal));
    }

    /// <summary>With everything that its rule gives it; a name that is wrong would park the letter.</summary>
    [Fact]
    public async Task Every_letter_of_the_product_can_be_made_in_both_languages()
    {
        await using var app = new TestApp();
        var rules = ProductTemplates.Rules;
        var named = (rules.Task ?? []).Concat(rules.ApplicantTask ?? []).Concat(rules.Case ?? []).Select(r => r.Template).Concat((rules.Reverification ?? []).Select(r => r.Template)).ToHashSet();
        Assert.NotEmpty(named);
        Assert.Subset(ProductTemplates.Texts.Keys.ToHashSet(), named);
        var chinese = ProductTemplates.Texts.Keys.Where(k => !k.EndsWith(".en.mail", StringComparison.Ordinal)).ToList();
        Assert.All(chinese, k => Assert.Contains(MailTemplate.EnglishOf(k), ProductTemplates.Texts.Keys));
        Assert.Equal(chinese.Count * 2, ProductTemplates.Texts.Count);
        // Lists of letters call them by a name, never by their file.
        Assert.Equal(chinese.Order(), ProductTemplates.Names.Keys.Order());
        Assert.All(ProductTemplates.Names.Values, n => Assert.False(string.IsNullOrWhiteSpace(n.Zh) || string.IsNullOrWhiteSpace(n.En)));
        var (facts, renderer) = (app.Services.GetRequiredService<CivilAffairs.Web.Features.Cases.ReminderFacts>(), app.Services.GetRequiredService<CivilAffairs.Web.Platform.Documents.DocumentRenderer>());
        const string data = """{"path":"/desk","title":{"zh":"标题","en":"Title"},"number":"证1","lastDay":"2026-10-09","opensOn":"2026-09-01","dueOn":"2026-09-10","validTo":"2026-11-22","practicalDay":"2026-11-20","new":1,"amber":2,"red":3,"officer":"甲","successor":"丙","deputy":"乙","from":"2026-11-02","to":"2026-11-04"}""";
        var about = new System.Text.Json.Nodes.JsonObject { ["case"] = new System.Text.Json.Nodes.JsonObject { ["number"] = "341299-2026-000001" } };
        foreach (var (file, text) in ProductTemplates.Texts)
        {
            var letter = MailTemplate.Read(text)!.Render(renderer, facts.Tell(about, data, file.EndsWith(".en.mail", StringComparison.Ordinal)), new(file.EndsWith(".en.mail", StringComparison.Ordinal) ? "en" : "zh-CN"));
            Assert.DoesNotContain("{", letter.Subject + letter.Text + letter.Html, StringComparison.Ordinal);
            Assert.Contains("/desk", letter.Text, StringComparison.Ordinal);
            Assert.Contains("href=\"http", letter.Html, StringComparison.Ordinal);
        }
    }

    /// <summary>What a matter says takes the place of what the product says, its letters come before the product's.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_matter_may_say_otherwise(string kind)
    {
        await using var app = await MailApp.StartAsync(kind, null);
        var desk = await ReminderDesk.OpenAsync(app);
        var library = app.Services.GetRequiredService<MatterLibrary>();
        var bundle = System.Text.Json.Nodes.JsonNode.Parse(library.Find("rural-dibao")!.Bundle)!.AsObject();
        var matter = System.Text.Json.Nodes.JsonNode.Parse((string)bundle["matter.json"]!)!.AsObject();
        matter["reminders"] = System.Text.Json.Nodes.JsonNode.Parse("""{"task":[{"stage":"amber","to":["role:CAP"],"template":"granted.mail"}],"case":[]}""");
        bundle["matter.json"] = matter.ToJsonString();
        var own = MatterFolder.FromBundle(bundle.ToJsonString()).Revision!;
        await desk.StoreAsync(new PublishedRevision { Hash = own.Hash, Matter = "rural-dibao", Bundle = own.Bundle, Current = false });
        var @case = desk.NewCase();
        @case.Revision = own.Hash;
        var task = desk.NewTask(@case, new DateOnly(2026, 9, 18), holder: desk.Holder.Id);
        await desk.StoreAsync(@case, task);
        await desk.Watch(new DateOnly(2026, 9, 30)).RunAsync(default);
        await desk.Watch(new DateOnly(2026, 10, 20)).RunAsync(default);
        Assert.Equal([("amber:2026-10-09", desk.Approver.Id, true)], await desk.RemindersAsync(task.Id));
        await using var db = desk.Read();
        Assert.Equal(("granted.mail", own.Hash), (await db.Set<CivilAffairs.Web.Platform.Outbox.OutboxMessage>().SingleAsync(m => m.CaseId == @case.Id)) is var m ? (m.Template, m.Revision) : default);
    }

    private static MimeKit.MimeMessage Letter(SmtpServer server, string to) => server.Messages.Single(m => m.Message.To.ToString().Contains(to, StringComparison.Ordinal)).Message;
}
