using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Mail.Choice;
using CivilAffairs.Web.Features.Mail.Office;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace CivilAffairs.Tests.Features.Mail;

/// <summary>What administrators do about letters, and what readers may choose, against a real SMTP server on both databases.</summary>
public sealed class MailOfficeTests(MailDispatcherTests.World world) : IClassFixture<MailDispatcherTests.World>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_parked_letter_is_sent_again_when_its_cause_is_mended_and_the_page_tells_no_more_than_it_must(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var administrator = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Administrator, "341299"));
        var person = await app.PersonAsync(null);
        var letter = (await app.WriteAsync(app.Message(person)))[0];
        await app.Dispatcher.RunOnceAsync(default);
        Assert.Equal((OutboxState.Parked, "no-address"), ((await app.StoredAsync(letter)).State, (await app.StoredAsync(letter)).LastError));
        var address = $"zhang{Guid.NewGuid():N}@people.example";
        await ReachAsync(app, person, address);

        using var signedIn = await SignedIn.AsAsync(app, administrator.UserName!);
        using (var page = await signedIn.PageAsync("/manage/mail"))
        {
            var row = page.QuerySelectorAll("tbody tr").Single(r => r.InnerHtml.Contains(letter.Id.ToString(), StringComparison.Ordinal)).TextContent;
            Assert.Contains("z***@people.example", row, StringComparison.Ordinal);
            Assert.Contains("没有登记邮箱", row, StringComparison.Ordinal);
            Assert.Contains(app.Case.Number!, row, StringComparison.Ordinal);
            Assert.DoesNotContain(address, page.DocumentElement.OuterHtml, StringComparison.Ordinal);
            using var sent = await signedIn.SendAsync(page, "/manage/mail", new() { ["ids"] = letter.Id.ToString() }, "form:has(table)");
            Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        }
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        Assert.Single(server.Messages, m => m.Recipients.Contains(address) && m.Message.MessageId == letter.MessageId);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Contains(letter.Id.ToString(), await db.Set<AuditEntry>().Where(a => a.Chain == MailOffice.Chain && a.Action == "mail.retried").OrderByDescending(a => a.Sequence).Select(a => a.Details).FirstAsync(), StringComparison.Ordinal);
        // It is not parked any more: asked again, nothing happens to it.
        Assert.Equal(0, await app.Services.GetRequiredService<MailOffice>().DropAsync(Administrator, [letter.Id], null));
        Assert.Equal(OutboxState.Sent, (await app.StoredAsync(letter)).State);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task While_letters_rest_none_goes_and_those_of_before_may_be_dropped(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var office = app.Services.GetRequiredService<MailOffice>();
        var address = $"{Guid.NewGuid():N}@people.example";
        var person = await app.PersonAsync(address);
        var before = (await app.WriteAsync(app.Message(person)))[0];
        var paused = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => office.PauseAsync(Administrator, null))));
        Assert.Single(paused, first => first);
        Assert.Equal(0, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        app.Clock.Forward(TimeSpan.FromMinutes(1));
        var after = (await app.WriteAsync(app.Message(person)))[0];
        Assert.True(await office.ResumeAsync(Administrator, dropOlder: true, null) >= 1);
        Assert.Null(await office.ResumeAsync(Administrator, dropOlder: true, null));
        await app.Dispatcher.RunOnceAsync(default);
        Assert.Equal((OutboxState.Dropped, OutboxState.Sent), ((await app.StoredAsync(before)).State, (await app.StoredAsync(after)).State));
        Assert.Equal(after.MessageId, Assert.Single(server.Messages, m => m.Recipients.Contains(address)).Message.MessageId);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_administrators_come_here_and_letters_are_previewed_without_any_case(string kind)
    {
        var (app, _) = await world.GetAsync(kind);
        foreach (var role in (string[])[Roles.Manager, Roles.Supervisor])
        {
            var officer = await TestAccounts.OfficerAsync(app, null, new HeldRole(role, "341299"));
            using var other = await SignedIn.AsAsync(app, officer.UserName!);
            using var refused = await other.GetAsync("/manage/mail");
            Assert.NotEqual(HttpStatusCode.OK, refused.StatusCode);
            using var preview = await other.GetAsync("/manage/mail/preview?letter=rural-dibao/granted.mail&lang=zh");
            Assert.Equal(role == Roles.Manager, preview.StatusCode == HttpStatusCode.OK);
            if (role != Roles.Manager) continue;
            using var page = await SignedIn.ReadAsync(preview);
            Assert.Contains("您的办件有新进展", page.QuerySelector("article h2")!.TextContent, StringComparison.Ordinal);
            Assert.Contains("-000123", page.QuerySelector("article")!.TextContent, StringComparison.Ordinal);
        }
        using var caller = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Administrator, "341299"))).UserName!);
        Assert.NotNull((await caller.GetAsync("/mail"))["waiting"]);
        using var none = await caller.PostAsync("/mail/parked/retry", new JsonObject { ["ids"] = new JsonArray() });
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        Assert.Equal(0, (int)(await caller.DoAsync(HttpMethod.Post, "/mail/parked/retry", new JsonObject { ["ids"] = new JsonArray(Guid.NewGuid().ToString()) }))!["count"]!);
    }

    /// <summary>RFC 8058: a reader's mail program asks once, and reminders end; what the law requires goes on.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_wants_no_reminders_gets_none_and_all_else(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var address = $"{Guid.NewGuid():N}@people.example";
        var person = await app.PersonAsync(address);
        var reminder = await app.OptionalAsync();
        await app.WriteAsync(reminder(person));
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        var first = Assert.Single(server.Messages, m => m.Recipients.Contains(address)).Message;
        var link = first.Headers[HeaderId.ListUnsubscribe]!.Trim('<', '>');
        Assert.Equal("List-Unsubscribe=One-Click", first.Headers["List-Unsubscribe-Post"]);
        Assert.Contains(link[..^"/one-click".Length], first.TextBody, StringComparison.Ordinal);
        var path = new Uri(link).AbsolutePath;

        using var reader = SignedIn.Nobody(app);
        async Task<HttpStatusCode> ClickAsync(string to, string field)
        {
            using var form = new FormUrlEncodedContent([new("List-Unsubscribe", field)]);
            using var answer = await reader.Client.PostAsync(new Uri(to, UriKind.Relative), form);
            return answer.StatusCode;
        }
        Assert.Equal(HttpStatusCode.NotFound, await ClickAsync(path.Replace("/one-click", "0/one-click", StringComparison.Ordinal), "One-Click"));
        Assert.Equal(HttpStatusCode.BadRequest, await ClickAsync(path, "Two"));
        Assert.Null(await app.Services.GetRequiredService<MailChoices>().OffSinceAsync(person));
        Assert.Equal(HttpStatusCode.OK, await ClickAsync(path, "One-Click"));
        Assert.Equal(HttpStatusCode.OK, await ClickAsync(path, "One-Click"));

        var (unwanted, required) = ((await app.WriteAsync(reminder(person)))[0], (await app.WriteAsync(app.Message(person)))[0]);
        await app.Dispatcher.RunOnceAsync(default);
        Assert.Equal((OutboxState.Dropped, "unsubscribed"), ((await app.StoredAsync(unwanted)).State, (await app.StoredAsync(unwanted)).LastError));
        Assert.Equal(OutboxState.Sent, (await app.StoredAsync(required)).State);
        Assert.Null(server.Messages.Last(m => m.Recipients.Contains(address)).Message.Headers[HeaderId.ListUnsubscribe]);

        var own = path[..^"/one-click".Length];
        using (var page = await reader.PageAsync(own))
        {
            Assert.DoesNotContain("张三", page.Body!.TextContent, StringComparison.Ordinal);
            using var again = await reader.SendAsync(page, own, []);
            Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        }
        Assert.Null(await app.Services.GetRequiredService<MailChoices>().OffSinceAsync(person));
    }

    private static Viewer Administrator { get; } = CaseStory.Officer("adm-mail", Roles.Administrator, "341299");

    private static Task<int> ReachAsync(MailApp app, Guid person, string email) => app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
    {
        var stored = await db.Set<CivilAffairs.Web.Features.Cases.Model.Person>().SingleAsync(p => p.Id == person, cancel);
        CivilAffairs.Web.Features.Cases.Persons.Reach(stored, app.Services.GetRequiredService<KeyRing>(), app.Services.GetRequiredService<FieldCipher>(), null, email);
        return 0;
    });
}
