using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>Whom the stages of a batch name, read in four queries however many they are.</summary>
internal sealed class Posts
{
    /// <summary>More than any office has; one letter each.</summary>
    private const int Most = 200;
    private const string OfRole = "role:";
    private readonly ILookup<(string Role, string Division), Guid> posted;
    private readonly HashSet<Guid> holders;
    private readonly ILookup<Guid, Guid> applicants;
    private readonly HashSet<(Guid Case, Guid Account)> recused;

    private Posts(ILookup<(string, string), Guid> posted, HashSet<Guid> holders, ILookup<Guid, Guid> applicants, HashSet<(Guid, Guid)> recused) =>
        (this.posted, this.holders, this.applicants, this.recused) = (posted, holders, applicants, recused);

    public static async Task<Posts> LoadAsync(CivilAffairsDb db, IReadOnlyCollection<StageDue> dues, DateOnly today)
    {
        var roles = dues.SelectMany(d => d.To).Where(IsRole).Select(RoleOf).Concat(dues.SelectMany(d => d.Seats).Select(s => s.Role)).Distinct().ToList();
        var divisions = dues.SelectMany(d => d.Place.Divisions).Concat(dues.SelectMany(d => d.Seats).Select(s => s.Division)).Distinct().ToList();
        var held = dues.SelectMany(d => d.Seats).Select(s => s.HolderId).OfType<Guid>().Distinct().ToList();
        var cases = dues.Select(d => d.CaseId).OfType<Guid>().Distinct().ToList();
        var posted = await db.Set<Posting>().AsNoTracking().Where(p => EF.Parameter(divisions).Contains(p.Division) && EF.Parameter(roles).Contains(p.Role) && p.From <= today && (p.To == null || p.To >= today))
            .Join(db.Users.Where(a => a.Kind == AccountKind.Officer && !a.Disabled), p => p.AccountId, a => a.Id, (p, a) => new { p.Role, p.Division, a.Id }).ToListAsync().ConfigureAwait(false);
        var active = held.Count == 0 ? [] : await db.Users.Where(a => EF.Parameter(held).Contains(a.Id) && !a.Disabled).Select(a => a.Id).ToListAsync().ConfigureAwait(false);
        var parties = !dues.Any(d => d.To.Contains("applicant")) ? [] : await db.Set<CaseParty>().AsNoTracking()
            .Where(p => EF.Parameter(cases).Contains(p.CaseId) && p.Current && (p.Role == PartyRole.Applicant || p.Role == PartyRole.Agent)).Select(p => new { p.CaseId, p.PersonId }).Distinct().ToListAsync().ConfigureAwait(false);
        var recused = await db.Set<CaseRecusal>().AsNoTracking().Where(r => EF.Parameter(cases).Contains(r.CaseId)).Select(r => new { r.CaseId, r.AccountId }).ToListAsync().ConfigureAwait(false);
        return new Posts(posted.ToLookup(p => (p.Role, p.Division), p => p.Id), [.. active], parties.ToLookup(p => p.CaseId, p => p.PersonId), [.. recused.Select(r => (r.CaseId, r.AccountId))]);
    }

    /// <summary>Each reader once, whatever he is named as; nobody who is kept off the case 回避.</summary>
    public IReadOnlyList<Recipient> Of(StageDue due) =>
        [.. due.To.SelectMany(word => Of(due, word)).Where(r => r.Kind != RecipientKind.Account || due.CaseId is not { } id || !recused.Contains((id, r.Id))).Distinct().Take(Most)];

    private IEnumerable<Recipient> Of(StageDue due, string word) => word switch
    {
        "holder" or "supervisor" when due.HolderSubject is { } subject => [new Recipient(subject, RecipientKind.Subject, word)],
        "supervisor" when due.Subject == ReminderSubject.Certificate => [],
        "holder" => due.Seats.SelectMany(s => s.HolderId is { } id ? holders.Contains(id) ? [id] : [] : posted[(s.Role, s.Division)]).Select(Account).Concat(due.Holders.Select(Person)),
        "applicant" => due.CaseId is { } id ? applicants[id].Select(Person) : [],
        _ when IsRole(word) => due.Place.Divisions.SelectMany(d => posted[(RoleOf(word), d)]).Select(Account),
        _ => [],
    };

    private static bool IsRole(string word) => word == "supervisor" || word.StartsWith(OfRole, StringComparison.Ordinal);
    private static string RoleOf(string word) => word == "supervisor" ? Roles.Supervisor : word[OfRole.Length..];
    private static Recipient Account(Guid id) => new(id, RecipientKind.Account);
    private static Recipient Person(Guid id) => new(id, RecipientKind.Person);
}
