using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Mail;

/// <summary>Where letters about registers' subjects go 社会组织、业务主管单位, by the versions in force when they are sent.</summary>
public sealed class SubjectContacts(MatterLibrary library, SubjectLedger ledger)
{
    /// <summary>Several subjects at once, in one query.</summary>
    /// <returns>By subject; one that is not known is not there.</returns>
    public async Task<IReadOnlyDictionary<Guid, SubjectAddresses>> LookUpAsync(CivilAffairsDb db, IReadOnlyCollection<Guid> subjects, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(db);
        if (subjects.Count == 0) return new Dictionary<Guid, SubjectAddresses>();
        var ids = subjects.Distinct().ToList();
        var lines = await db.Set<RegisterSubject>().Where(s => EF.Parameter(ids).Contains(s.Id))
            .Join(db.Set<RegisterEntry>(), s => s.CurrentEntryId, e => e.Id, (s, e) => new { s.Id, s.Register, Line = e.Id, e.FieldsCipher }).ToListAsync(cancel).ConfigureAwait(false);
        return lines.Where(l => l.FieldsCipher is not null && library.Subjects(l.Register) is not null)
            .ToDictionary(l => l.Id, l => new SubjectAddresses(library.Subjects(l.Register)!.Value.Register, ledger.Fields(l.Line, l.FieldsCipher!)));
    }
}

/// <summary>One subject's contacts, read from its fields when asked.</summary>
public sealed class SubjectAddresses(MatterRegister register, JsonObject fields)
{
    /// <param name="kind"><c>holder</c> or <c>supervisor</c>.</param>
    /// <returns>Null: none is known.</returns>
    public string? Email(string? kind) => Of(kind)?.Email is { } field ? FormPeople.Text(fields, field) : null;

    public string? Phone(string? kind) => Of(kind)?.Phone is { } field ? FormPeople.Text(fields, field) : null;
    public string? Name(string? kind) => Of(kind)?.Name is { } field ? FormPeople.Text(fields, field) : null;
    public bool IsEnglish(string? kind) => Of(kind)?.Language is { } field && FormPeople.Text(fields, field) == "en";

    private RegisterContact? Of(string? kind) => register.Contacts.FirstOrDefault(c => c.Kind == kind);
}
