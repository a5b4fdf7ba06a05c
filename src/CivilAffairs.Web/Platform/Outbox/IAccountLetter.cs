using CivilAffairs.Web.Platform.Mail;

namespace CivilAffairs.Web.Platform.Outbox;

/// <summary>
/// A letter to an account that is about no case, such as the link for a new password. Made when it is sent, so that what
/// must stay secret never lies in the outbox.
/// </summary>
public interface IAccountLetter
{
    /// <summary>Names it in <see cref="OutboxMessage.Template"/>, with no revision.</summary>
    string Template { get; }

    /// <summary>Several at once, in a fixed number of queries.</summary>
    /// <param name="accounts">Each with whether its language is English.</param>
    /// <returns>By account; one that is to get no letter any more is not there.</returns>
    Task<IReadOnlyDictionary<Guid, MailText>> MakeAsync(IReadOnlyDictionary<Guid, bool> accounts, CancellationToken cancel);
}
