using System.Collections.Concurrent;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Outbox;

namespace CivilAffairs.Web.Features.Mail;

/// <summary>The mail templates in use, of matters and of the product, parsed once: a revision never changes. As many as the revisions that letters are still about have files.</summary>
internal sealed class MailTemplates(MatterLibrary matters)
{
    private readonly ConcurrentDictionary<(string Revision, string File, bool English), (MailTemplate Template, bool Optional)> parsed = new();

    /// <summary>The one for the language (<c>granted.en.mail</c>) where the matter has it, else the Chinese one.</summary>
    /// <returns>The template and whether the law requires no such letter, or <c>no-template</c>, or <c>template</c> where it cannot be read.</returns>
    internal async ValueTask<(MailTemplate? Template, bool Optional, string? Fault)> FindAsync(string revision, string file, bool english, CancellationToken cancel)
    {
        if (parsed.TryGetValue((revision, file, english), out var known)) return (known.Template, known.Optional, null);
        try
        {
            // The product's own are reminders, which no law requires.
            var matter = revision == OutboxMessage.Product ? null : await matters.RevisionAsync(revision, cancel).ConfigureAwait(false);
            var texts = matter?.Templates ?? ProductTemplates.Texts;
            var text = (english ? texts.GetValueOrDefault(MailTemplate.EnglishOf(file)) : null) ?? texts.GetValueOrDefault(file);
            if (text is null || MailTemplate.Read(text) is not { } template) return (null, false, "no-template");
            var optional = matter is null || matter.Matter.Templates.FirstOrDefault(t => t.File == file)?.Optional == true;
            parsed[(revision, file, english)] = (template, optional);
            return (template, optional, null);
        }
        catch (KeyNotFoundException)
        {
            return (null, false, "no-template");
        }
        catch (Exception e) when (e is DocumentTemplateException or InvalidDataException)
        {
            return (null, false, "template");
        }
    }
}
