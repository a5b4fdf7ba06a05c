using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Lines;

/// <summary>
/// Certificates 证书台账. Those of organisations are read by whom the organisations' register lets read it; those of persons by
/// the roles that their matter has, and by who oversees a place.
/// </summary>
public sealed class CertificateLines(MatterLibrary library, SubjectLedger ledger) : ILineSource
{
    public const string Register = "certificates";

    public IEnumerable<ReadRegister> Registers { get; } = [new(Register, new Words { Zh = "证书台账", En = "Register of certificates" }, "")];

    public IReadOnlyList<ReadingPost> Posts(Viewer viewer, string register) => Posts(viewer);

    internal IReadOnlyList<ReadingPost> Posts(Viewer viewer) => ReadingPost.Of(viewer, role => [.. Kinds().Where(k => k.Readers.Contains(role)).Select(k => k.Kind).Distinct()]);

    /// <summary>Certificates of one place and of kinds that are read there, without cases that the viewer keeps off.</summary>
    internal static IQueryable<Certificate> InScope(CivilAffairsDb db, Viewer viewer, ReadingPost post)
    {
        var (division, kinds, me) = (post.Division, post.Kinds ?? [], viewer.AccountId);
        var certificates = db.Set<Certificate>().AsNoTracking();
        certificates = division.Length switch
        {
            6 => certificates.Where(c => c.County == division),
            9 => certificates.Where(c => c.Township == division),
            _ => certificates.Where(c => c.Village == division),
        };
        return certificates.Where(c => kinds.Contains(c.Kind) && !db.Set<CaseRecusal>().Any(r => r.AccountId == me && r.CaseId == c.CaseId));
    }

    public async Task<IReadOnlyList<RegisterLine>> ReadAsync(CivilAffairsDb db, Viewer viewer, string register, ReadingPost post, LineSearch search, LineKey? after, int take, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(search);
        var certificates = InScope(db, viewer, post);
        if (search.Past) certificates = certificates.Where(c => c.OccurredOn <= search.Day);
        if (search.IsAll) return await LinesAsync(db, await ByDay(certificates, after).Take(take).ToListAsync(cancel).ConfigureAwait(false), search.Day, byName: false, cancel).ConfigureAwait(false);
        // By name only once no key and no organisation is found: then the order of a later page is that of the first one.
        if (after?.Name is null)
            foreach (var found in Found(db, search, post))
                if (await Few.OfAsync(found, ids => certificates.Where(c => EF.Parameter(ids).Contains(c.Id)), cancel).ConfigureAwait(false) is { Count: > 0 } few)
                    return await LinesAsync(db, Few.Page(few, c => new LineKey(c.OccurredOn, c.Id), after, take), search.Day, byName: false, cancel).ConfigureAwait(false);
        return await LinesAsync(db, await ByName(certificates, search.Term, after).Take(take).ToListAsync(cancel).ConfigureAwait(false), search.Day, byName: true, cancel).ConfigureAwait(false);
    }

    public async Task<RegisterLine?> FindAsync(CivilAffairsDb db, Viewer viewer, string register, ReadingPost post, Guid id, DateOnly day, CancellationToken cancel) =>
        (await LinesAsync(db, await InScope(db, viewer, post).Where(c => c.Id == id).ToListAsync(cancel).ConfigureAwait(false), day, byName: false, cancel).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>In force, waiting, run out, renewed or suspended: on this day, by what counted then.</summary>
    internal static string State(Certificate certificate, IEnumerable<CertificateChange> changes, DateOnly day)
    {
        var counting = changes.Where(c => c.FromDay <= day).Select(c => c.Action).ToHashSet();
        return counting.Contains("Suspended") ? "Suspended" : counting.Contains("Renewed") ? "Renewed" : certificate.ValidTo < day ? "Expired" : certificate.ValidFrom > day ? "Waiting" : "InForce";
    }

    /// <summary>What a term may be, the surest first: the holder's ID number or code, the certificate's number, a part of an organisation's name.</summary>
    private IEnumerable<IQueryable<Guid>> Found(CivilAffairsDb db, LineSearch search, ReadingPost post)
    {
        var (all, kinds, term) = (db.Set<Certificate>(), post.Kinds ?? [], search.Term);
        if (search.IdHash is { } hash)
        {
            yield return db.Set<Person>().Where(p => p.DocumentType == "residentId" && p.NumberHash == hash).Join(all, p => p.Id, c => c.PersonId, (_, c) => c.Id);
            yield break;
        }
        if (Uscc.Check(term) is null)
        {
            var registers = Organisations();
            var hashes = registers.ConvertAll(r => ledger.KeyHash(r, term));
            yield return db.Set<RegisterSubject>().Where(s => registers.Contains(s.Register) && hashes.Contains(s.KeyHash)).Join(all, s => s.Id, c => c.SubjectId, (_, c) => c.Id);
        }
        if (search.IsNumber) yield return all.Where(c => kinds.Contains(c.Kind) && c.Number == term).Select(c => c.Id);
        foreach (var register in Organisations()) yield return Named(db, register, post, term).Join(all, s => s.Id, c => c.SubjectId, (_, c) => c.Id);
    }

    /// <summary>Organisations of a place with this in their name: some thousands of names, in an index (docs/adr/0039).</summary>
    internal static IQueryable<RegisterSubject> Named(CivilAffairsDb db, string register, ReadingPost post, string term)
    {
        var (subjects, division) = (db.Set<RegisterSubject>().Where(s => s.Register == register && s.Name.Contains(term)), post.Division);
        return (division.Length switch
        {
            6 => subjects.Where(s => s.County == division),
            9 => subjects.Where(s => s.Township == division),
            _ => subjects.Where(s => s.Village == division),
        }).Take(200);
    }

    private List<string> Organisations() => [.. library.Current.SelectMany(r => r.Matter.Registers).Where(r => r.Subject is not null).Select(r => r.Id).Distinct()];

    private IEnumerable<(string Kind, IReadOnlyCollection<string> Readers)> Kinds() => library.Current.SelectMany(r => r.Matter.Certificates.Select(k => (k.Id,
        (IReadOnlyCollection<string>)(k.Register is { } register ? [.. library.Current.SelectMany(m => m.Matter.Registers).Where(m => m.Id == register).SelectMany(m => m.Readers)] : [.. r.Matter.Roles.Select(m => m.Code), .. Roles.Overseeing]))));

    private static IQueryable<Certificate> ByDay(IQueryable<Certificate> certificates, LineKey? after)
    {
        if (after is { Day: var day, Id: var id }) certificates = certificates.Where(c => c.OccurredOn <= day && (c.OccurredOn < day || c.Id < id));
        return certificates.OrderByDescending(c => c.OccurredOn).ThenByDescending(c => c.Id);
    }

    private static IQueryable<Certificate> ByName(IQueryable<Certificate> certificates, string name, LineKey? after)
    {
        var (from, end) = (after?.Name ?? name, Bytewise.EndOf(name));
        certificates = certificates.Where(c => c.HolderName.CompareTo(from) >= 0 && c.HolderName.CompareTo(end) < 0);
        if (after is { Id: var id }) certificates = certificates.Where(c => c.HolderName != from || c.Id > id);
        return certificates.OrderBy(c => c.HolderName).ThenBy(c => c.Id);
    }

    internal async Task<List<RegisterLine>> LinesAsync(CivilAffairsDb db, List<Certificate> certificates, DateOnly day, bool byName, CancellationToken cancel)
    {
        if (certificates.Count == 0) return [];
        var ids = certificates.ConvertAll(c => c.Id);
        var changes = (await db.Set<CertificateChange>().Where(c => EF.Parameter(ids).Contains(c.CertificateId)).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(c => c.CertificateId);
        var numbers = await Few.CaseNumbersAsync(db, certificates.Select(c => c.CaseId), cancel).ConfigureAwait(false);
        return certificates.ConvertAll(c => new RegisterLine
        {
            Id = c.Id, CaseId = c.CaseId, CaseNumber = c.CaseId is { } of ? numbers.GetValueOrDefault(of) : null,
            Holders = c.HolderName.Length == 0 ? [] : [new LineHolder(c.HolderName, c.PersonId, c.SubjectId, c.SubjectId is null ? null : library.Certificate(c.Matter, c.Kind)?.Kind.Register)],
            What = library.Certificate(c.Matter, c.Kind)?.Kind.Name ?? new Words { Zh = c.Kind, En = c.Kind }, Number = c.Number, Division = c.Village ?? c.Township ?? c.County, From = c.ValidFrom, To = c.ValidTo,
            State = State(c, changes[c.Id], day), OccurredOn = c.OccurredOn, RecordedAt = c.RecordedAt, Key = new LineKey(c.OccurredOn, c.Id, byName ? c.HolderName : null),
        });
    }
}
