using System.Collections.Concurrent;
using System.Text.Json;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Mail;

/// <summary>Mail templates by revision and file. A revision never changes, so each is read once and kept.</summary>
internal sealed class MailTemplates
{
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, MailTemplate>> revisions = new();

    /// <summary>The one for the language (<c>granted.en.mail</c>) where the matter has it, else the Chinese one.</summary>
    /// <returns>Null where the revision is unknown or has no such template.</returns>
    internal async Task<MailTemplate?> FindAsync(CivilAffairsDb db, string revision, string file, string language, CancellationToken cancel)
    {
        if (!revisions.TryGetValue(revision, out var templates))
        {
            var bundle = await db.Set<PublishedRevision>().Where(r => r.Hash == revision).Select(r => r.Bundle).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
            if (bundle is null) return null;
            templates = revisions.GetOrAdd(revision, Read(bundle));
        }
        var translated = language == "en" ? templates.GetValueOrDefault(Path.ChangeExtension(file, ".en.mail")) : null;
        return translated ?? templates.GetValueOrDefault(file);
    }

    private static Dictionary<string, MailTemplate> Read(string bundle)
    {
        const string Folder = "templates/";
        var found = new Dictionary<string, MailTemplate>();
        foreach (var (path, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(bundle) ?? [])
            if (path.StartsWith(Folder, StringComparison.Ordinal) && path.EndsWith(".mail", StringComparison.Ordinal) && MailTemplate.Read(text) is { } mail)
                found[path[Folder.Length..]] = mail;
        return found;
    }
}
