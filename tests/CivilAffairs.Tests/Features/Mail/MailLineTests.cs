using System.Net.Sockets;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Platform.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CivilAffairs.Tests.Features.Mail;

/// <summary>How the line to the mail server is used: one, without delay, no faster than allowed.</summary>
public sealed class MailLineTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Many_letters_of_several_runs_go_over_one_connection_that_waits_for_no_acknowledgement(string kind)
    {
        await using var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server);
        var person = await app.PersonAsync("many@people.example");
        for (var run = 0; run < 3; run++)
        {
            await app.WriteAsync([.. Enumerable.Range(0, 20).Select(_ => app.Message(person))]);
            Assert.Equal(20, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        }
        Assert.Equal((60, 1), (server.Messages.Count, server.Connections));

        var line = ((SmtpTransport)app.Services.GetRequiredService<IMailTransport>()).Open!.Line!;
        // Asked from the operating system, on the socket that the letters went over.
        Assert.Equal(1, line.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay));
        using var ordinary = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Assert.Equal(0, ordinary.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task No_more_letters_a_second_than_allowed_are_handed_to_the_server(string kind)
    {
        await using var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server);
        var clock = new StoppedClock(app.Clock.GetUtcNow());
        var allowed = Options.Create(new MailOptions { RatePerSecond = 2, MaxAttempts = 8, BatchSize = 100 });
        var dispatcher = ActivatorUtilities.CreateInstance<MailDispatcher>(app.Services, clock, allowed);
        var person = await app.PersonAsync("slow@people.example");
        await app.WriteAsync([.. Enumerable.Range(0, 4).Select(_ => app.Message(person))]);

        var sending = dispatcher.RunOnceAsync(default);
        for (var sent = 1; sent < 4; sent++)
        {
            await server.WaitForAsync(sent);
            await clock.WaitedForAsync();
            clock.Forward(TimeSpan.FromSeconds(0.4));
            // Still waiting for the rest of the half second, so nothing more can have gone.
            await clock.WaitedForAsync();
            Assert.Equal(sent, server.Messages.Count);
            clock.Forward(TimeSpan.FromSeconds(0.1));
        }
        Assert.Equal(4, (await sending).Sent);
    }
}
