using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Outbox;

namespace CivilAffairs.Web.Features.Mail;

internal static class LetterNames
{
    /// <summary>What a letter is called in its matter, or by the product.</summary>
    /// <returns>Null: it is a manager's own, or its matter cannot be read any more.</returns>
    public static async Task<Words?> LetterNameAsync(this MatterLibrary library, string? revision, string? template, CancellationToken cancel)
    {
        if (revision is null) return null;
        if (revision == OutboxMessage.Product) return template is null ? null : ProductTemplates.Names.GetValueOrDefault(template);
        try
        {
            return (await library.RevisionAsync(revision, cancel).ConfigureAwait(false)).Matter.Templates.FirstOrDefault(t => t.File == template)?.Name;
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidDataException)
        {
            return null;
        }
    }
}
