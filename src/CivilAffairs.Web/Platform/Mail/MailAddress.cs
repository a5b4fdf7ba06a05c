namespace CivilAffairs.Web.Platform.Mail;

/// <summary>Whether a text could be an e-mail address; whether it is one only a mail can tell.</summary>
internal static class MailAddress
{
    /// <summary>One mailbox of at most 254 characters with a host that has a dot; no display name.</summary>
    internal static bool Like(string typed)
    {
        var text = typed.Trim();
        return text.Length <= 254 && System.Net.Mail.MailAddress.TryCreate(text, out var address)
            && address.Address == text && address.Host.Contains('.', StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace);
    }
}
