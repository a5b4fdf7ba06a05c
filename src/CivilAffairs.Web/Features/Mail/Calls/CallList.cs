using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Mail.Calls;

/// <summary>
/// Whom no letter reaches 电话通知清单: who has no e-mail, or one that the server refused, is told by telephone by the village
/// worker, or by the roles that file for people in that matter, each where they are posted. An organisation that a letter
/// without a case missed (its certificate runs out) is called by the roles that file in the matter of its register.
/// </summary>
/// <remarks>
/// A list by post and place, less recusals. It opens no case: it says that there is a letter, which one, and for whom, masked.
/// Name, number and words are shown when somebody is about to call, and that is a line of the case's audit, or of the organisation's.
/// </remarks>
public sealed class CallList(IReader reader, MatterLibrary library)
{
    public const int PageSize = 25;

    /// <summary>Listed as far as this, of each post: a county has some tens waiting.</summary>
    internal const int Most = 500;

    /// <returns>The longest waiting first.</returns>
    public async Task<CallView> ReadAsync(Viewer viewer, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = reader.Open();
        var found = new Dictionary<Guid, Call>();
        foreach (var post in Posts(viewer))
            foreach (var call in await OfAsync(db, viewer, post, null, cancel).ConfigureAwait(false)) found.TryAdd(call.Id, call);
        var all = found.Values.OrderBy(c => c.WrittenAt).ThenBy(c => c.Id).ToList();
        var pages = Math.Max(1, (all.Count + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var shown = new List<ReadCall>();
        foreach (var call in all.Skip((page - 1) * size).Take(size)) shown.Add(new ReadCall(call, await library.LetterNameAsync(call.Revision, call.Template, cancel).ConfigureAwait(false)));
        return new CallView(shown, all.Count, page, pages);
    }

    /// <summary>One letter of the viewer's list; null: it is not in it, or not any more.</summary>
    internal async Task<Call?> FindAsync(CivilAffairsDb db, Viewer viewer, Guid id, CancellationToken cancel)
    {
        foreach (var post in Posts(viewer))
            if (await OfAsync(db, viewer, post, id, cancel).ConfigureAwait(false) is [var call, ..]) return call;
        return null;
    }

    private List<Post> Posts(Viewer viewer)
    {
        var posts = new List<Post>();
        foreach (var held in viewer.Held.Where(h => !Roles.WithoutCases.Contains(h.Role)).Distinct())
        {
            var filed = library.Current.Where(r => r.Matter.Applicants.CounterRoles.Contains(held.Role)).Select(r => r.Matter).ToList();
            var matters = held.Role == Roles.VillageWorker ? null : filed.ConvertAll(m => m.Id);
            if (matters is not { Count: 0 }) posts.Add(new Post(held.Division, matters, [.. filed.SelectMany(m => m.Registers).Where(r => r.Subject is not null).Select(r => r.Id).Distinct()]));
        }
        return posts;
    }

    private static async Task<List<Call>> OfAsync(CivilAffairsDb db, Viewer viewer, Post post, Guid? id, CancellationToken cancel)
    {
        var me = viewer.AccountId;
        var parked = db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Parked && (m.PersonId != null || m.SubjectId != null));
        if (id is { } one) parked = parked.Where(m => m.Id == one);
        var cases = db.Set<Case>().Where(c => !db.Set<CaseRecusal>().Any(r => r.AccountId == me && r.CaseId == c.Id));
        if (post.Matters is { } matters) cases = cases.Where(c => matters.Contains(c.Matter));
        var calls = await ListAsync(post.Division, parked.Join(cases, m => m.CaseId, c => c.Id, (m, c) => new Missed
        {
            Letter = m, CaseId = c.Id, Number = c.Number, Name = c.ApplicantName, County = c.County, Township = c.Township, Village = c.Village,
        }), cancel).ConfigureAwait(false);
        if (post.Registers is not { Count: > 0 } registers) return calls;
        var subjects = db.Set<RegisterSubject>().Where(s => registers.Contains(s.Register));
        return [.. calls, .. await ListAsync(post.Division, parked.Where(m => m.CaseId == null).Join(subjects, m => m.SubjectId, s => s.Id, (m, s) => new Missed
        {
            Letter = m, Name = s.Name, County = s.County, Township = s.Township, Village = s.Village,
        }), cancel).ConfigureAwait(false)];
    }

    private static Task<List<Call>> ListAsync(string place, IQueryable<Missed> letters, CancellationToken cancel)
    {
        letters = place.Length switch
        {
            6 => letters.Where(l => l.County == place),
            9 => letters.Where(l => l.Township == place),
            _ => letters.Where(l => l.Village == place),
        };
        return letters.OrderBy(l => l.Letter.CreatedAt).ThenBy(l => l.Letter.Id).Take(Most)
            .Select(l => new Call(l.Letter.Id, l.CaseId, l.Number ?? "", l.Name, l.Village ?? l.Township ?? l.County, l.Letter.CreatedAt, l.Letter.Revision, l.Letter.Template, l.Letter.LastError))
            .ToListAsync(cancel);
    }

    /// <summary>A letter beside what it is about, with its place.</summary>
    private sealed class Missed
    {
        public required OutboxMessage Letter { get; init; }
        public Guid? CaseId { get; init; }
        public string? Number { get; init; }
        public required string Name { get; init; }
        public required string County { get; init; }
        public string? Township { get; init; }
        public string? Village { get; init; }
    }

    /// <param name="Matters">Null: all.</param>
    /// <param name="Registers">Whose subjects' letters it has.</param>
    private sealed record Post(string Division, List<string>? Matters, List<string> Registers);
}

/// <summary>A letter that reached nobody.</summary>
/// <param name="CaseId">Null: of no case, it is about a register's subject.</param>
/// <param name="CaseNumber">Empty where there is no case.</param>
/// <param name="Applicant">Whose case it is; whole, pages mask it. Without a case: the organisation.</param>
/// <param name="Reason">Why it did not go.</param>
public sealed record Call(Guid Id, Guid? CaseId, string CaseNumber, string Applicant, string Division, DateTimeOffset WrittenAt, string? Revision, string? Template, string? Reason)
{
    /// <summary>For lists: a person masked; an organisation's name is public.</summary>
    public string Shown => CaseId is null ? Applicant : Mask.Name(Applicant);
}

/// <param name="Name">What the letter is called; null: it is a manager's own.</param>
public sealed record ReadCall(Call Call, Words? Name);

/// <param name="Total">Counted to <see cref="CallList.Most"/> of each post.</param>
public sealed record CallView(IReadOnlyList<ReadCall> Calls, int Total, int Page, int Pages);
