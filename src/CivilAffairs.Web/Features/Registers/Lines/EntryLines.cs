using System.Text.Json.Nodes;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Lines;

/// <summary>
/// Lists that a matter's workflow writes, such as 近亲属备案 and 婚姻登记: who reads one is the matter's to say, by role; what of
/// it is the jurisdiction's. Who is recused from a case does not read its line.
/// </summary>
public sealed class EntryLines(MatterLibrary library) : ILineSource
{
    public IEnumerable<ReadRegister> Registers => library.Current.SelectMany(r => r.Matter.Registers).GroupBy(r => r.Id).Where(g => g.All(r => r.Subject is null)).Select(g => g.First())
        .OrderBy(r => r.Id, StringComparer.Ordinal).Select(r => new ReadRegister(r.Id, r.Name, r.Source));

    public IReadOnlyList<ReadingPost> Posts(Viewer viewer, string register)
    {
        var readers = library.Current.SelectMany(r => r.Matter.Registers).Where(r => r.Id == register).SelectMany(r => r.Readers).ToHashSet();
        return ReadingPost.Of(viewer, role => readers.Contains(role) ? null : []);
    }

    /// <summary>Lines of one list and place, without cases that the viewer keeps off. A line has no village.</summary>
    internal static IQueryable<RegisterEntry> InScope(CivilAffairsDb db, Viewer viewer, string register, ReadingPost post)
    {
        var (division, me) = (post.Division, viewer.AccountId);
        var lines = db.Set<RegisterEntry>().AsNoTracking().Where(e => e.Register == register);
        lines = division.Length == 6 ? lines.Where(e => e.County == division) : lines.Where(e => e.Township == division);
        return lines.Where(e => !db.Set<CaseRecusal>().Any(r => r.AccountId == me && r.CaseId == e.CaseId));
    }

    public async Task<IReadOnlyList<RegisterLine>> ReadAsync(CivilAffairsDb db, Viewer viewer, string register, ReadingPost post, LineSearch search, LineKey? after, int take, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(search);
        var lines = InScope(db, viewer, register, post);
        if (search.Past) lines = lines.Where(e => e.OccurredOn <= search.Day);
        if (search.IsAll) return await LinesAsync(db, await ByDay(lines, after).Take(take).ToListAsync(cancel).ConfigureAwait(false), search.Day, cancel).ConfigureAwait(false);
        // Their ids first: of a name that many have, a database would rather read all parties.
        var persons = await Named(db, search).Select(p => p.Id).Take(500).ToListAsync(cancel).ConfigureAwait(false);
        foreach (var found in Found(db, register, search, post, persons))
            if (await Few.OfAsync(found, ids => lines.Where(e => EF.Parameter(ids).Contains(e.Id)), cancel).ConfigureAwait(false) is { Count: > 0 } few)
                return await LinesAsync(db, Few.Page(few, e => new LineKey(e.OccurredOn, e.Id), after, take), search.Day, cancel).ConfigureAwait(false);
        return [];
    }

    public async Task<RegisterLine?> FindAsync(CivilAffairsDb db, Viewer viewer, string register, ReadingPost post, Guid id, DateOnly day, CancellationToken cancel) =>
        (await LinesAsync(db, await InScope(db, viewer, register, post).Where(e => e.Id == id).ToListAsync(cancel).ConfigureAwait(false), day, cancel).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>By the parties' ID number or whole name, by the number of a paper or of the case, or by a part of an organisation's name.</summary>
    private IEnumerable<IQueryable<Guid>> Found(CivilAffairsDb db, string register, LineSearch search, ReadingPost post, List<Guid> persons)
    {
        var (entries, term) = (db.Set<RegisterEntry>().Where(e => e.Register == register), search.Term);
        if (persons.Count > 0)
            yield return db.Set<CaseParty>().Where(p => EF.Parameter(persons).Contains(p.PersonId) && p.Current && (p.Role == PartyRole.Applicant || p.Role == PartyRole.Spouse)).Join(entries, p => p.CaseId, e => e.CaseId, (_, e) => e.Id);
        if (search.IdHash is not null) yield break;
        if (search.IsNumber)
        {
            yield return db.Set<IssuedDocument>().Where(d => d.Number == term).Join(entries, d => d.CaseId, e => e.CaseId, (_, e) => e.Id);
            yield return db.Set<Case>().Where(c => c.Number == term).Join(entries, c => c.Id, e => e.CaseId, (_, e) => e.Id);
        }
        foreach (var about in library.Current.SelectMany(r => r.Matter.Registers).Where(r => r.Id == register).Select(r => r.About).OfType<string>().Distinct())
            yield return CertificateLines.Named(db, about, post, term).Join(entries, s => s.Id, e => e.SubjectId, (_, e) => e.Id);
    }

    /// <summary>By ID number, or by the whole name: of a beginning there may be tens of thousands.</summary>
    private static IQueryable<Person> Named(CivilAffairsDb db, LineSearch search) => search.IdHash is { } hash
        ? db.Set<Person>().Where(p => p.DocumentType == "residentId" && p.NumberHash == hash) : db.Set<Person>().Where(p => p.Name == search.Term);

    private static IQueryable<RegisterEntry> ByDay(IQueryable<RegisterEntry> lines, LineKey? after)
    {
        if (after is { Day: var day, Id: var id }) lines = lines.Where(e => e.OccurredOn <= day && (e.OccurredOn < day || e.Id < id));
        return lines.OrderByDescending(e => e.OccurredOn).ThenByDescending(e => e.Id);
    }

    private static async Task<List<RegisterLine>> LinesAsync(CivilAffairsDb db, List<RegisterEntry> entries, DateOnly day, CancellationToken cancel)
    {
        if (entries.Count == 0) return [];
        var (of, about) = (entries.Select(e => e.CaseId).OfType<Guid>().Distinct().ToList(), entries.Select(e => e.SubjectId).OfType<Guid>().Distinct().ToList());
        var cases = of.Count == 0 ? [] : await db.Set<Case>().Where(c => EF.Parameter(of).Contains(c.Id)).Select(c => new { c.Id, c.Number, c.ApplicantName, c.Village }).ToDictionaryAsync(c => c.Id, cancel).ConfigureAwait(false);
        var parties = (of.Count == 0 ? [] : await db.Set<CaseParty>().Where(p => EF.Parameter(of).Contains(p.CaseId) && p.Current && (p.Role == PartyRole.Applicant || p.Role == PartyRole.Spouse))
            .Join(db.Set<Person>(), p => p.PersonId, p => p.Id, (p, person) => new { p.CaseId, p.Role, person.Id, person.Name }).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(p => p.CaseId);
        var subjects = about.Count == 0 ? [] : await db.Set<RegisterSubject>().Where(s => EF.Parameter(about).Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancel).ConfigureAwait(false);
        var replaced = await ReplacedAsync(db, entries.FindAll(e => e.ValidTo < day), parties.SelectMany(p => p).Select(p => p.Id), cancel).ConfigureAwait(false);
        return entries.ConvertAll(e =>
        {
            var (entry, @case, subject) = (JsonNode.Parse(e.Entry) as JsonObject ?? [], e.CaseId is { } c ? cases.GetValueOrDefault(c) : null, e.SubjectId is { } s ? subjects.GetValueOrDefault(s) : null);
            List<LineHolder> holders = subject is not null ? [new(subject.Name, SubjectId: subject.Id, SubjectRegister: subject.Register)] : e.CaseId is { } id ? [.. parties[id].OrderBy(p => p.Role).Select(p => new LineHolder(p.Name, p.Id))] : [];
            // Of a case that names no persons by a number.
            if (holders.Count == 0 && @case is { ApplicantName.Length: > 0 }) holders.Add(new LineHolder(@case.ApplicantName));
            return new RegisterLine
            {
                Id = e.Id, CaseId = e.CaseId, CaseNumber = @case?.Number, Holders = holders, Reason = Text(entry, "reason"), Number = Text(entry, "certificate"),
                Division = subject?.Village ?? subject?.Township ?? @case?.Village ?? e.Township ?? e.County, From = e.ValidFrom, To = e.ValidTo,
                Replaces = Text(entry, "replaces"),
                State = e.ValidTo < day ? Text(entry, "certificate") is { } number && replaced.Contains((e.Register, number)) ? "Replaced" : "Ended" : e.ValidFrom > day ? "Waiting" : "InForce", OccurredOn = e.OccurredOn, RecordedAt = e.RecordedAt, Key = new LineKey(e.OccurredOn, e.Id),
                RegisteredOn = IsoDay.Read(Text(entry, "registeredOn")),
            };
        });
    }

    /// <summary>
    /// Numbers of which a later entry about the same persons says that it takes their place (补领): the marriage did not end
    /// with its paper. One question for a page, by the persons' own index.
    /// </summary>
    private static async Task<HashSet<(string Register, string Number)>> ReplacedAsync(CivilAffairsDb db, List<RegisterEntry> ended, IEnumerable<Guid> persons, CancellationToken cancel)
    {
        if (ended.Count == 0) return [];
        var (about, registers) = (persons.Distinct().ToList(), ended.Select(e => e.Register).Distinct().ToList());
        var later = await db.Set<CaseParty>().Where(p => EF.Parameter(about).Contains(p.PersonId) && p.Current).Join(db.Set<RegisterEntry>().Where(e => registers.Contains(e.Register)), p => p.CaseId, e => e.CaseId, (_, e) => new { e.Register, e.Entry })
            .Take(1000).ToListAsync(cancel).ConfigureAwait(false);
        return [.. later.Select(e => (e.Register, Number: Text(JsonNode.Parse(e.Entry) as JsonObject ?? [], "replaces"))).Where(e => e.Number is not null).Select(e => (e.Register, e.Number!))];
    }

    private static string? Text(JsonObject entry, string key) => entry[key] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
