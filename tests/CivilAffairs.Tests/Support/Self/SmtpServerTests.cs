using System.Net.Sockets;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Xunit;

namespace CivilAffairs.Tests.Support.Self;

/// <summary>MailKit's own client speaks to the server that the mail tests rely on.</summary>
public sealed class SmtpServerTests : IAsyncLifetime, IDisposable
{
    private readonly SmtpServer server = SmtpServer.Start();
    private readonly SmtpClient client = new();

    public Task InitializeAsync() => ConnectAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => client.Dispose();

    [Fact]
    public void It_offers_what_MailKit_makes_use_of()
    {
        Assert.True(client.Capabilities.HasFlag(SmtpCapabilities.Pipelining | SmtpCapabilities.Size | SmtpCapabilities.EightBitMime | SmtpCapabilities.UTF8));
        Assert.Equal((uint)server.MaxSize, client.MaxSize);
    }

    [Fact]
    public async Task A_message_arrives_with_its_envelope_its_characters_and_its_dots()
    {
        var sent = Mail("一", "li@example.org", "wang@example.org");
        var text = "第一行\r\n.\r\n..两点\r\n.点\r\n最后一行\r\n";
        sent.Body = new TextPart("plain") { Text = text, ContentTransferEncoding = ContentEncoding.EightBit };
        await client.SendAsync(sent);

        var got = Assert.Single(server.Messages);
        Assert.Equal("office@example.org", got.Sender);
        Assert.Equal(["li@example.org", "wang@example.org"], got.Recipients);
        Assert.Equal((sent.Subject, sent.MessageId, text), (got.Message.Subject, got.Message.MessageId, got.Message.TextBody?.ReplaceLineEndings("\r\n")));
        var bytes = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        await sent.WriteToAsync(format, bytes);
        Assert.Equal(Encoding.UTF8.GetString(bytes.ToArray()), Encoding.UTF8.GetString(got.Raw.Span));
    }

    [Fact]
    public async Task One_connection_carries_many_messages_and_each_new_one_is_counted()
    {
        for (var i = 0; i < 3; i++) await client.SendAsync(Mail($"{i}"));
        await client.DisconnectAsync(quit: true);
        await ConnectAsync();
        await client.SendAsync(Mail("3"));

        Assert.Equal(2, server.Connections);
        Assert.Equal([(1, "0"), (1, "1"), (1, "2"), (2, "3")], server.Messages.Select(m => (m.Connection, m.Message.Subject)));
    }

    [Fact]
    public async Task A_recipient_it_refuses_fails_for_good_and_the_connection_goes_on()
    {
        server.Script.RefuseRecipient("nobody@example.org");
        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Mail("lost", "nobody@example.org")));
        Assert.Equal((SmtpErrorCode.RecipientNotAccepted, 550), (refused.ErrorCode, (int)refused.StatusCode));

        await client.SendAsync(Mail("kept"));
        Assert.Equal("kept", Assert.Single(server.Messages).Message.Subject);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(SmtpMoment.Sender)]
    [InlineData(SmtpMoment.Recipient)]
    [InlineData(SmtpMoment.Data)]
    [InlineData(SmtpMoment.EndOfData)]
    public async Task A_temporary_answer_fails_as_often_as_told_and_then_no_more(SmtpMoment at)
    {
        server.Script.Answer(at, "451 4.3.0 Try again later", times: 2);
        var mail = Mail("again");
        for (var i = 0; i < 2; i++) Assert.Equal(451, (int)(await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(mail))).StatusCode);
        await client.SendAsync(mail);
        Assert.Equal(mail.MessageId, Assert.Single(server.Messages).Message.MessageId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_before_the_answer_leaves_the_client_not_knowing_whether_it_was_kept(bool keep)
    {
        server.Script.CutBeforeReply(SmtpMoment.EndOfData, keep);
        var mail = Mail("twice?");
        await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(mail));
        Assert.False(client.IsConnected);
        Assert.Equal(keep ? 1 : 0, server.Messages.Count);

        await ConnectAsync();
        await client.SendAsync(mail);
        Assert.Equal(keep ? 2 : 1, server.Messages.Count);
        Assert.All(server.Messages, m => Assert.Equal(mail.MessageId, m.Message.MessageId));
    }

    [Fact]
    public async Task A_close_after_the_answer_is_noticed_by_the_next_message_alone()
    {
        server.Script.CloseAfterReply(SmtpMoment.EndOfData);
        await client.SendAsync(Mail("first"));
        await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(Mail("second")));
        Assert.Equal("first", Assert.Single(server.Messages).Message.Subject);
    }

    [Fact]
    public async Task While_it_is_down_it_refuses_connections_and_then_comes_back_on_its_port()
    {
        await client.SendAsync(Mail("before"));
        await server.StopAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => client.NoOpAsync());
        await Assert.ThrowsAsync<SocketException>(ConnectAsync);

        server.StartAgain();
        await ConnectAsync();
        await client.SendAsync(Mail("after"));
        Assert.Equal(["before", "after"], server.Messages.Select(m => m.Message.Subject));
    }

    [Fact]
    public async Task A_server_that_is_too_busy_says_so_and_hangs_up()
    {
        await client.DisconnectAsync(quit: true);
        server.Script.Answer(SmtpMoment.Greeting, "421 4.3.2 Too busy");
        Assert.Equal(421, (int)(await Assert.ThrowsAsync<SmtpCommandException>(ConnectAsync)).StatusCode);
        await ConnectAsync();
        await client.SendAsync(Mail("kept"));
        Assert.Single(server.Messages);
    }

    [Fact]
    public async Task Addresses_beyond_ASCII_arrive_as_they_are()
    {
        var format = FormatOptions.Default.Clone();
        format.International = true;
        await client.SendAsync(format, Mail("国际", "收件人@example.org"));
        Assert.Equal(["收件人@example.org"], Assert.Single(server.Messages).Recipients);
    }

    [Fact]
    public async Task A_message_over_the_size_it_announces_is_refused()
    {
        await using var small = SmtpServer.Start(maxSize: 2000);
        using var other = new SmtpClient();
        await other.ConnectAsync(small.Host, small.Port, SecureSocketOptions.None);
        var mail = Mail("big");
        mail.Body = new TextPart("plain") { Text = new string('x', 3000) };
        Assert.Equal(552, (int)(await Assert.ThrowsAsync<SmtpCommandException>(() => other.SendAsync(mail))).StatusCode);
        Assert.Empty(small.Messages);
    }

    [Fact]
    public async Task Waiting_for_more_than_comes_ends()
    {
        await client.SendAsync(Mail("one"));
        Assert.Single(await server.WaitForAsync(1));
        await Assert.ThrowsAsync<TimeoutException>(() => server.WaitForAsync(2, TimeSpan.FromMilliseconds(50)));
    }

    private Task ConnectAsync() => client.ConnectAsync(server.Host, server.Port, SecureSocketOptions.None);

    private static MimeMessage Mail(string subject, params string[] to)
    {
        var mail = new MimeMessage { Subject = subject, Body = new TextPart("plain") { Text = "正文\r\n" } };
        mail.From.Add(new MailboxAddress("民政局", "office@example.org"));
        foreach (var address in to.DefaultIfEmpty("zhang@example.org")) mail.To.Add(new MailboxAddress("", address));
        return mail;
    }
}
