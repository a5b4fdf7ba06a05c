using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.Extensions.Options;

namespace CivilAffairs.Tests.Features.Mail;

/// <summary>The line to the mail server is encrypted, and only with a server that is who it says; else letters wait.</summary>
public sealed class MailTlsTests
{
    private readonly SharedCertificates known = new();

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task With_StartTls_a_letter_waits_until_the_server_proves_who_it_is(string kind)
    {
        await using var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server, new Dictionary<string, string> { ["Mail:Security"] = "StartTls", ["Mail:TrustedCertificates"] = known.File });
        var message = (await app.WriteAsync(app.Message(await app.PersonAsync("tls@people.example"))))[0];
        // A server without TLS, one that nobody vouches for, and one that is vouched for under another name.
        foreach (var shown in new[] { null, known.Stranger, known.OtherName })
        {
            server.Certificate = shown;
            Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Later);
            var stored = await app.StoredAsync(message);
            // Nothing of it was said to anybody: no try of the letter.
            Assert.Equal((OutboxState.Pending, 0), (stored.State, stored.Attempts));
            Assert.NotEmpty(stored.LastError!);
            Assert.Empty(server.Messages);
            app.Clock.Forward(TimeSpan.FromMinutes(20));
        }
        server.Certificate = known.Trusted;
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        var mail = Assert.Single(server.Messages);
        Assert.True(mail.Encrypted);
        Assert.Equal(message.MessageId, mail.Message.MessageId);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task With_TLS_from_the_first_byte_an_unknown_certificate_keeps_the_letter_queued_too(string kind)
    {
        await using var server = SmtpServer.Start(certificate: known.Stranger, tlsAtOnce: true);
        await using var app = await MailApp.StartAsync(kind, server, new Dictionary<string, string> { ["Mail:Security"] = "Tls", ["Mail:TrustedCertificates"] = known.File });
        var message = (await app.WriteAsync(app.Message(await app.PersonAsync("tls@people.example"))))[0];
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Later);
        Assert.Equal(OutboxState.Pending, (await app.StoredAsync(message)).State);
        server.Certificate = known.Trusted;
        app.Clock.Forward(TimeSpan.FromMinutes(2));
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Sent);
        Assert.True(Assert.Single(server.Messages).Encrypted);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Without_the_setting_the_same_certificate_is_not_trusted(string kind)
    {
        await using var server = SmtpServer.Start(certificate: known.Trusted);
        await using var app = await MailApp.StartAsync(kind, server, new Dictionary<string, string> { ["Mail:Security"] = "StartTls" });
        await app.WriteAsync(app.Message(await app.PersonAsync("tls@people.example")));
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Later);
        Assert.Empty(server.Messages);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_setting_that_names_no_certificates_stops_the_start(string kind)
    {
        await using var server = SmtpServer.Start();
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => MailApp.StartAsync(kind, server, new Dictionary<string, string> { ["Mail:TrustedCertificates"] = known.File + ".gone" }));
        Assert.Contains("Mail:TrustedCertificates", wrong.Message, StringComparison.Ordinal);
    }

    /// <summary>Two that the setting names, one for this host and one for another, and one that it does not.</summary>
    private sealed class SharedCertificates
    {
        private static readonly Lazy<string> Folder = new(() => Directory.CreateTempSubdirectory("civilaffairs-tls-").FullName);

        internal SharedCertificates() => File = TestCertificates.WritePem(Folder.Value, Trusted, OtherName);

        internal System.Security.Cryptography.X509Certificates.X509Certificate2 Trusted { get; } = TestCertificates.SelfSigned("127.0.0.1");
        internal System.Security.Cryptography.X509Certificates.X509Certificate2 OtherName { get; } = TestCertificates.SelfSigned("mail.elsewhere.example");
        internal System.Security.Cryptography.X509Certificates.X509Certificate2 Stranger { get; } = TestCertificates.SelfSigned("127.0.0.1");
        internal string File { get; }
    }
}
