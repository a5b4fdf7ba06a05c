using System.Security.Cryptography;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Outbox;

namespace CivilAffairs.Web.Features.Mail;

/// <summary>What follows from a server's answer.</summary>
internal static class BackOff
{
    private static readonly TimeSpan[] Steps = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(6)];

    /// <summary>Longer than any wait.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromHours(7);

    /// <summary>The wait after so many tries, a tenth more or less, so that letters that failed together do not come back together.</summary>
    internal static TimeSpan After(int attempts)
    {
        var step = Steps[Math.Clamp(attempts, 1, Steps.Length) - 1];
        return step * (0.9 + RandomNumberGenerator.GetInt32(0, 2001) / 10_000.0);
    }

    /// <summary>Sent, tried again later, or parked.</summary>
    internal static Settled Settle(OutboxMessage message, MailAnswer answer, DateTimeOffset now, int maxAttempts)
    {
        var attempts = message.Attempts + 1;
        return answer.Verdict switch
        {
            // Says nothing about this letter: it costs no try, so a server that is down for days parks nothing.
            MailVerdict.Unreachable => new(message.Id, OutboxState.Pending, now + After(1), message.Attempts, answer.Text),
            MailVerdict.Accepted => new(message.Id, OutboxState.Sent, message.DueAt, attempts, null),
            MailVerdict.Refused => new(message.Id, OutboxState.Parked, message.DueAt, attempts, answer.Text),
            _ when attempts >= maxAttempts => new(message.Id, OutboxState.Parked, message.DueAt, attempts, answer.Text),
            _ => new(message.Id, OutboxState.Pending, now + After(attempts), attempts, answer.Text),
        };
    }

    /// <summary>Not even tried, and nothing to look at where the reader wants no such letter: <paramref name="reason"/> is a code such as <c>no-address</c>.</summary>
    internal static Settled Park(OutboxMessage message, string reason) => new(message.Id, reason == LetterBatch.Unwanted ? OutboxState.Dropped : OutboxState.Parked, message.DueAt, message.Attempts, reason);
}
