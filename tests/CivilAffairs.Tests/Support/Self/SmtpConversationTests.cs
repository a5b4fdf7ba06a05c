using System.Net.Sockets;
using System.Text;
using Xunit;

namespace CivilAffairs.Tests.Support.Self;

/// <summary>The server's half of the conversation byte by byte, where no well-behaved client would show it.</summary>
public sealed class SmtpConversationTests : IAsyncLifetime, IDisposable
{
    private readonly SmtpServer server = SmtpServer.Start(maxSize: 5000);
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public async Task InitializeAsync()
    {
        await socket.ConnectAsync(server.Host, server.Port);
        await ExpectAsync("220");
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => socket.Dispose();

    [Fact]
    public async Task HELO_offers_nothing_and_everything_else_works()
    {
        await SayAsync("HELO me", "250");
        await SayAsync("NOOP", "250");
        await SayAsync("MAIL FROM:<>", "250");
        await SayAsync("RCPT TO:<a@b>", "250");
        await SayAsync("DATA", "354");
        await SayAsync("Subject: x\r\n\r\nhello\r\n.", "250");
        await SayAsync("QUIT", "221");
        Assert.Equal(0, await socket.ReceiveAsync(new byte[1]));
        Assert.Equal("Subject: x\r\n\r\nhello\r\n", Encoding.ASCII.GetString(Assert.Single(server.Messages).Raw.Span));
    }

    [Theory]
    [InlineData("MAIL FROM:<a@b>", "503")]
    [InlineData("RCPT TO:<a@b>", "503")]
    [InlineData("DATA", "503")]
    [InlineData("BDAT 3", "500")]
    [InlineData("EHLO me\r\nMAIL a@b", "250-,501")]
    [InlineData("EHLO me\r\nMAIL FROM:<a@b>\r\nMAIL FROM:<a@b>", "250-,250,503")]
    [InlineData("EHLO me\r\nMAIL FROM:<a@b>\r\nDATA", "250-,250,554")]
    [InlineData("EHLO me\r\nMAIL FROM:<a@b>\r\nRSET\r\nRCPT TO:<a@b>", "250-,250,250,503")]
    [InlineData("EHLO me\r\nMAIL FROM:<李@b>", "250-,553")]
    [InlineData("EHLO me\r\nMAIL FROM:<李@b> SMTPUTF8\r\nRCPT TO:<王@b>", "250-,250,250")]
    [InlineData("EHLO me\r\nMAIL FROM:<a@b> SIZE=5001", "250-,552")]
    [InlineData("EHLO me\r\nMAIL FROM:<a@b> BODY=8BITMIME SIZE=5000", "250-,250")]
    public async Task Each_command_gets_its_answer_in_order(string commands, string answers) => await SayAsync(commands, answers.Split(','));

    [Fact]
    public async Task Commands_that_come_in_one_packet_are_answered_in_one()
    {
        await SayAsync("EHLO me", "250-");
        await socket.SendAsync("MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"u8.ToArray());
        var buffer = new byte[1000];
        var answers = Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["250", "250", "250", "354"], answers.Select(a => a[..3]));
    }

    [Fact]
    public async Task Only_a_dot_between_two_whole_line_breaks_ends_a_message()
    {
        await SayAsync("EHLO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nDATA", "250-", "250", "250", "354");
        await SayAsync("Subject: x\r\n\r\n..\r\n\n.\nMAIL FROM:<evil@b>\n.\r\r\n...\r\n.", "250");
        Assert.Equal("Subject: x\r\n\r\n.\r\n\n.\nMAIL FROM:<evil@b>\n.\r\r\n..\r\n", Encoding.ASCII.GetString(Assert.Single(server.Messages).Raw.Span));
        await SayAsync("NOOP", "250");
    }

    [Fact]
    public async Task A_message_that_grows_too_big_is_refused_at_its_end()
    {
        await SayAsync("EHLO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nDATA", "250-", "250", "250", "354");
        await SayAsync(string.Concat(Enumerable.Repeat(new string('y', 998) + "\r\n", 6)) + ".", "552");
        Assert.Empty(server.Messages);
        await SayAsync("NOOP", "250");
    }

    [Fact]
    public async Task A_command_without_end_is_cut_off()
    {
        await socket.SendAsync(new byte[5000]);
        await ExpectAsync("500");
    }

    private async Task SayAsync(string commands, params string[] answers)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(commands + "\r\n"));
        await ExpectAsync(answers);
    }

    /// <summary>Reads as many replies, each all its lines, and compares how they begin.</summary>
    private async Task ExpectAsync(params string[] answers)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var (text, buffer) = ("", new byte[1000]);
        List<string> Replies() => [.. text.Split("\r\n")[..^1].Aggregate(new List<List<string>> { new() }, (all, line) =>
        {
            all[^1].Add(line);
            if (line[3] == ' ') all.Add([]);
            return all;
        }).Where(r => r.Count > 0).Select(r => r[0])];
        while (Replies().Count < answers.Length || !text.EndsWith("\r\n", StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer, patience.Token);
            Assert.True(count > 0, $"The connection ended after: {text}");
            text += Encoding.ASCII.GetString(buffer, 0, count);
        }
        Assert.Equal(answers, Replies().Select((r, i) => i < answers.Length ? r[..answers[i].Length] : r));
    }
}
