using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace CivilAffairs.Tests.Support;

/// <summary>
/// One connection to an <see cref="SmtpServer"/>. Only CR LF ends a line (else a message could smuggle in another), and
/// replies go out when no whole command is left to read, as RFC 2920 asks of a server that offers PIPELINING.
/// </summary>
internal sealed partial class SmtpSession(SmtpServer server, Socket socket, int number)
{
    private const int LongestCommand = 2048;
    private readonly StringBuilder replies = new();
    private readonly ArrayBufferWriter<byte> content = new();
    private readonly List<string> recipients = [];
    private string? sender;
    private bool greeted, internationalized, receiving, encrypted, securing, finished;

    internal async Task RunAsync()
    {
        await using var network = new NetworkStream(socket);
        if (server.TlsAtOnce)
        {
            await using var secure = await SecureAsync(network);
            await TalkAsync(secure, begin: true);
            return;
        }
        await TalkAsync(network, begin: true);
        if (!securing) return;
        await using var upgraded = await SecureAsync(network);
        await TalkAsync(upgraded, begin: false);
    }

    /// <summary>Until the end, or until STARTTLS: what came right behind that was not protected and is forgotten (RFC 3207).</summary>
    private async Task TalkAsync(Stream stream, bool begin)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        if (begin) Reply(SmtpMoment.Greeting, "220 loopback ready");
        await SendAsync(stream);
        while (!finished && !securing)
        {
            var read = await reader.ReadAsync();
            var rest = read.Buffer;
            while (!finished && !securing && TakeLine(ref rest) is { } line)
            {
                if (receiving) Receive(line);
                else Obey(Encoding.UTF8.GetString(line));
            }
            if (!receiving && rest.Length > LongestCommand) Close("500 5.5.2 Line too long");
            reader.AdvanceTo(rest.Start, rest.End);
            await SendAsync(stream);
            if (read.IsCompleted) break;
        }
        await reader.CompleteAsync();
    }

    private async Task<SslStream> SecureAsync(NetworkStream network)
    {
        var secure = new SslStream(network, leaveInnerStreamOpen: true);
        await secure.AuthenticateAsServerAsync(server.Certificate!);
        (encrypted, securing, greeted) = (true, false, false);
        return secure;
    }

    private void Obey(string line)
    {
        var words = line.Split(' ', 2);
        switch (words[0].ToUpperInvariant())
        {
            case "EHLO":
                Greet($"250-loopback\r\n{(OffersTls ? "250-STARTTLS\r\n" : "")}250-PIPELINING\r\n250-SIZE {server.MaxSize}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES");
                break;
            case "HELO":
                Greet("250 loopback");
                break;
            case "STARTTLS" when OffersTls:
                Say("220 2.0.0 Begin");
                securing = true;
                break;
            case "MAIL":
                From(line);
                break;
            case "RCPT":
                To(line);
                break;
            case "DATA":
                if (recipients.Count == 0) Say(sender is null ? "503 5.5.1 MAIL first" : "554 5.5.1 No valid recipients");
                else receiving = Reply(SmtpMoment.Data, "354 End with a line of one dot");
                break;
            case "RSET":
                Reset();
                Say("250 2.0.0 Reset");
                break;
            case "NOOP":
                Say("250 2.0.0 OK");
                break;
            case "QUIT":
                Close("221 2.0.0 Bye");
                break;
            default:
                Say("500 5.5.1 Unknown command");
                break;
        }
    }

    private bool OffersTls => server.Certificate is not null && !encrypted;

    private void Greet(string reply)
    {
        Reset();
        greeted = Reply(SmtpMoment.Hello, reply);
    }

    private void From(string line)
    {
        if (!greeted) Say("503 5.5.1 EHLO first");
        else if (sender is not null) Say("503 5.5.1 Sender already given");
        else if (MailCommand().Match(line) is not { Success: true } mail) Say("501 5.5.4 MAIL FROM:<address>");
        else
        {
            var options = mail.Groups["options"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            internationalized = options.Contains("SMTPUTF8", StringComparer.OrdinalIgnoreCase);
            var size = options.Select(o => o.Split('=')).FirstOrDefault(o => o.Length == 2 && o[0].Equals("SIZE", StringComparison.OrdinalIgnoreCase))?[1];
            var address = mail.Groups["address"].Value;
            if (long.TryParse(size, out var bytes) && bytes > server.MaxSize) Say("552 5.3.4 Message too big");
            else if (NeedsUtf8(address)) Say("553 5.6.7 SMTPUTF8 needed");
            else if (Reply(SmtpMoment.Sender, "250 2.1.0 Sender OK")) sender = address;
        }
    }

    private void To(string line)
    {
        if (sender is null) Say("503 5.5.1 MAIL first");
        else if (RecipientCommand().Match(line) is not { Success: true } to) Say("501 5.5.4 RCPT TO:<address>");
        else if (NeedsUtf8(to.Groups["address"].Value)) Say("553 5.6.7 SMTPUTF8 needed");
        else if (server.Script.Refusal(to.Groups["address"].Value) is { } refusal) Say(refusal);
        else if (Reply(SmtpMoment.Recipient, "250 2.1.5 Recipient OK")) recipients.Add(to.Groups["address"].Value);
    }

    private void Receive(ReadOnlySequence<byte> line)
    {
        var stuffed = !line.IsEmpty && line.FirstSpan[0] == (byte)'.';
        if (stuffed && line.Length == 1)
        {
            EndOfData();
            return;
        }
        // What is too big is read to its end, so that the reply reaches the client, but not stored.
        if (content.WrittenCount <= server.MaxSize)
        {
            foreach (var part in stuffed ? line.Slice(1) : line) content.Write(part.Span);
            content.Write("\r\n"u8);
        }
    }

    private void EndOfData()
    {
        receiving = false;
        var mail = new ReceivedMail(number, sender!, [.. recipients], content.WrittenSpan.ToArray(), encrypted);
        Reset();
        if (mail.Raw.Length > server.MaxSize) Say("552 5.3.4 Message too big");
        // Kept before the reply goes out: a client that got it may count on the message.
        else Reply(SmtpMoment.EndOfData, "250 2.0.0 Message kept", () => server.Keep(mail));
    }

    /// <summary>Replies as the script has it; whether the command took effect.</summary>
    private bool Reply(SmtpMoment at, string reply, Action? effect = null)
    {
        var trouble = server.Script.Take(at);
        if (trouble?.Reply is { } other)
        {
            if (other.StartsWith("421", StringComparison.Ordinal)) Close(other);
            else Say(other);
            return false;
        }
        if (trouble is null or { Keep: true }) effect?.Invoke();
        if (trouble is { Cut: true })
        {
            finished = true;
            SmtpServer.Cut(socket);
            return false;
        }
        if (trouble is { CloseAfter: true }) Close(reply);
        else Say(reply);
        return true;
    }

    private void Say(string reply) => replies.Append(reply).Append("\r\n");

    private void Close(string reply)
    {
        Say(reply);
        finished = true;
    }

    private void Reset()
    {
        (sender, internationalized) = (null, false);
        recipients.Clear();
        content.Clear();
    }

    private bool NeedsUtf8(string address) => !internationalized && !Ascii.IsValid(address);

    private async Task SendAsync(Stream stream)
    {
        if (replies.Length == 0) return;
        var bytes = Encoding.UTF8.GetBytes(replies.ToString());
        replies.Clear();
        await stream.WriteAsync(bytes);
        // Closing gently: the last reply arrives before the end of the stream does.
        if (finished) socket.Shutdown(SocketShutdown.Send);
    }

    private static ReadOnlySequence<byte>? TakeLine(ref ReadOnlySequence<byte> from)
    {
        var reader = new SequenceReader<byte>(from);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8)) return null;
        from = from.Slice(reader.Position);
        return line;
    }

    [GeneratedRegex(@"^MAIL FROM: ?<(?<address>[^<>]*)>(?<options>( .*)?)$", RegexOptions.IgnoreCase)]
    private static partial Regex MailCommand();

    [GeneratedRegex(@"^RCPT TO: ?<(?<address>[^<> ]+)>( .*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex RecipientCommand();
}
