using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace CivilAffairs.Web.Platform.Mail;

/// <summary>Sends over SMTP on one connection that stays open, and opens it again when it is gone.</summary>
internal sealed partial class SmtpTransport(IOptions<MailOptions> options, TimeProvider time, ILogger<SmtpTransport> log) : IMailTransport, IAsyncDisposable
{
    /// <summary>A letter that takes longer is given up: less than the outbox keeps one for whoever sends it.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);
    private readonly SemaphoreSlim one = new(1);
    private SmtpConnection? connection;
    private long lastUsed;

    public string? Unavailable => null;

    /// <summary>The line that is open now; null: none.</summary>
    internal SmtpConnection? Open => connection is { IsConnected: true } open ? open : null;

    /// <summary>The words with which the server could not be reached when it was tried last; null: it could.</summary>
    public string? LastTrouble { get; private set; }

    public async Task<MailAnswer> SendAsync(MimeMessage message, CancellationToken cancel)
    {
        await one.WaitAsync(cancel).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(Longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            var answer = await TryAsync(message, both.Token).ConfigureAwait(false);
            LastTrouble = answer.Verdict is MailVerdict.Unreachable or MailVerdict.Broken ? answer.Text : null;
            return answer;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            var begun = connection is { Begun: true };
            await DropAsync().ConfigureAwait(false);
            return new(begun ? MailVerdict.Broken : MailVerdict.Unreachable, LastTrouble = "The server took too long.");
        }
        catch (OperationCanceledException)
        {
            await DropAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<MailAnswer> TryAsync(MimeMessage message, CancellationToken cancel)
    {
        var recipients = message.To.Mailboxes.Select(m => m.Address).ToList();
        for (var again = false; ; again = true)
        {
            bool reused;
            try
            {
                reused = await ConnectedAsync(cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (IsLine(e) || e is SmtpCommandException or NotSupportedException or CryptographicException)
            {
                // Also a server that greets with "go away", lacks TLS or does not know us: no letter's fault.
                await DropAsync().ConfigureAwait(false);
                return new(MailVerdict.Unreachable, Words((e as SmtpCommandException)?.StatusCode, e.Message, recipients));
            }
            try
            {
                connection!.Begun = false;
                await connection.SendAsync(message, cancel).ConfigureAwait(false);
                return MailAnswer.Accepted;
            }
            catch (SmtpCommandException refused)
            {
                // The server closes after 421; 530 says that it wants us to sign in, not that the letter is bad.
                var verdict = (int)refused.StatusCode switch { 421 or 530 => MailVerdict.Unreachable, >= 500 => MailVerdict.Refused, _ => MailVerdict.Later };
                if (verdict == MailVerdict.Unreachable) await DropAsync().ConfigureAwait(false);
                return new(verdict, Words(refused.StatusCode, refused.Message, recipients));
            }
            catch (Exception e) when (IsLine(e))
            {
                var begun = connection!.Begun;
                await DropAsync().ConfigureAwait(false);
                // Servers close a line that was quiet. It has nothing of this letter yet, so a new line may be tried at once.
                if (reused && !begun && !again) continue;
                return new(begun ? MailVerdict.Broken : MailVerdict.Unreachable, Words(null, e.Message, recipients));
            }
            catch (Exception e) when (e is NotSupportedException or FormatException)
            {
                // An address in another script, and a server that knows only ASCII.
                return new(MailVerdict.Refused, Words(null, e.Message, recipients));
            }
            finally
            {
                lastUsed = time.GetTimestamp();
            }
        }
    }

    /// <returns>Whether the line was open before.</returns>
    private async Task<bool> ConnectedAsync(CancellationToken cancel)
    {
        if (connection is { IsConnected: true } open)
        {
            if (time.GetElapsedTime(lastUsed) < Idle) return true;
            try
            {
                await open.NoOpAsync(cancel).ConfigureAwait(false);
                return true;
            }
            catch (Exception e) when (IsLine(e) || e is SmtpCommandException)
            {
                Closed(log);
            }
        }
        await DropAsync().ConfigureAwait(false);
        connection = new SmtpConnection();
        await connection.OpenAsync(options.Value, cancel).ConfigureAwait(false);
        return false;
    }

    private static bool IsLine(Exception e) => e is SmtpProtocolException or IOException or SocketException or SslHandshakeException
        or ServiceNotConnectedException or ServiceNotAuthenticatedException or AuthenticationException or ObjectDisposedException;

    private static string Words(SmtpStatusCode? status, string words, IEnumerable<string> recipients) =>
        ServerWords.Clean(status is { } code ? string.Create(CultureInfo.InvariantCulture, $"{(int)code} {words}") : words, recipients);

    private async Task DropAsync()
    {
        if (connection is not { } old) return;
        connection = null;
        try
        {
            if (old.IsConnected) await old.DisconnectAsync(quit: false).ConfigureAwait(false);
        }
        catch (Exception e) when (IsLine(e))
        {
            Gone(log);
        }
        old.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is { IsConnected: true } open)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                await open.DisconnectAsync(quit: true, patience.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (IsLine(e) || e is OperationCanceledException or SmtpCommandException)
            {
                NoGoodbye(log);
            }
        }
        await DropAsync().ConfigureAwait(false);
        one.Dispose();
    }

    [LoggerMessage(EventId = 1200, Level = LogLevel.Debug, Message = "The mail server closed a quiet connection")]
    private static partial void Closed(ILogger log);

    [LoggerMessage(EventId = 1201, Level = LogLevel.Debug, Message = "A connection to the mail server was already gone")]
    private static partial void Gone(ILogger log);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Debug, Message = "The mail server did not wait for a goodbye")]
    private static partial void NoGoodbye(ILogger log);
}
