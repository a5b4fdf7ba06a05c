using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.People;

/// <summary>
/// Records of persons for who puts them right: the county's supervisor, and only those of whose cases every one is theirs to
/// see. Personal data masked; what differs between two is said without showing it.
/// </summary>
internal sealed class PersonQuery(IReader reader, KeyRing ring, FieldCipher cipher)
{
    private const int MostPersons = 20, MostNumbers = 5;

    /// <summary>Whether there is anything here for an officer.</summary>
    public static bool MayLook(Viewer viewer) => viewer.HoldsForCounty(Roles.Supervisor);

    /// <summary>By a whole ID number, or by the number of a case: those who take part in it. Empty: none for this viewer.</summary>
    public async Task<IReadOnlyList<FoundPerson>> FindAsync(Viewer viewer, string term, CancellationToken cancel = default)
    {
        term = term.Trim();
        if (!MayLook(viewer) || term.Length == 0) return [];
        await using var db = reader.Open();
        List<Guid> ids;
        if (IsIdNumber(term)) ids = await db.FindPersonAsync(ring, term, cancel).ConfigureAwait(false) is { } known ? [known.Id] : [];
        else
        {
            var cases = db.Set<Case>().Where(c => c.Number == term).EachVisibleTo(db, viewer);
            ids = await db.Set<CaseParty>().Where(p => p.Current && cases.Any(c => c.Id == p.CaseId)).OrderBy(p => p.Role).ThenBy(p => p.Position).Select(p => p.PersonId).Take(MostPersons).ToListAsync(cancel).ConfigureAwait(false);
        }
        var found = new List<FoundPerson>();
        foreach (var person in await ReadAsync(db, viewer, [.. ids.Distinct()], cancel).ConfigureAwait(false)) found.Add(person.Shown(cipher));
        return found;
    }

    /// <summary>Two records side by side; null: one of them is not there for this viewer, or they are the same.</summary>
    public async Task<PersonPair?> CompareAsync(Viewer viewer, Guid first, Guid second, CancellationToken cancel = default)
    {
        if (!MayLook(viewer) || first == second) return null;
        await using var db = reader.Open();
        var both = await ReadAsync(db, viewer, [first, second], cancel).ConfigureAwait(false);
        if (both is not [{ } a, { } b]) return null;
        var (one, two) = (a.Person.IdNumber(cipher), b.Person.IdNumber(cipher));
        var places = one.Length == two.Length ? Enumerable.Range(0, one.Length).Where(i => one[i] != two[i]).Select(i => i + 1).ToList() : null;
        return new PersonPair(a.Shown(cipher), b.Shown(cipher), a.Person.Name == b.Person.Name, places, Same(a.Person.Phone(cipher), b.Person.Phone(cipher)), Same(a.Person.Email(cipher), b.Person.Email(cipher)));
    }

    /// <summary>Three queries, however many are asked for; in the order asked.</summary>
    private static async Task<List<ReadPerson>> ReadAsync(CivilAffairsDb db, Viewer viewer, List<Guid> ids, CancellationToken cancel)
    {
        var persons = await db.Set<Person>().AsNoTracking().Where(p => ids.Contains(p.Id) && p.MergedIntoId == null).ToListAsync(cancel).ConfigureAwait(false);
        var parties = db.Set<CaseParty>().Where(p => ids.Contains(p.PersonId));
        var taken = await parties.Select(p => new { p.PersonId, p.CaseId }).Distinct().ToListAsync(cancel).ConfigureAwait(false);
        var seen = (await db.Set<Case>().Where(c => parties.Any(p => p.CaseId == c.Id)).EachVisibleTo(db, viewer).Select(c => new { c.Id, c.Number, c.SubmittedAt }).ToListAsync(cancel).ConfigureAwait(false)).ToDictionary(c => c.Id);
        var counts = await db.Set<Person>().Where(p => ids.Contains(p.Id)).Select(p => new
        {
            p.Id, Grants = db.Set<Grant>().Count(g => g.PersonId == p.Id), Certificates = db.Set<Certificate>().Count(c => c.PersonId == p.Id), Account = db.Users.Any(a => a.PersonId == p.Id),
        }).ToDictionaryAsync(p => p.Id, cancel).ConfigureAwait(false);
        return
        [
            // Who does not see every case of a record may not put it right, and learns nothing of it.
            .. ids.Select(id => persons.Find(p => p.Id == id)).OfType<Person>().Where(p => taken.Where(t => t.PersonId == p.Id).All(t => seen.ContainsKey(t.CaseId)))
                .Select(p => new ReadPerson(p, [.. taken.Where(t => t.PersonId == p.Id).Select(t => seen[t.CaseId]).OrderByDescending(c => c.SubmittedAt).Select(c => new PersonCase(c.Id, c.Number ?? ""))],
                    counts[p.Id].Grants, counts[p.Id].Certificates, counts[p.Id].Account)),
        ];
    }

    private static bool IsIdNumber(string term) => IdNumber.Lengthen(Typed.Number(term)) is { Length: 18 } number && number[..17].All(char.IsAsciiDigit) && (char.IsAsciiDigit(number[17]) || number[17] == 'X');

    private static bool? Same(string? a, string? b) => a is null || b is null ? null : a == b;

    private sealed record ReadPerson(Person Person, IReadOnlyList<PersonCase> Cases, int Grants, int Certificates, bool HasAccount)
    {
        public FoundPerson Shown(FieldCipher cipher) => new(Person.Id, Mask.Name(Person.Name), Mask.Id(Person.IdNumber(cipher)), Person.Phone(cipher) is { } phone ? Mask.Phone(phone) : null,
            Person.EmailCipher is not null, Person.RecordedAt, [.. Cases.Take(MostNumbers)], Cases.Count, Grants, Certificates, HasAccount);
    }
}

public sealed record PersonCase(Guid Id, string Number);

/// <summary>A record, masked.</summary>
/// <param name="Phone">Null: none is known.</param>
/// <param name="Cases">The latest few of <paramref name="CaseCount"/>.</param>
public sealed record FoundPerson(Guid Id, string Name, string IdNumber, string? Phone, bool HasEmail, DateTimeOffset RecordedAt, IReadOnlyList<PersonCase> Cases, int CaseCount, int Grants, int Certificates, bool HasAccount);

/// <param name="NumberPlaces">Where the ID numbers differ, from 1; null: they are not of one length.</param>
/// <param name="SamePhone">Null: one of them has none.</param>
public sealed record PersonPair(FoundPerson First, FoundPerson Second, bool SameName, IReadOnlyList<int>? NumberPlaces, bool? SamePhone, bool? SameEmail);
