namespace CivilAffairs.Web.Platform.Mail;

/// <summary>Chooses how letters leave the house: a server where <c>Mail:Host</c> is set, in Development else the mailbox page.</summary>
internal static class MailTransports
{
    internal static IServiceCollection AddMailTransport(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddOptions<MailOptions>().Bind(configuration.GetSection(MailOptions.Section))
            .Validate(o => MimeKit.MailboxAddress.TryParse(o.From, out _), "Mail:From is not an e-mail address.")
            .Validate(o => o is { Port: > 0 and <= 65535, RatePerSecond: >= 0, MaxAttempts: > 0, BatchSize: > 0 and <= 500 },
                "Mail: Port 1 to 65535, RatePerSecond not negative, MaxAttempts at least 1, BatchSize 1 to 500.")
            .Validate(o => o.TrustedCertificates is not { Length: > 0 } file || ServerTrust.CanRead(file), "Mail:TrustedCertificates is no readable PEM file with certificates.")
            .ValidateOnStart();
        if (configuration[$"{MailOptions.Section}:{nameof(MailOptions.Host)}"] is { Length: > 0 })
            services.AddSingleton<IMailTransport, SmtpTransport>();
        else if (environment.IsDevelopment())
            services.AddSingleton<IMailTransport, MailboxTransport>();
        else
            services.AddSingleton<IMailTransport, NoTransport>();
        services.AddHealthChecks().AddCheck<MailHealth>("mail", timeout: TimeSpan.FromSeconds(3));
        return services;
    }
}
