using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>Reads all that the rules of a batch need, in a handful of queries, however many grants there are.</summary>
internal sealed class PayBooks(MatterLibrary library, PayVault vault)
{
    private const int Batch = 200;

    /// <param name="except">A batch whose own lines do not count: as if it were made now.</param>
    public async Task<PayBook> ReadAsync(CivilAffairsDb db, PayKey of, DateOnly since, Guid? except, CancellationToken cancel = default)
    {
        var from = PayRules.From(of.Month, since);
        var grants = PayScope.InScope(db, of, from);
        var once = library.Find(of.Matter)?.Matter.Benefits.FirstOrDefault(b => b.Id == of.Benefit)?.Paid == "once";
        var read = await grants.ToListAsync(cancel).ConfigureAwait(false);
        var changes = (await grants.Join(db.Set<GrantChange>(), g => g.Id, c => c.GrantId, (_, c) => new { c.GrantId, Change = new PayChange(c.FromMonth, c.RecordedAt, c.AmountFen, c.Persons) })
            .ToListAsync(cancel).ConfigureAwait(false)).ToLookup(c => c.GrantId, c => c.Change);
        var past = (await grants.Join(db.Set<PayLine>().Where(l => l.Month >= from && l.RosterId != except), g => g.Id, l => l.GrantId, (_, l) => new { l.GrantId, Line = new PayPast(l.Month, l.Turn, l.State, l.AmountFen, l.SettledAt) })
            .ToListAsync(cancel).ConfigureAwait(false)).ToLookup(l => l.GrantId, l => l.Line);
        var holds = await grants.Join(db.Set<PayHold>().Where(h => h.ReleasedAt == null), g => g.Id, h => h.GrantId, (_, h) => new { h.GrantId, h.Reason }).ToDictionaryAsync(h => h.GrantId, h => h.Reason, cancel).ConfigureAwait(false);
        var keys = await vault.OpenAsync(db, read.Select(g => g.CaseId), cancel).ConfigureAwait(false);
        var accounts = await AccountsAsync(db, read, grants, keys, cancel).ConfigureAwait(false);
        var known = read.ToDictionary(g => g.Id, g => new PayGrant(g.Id, g.FirstMonth, g.LastMonth, g.AmountFen, g.Persons)
        {
            Once = once, CaseId = g.CaseId, PersonId = g.PersonId, Changes = [.. changes[g.Id]], Past = [.. past[g.Id]], Hold = holds.GetValueOrDefault(g.Id), Account = accounts.GetValueOrDefault(g.Id),
        });
        return new PayBook(read.ToDictionary(g => g.Id), known, keys, PayRules.Compute(of.Month, since, read.Select(g => known[g.Id])));
    }

    /// <summary>Where one grant is paid to; null: nothing is known.</summary>
    public async Task<PayTarget?> AccountAsync(CivilAffairsDb db, Grant grant, CancellationToken cancel)
    {
        var keys = await vault.OpenAsync(db, [grant.CaseId], cancel).ConfigureAwait(false);
        return (await AccountsAsync(db, [grant], db.Set<Grant>().Where(g => g.Id == grant.Id), keys, cancel).ConfigureAwait(false)).GetValueOrDefault(grant.Id);
    }

    private async Task<Dictionary<Guid, PayTarget>> AccountsAsync(CivilAffairsDb db, List<Grant> read, IQueryable<Grant> grants, IReadOnlyDictionary<Guid, CaseCipher> keys, CancellationToken cancel)
    {
        var entered = await grants.Join(db.Set<PayAccount>(), g => g.Id, a => a.GrantId, (g, a) => new { g.CaseId, Account = a })
            .Where(a => !db.Set<PayAccount>().Any(o => o.GrantId == a.Account.GrantId && o.RecordedAt > a.Account.RecordedAt)).ToListAsync(cancel).ConfigureAwait(false);
        var accounts = new Dictionary<Guid, PayTarget>();
        foreach (var one in entered.OrderBy(a => a.Account.Id))
            if (vault.Open<StoredAccount>(keys, one.CaseId, one.Account.Cipher, one.Account.Purpose) is { } stored)
                accounts[one.Account.GrantId] = new PayTarget(stored.Number, stored.Holder, stored.Bank, one.Account.RecordedAt, one.Account.Id);
        var forms = await FormsAsync(db, read.Where(g => !accounts.ContainsKey(g.Id)).Select(g => g.CaseId), keys, cancel).ConfigureAwait(false);
        foreach (var grant in read.Where(g => g.CaseId is not null && !accounts.ContainsKey(g.Id)))
            if (forms.TryGetValue(grant.CaseId!.Value, out var target)) accounts[grant.Id] = target;
        return accounts;
    }

    private async Task<Dictionary<Guid, PayTarget>> FormsAsync(CivilAffairsDb db, IEnumerable<Guid?> cases, IReadOnlyDictionary<Guid, CaseCipher> keys, CancellationToken cancel)
    {
        var found = new Dictionary<Guid, PayTarget>();
        foreach (var ids in cases.OfType<Guid>().Where(keys.ContainsKey).Distinct().Chunk(Batch))
        {
            var forms = await db.Set<CaseContent>().AsNoTracking().Where(c => ids.Contains(c.CaseId) && c.Kind == ContentKind.Form && c.Number > 0
                    && !db.Set<CaseContent>().Any(o => o.CaseId == c.CaseId && o.Kind == ContentKind.Form && o.Number > c.Number))
                .Select(c => new { c.CaseId, c.Cipher, c.RecordedAt, Revision = db.Set<Case>().Where(o => o.Id == c.CaseId).Select(o => o.Revision).FirstOrDefault() }).ToListAsync(cancel).ConfigureAwait(false);
            foreach (var form in forms)
            {
                if (form.Revision is null) continue;
                var answers = keys[form.CaseId].OpenJson(form.Cipher, CaseContents.Purpose(ContentKind.Form, null));
                if (Read((await library.RevisionAsync(form.Revision, cancel).ConfigureAwait(false)).Form, answers, form.RecordedAt) is { } target) found[form.CaseId] = target;
            }
        }
        return found;
    }

    /// <summary>
    /// The account of an application: the section, asked once, with a field of the type <c>account</c>; its holder is that section's
    /// field of the type <c>personName</c>, its bank the first <c>text</c>.
    /// </summary>
    internal static PayTarget? Read(Matters.FormFile form, JsonObject answers, DateTimeOffset since)
    {
        var section = form.Sections.FirstOrDefault(s => s.Repeat is null && s.Fields.Any(f => f.Type == "account"));
        if (section is null || answers[section.Id] is not JsonObject values || Of("account") is not { Length: > 0 } number) return null;
        return new PayTarget(number, Of("personName") ?? "", Of("text") ?? "", since, null);

        string? Of(string type) => section.Fields.FirstOrDefault(f => f.Type == type) is { } field ? FormPeople.Text(values, field.Id) : null;
    }
}

/// <summary>What was read for a batch, and what the rules make of it.</summary>
internal sealed record PayBook(IReadOnlyDictionary<Guid, Grant> Grants, IReadOnlyDictionary<Guid, PayGrant> Known, IReadOnlyDictionary<Guid, CaseCipher> Keys, PayPlan Plan)
{
    public string Digest { get; } = PayRules.Digest(Plan, Known);

    /// <summary>Numbers to which lines of more than one person go.</summary>
    public IReadOnlySet<string> Shared { get; } = Plan.Lines.Select(l => Known[l.GrantId]).Where(g => g.Account is not null).GroupBy(g => g.Account!.Number, StringComparer.Ordinal)
        .Where(n => n.Select(g => g.PersonId ?? g.Id).Distinct().Count() > 1).Select(n => n.Key).ToHashSet(StringComparer.Ordinal);
}
