namespace CivilAffairs.Web.Platform.Mail;

/// <summary>What a letter says, twice: a mail program shows <paramref name="Html"/>, or <paramref name="Text"/> where it cannot.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Html">What stands in the body element; values in it are encoded.</param>
public sealed record MailText(string Subject, string Text, string Html);
