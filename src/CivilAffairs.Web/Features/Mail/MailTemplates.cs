using System.Collections.Concurrent;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Outbox;

namespace CivilAffairs.Web.Features.Mail;

/// <summary>The mail templates in use, of matters and of the product, parsed once: a revision never changes. As many as the revisions that letters are still about have files.</summary>
internal sealed class MailTemplates(MatterLibrary matters)
{
    private readonly ConcurrentDictionary<(string Revision, string File, bool English), MailTemplate> parsed = new();

    /// <summary>The one for the language (<c>granted.en.mail</c>) where the matter has it, else the Chinese one.</summary>
    /// <returns>The template, or <c>no-template</c>, or <c>template</c> where it cannot be read.</returns>
    internal async ValueTask<(MailTemplate? Template, string? Fault)> FindAsync(string revision, string file, bool english, CancellationToken cancel)
    {
        if (parsed.TryGetValue((revision, file, english), out var known)) return (known, null);
        try
        {
            var texts = revision == OutboxMessage.Product ? ProductTemplates.Texts : (await matters.RevisionAsync(revision, cancel).ConfigureAwait(false)).Templates;
            var text = (english ? texts.GetValueOrDefault(MailTemplate.EnglishOf(file)) : null) ?? texts.GetValueOrDefault(file);
            if (text is null || MailTemplate.Read(text) is not { } template) return (null, "no-template");
            return (parsed[(revision, file, english)] = template, null);
        }
        catch (KeyNotFoundException)
        {
            return (null, "no-template");
        }
        catch (Exception e) when (e is DocumentTemplateException or InvalidDataException)
        {
            return (null, "template");
        }
    }
}
