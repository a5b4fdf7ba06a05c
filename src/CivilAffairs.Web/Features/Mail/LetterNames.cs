using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Mail;

internal static class LetterNames
{
    /// <summary>What a letter is called in its matter.</summary>
    /// <returns>Null: it is the product's or a manager's own, or its matter cannot be read any more.</returns>
    public static async Task<Words?> LetterNameAsync(this MatterLibrary library, string? revision, string? template, CancellationToken cancel)
    {
        if (revision is null) return null;
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
