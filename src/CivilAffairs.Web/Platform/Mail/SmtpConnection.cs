using System.Net.Sockets;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace CivilAffairs.Web.Platform.Mail;

/// <summary>One open connection to the mail server.</summary>
internal sealed class SmtpConnection : SmtpClient
{
    /// <summary>Whether the server has said yes to the sender of the letter in hand: before that it has nothing of the letter.</summary>
    internal bool Begun { get; set; }

    /// <summary>What the conversation runs over; null until it is open.</summary>
    internal Socket? Line { get; private set; }

    /// <summary>Opens and signs in.</summary>
    internal async Task OpenAsync(MailOptions options, CancellationToken cancel)
    {
        if (options.TrustedCertificates is { Length: > 0 } file) ServerCertificateValidationCallback = ServerTrust.With(ServerTrust.Read(file));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Else the last, short packet of a letter waits for the acknowledgement of the one before: 40 ms each.
            socket.NoDelay = true;
            await socket.ConnectAsync(options.Host!, options.Port, cancel).ConfigureAwait(false);
            await ConnectAsync(socket, options.Host!, options.Port, options.Security switch
            {
                MailSecurity.None => SecureSocketOptions.None,
                MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
                _ => SecureSocketOptions.StartTls,
            }, cancel).ConfigureAwait(false);
            Line = socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        if (options.User is { Length: > 0 } user) await AuthenticateAsync(user, options.Password ?? "", cancel).ConfigureAwait(false);
    }

    protected override void OnSenderAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
    {
        Begun = true;
        base.OnSenderAccepted(message, mailbox, response);
    }
}
