using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Lines;

/// <summary>Benefits 待遇台账, for the roles that the benefit's matter has, and for who oversees a place.</summary>
public sealed class BenefitLines(MatterLibrary library) : ILineSource
{
    public const string Register = "benefits";

    public IEnumerable<ReadRegister> Registers { get; } = [new(Register, new Words { Zh = "待遇台账", En = "Register of benefits" }, "")];

    public IReadOnlyList<ReadingPost> Posts(Viewer viewer, string register) => Posts(viewer);

    internal IReadOnlyList<ReadingPost> Posts(Viewer viewer) => ReadingPost.Of(viewer, role => Roles.Overseeing.Contains(role) ? null
        : [.. library.Current.Where(r => r.Matter.Benefits.Count > 0 && r.Matter.Roles.Any(m => m.Code == role)).Select(r => r.Matter.Id)]);

    /// <summary>Grants of one place, without cases that the viewer keeps off. An equality, so that the index of the place also gives the order.</summary>
    internal static IQueryable<Grant> InScope(CivilAffairsDb db, Viewer viewer, ReadingPost post)
    {
        var (division, me) = (post.Division, viewer.AccountId);
        var grants = db.Set<Grant>().AsNoTracking();
        grants = division.Length switch
        {
            6 => grants.Where(g => g.County == division),
            9 => grants.Where(g => g.Township == division),
            _ => grants.Where(g => g.Village == division),
        };
        if (post.Kinds is { } matters) grants = grants.Where(g => matters.Contains(g.Matter));
        if (post.Except is { Count: > 0 } elsewhere) grants = grants.Where(g => !elsewhere.Contains(g.Matter));
        return grants.Where(g => !db.Set<CaseRecusal>().Any(r => r.AccountId == me && r.CaseId == g.CaseId));
    }

    public async Task<IReadOnlyList<RegisterLine>> ReadAsync(CivilAffairsDb db, Viewer viewer, string register, ReadingPost post, LineSearch search, LineKey? after, int take, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(search);
        var grants = InScope(db, viewer, post);
        if (search.Past) grants = grants.Where(g => g.OccurredOn <= search.Day);
        if (search.IsAll) return await LinesAsync(db, await ByDay(grants, after).Take(take).ToListAsync(cancel).ConfigureAwait(false), search.Day, byName: false, cancel).ConfigureAwait(false);
        if (search.IdHash is not null || search.IsNumber)
        {
            var found = search.IdHash is { } hash
                ? db.Set<Person>().Where(p => p.DocumentType == "residentId" && p.NumberHash == hash).Join(db.Set<Grant>(), p => p.Id, g => g.PersonId, (_, g) => g.Id)
                : db.Set<Case>().Where(c => c.Number == search.Term).Join(db.Set<Grant>(), c => c.Id, g => g.CaseId, (_, g) => g.Id);
            var few = await Few.OfAsync(found, ids => grants.Where(g => EF.Parameter(ids).Contains(g.Id)), cancel).ConfigureAwait(false);
            return await LinesAsync(db, Few.Page(few, g => new LineKey(g.OccurredOn, g.Id), after, take), search.Day, byName: false, cancel).ConfigureAwait(false);
        }
        return await LinesAsync(db, await ByName(grants, search.Term, after).Take(take).ToListAsync(cancel).ConfigureAwait(false), search.Day, byName: true, cancel).ConfigureAwait(false);
    }

    public async Task<RegisterLine?> FindAsync(CivilAffairsDb db, Viewer viewer, string register, ReadingPost post, Guid id, DateOnly day, CancellationToken cancel) =>
        (await LinesAsync(db, await InScope(db, viewer, post).Where(g => g.Id == id).ToListAsync(cancel).ConfigureAwait(false), day, byName: false, cancel).ConfigureAwait(false)).FirstOrDefault();

    private static IQueryable<Grant> ByDay(IQueryable<Grant> grants, LineKey? after)
    {
        if (after is { Day: var day, Id: var id }) grants = grants.Where(g => g.OccurredOn <= day && (g.OccurredOn < day || g.Id < id));
        return grants.OrderByDescending(g => g.OccurredOn).ThenByDescending(g => g.Id);
    }

    private static IQueryable<Grant> ByName(IQueryable<Grant> grants, string name, LineKey? after)
    {
        var (from, end) = (after?.Name ?? name, Bytewise.EndOf(name));
        grants = grants.Where(g => g.HolderName.CompareTo(from) >= 0 && g.HolderName.CompareTo(end) < 0);
        if (after is { Id: var id }) grants = grants.Where(g => g.HolderName != from || g.Id > id);
        return grants.OrderBy(g => g.HolderName).ThenBy(g => g.Id);
    }

    private async Task<List<RegisterLine>> LinesAsync(CivilAffairsDb db, List<Grant> grants, DateOnly day, bool byName, CancellationToken cancel)
    {
        if (grants.Count == 0) return [];
        var month = new DateOnly(day.Year, day.Month, 1);
        var states = await GrantStates.InAsync(db, grants, day, cancel).ConfigureAwait(false);
        var numbers = await Few.CaseNumbersAsync(db, grants.Select(g => g.CaseId), cancel).ConfigureAwait(false);
        return grants.ConvertAll(g => new RegisterLine
        {
            Id = g.Id, CaseId = g.CaseId, CaseNumber = g.CaseId is { } of ? numbers.GetValueOrDefault(of) : null, Holders = g.HolderName.Length == 0 ? [] : [new LineHolder(g.HolderName, g.PersonId)],
            What = library.Find(g.Matter)?.Matter.Benefits.FirstOrDefault(b => b.Id == g.Benefit)?.Name ?? new Words { Zh = g.Benefit, En = g.Benefit }, Reason = states[g.Id].Category,
            AmountFen = states[g.Id].AmountFen, Persons = states[g.Id].Persons, Division = g.Village ?? g.Township ?? g.County, From = g.FirstMonth, To = g.LastMonth,
            State = g.LastMonth < month ? "Ended" : g.FirstMonth > month ? "Waiting" : "Paid", OccurredOn = g.OccurredOn, RecordedAt = g.RecordedAt, Key = new LineKey(g.OccurredOn, g.Id, byName ? g.HolderName : null),
        });
    }
}
