using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Comparisons;

/// <summary>
/// Asks what there is elsewhere about a case's parties: one statement for each kind of rule, however many rules there are, each from a person's,
/// a case's or an account's own index. A person is one record by ID number (docs/adr/0028), so nobody is compared by name.
/// </summary>
internal static class ComparisonReads
{
    /// <summary>Rows of one kind that are looked at: more things about one household than anybody could go through.</summary>
    private const int Most = 200;

    private static readonly PartyRole[] Household = [PartyRole.Applicant, PartyRole.Spouse, PartyRole.Member];

    /// <summary>Of one kind, what was found about one person.</summary>
    private sealed record Row(Guid Person, bool Holds, FoundElsewhere Thing, bool Outside = false);

    /// <param name="rules">Of the case's matter; those that are not asked cost nothing.</param>
    /// <param name="parameters">In force, by key.</param>
    /// <param name="day">On which things are looked at.</param>
    public static async Task<List<Finding>> ReadAsync(CivilAffairsDb db, Case @case, IReadOnlyList<ComparisonRule> rules, IReadOnlyDictionary<string, JsonNode?> parameters, DateOnly day, CancellationToken cancel = default)
    {
        if (rules.Count == 0) return [];
        var id = @case.Id;
        var parties = await db.Set<CaseParty>().AsNoTracking().Where(p => p.CaseId == id && p.Current && p.Role != PartyRole.Agent)
            .OrderBy(p => p.Position).Select(p => new FoundParty(p.PersonId, p.Role, false)).ToListAsync(cancel).ConfigureAwait(false);
        var findings = new List<Finding>();
        foreach (var kind in rules.GroupBy(r => r.Kind))
        {
            var about = kind.SelectMany(r => Of(r, parties)).Select(p => p.PersonId).Distinct().ToList();
            if (about.Count == 0 && kind.Key != "account") continue;
            switch (kind.Key)
            {
                case "case":
                    var open = await CasesAsync(db, @case, [.. kind.SelectMany(r => Matters(r, @case)).Distinct()], about, cancel).ConfigureAwait(false);
                    foreach (var rule in kind) Add(rule, open.Where(r => Matters(rule, @case).Contains(r.Thing.What)));
                    break;
                case "benefit":
                    var paid = await BenefitsAsync(db, @case, [.. kind.SelectMany(r => r.Benefits).Distinct()], about, day, cancel).ConfigureAwait(false);
                    foreach (var rule in kind) Add(rule, paid.Where(r => rule.Benefits.Contains(r.Thing.What) && (r.Holds || !rule.Holder)));
                    break;
                case "ended":
                    var over = await EndedAsync(db, [.. kind.SelectMany(r => r.Benefits).Distinct()], [.. kind.SelectMany(r => r.Reasons).Distinct()], about, cancel).ConfigureAwait(false);
                    foreach (var rule in kind) Add(rule, over.Where(r => rule.Benefits.Contains(r.Thing.What) && rule.Reasons.Contains(r.Thing.Detail!)));
                    break;
                case "register":
                    var entries = await EntriesAsync(db, @case, [.. kind.Select(r => r.Register!).Distinct()], about, [.. parties.Select(p => p.PersonId)], day, cancel).ConfigureAwait(false);
                    foreach (var rule in kind) Add(rule, entries.Where(r => rule.Register == r.Thing.What && (r.Outside || !rule.Outside)));
                    break;
                case "account":
                    findings.AddRange(await AccountsAsync(db, @case, [.. kind], [.. parties.Select(p => p.PersonId)], parameters, day, cancel).ConfigureAwait(false));
                    break;
            }
        }
        return [.. findings.OrderBy(f => Array.IndexOf(ComparisonCheck.Effects, f.Rule.Effect))];

        void Add(ComparisonRule rule, IEnumerable<Row> rows)
        {
            var of = Of(rule, parties).ToList();
            foreach (var thing in rows.GroupBy(r => r.Thing.Id))
                if (of.Where(p => thing.Any(r => r.Person == p.PersonId)).Select(p => p with { Holds = thing.Any(r => r.Person == p.PersonId && r.Holds) }).ToList() is { Count: > 0 } people)
                    findings.Add(new Finding(rule, people, [thing.First().Thing], 1));
        }
    }

    private static IEnumerable<FoundParty> Of(ComparisonRule rule, IEnumerable<FoundParty> parties) =>
        parties.Where(p => rule.Of.Count == 0 ? Household.Contains(p.Role) : rule.Of.Contains(p.Role.ToString(), StringComparer.OrdinalIgnoreCase)).DistinctBy(p => p.PersonId);

    private static IEnumerable<string> Matters(ComparisonRule rule, Case @case) => rule.Matters.Count > 0 ? rule.Matters : [@case.Matter];

    /// <summary>Applications that are not decided. What was opened ex officio is no second application.</summary>
    private static async Task<List<Row>> CasesAsync(CivilAffairsDb db, Case @case, List<string> matters, List<Guid> persons, CancellationToken cancel)
    {
        var id = @case.Id;
        var found = await db.Set<CaseParty>().AsNoTracking().Where(p => persons.Contains(p.PersonId) && p.Current && p.Role != PartyRole.Agent && p.CaseId != id)
            .Join(db.Set<Case>().AsNoTracking().Where(c => matters.Contains(c.Matter) && c.Number != null && c.DecidedAt == null && c.ClosedAt == null && c.OriginId == null), p => p.CaseId, c => c.Id,
                (p, c) => new { p.PersonId, c.Id, c.Matter, c.County, c.Township, c.ReceivedOn, c.Status }).Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        return found.ConvertAll(f => new Row(f.PersonId, true, new FoundElsewhere(f.Id, f.Matter, f.Id, f.County, f.Township, f.ReceivedOn, null, f.Status)));
    }

    /// <summary>Benefits that are paid this month or later: held by a person, or paid to a household that the person belongs to. Not what this case granted, nor what it is about.</summary>
    private static async Task<List<Row>> BenefitsAsync(CivilAffairsDb db, Case @case, List<string> benefits, List<Guid> persons, DateOnly day, CancellationToken cancel)
    {
        var (id, about, month) = (@case.Id, @case.GrantId, new DateOnly(day.Year, day.Month, 1));
        var live = db.Set<Grant>().AsNoTracking().Where(g => benefits.Contains(g.Benefit) && (g.LastMonth == null || g.LastMonth >= month) && g.CaseId != id && g.Id != about);
        // Put together, not joined by OR, which would read every grant; each part goes by its own index.
        var held = live.Where(g => g.PersonId != null && persons.Contains(g.PersonId.Value))
            .Select(g => new { Person = g.PersonId, Holder = g.PersonId, g.Id, g.Benefit, g.CaseId, g.County, g.Township, g.FirstMonth, g.LastMonth });
        var shared = db.Set<CaseParty>().AsNoTracking().Where(p => persons.Contains(p.PersonId) && p.Current && Household.Contains(p.Role) && p.CaseId != id)
            .Join(live, p => (Guid?)p.CaseId, g => g.CaseId, (p, g) => new { Person = (Guid?)p.PersonId, Holder = g.PersonId, g.Id, g.Benefit, g.CaseId, g.County, g.Township, g.FirstMonth, g.LastMonth });
        var found = await held.Concat(shared).Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        return found.ConvertAll(f => new Row(f.Person!.Value, f.Person == f.Holder, new FoundElsewhere(f.Id, f.Benefit, f.CaseId, f.County, f.Township, f.FirstMonth, f.LastMonth, null)));
    }

    /// <summary>Benefits of the persons' own that were ended for such a reason.</summary>
    private static async Task<List<Row>> EndedAsync(CivilAffairsDb db, List<string> benefits, List<string> reasons, List<Guid> persons, CancellationToken cancel)
    {
        var found = await db.Set<Grant>().AsNoTracking().Where(g => g.PersonId != null && persons.Contains(g.PersonId.Value) && benefits.Contains(g.Benefit))
            .Join(db.Set<GrantChange>().AsNoTracking().Where(c => c.AmountFen == null && reasons.Contains(c.Reason)), g => g.Id, c => c.GrantId,
                (g, c) => new { g.PersonId, g.Id, g.Benefit, g.CaseId, g.County, g.Township, c.FromMonth, c.Reason }).Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        return found.ConvertAll(f => new Row(f.PersonId!.Value, true, new FoundElsewhere(f.Id, f.Benefit, f.CaseId, f.County, f.Township, f.FromMonth, null, f.Reason)));
    }

    /// <summary>Entries that are valid on the day, by the parties of the cases that wrote them.</summary>
    private static async Task<List<Row>> EntriesAsync(CivilAffairsDb db, Case @case, List<string> registers, List<Guid> persons, List<Guid> all, DateOnly day, CancellationToken cancel)
    {
        var id = @case.Id;
        var found = await db.Set<CaseParty>().AsNoTracking().Where(p => persons.Contains(p.PersonId) && p.Current && Household.Contains(p.Role) && p.CaseId != id)
            .Join(db.Set<RegisterEntry>().AsNoTracking().Where(e => registers.Contains(e.Register) && e.ValidFrom <= day && (e.ValidTo == null || e.ValidTo >= day)), p => (Guid?)p.CaseId, e => e.CaseId, (p, e) => new
            {
                p.PersonId, e.Id, e.Register, e.CaseId, e.County, e.Township, e.ValidFrom, e.ValidTo,
                Outside = db.Set<CaseParty>().Any(o => o.CaseId == p.CaseId && o.Current && (o.Role == PartyRole.Applicant || o.Role == PartyRole.Spouse) && !all.Contains(o.PersonId)),
            }).Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        return found.ConvertAll(f => new Row(f.PersonId, true, new FoundElsewhere(f.Id, f.Register, f.CaseId, f.County, f.Township, f.ValidFrom, f.ValidTo, null), f.Outside));
    }

    /// <summary>What is paid on this case's account to others: several benefits of one person are one recipient.</summary>
    private static async Task<List<Finding>> AccountsAsync(CivilAffairsDb db, Case @case, List<ComparisonRule> rules, List<Guid> own, IReadOnlyDictionary<string, JsonNode?> parameters, DateOnly day, CancellationToken cancel)
    {
        var (id, month) = (@case.Id, new DateOnly(day.Year, day.Month, 1));
        var found = await db.Set<AccountUse>().AsNoTracking().Where(m => m.CaseId == id && m.Current)
            .Join(db.Set<AccountUse>().AsNoTracking().Where(a => a.Current && a.CaseId != id), m => m.Hash, a => a.Hash, (m, a) => a.CaseId)
            .Join(db.Set<Grant>().AsNoTracking().Where(g => (g.LastMonth == null || g.LastMonth >= month) && (g.PersonId == null || !own.Contains(g.PersonId.Value))), c => (Guid?)c, g => g.CaseId,
                (c, g) => new { g.Id, g.Benefit, g.CaseId, g.PersonId, g.County, g.Township, g.FirstMonth, g.LastMonth }).Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        var others = found.Select(f => f.PersonId ?? f.Id).Distinct().Count();
        var things = found.DistinctBy(f => f.Id).OrderBy(f => f.FirstMonth).ThenBy(f => f.Id).Select(f => new FoundElsewhere(f.Id, f.Benefit, f.CaseId, f.County, f.Township, f.FirstMonth, f.LastMonth, null)).ToList();
        return [.. rules.Where(r => others > 0 && others >= (parameters.GetValueOrDefault(r.Least!)?.GetValue<int>() ?? 1)).Select(r => new Finding(r, [], things, others))];
    }
}
