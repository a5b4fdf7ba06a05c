using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CivilAffairs.Tests.Features.Mail;

/// <summary>Many messages, several senders, and what cannot be sent at all.</summary>
public sealed class OutboxQueueTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_thousand_letters_and_two_senders_at_once_send_each_one_once_in_bounded_batches(string kind)
    {
        await using var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server, new Dictionary<string, string> { ["Mail:BatchSize"] = "50" });
        // Another process's sender: its own connection to the mail server, the same database.
        await using var transport = ActivatorUtilities.CreateInstance<SmtpTransport>(app.Services);
        var other = ActivatorUtilities.CreateInstance<MailDispatcher>(app.Services, transport);
        var person = await app.PersonAsync("many@people.example");
        var messages = await app.WriteAsync([.. Enumerable.Range(0, 1000).Select(_ => app.Message(person))]);

        var sending = Task.WhenAll(app.Dispatcher.RunOnceAsync(default), other.RunOnceAsync(default));
        var most = 0;
        await using (var db = app.Services.GetRequiredService<IReader>().Open())
            while (!sending.IsCompleted)
                most = Math.Max(most, await db.Set<OutboxMessage>().CountAsync(m => m.State == OutboxState.Pending && m.HeldUntil != null));
        var runs = await sending;
        Assert.Equal(1000, runs.Sum(r => r.Sent));
        Assert.Equal(messages.Select(m => m.MessageId).Order(), server.Messages.Select(m => m.Message.MessageId!).Order());
        // For each sender: the batch in hand, the one read ahead, and of those before what is not written down yet.
        Assert.InRange(most, 1, 2 * (2 * 50 + 4 * MailDispatcher.Ahead + 2 * MailDispatcher.Unwritten + 2));
        Assert.Equal(2, server.Connections);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_cannot_be_written_to_is_parked_for_a_call(string kind)
    {
        await using var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server);
        var reachable = await app.PersonAsync("ok@people.example");
        var (unknown, own) = (app.Message(reachable, "no-such.mail"), app.Message(null, null));
        (own.CaseId, own.Address, own.Subject, own.Body) = (null, "office@county.example", "请查收\r\nBcc: x@y.example", "第一行\n第二行");
        var messages = await app.WriteAsync(app.Message(await app.PersonAsync(null)), app.Message(await app.PersonAsync("not an address")), unknown, own);
        var run = await app.Dispatcher.RunOnceAsync(default);
        Assert.Equal((1, 0, 3), (run.Sent, run.Later, run.Parked));
        var reasons = new List<string?>();
        foreach (var message in messages) reasons.Add((await app.StoredAsync(message)).LastError);
        Assert.Equal(["no-address", "bad-address", "no-template", null], reasons);
        var letter = Assert.Single(server.Messages);
        Assert.Equal(["office@county.example"], letter.Recipients);
        Assert.Equal("请查收 Bcc: x@y.example", letter.Message.Subject);
        Assert.Equal("第一行\n第二行", letter.Message.TextBody!.Trim().ReplaceLineEndings("\n"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_a_killed_process_held_is_sent_when_its_hold_has_run_out(string kind)
    {
        await using var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server);
        await app.WriteAsync(app.Message(await app.PersonAsync("held@people.example")));
        Assert.Single(await app.Services.GetRequiredService<OutboxQueue>().TakeAsync(10, default));
        Assert.Equal(0, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        app.Clock.Forward(OutboxQueue.Hold + TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Sent);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_the_server_took_before_the_process_was_killed_goes_again_under_the_same_name(string kind)
    {
        await using var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server);
        var message = (await app.WriteAsync(app.Message(await app.PersonAsync("twice@people.example"))))[0];
        // All that a dispatcher does, up to the server's answer; then the power fails.
        var batch = await app.Services.GetRequiredService<LetterMaker>().PrepareAsync(await app.Services.GetRequiredService<OutboxQueue>().TakeAsync(10, default), default);
        var (letter, _) = batch.Make(Assert.Single(batch.Messages));
        Assert.Equal(MailVerdict.Accepted, (await app.Services.GetRequiredService<IMailTransport>().SendAsync(letter!, default)).Verdict);

        Assert.Equal(0, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        app.Clock.Forward(OutboxQueue.Hold + TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        Assert.Equal([message.MessageId, message.MessageId], server.Messages.Select(m => m.Message.MessageId!));
        Assert.Equal(OutboxState.Sent, (await app.StoredAsync(message)).State);
    }

    /// <summary>A clock that was ten years ahead put a letter off, and held another when its process was killed.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_a_clock_that_was_ahead_put_off_or_held_goes_when_it_is_back(string kind)
    {
        await using var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server);
        var person = await app.PersonAsync("ahead@people.example");
        var years = TimeSpan.FromDays(3652);
        app.Clock.Forward(years);
        var letters = await app.WriteAsync(app.Message(person), app.Message(person), app.Message(person));
        server.Script.Answer(SmtpMoment.EndOfData, "451 4.3.0 Later");
        Assert.Equal((2, 1), await app.Dispatcher.RunOnceAsync(default) is var run ? (run.Sent, run.Later) : default);
        var held = app.Message(person);
        await app.WriteAsync(held);
        Assert.Equal(held.Id, Assert.Single(await app.Services.GetRequiredService<OutboxQueue>().TakeAsync(10, default)).Id);

        app.Clock.Forward(-years);
        // What waits for an ordinary reason, however long, goes on waiting.
        var later = app.Message(person);
        later.DueAt = app.Clock.GetUtcNow() + BackOff.Longest - TimeSpan.FromMinutes(1);
        await app.WriteAsync(later);
        Assert.Equal(2, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        Assert.Equal(letters.Append(held).Select(m => m.MessageId).Order(), server.Messages.Select(m => m.Message.MessageId!).Order());
        Assert.Equal(OutboxState.Pending, (await app.StoredAsync(later)).State);
        app.Clock.Forward(BackOff.Longest);
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Sent);
    }

    [PostgresFact]
    public async Task Two_nodes_of_one_installation_send_every_letter_once()
    {
        await using var server = SmtpServer.Start();
        var connection = await Databases.FreshAsync(Databases.Postgres);
        await using var one = await MailApp.StartOnAsync(connection, server);
        await using var two = await MailApp.StartOnAsync(connection, server, node: one);
        var person = await one.PersonAsync("nodes@people.example");
        var messages = await one.WriteAsync([.. Enumerable.Range(0, 600).Select(_ => one.Message(person))]);

        var runs = await Task.WhenAll(one.Dispatcher.RunOnceAsync(default), two.Dispatcher.RunOnceAsync(default));
        Assert.All(runs, run => Assert.True(run.Sent > 0, "Both nodes take part."));
        Assert.Equal(messages.Select(m => m.MessageId).Order(), server.Messages.Select(m => m.Message.MessageId!).Order());
        Assert.Equal(2, server.Connections);
        await using var db = two.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(600, await db.Set<OutboxMessage>().CountAsync(m => m.State == OutboxState.Sent && m.Attempts == 1));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Without_a_server_outside_Development_letters_wait_and_health_says_so(string kind)
    {
        await using var app = await MailApp.StartAsync(kind, null, new Dictionary<string, string> { ["environment"] = "Production" });
        var message = (await app.WriteAsync(app.Message(await app.PersonAsync("waits@people.example"))))[0];
        Assert.Equal(0, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        Assert.Equal((OutboxState.Pending, 0), ((await app.StoredAsync(message)).State, (await app.StoredAsync(message)).Attempts));
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Entries["mail"].Status);
        Assert.Equal("Mail:Host is not set; letters wait in the outbox. Waiting: 1.", report.Entries["mail"].Description);
        using var client = app.CreateClient();
        using var page = await client.GetAsync(new Uri("/dev/mailbox", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, page.StatusCode);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_unreachable_server_shows_in_health_until_it_answers(string kind)
    {
        await using var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server);
        await server.StopAsync();
        await app.WriteAsync(app.Message(await app.PersonAsync("later@people.example")));
        await app.Dispatcher.RunOnceAsync(default);
        var health = app.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Degraded, (await health.CheckHealthAsync()).Entries["mail"].Status);
        server.StartAgain();
        app.Clock.Forward(TimeSpan.FromMinutes(2));
        await app.Dispatcher.RunOnceAsync(default);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Entries["mail"].Status);
    }
}
