using System.Collections.Concurrent;
using System.Text;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Platform.Outbox;
using MimeKit;

namespace CivilAffairs.Tests.Features.Mail;

/// <summary>The dispatcher against a real SMTP server, on both databases.</summary>
public sealed class MailDispatcherTests(MailDispatcherTests.World world) : IClassFixture<MailDispatcherTests.World>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_letter_is_made_when_it_is_sent_and_reads_well(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var address = $"{Guid.NewGuid():N}@people.example";
        var message = (await app.WriteAsync(app.Message(await app.PersonAsync(address))))[0];
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Sent);

        var mail = Assert.Single(server.Messages, m => m.Recipients.Contains(address));
        var letter = mail.Message;
        Assert.Equal("bureau@civilaffairs.example", mail.Sender);
        Assert.Equal(message.MessageId, letter.MessageId);
        Assert.Equal($"您的办件有新进展（{app.Case.Number}）", letter.Subject);
        Assert.Equal("临河县民政局", letter.From.Mailboxes.Single().Name);
        Assert.Equal("auto-generated", letter.Headers[HeaderId.AutoSubmitted]);
        Assert.Contains($"办件编号：{app.Case.Number}", letter.TextBody, StringComparison.Ordinal);
        Assert.Contains($"/my/cases/{app.Case.Id}\"", letter.HtmlBody, StringComparison.Ordinal);
        Assert.IsType<MultipartAlternative>(letter.Body);
        // A header is ASCII on the wire, whatever it says.
        var head = mail.Raw.Span[..mail.Raw.Span.IndexOf("\r\n\r\n"u8)];
        Assert.True(Ascii.IsValid(head));

        var stored = await app.StoredAsync(message);
        Assert.Equal((OutboxState.Sent, 1, null, null), (stored.State, stored.Attempts, stored.HeldUntil, stored.LastError));
        Assert.NotNull(stored.SentAt);
        Assert.Equal(0, (await app.Dispatcher.RunOnceAsync(default)).Sent);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_server_that_is_down_costs_no_letter_a_try(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var address = $"{Guid.NewGuid():N}@people.example";
        var person = await app.PersonAsync(address);
        await server.StopAsync();
        var messages = await app.WriteAsync([.. Enumerable.Range(0, 3).Select(_ => app.Message(person))]);
        var run = await app.Dispatcher.RunOnceAsync(default);
        Assert.Equal((0, 1, 0), (run.Sent, run.Later, run.Parked));
        var stored = await Task.WhenAll(messages.Select(app.StoredAsync));
        Assert.All(stored, m => Assert.Equal((OutboxState.Pending, null), (m.State, m.HeldUntil)));
        // However long it lasts, nothing is parked for it.
        Assert.Equal(0, stored.Sum(m => m.Attempts));

        server.StartAgain();
        app.Clock.Forward(TimeSpan.FromMinutes(2));
        Assert.Equal(3, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        Assert.Equal(3, server.Messages.Count(m => m.Recipients.Contains(address)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_letter_put_off_comes_again_after_a_minute_then_five(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var address = $"{Guid.NewGuid():N}@people.example";
        var message = (await app.WriteAsync(app.Message(await app.PersonAsync(address))))[0];
        server.Script.Answer(SmtpMoment.Recipient, $"450 4.2.1 <{address}> is busy", times: 1);
        server.Script.Answer(SmtpMoment.EndOfData, "451 4.3.0 Try again later", times: 1);
        foreach (var (attempt, minutes) in new[] { (1, 1), (2, 5) })
        {
            var before = app.Clock.GetUtcNow();
            Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Later);
            var stored = await app.StoredAsync(message);
            Assert.Equal((OutboxState.Pending, attempt), (stored.State, stored.Attempts));
            Assert.InRange((stored.DueAt - before).TotalMinutes, minutes * 0.9, minutes * 1.1 + 0.2);
            Assert.Equal(attempt == 1 ? "450 4.2.1 <<address>> is busy" : "451 4.3.0 Try again later", stored.LastError);
            Assert.Equal(0, (await app.Dispatcher.RunOnceAsync(default)).Later);
            app.Clock.Forward(TimeSpan.FromMinutes(minutes * 1.1 + 0.2));
        }
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        Assert.Equal(message.MessageId, Assert.Single(server.Messages, m => m.Recipients.Contains(address)).Message.MessageId);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_refused_letter_is_parked_without_naming_anybody_and_the_next_one_goes(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var (refused, welcome) = ($"zhangsan{Guid.NewGuid():N}@people.example", $"{Guid.NewGuid():N}@people.example");
        server.Script.RefuseRecipient(refused, $"550 5.1.1 <{refused}>: user {refused.Split('@')[0]} unknown");
        var messages = await app.WriteAsync(app.Message(await app.PersonAsync(refused)), app.Message(await app.PersonAsync(welcome)));
        var run = await app.Dispatcher.RunOnceAsync(default);
        Assert.Equal((1, 0, 1), (run.Sent, run.Later, run.Parked));
        var stored = await app.StoredAsync(messages[0]);
        Assert.Equal((OutboxState.Parked, 1), (stored.State, stored.Attempts));
        Assert.Equal("550 5.1.1 <<address>>: user <name> unknown", stored.LastError);
        Assert.Single(server.Messages, m => m.Recipients.Contains(welcome));
        app.Clock.Forward(TimeSpan.FromDays(2));
        Assert.Equal(0, (await app.Dispatcher.RunOnceAsync(default)).Parked);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_letter_that_is_put_off_too_often_is_parked(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var message = (await app.WriteAsync(app.Message(await app.PersonAsync("late@people.example"))))[0];
        server.Script.Answer(SmtpMoment.Recipient, "451 4.3.0 Not today", times: 9);
        for (var attempt = 1; attempt < 8; attempt++)
        {
            Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Later);
            Assert.Equal((OutboxState.Pending, attempt), ((await app.StoredAsync(message)).State, (await app.StoredAsync(message)).Attempts));
            app.Clock.Forward(TimeSpan.FromHours(7));
        }
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Parked);
        var stored = await app.StoredAsync(message);
        Assert.Equal((OutboxState.Parked, 8, "451 4.3.0 Not today"), (stored.State, stored.Attempts, stored.LastError));
        app.Clock.Forward(TimeSpan.FromDays(30));
        var after = await app.Dispatcher.RunOnceAsync(default);
        Assert.Equal((0, 0, 0), (after.Sent, after.Later, after.Parked));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_line_closed_after_the_answer_costs_nobody_anything(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var address = $"{Guid.NewGuid():N}@people.example";
        var person = await app.PersonAsync(address);
        var messages = await app.WriteAsync([.. Enumerable.Range(0, 4).Select(_ => app.Message(person))]);
        server.Script.CloseAfterReply(SmtpMoment.EndOfData, times: 2);
        var run = await app.Dispatcher.RunOnceAsync(default);
        Assert.Equal((4, 0, 0), (run.Sent, run.Later, run.Parked));
        Assert.Equal(messages.Select(m => m.MessageId).Order(), server.Messages.Where(m => m.Recipients.Contains(address)).Select(m => m.Message.MessageId!).Order());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_line_cut_before_the_answer_brings_the_letter_twice_under_one_name(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var address = $"{Guid.NewGuid():N}@people.example";
        var message = (await app.WriteAsync(app.Message(await app.PersonAsync(address))))[0];
        server.Script.CutBeforeReply(SmtpMoment.EndOfData, keep: true);
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Later);
        app.Clock.Forward(TimeSpan.FromMinutes(2));
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        Assert.Equal([message.MessageId, message.MessageId], server.Messages.Where(m => m.Recipients.Contains(address)).Select(m => m.Message.MessageId!));
    }

    /// <summary>One app and one server for each database.</summary>
    public sealed class World : IAsyncLifetime
    {
        private readonly ConcurrentDictionary<string, (MailApp App, SmtpServer Server)> all = new();

        public async Task<(MailApp App, SmtpServer Server)> GetAsync(string kind)
        {
            if (!all.TryGetValue(kind, out var one))
            {
                var server = SmtpServer.Start();
                one = all[kind] = (await MailApp.StartAsync(kind, server), server);
            }
            one.Server.Script.Clear();
            return one;
        }

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            foreach (var (app, server) in all.Values)
            {
                await app.DisposeAsync();
                await server.DisposeAsync();
            }
        }
    }
}
