using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Looks entries of a register up by the persons they are about, and ends them.</summary>
/// <remarks>
/// An entry's subjects are the applicant and spouse of the case that wrote it, or the organisation that it puts on a list 名录. Looking up holds the persons' rows until the
/// transaction ends: of two decisions that look for the same person and write what the other must not find, the second one
/// waits, and finds it.
/// </remarks>
internal sealed class RegisterLookups : IEffectHandler
{
    public IReadOnlyList<Type> Effects { get; } = [typeof(FindRegisterEntry), typeof(EndRegisterEntry)];

    public async ValueTask<JsonNode?> ApplyAsync(Effect effect, CaseStep step) => effect switch
    {
        FindRegisterEntry find => await FindAsync(find, step).ConfigureAwait(false),
        EndRegisterEntry end => await EndAsync(end, step).ConfigureAwait(false),
        _ => null,
    };

    /// <summary>Entries of a register about all of these persons, whatever case wrote them; newest first.</summary>
    public static async Task<List<RegisterEntry>> OfAsync(CivilAffairsDb db, string register, IReadOnlyCollection<Guid> persons, CancellationToken cancel = default)
    {
        if (persons.Count == 0) return [];
        var entries = db.Set<RegisterEntry>().Where(e => e.Register == register);
        foreach (var person in persons)
            entries = entries.Where(e => db.Set<CaseParty>().Any(p => p.PersonId == person && p.Current && p.CaseId == e.CaseId && (p.Role == PartyRole.Applicant || p.Role == PartyRole.Spouse)));
        // A handful: put in order here, so that the database reads them by the persons' index alone.
        return [.. (await entries.ToListAsync(cancel).ConfigureAwait(false)).OrderByDescending(e => e.ValidFrom).ThenByDescending(e => e.Id)];
    }

    private static async Task<JsonNode?> FindAsync(FindRegisterEntry find, CaseStep step)
    {
        var roles = find.Subjects.Select(s => Enum.TryParse<PartyRole>(s, ignoreCase: true, out var role) ? role : throw Fault(find, $"'{s}' is no party.")).ToList();
        var parties = await step.Db.Set<CaseParty>().AsNoTracking().Where(p => p.CaseId == step.Case.Id && p.Current && roles.Contains(p.Role)).ToListAsync().ConfigureAwait(false);
        // One of them is not known by a number: then no entry can be about all of them.
        var persons = roles.TrueForAll(r => parties.Exists(p => p.Role == r)) ? parties.Select(p => p.PersonId).Distinct().Order().ToList() : [];
        if (!step.Rehearsed) await LockAsync(step.Db, persons).ConfigureAwait(false);
        var found = await OfAsync(step.Db, find.Register, persons).ConfigureAwait(false);
        var (on, valid) = (step.OccurredOn, found.Find(e => IsValid(e, step.OccurredOn)));
        if ((valid ?? found.Find(e => e.ValidFrom <= on)) is not { } entry) return new JsonObject { ["state"] = "None" };
        return new JsonObject
        {
            ["state"] = valid is null ? "Ended" : "Valid", ["entryId"] = entry.Id.ToString(), ["since"] = BureauTime.Iso(entry.ValidFrom), ["until"] = BureauTime.Iso(entry.ValidTo), ["entry"] = JsonNode.Parse(entry.Entry),
        };
    }

    public static bool IsValid(RegisterEntry entry, DateOnly on) => entry.ValidFrom <= on && (entry.ValidTo is null || entry.ValidTo >= on);

    /// <summary>The day of what the entry stands for: <c>registeredOn</c> where it follows an earlier one 补发, else its first.</summary>
    public static DateOnly RegisteredOn(RegisterEntry entry) =>
        IsoDay.Read((string?)(JsonNode.Parse(entry.Entry) as JsonObject)?["registeredOn"]) ?? entry.ValidFrom;

    private static async Task<JsonNode?> EndAsync(EndRegisterEntry end, CaseStep step)
    {
        var entry = await EntryAsync(step, end, end.Entry).ConfigureAwait(false);
        if (entry.Register != end.Register) throw Fault(end, $"The register '{end.Register}' has no such entry.");
        var last = (end.From ?? step.OccurredOn).AddDays(-1);
        if (entry.ValidTo is { } ended && ended <= last) throw Fault(end, $"The entry has ended on {ended:yyyy-MM-dd} already.");
        entry.ValidTo = last;
        // What told of it hung until now, whatever the day from which it counts no more.
        await PublishedResults.TakeDownOfEntryAsync(step, entry.Id, last < step.Today ? step.Today.AddDays(-1) : last).ConfigureAwait(false);
        return new JsonObject { ["entryId"] = entry.Id.ToString() };
    }

    /// <summary>An entry by its id, if it is about this case's own people or organisation: a definition that took the id from elsewhere touches nobody else's.</summary>
    /// <exception cref="CaseFaultedException">There is none, or it is about others.</exception>
    public static async Task<RegisterEntry> EntryAsync(CaseStep step, Effect asked, string named)
    {
        if (!Guid.TryParse(named, out var id)) throw Fault(asked, $"'{named}' is not the id of an entry.");
        var entry = step.Db.Set<RegisterEntry>().Local.FirstOrDefault(e => e.Id == id) ?? await step.Db.Set<RegisterEntry>().AsTracking().FirstOrDefaultAsync(e => e.Id == id).ConfigureAwait(false)
            ?? throw Fault(asked, "There is no such entry.");
        if (entry.CaseId == step.Case.Id || (entry.SubjectId is not null && entry.SubjectId == step.Case.SubjectId)) return entry;
        var mine = step.Db.Set<CaseParty>().Where(p => p.CaseId == step.Case.Id && p.Current).Select(p => p.PersonId);
        return await step.Db.Set<CaseParty>().AnyAsync(p => p.CaseId == entry.CaseId && p.Current && mine.Contains(p.PersonId)).ConfigureAwait(false)
            ? entry : throw Fault(asked, "The entry is about none of this case's parties.");
    }

    /// <summary>In the order of ids, so that two decisions never wait for each other. Nothing to do where one writer has the database to itself.</summary>
    public static async Task LockAsync(CivilAffairsDb db, List<Guid> persons)
    {
        if (!db.LocksRows) return;
        foreach (var person in persons) await db.Database.ExecuteSqlAsync($"SELECT 1 FROM persons WHERE \"Id\" = {person} FOR UPDATE").ConfigureAwait(false);
    }

    private static CaseFaultedException Fault(Effect effect, string message) => new([new Incident(effect.ActivityId, message)]);
}
