using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Subjects;

/// <summary>
/// The subjects of a register 社会组织, as they are or as they were on a day, for the roles that the register names, each in
/// its own jurisdiction. A page reads its own lines and nothing more, however long the register is.
/// </summary>
public sealed class SubjectQuery(IReader reader, MatterLibrary library, SubjectLedger ledger, TimeProvider time)
{
    public const int PageSize = 25;

    /// <summary>Counted and turned to as far as this; what lies behind is found by name or key.</summary>
    public const int Most = 1000;

    /// <summary>Lines of one subject that its page shows.</summary>
    private const int MostLines = 200;

    /// <param name="term">The key, or a part of the name; empty: all.</param>
    /// <param name="asOf">The day; null: today.</param>
    /// <param name="page">From 1.</param>
    /// <returns>In the order of names as they are now; null: no such register, or not for this viewer.</returns>
    public async Task<SubjectList?> ReadAsync(Viewer viewer, string register, string term, DateOnly? asOf, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(term);
        if (library.Subjects(register) is not { } known || Divisions(viewer, register).Count == 0) return null;
        var day = asOf ?? time.Today();
        await using var db = reader.Open();
        var wanted = Wanted(InScope(db, viewer, register), register, term, day);
        var total = await wanted.Take(Most).CountAsync(cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (total + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var subjects = await wanted.OrderBy(s => s.Name).ThenBy(s => s.Id).Skip((page - 1) * size).Take(size).ToListAsync(cancel).ConfigureAwait(false);
        return new SubjectList(known.Register, await RowsAsync(db, subjects, day, cancel).ConfigureAwait(false), total, page, pages);
    }

    /// <returns>Null: there is none, or not for this viewer.</returns>
    public async Task<SubjectDetail?> FindAsync(Viewer viewer, Guid id, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var register = await db.Set<RegisterSubject>().Where(s => s.Id == id).Select(s => s.Register).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (register is null || library.Subjects(register) is not { } known || Divisions(viewer, register).Count == 0) return null;
        if (await InScope(db, viewer, register).FirstOrDefaultAsync(s => s.Id == id, cancel).ConfigureAwait(false) is not { } subject) return null;
        var lines = await db.Set<RegisterEntry>().Where(e => e.SubjectId == id).OrderByDescending(e => e.ValidFrom).ThenByDescending(e => e.Id).Take(MostLines).ToListAsync(cancel).ConfigureAwait(false);
        var certificates = await db.Set<Certificate>().Where(c => c.SubjectId == id).OrderByDescending(c => c.ValidFrom).ThenByDescending(c => c.Id).Take(MostLines).ToListAsync(cancel).ConfigureAwait(false);
        var held = certificates.ConvertAll(c => c.Id);
        var changes = (await db.Set<CertificateChange>().Where(c => held.Contains(c.CertificateId)).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(c => c.CertificateId);
        var cases = await db.Set<Case>().Where(c => c.SubjectId == id).EachVisibleTo(db, viewer).Where(c => c.Number != null).OrderByDescending(c => c.SubmittedAt).Take(MostLines).ToListAsync(cancel).ConfigureAwait(false);
        var others = library.Current.SelectMany(r => r.Matter.Registers).Where(r => r.About == register && Divisions(viewer, r.Id).Count > 0).DistinctBy(r => r.Id).ToDictionary(r => r.Id);
        return new SubjectDetail(known.Register, subject,
            [.. lines.Where(l => l.Register == register).Select(l => new SubjectVersion(l, ledger.Fields(l)))],
            certificates.ConvertAll(c => new HeldCertificate(c, library.Certificate(c.Matter, c.Kind)?.Kind.Name, Lines.CertificateLines.State(c, changes[c.Id], time.Today()))), cases,
            [.. lines.Where(l => others.ContainsKey(l.Register)).Select(l => (others[l.Register], l))]);
    }

    /// <summary>All that <see cref="ReadAsync"/> would show, row by row as they are read.</summary>
    internal async IAsyncEnumerable<SubjectRow> AllAsync(Viewer viewer, string register, string term, DateOnly asOf, [EnumeratorCancellation] CancellationToken cancel)
    {
        const int batch = 200;
        for (var (name, id) = ("", Guid.Empty); ;)
        {
            await using var db = reader.Open();
            var after = Wanted(InScope(db, viewer, register), register, term, asOf).Where(s => s.Name.CompareTo(name) > 0 || (s.Name == name && s.Id > id));
            var subjects = await after.OrderBy(s => s.Name).ThenBy(s => s.Id).Take(batch).ToListAsync(cancel).ConfigureAwait(false);
            foreach (var row in await RowsAsync(db, subjects, asOf, cancel).ConfigureAwait(false)) yield return row;
            if (subjects.Count < batch) yield break;
            (name, id) = (subjects[^1].Name, subjects[^1].Id);
        }
    }

    private async Task<List<SubjectRow>> RowsAsync(CivilAffairsDb db, List<RegisterSubject> subjects, DateOnly day, CancellationToken cancel)
    {
        var ids = subjects.ConvertAll(s => s.Id);
        var lines = (await db.Set<RegisterEntry>().Where(e => e.SubjectId != null && EF.Parameter(ids).Contains(e.SubjectId.Value) && e.ValidFrom <= day).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(e => e.SubjectId!.Value);
        var held = (await db.Set<Certificate>().Where(c => c.SubjectId != null && EF.Parameter(ids).Contains(c.SubjectId.Value) && c.ValidFrom <= day).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(c => c.SubjectId!.Value);
        return subjects.ConvertAll(s => new SubjectRow(s, lines[s.Id].Where(e => e.Register == s.Register).MaxBy(e => (e.ValidFrom, e.Id)) is { } line ? ledger.Fields(line) : [],
            held[s.Id].MaxBy(c => (c.ValidFrom, c.Id)), lines[s.Id].Where(e => e.Register != s.Register && !(e.ValidTo < day)).Select(e => e.Register).Distinct().ToList()));
    }

    private IQueryable<RegisterSubject> Wanted(IQueryable<RegisterSubject> subjects, string register, string term, DateOnly asOf)
    {
        var typed = term.Trim();
        var entered = subjects.Where(s => s.OccurredOn <= asOf);
        if (typed.Length == 0) return entered;
        // A whole key is looked up; a name is looked for within the names of the place.
        if (Uscc.Check(typed) is null)
        {
            var hash = ledger.KeyHash(register, typed);
            return entered.Where(s => s.KeyHash == hash);
        }
        return entered.Where(s => s.Name.Contains(typed));
    }

    /// <summary>Where the viewer holds a role that reads the register; wider places alone.</summary>
    internal List<string> Divisions(Viewer viewer, string register)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var readers = library.Current.SelectMany(r => r.Matter.Registers).Where(r => r.Id == register).SelectMany(r => r.Readers).ToHashSet();
        var held = viewer.Held.Where(h => readers.Contains(h.Role) && !Roles.WithoutCases.Contains(h.Role)).Select(h => h.Division).Distinct().ToList();
        held.RemoveAll(d => held.Exists(o => o.Length < d.Length && d.StartsWith(o, StringComparison.Ordinal)));
        return held;
    }

    /// <summary>Subjects of a register in the viewer's jurisdiction.</summary>
    internal IQueryable<RegisterSubject> InScope(CivilAffairsDb db, Viewer viewer, string register)
    {
        var held = Divisions(viewer, register);
        var (all, one) = (db.Set<RegisterSubject>().Where(s => s.Register == register), held.Count == 1 ? held[0] : null);
        var (counties, townships, villages) = (held.FindAll(d => d.Length == 6), held.FindAll(d => d.Length == 9), held.FindAll(d => d.Length == 12));
        // One place, as most officers have: an equality, so that the index of the place also gives the order.
        return one?.Length switch
        {
            6 => all.Where(s => s.County == one),
            9 => all.Where(s => s.Township == one),
            12 => all.Where(s => s.Village == one),
            _ => all.Where(s => counties.Contains(s.County) || townships.Contains(s.Township!) || villages.Contains(s.Village!)),
        };
    }
}

/// <summary>One subject of a list. Fields are whole: pages mask them.</summary>
/// <param name="Newest">The certificate that had begun last; null: none had.</param>
/// <param name="ListedIn">Other registers with a line about it that counted on the day: 活动异常名录.</param>
public sealed record SubjectRow(RegisterSubject Subject, JsonObject Fields, Certificate? Newest, IReadOnlyList<string> ListedIn);

/// <param name="Total">Counted to <see cref="SubjectQuery.Most"/>.</param>
public sealed record SubjectList(MatterRegister Register, IReadOnlyList<SubjectRow> Rows, int Total, int Page, int Pages);

/// <param name="Fields">Whole: pages mask them.</param>
public sealed record SubjectVersion(RegisterEntry Line, JsonObject Fields);

/// <param name="State"><c>InForce</c>, <c>Waiting</c>, <c>Expired</c>, <c>Renewed</c> or <c>Suspended</c>.</param>
public sealed record HeldCertificate(Certificate Certificate, Words? Kind, string State);

/// <param name="Versions">Newest first.</param>
/// <param name="Cases">Those that the viewer sees.</param>
/// <param name="Lists">Lines about it in other registers that the viewer reads.</param>
public sealed record SubjectDetail(MatterRegister Register, RegisterSubject Subject, IReadOnlyList<SubjectVersion> Versions, IReadOnlyList<HeldCertificate> Certificates, IReadOnlyList<Case> Cases, IReadOnlyList<(MatterRegister Register, RegisterEntry Line)> Lists);
