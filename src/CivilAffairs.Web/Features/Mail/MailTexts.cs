namespace CivilAffairs.Web.Features.Mail;

/// <summary>Texts of the mailbox page; MailTexts.resx is Chinese, MailTexts.en.resx English.</summary>
public sealed class MailTexts;
