using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>The revisions of a matter that can be tried out and compared: those published.</summary>
internal sealed class RevisionSource(MatterLibrary library, IReader reader)
{
    private const int Most = 50;

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<KnownRevision>> ListAsync(string matter, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var rows = await db.Set<PublishedRevision>().Where(r => r.Matter == matter).Select(r => new { r.Hash, r.Current, r.PublishedAt }).Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        return [.. rows.OrderByDescending(r => r.PublishedAt).Select(r => new KnownRevision(r.Hash, r.Current, r.PublishedAt))];
    }

    /// <param name="of">A published revision's hash; null: the one in force.</param>
    /// <returns>Null where the matter has no such revision.</returns>
    public async Task<MatterRevision?> FindAsync(string matter, string? of, CancellationToken cancel = default)
    {
        if (of is null) return library.Find(matter);
        try
        {
            return await library.RevisionAsync(of, cancel).ConfigureAwait(false) is { } revision && revision.Matter.Id == matter ? revision : null;
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }
}

/// <param name="Of">What the address says: a hash.</param>
/// <param name="Current">In force.</param>
/// <param name="At">When it was published.</param>
internal sealed record KnownRevision(string Of, bool Current, DateTimeOffset At)
{
    /// <summary>As people read a hash to each other.</summary>
    public string Short => Of.Length > 8 ? Of[..8] : Of;
}
