using System.Runtime.CompilerServices;
using System.Text;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Lines;

/// <summary>
/// Lists 台账 line by line, as they are or as they were on a day, for whoever reads them: benefits, certificates and what
/// workflows entered. A page reads its own lines and nothing before them, however long the list is.
/// </summary>
public sealed class LineQuery(IReader reader, IEnumerable<ILineSource> sources, KeyRing ring, FieldCipher cipher, TimeProvider time)
{
    public const int PageSize = 25;

    /// <summary>Characters of a term.</summary>
    public const int LongestTerm = 60;

    /// <summary>Lists that the viewer reads, in the order of the sources.</summary>
    public IEnumerable<ReadRegister> Readable(Viewer viewer) => sources.SelectMany(s => s.Registers.Where(r => s.Posts(viewer, r.Id).Count > 0));

    /// <summary>Whether the viewer reads this list.</summary>
    public bool Reads(Viewer viewer, string register) => Open(viewer, register) is not null;

    /// <param name="term">A whole ID number, a number of a paper or case, or a name; empty: all.</param>
    /// <param name="asOf">The day; null, or later than today: today.</param>
    /// <param name="after">Null: from the beginning.</param>
    /// <returns>Newest first, or by name where a name was looked for; null: no such list, or not for this viewer.</returns>
    public async Task<LinePageView?> ReadAsync(Viewer viewer, string register, string term, DateOnly? asOf, LineKey? after, int size = PageSize, CancellationToken cancel = default)
    {
        if (Open(viewer, register) is not { } open) return null;
        var search = Search(term, asOf);
        await using var db = reader.Open();
        var lines = await PageAsync(db, viewer, open, search, after, size + 1, cancel).ConfigureAwait(false);
        return new LinePageView(open.Register, search.Day, [.. lines.Take(size)], lines.Count > size ? lines[size - 1].Key : null);
    }

    /// <param name="full">With the ID numbers of its persons; the reason is written down before.</param>
    /// <returns>As it is today; null: there is none, or not for this viewer.</returns>
    public async Task<RegisterLine?> FindAsync(Viewer viewer, string register, Guid id, bool full, CancellationToken cancel = default)
    {
        if (Open(viewer, register) is not { } open) return null;
        await using var db = reader.Open();
        foreach (var post in open.Posts)
            if (await open.Source.FindAsync(db, viewer, register, post, id, time.Today(), cancel).ConfigureAwait(false) is { } line)
                return full ? (await WithNumbersAsync(db, [line], cancel).ConfigureAwait(false))[0] : line;
        return null;
    }

    /// <summary>All that <see cref="ReadAsync"/> would show, in full, as they are read.</summary>
    internal async IAsyncEnumerable<RegisterLine> AllAsync(Viewer viewer, string register, string term, DateOnly asOf, [EnumeratorCancellation] CancellationToken cancel)
    {
        const int batch = 200;
        if (Open(viewer, register) is not { } open) yield break;
        var search = Search(term, asOf);
        for (LineKey? after = null; ;)
        {
            await using var db = reader.Open();
            var lines = await PageAsync(db, viewer, open, search, after, batch, cancel).ConfigureAwait(false);
            foreach (var line in await WithNumbersAsync(db, lines, cancel).ConfigureAwait(false)) yield return line;
            if (lines.Count < batch) yield break;
            after = lines[^1].Key;
        }
    }

    // Post by post, each by an index of its own place: most officers have one.
    private static async Task<List<RegisterLine>> PageAsync(CivilAffairsDb db, Viewer viewer, OpenList open, LineSearch search, LineKey? after, int take, CancellationToken cancel)
    {
        var lines = new List<RegisterLine>();
        foreach (var post in open.Posts) lines.AddRange(await open.Source.ReadAsync(db, viewer, open.Register.Id, post, search, after, take, cancel).ConfigureAwait(false));
        return [.. lines.OrderBy(l => l.Key, LineKey.Order).Take(take)];
    }

    private async Task<List<RegisterLine>> WithNumbersAsync(CivilAffairsDb db, List<RegisterLine> lines, CancellationToken cancel)
    {
        var ids = lines.SelectMany(l => l.Holders).Select(h => h.PersonId).OfType<Guid>().Distinct().ToList();
        var persons = ids.Count == 0 ? [] : await db.Set<Person>().AsNoTracking().Where(p => EF.Parameter(ids).Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel).ConfigureAwait(false);
        return lines.ConvertAll(l => l with { Holders = [.. l.Holders.Select(h => h.PersonId is { } id && persons.TryGetValue(id, out var person) && person.NumberCipher.Length > 0 ? h with { IdNumber = person.IdNumber(cipher) } : h)] });
    }

    private LineSearch Search(string term, DateOnly? asOf)
    {
        ArgumentNullException.ThrowIfNull(term);
        var (today, text) = (time.Today(), term.Trim().Normalize(NormalizationForm.FormKC));
        var day = asOf is { } asked && asked < today ? asked : today;
        var number = Typed.Number(term);
        return new LineSearch(text.Length > LongestTerm ? text[..LongestTerm] : text, number.Length == 18 && number[..17].All(char.IsAsciiDigit) ? ring.IdNumberHash(number) : null, day, day < today);
    }

    private OpenList? Open(Viewer viewer, string register)
    {
        foreach (var source in sources)
            if (source.Registers.FirstOrDefault(r => r.Id == register) is { } found)
                return source.Posts(viewer, register) is { Count: > 0 } posts ? new OpenList(source, found, posts) : null;
        return null;
    }

    private sealed record OpenList(ILineSource Source, ReadRegister Register, IReadOnlyList<ReadingPost> Posts);
}
