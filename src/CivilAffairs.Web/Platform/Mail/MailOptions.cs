namespace CivilAffairs.Web.Platform.Mail;

/// <summary>Section <c>Mail</c> of the configuration: the server that takes the bureau's letters, and how they are sent.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>Absent: in Development letters go to the mailbox page, elsewhere they wait in the outbox.</summary>
    public string? Host { get; set; }
    public int Port { get; set; } = 25;

    /// <summary>The sender's address, in the envelope and in the letter.</summary>
    public string From { get; set; } = "noreply@civilaffairs.example";
    public string? FromName { get; set; }
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>
    /// A PEM file with certificates that are trusted besides the machine's authorities: the bureau's own authority, or the
    /// server's own certificate. Name and dates are checked all the same.
    /// </summary>
    public string? TrustedCertificates { get; set; }

    /// <summary>Absent: the server asks for no name.</summary>
    public string? User { get; set; }
    public string? Password { get; set; }

    /// <summary>Letters a second at most that each process hands to <see cref="Host"/>; 0: as fast as it takes them.</summary>
    public double RatePerSecond { get; set; }

    /// <summary>Tries before a letter is parked for somebody to look at; at the back-off of the dispatcher 8 take about a day.</summary>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>Letters taken from the outbox at once.</summary>
    public int BatchSize { get; set; } = 100;
}

/// <summary>How the connection to the mail server is kept from other eyes; with <see cref="StartTls"/> a server without TLS is refused.</summary>
public enum MailSecurity { None, StartTls, Tls }
