using System.Text.Json.Nodes;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>
/// What the registers say of a case's parties 查档: the ones that the form names for them, as far as the viewer reads those.
/// Entries were written by other cases, about others too, so persons are masked here and stay so.
/// </summary>
internal static class RegisterFindings
{
    private const int Most = 20;

    /// <returns>Newest first, without what this case wrote; null: the form asks no register, or none that the viewer may read.</returns>
    public static async Task<IReadOnlyList<FoundEntry>?> ReadAsync(CivilAffairsDb db, Viewer viewer, Case @case, MatterRevision revision, MatterLibrary library, FieldCipher fields, DateOnly today, CancellationToken cancel)
    {
        var registers = library.Current.SelectMany(r => r.Matter.Registers).ToLookup(r => r.Id);
        var asked = revision.Form.Parties.SelectMany(p => p.Registers.Select(register => (Register: register, p.Role)))
            .Where(a => registers[a.Register].Any(r => r.Readers.Any(role => viewer.Holds(role, @case.County)))).ToLookup(a => a.Register, a => a.Role);
        if (asked.Count == 0) return null;
        var parties = await db.Set<CaseParty>().Where(p => p.CaseId == @case.Id && p.Current).ToListAsync(cancel).ConfigureAwait(false);
        var entries = new Dictionary<Guid, RegisterEntry>();
        foreach (var register in asked)
            foreach (var person in parties.Where(p => register.Contains(p.Role.ToString(), StringComparer.OrdinalIgnoreCase)).Select(p => p.PersonId).Distinct())
                foreach (var entry in await RegisterLookups.OfAsync(db, register.Key, [person], cancel).ConfigureAwait(false))
                    if (entry.CaseId != @case.Id && entry.County == @case.County) entries[entry.Id] = entry;
        // As in the register itself: who is recused from a case does not read its line.
        var of = entries.Values.Select(e => e.CaseId).ToList();
        var recused = await db.Set<CaseRecusal>().Where(r => r.AccountId == viewer.AccountId && of.Contains(r.CaseId)).Select(r => (Guid?)r.CaseId).ToListAsync(cancel).ConfigureAwait(false);
        var found = entries.Values.Where(e => !recused.Contains(e.CaseId)).OrderByDescending(e => e.ValidFrom).ThenByDescending(e => e.Id).Take(Most).ToList();
        var cases = found.ConvertAll(e => e.CaseId);
        var people = (await db.Set<CaseParty>().Where(p => cases.Contains(p.CaseId) && p.Current && (p.Role == PartyRole.Applicant || p.Role == PartyRole.Spouse))
            .Join(db.Set<Person>(), p => p.PersonId, p => p.Id, (party, person) => new { party.CaseId, party.Role, Person = person }).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(p => p.CaseId);
        return [.. found.Select(e => new FoundEntry(registers[e.Register].First().Name, (string?)(JsonNode.Parse(e.Entry) as JsonObject)?["certificate"], RegisterLookups.RegisteredOn(e), e.ValidTo, RegisterLookups.IsValid(e, today),
            [.. people[e.CaseId ?? Guid.Empty].OrderBy(p => p.Role).Select(p => new FoundPerson(Mask.Name(p.Person.Name), Mask.Id(p.Person.IdNumber(fields)), parties.Exists(mine => mine.PersonId == p.Person.Id)))]))];
    }
}

/// <summary>One entry of a register about a party.</summary>
/// <param name="Number">Of the certificate; null: the entry names none.</param>
/// <param name="RegisteredOn">The day of what was registered, whenever the entry was followed by another one.</param>
/// <param name="ValidTo">Last day; null: without an end.</param>
/// <param name="Valid">Today.</param>
public sealed record FoundEntry(Words Register, string? Number, DateOnly RegisteredOn, DateOnly? ValidTo, bool Valid, IReadOnlyList<FoundPerson> Persons);

/// <summary>Masked.</summary>
/// <param name="Ours">Is a party of the case that is looked at, too.</param>
public sealed record FoundPerson(string Name, string IdNumber, bool Ours);
