using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CivilAffairs.Web.Platform.Mail;

/// <summary>Degraded, never unhealthy, while letters cannot leave: cases go on, and the letters are kept.</summary>
internal sealed class MailHealth(IMailTransport transport, IReader reader) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if ((transport.Unavailable ?? (transport as SmtpTransport)?.LastTrouble) is not { } reason) return HealthCheckResult.Healthy();
        await using var db = reader.Open();
        var waiting = await db.Set<OutboxMessage>().CountAsync(m => m.State == OutboxState.Pending, cancellationToken).ConfigureAwait(false);
        return HealthCheckResult.Degraded($"{reason} Waiting: {waiting}.");
    }
}
