using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Import;

/// <summary>What rows are beside the register as it stands: new, changed, unchanged or refused. The dry run and taking over ask the same.</summary>
internal sealed class LedgerMatch(SubjectLedger ledger, MatterRegister register, LedgerImport import)
{
    /// <summary>Several rows in a fixed number of queries.</summary>
    public async Task<IReadOnlyList<MatchedRow>> JudgeAsync(CivilAffairsDb db, IReadOnlyList<LedgerRow> rows, CancellationToken cancel)
    {
        var (kind, keyField) = (register.Import!.Certificate?.Kind, register.KeyField!.Id);
        var hashes = rows.ToDictionary(r => r.Number, r => FormPeople.Text(r.Values, keyField) is { } key ? ledger.KeyHash(register.Id, key) : "");
        var wanted = hashes.Values.Distinct().ToList();
        var subjects = await db.Set<RegisterSubject>().Where(s => s.Register == register.Id && EF.Parameter(wanted).Contains(s.KeyHash)).ToDictionaryAsync(s => s.KeyHash, cancel).ConfigureAwait(false);
        var (ids, current) = (subjects.Values.Select(s => s.Id).ToList(), subjects.Values.Select(s => s.CurrentEntryId).OfType<Guid>().ToList());
        var lines = await db.Set<RegisterEntry>().AsNoTracking().Where(e => EF.Parameter(current).Contains(e.Id)).ToDictionaryAsync(e => e.SubjectId!.Value, cancel).ConfigureAwait(false);
        var numbers = rows.Select(r => r.Certificate?.Number).OfType<string>().Distinct().ToList();
        var held = kind is null ? [] : await db.Set<Certificate>().AsNoTracking()
            .Where(c => c.Kind == kind && c.SubjectId != null && EF.Parameter(ids).Contains(c.SubjectId.Value)).ToListAsync(cancel).ConfigureAwait(false);
        var numbered = kind is null ? [] : await db.Set<Certificate>().AsNoTracking().Where(c => c.Kind == kind && EF.Parameter(numbers).Contains(c.Number)).ToListAsync(cancel).ConfigureAwait(false);
        var (bySubject, byNumber) = (held.ToLookup(c => c.SubjectId!.Value), numbered.ToDictionary(c => c.Number));
        return [.. rows.Select(row =>
        {
            var subject = subjects.GetValueOrDefault(hashes[row.Number]);
            return Judge(row, subject, subject is null ? null : lines.GetValueOrDefault(subject.Id), subject is null ? null : bySubject[subject.Id].MaxBy(c => (c.ValidFrom, c.Id)), row.Certificate is { } c ? byNumber.GetValueOrDefault(c.Number) : null);
        })];
    }

    private MatchedRow Judge(LedgerRow row, RegisterSubject? subject, RegisterEntry? line, Certificate? newest, Certificate? same)
    {
        var before = line is null ? [] : ledger.Fields(line);
        var values = before.DeepClone().AsObject();
        // An empty cell says nothing: what is known stays.
        foreach (var (field, value) in row.Values) values[field] = value!.DeepClone();
        var faults = row.Faults;
        void Refuse(string column, string key, params object?[] arguments)
        {
            var text = MatterMessages.Text(key, arguments);
            faults.Add(new ImportFault(column, text.Zh, text.En));
        }
        if (FormPeople.Text(values, register.PlaceField!.Id) is { } place && !place.StartsWith(import.Division, StringComparison.Ordinal)) Refuse(Header(register.PlaceField.Id), "import.elsewhere");
        else if (subject is not null && !(subject.Township ?? subject.County).StartsWith(import.Division, StringComparison.Ordinal)) Refuse(Header(register.KeyField!.Id), "import.elsewhere");
        var changed = !JsonNode.DeepEquals(before, values);
        if (changed && line is not null && line.ValidFrom > import.AsOf) Refuse(Header(register.KeyField!.Id), "import.later", line.ValidFrom);
        var brings = false;
        if (row.Certificate is { } certificate)
        {
            var column = register.Import!.Certificate!.Number[0];
            if (same is not null && same.SubjectId != subject?.Id) Refuse(column, "import.numberTaken");
            else if (same is not null && (same.ValidFrom, same.ValidTo) != (certificate.ValidFrom, certificate.ValidTo)) Refuse(column, "import.otherDays", same.ValidFrom, same.ValidTo);
            else if (same is null && newest is not null && newest.ValidFrom >= certificate.ValidFrom) Refuse(column, "import.older", newest.ValidFrom);
            else brings = same is null;
        }
        var outcome = faults.Count > 0 ? RowOutcome.Refused : subject is null ? RowOutcome.New : changed || brings ? RowOutcome.Changed : RowOutcome.Unchanged;
        return new MatchedRow(row, outcome, subject, changed ? values : null, brings ? row.Certificate : null, newest);
    }

    private string Header(string field) => register.Import!.Columns.FirstOrDefault(c => c.Field == field)?.Headers[0] ?? field;
}

/// <param name="Values">The next version's fields; null: nothing of them changes.</param>
/// <param name="Brings">A certificate that is not known yet; null: none.</param>
/// <param name="Renews">The newest that is known of the subject; null: none.</param>
internal sealed record MatchedRow(LedgerRow Row, RowOutcome Outcome, RegisterSubject? Subject, JsonObject? Values, LedgerCertificate? Brings, Certificate? Renews);
