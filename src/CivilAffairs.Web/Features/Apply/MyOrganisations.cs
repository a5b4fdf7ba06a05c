using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>Organisations 社会组织 for which a person may act, by the registers: as legal representative or as handler.</summary>
internal sealed class MyOrganisations(IReader reader, MatterLibrary library, TimeProvider time)
{
    // Somebody acts for a few; more than these are the counter's business.
    private const int Most = 20;

    /// <returns>In the order of names, each with the newest certificate of each kind.</returns>
    public async Task<IReadOnlyList<MyOrganisation>> ReadAsync(Viewer viewer, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        if (viewer.PersonId is not { } person) return [];
        var today = time.Today();
        await using var db = reader.Open();
        var own = await db.Set<Person>().Where(p => p.Id == person).Select(p => p.NumberHash).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (own is null) return [];
        var mine = await db.Set<RegisterPerson>().Where(p => p.NumberHash == own).Join(db.Set<RegisterSubject>(), p => p.SubjectId, s => s.Id, (p, s) => new { s.Id, s.Name, s.Register }).Distinct().OrderBy(s => s.Name).Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        var ids = mine.ConvertAll(s => s.Id);
        var certificates = (await db.Set<Certificate>().Where(c => c.SubjectId != null && ids.Contains(c.SubjectId.Value)).ToListAsync(cancel).ConfigureAwait(false))
            .GroupBy(c => (c.SubjectId, c.Kind)).Select(g => g.MaxBy(c => (c.ValidFrom, c.Id))!).ToLookup(c => c.SubjectId!.Value);
        var open = (await db.Set<Case>().VisibleTo(db, viewer).Where(c => c.SubjectId != null && ids.Contains(c.SubjectId.Value) && c.DecidedAt == null).OrderByDescending(c => c.ChangedAt).ToListAsync(cancel).ConfigureAwait(false)).ToLookup(c => c.SubjectId!.Value);
        return mine.ConvertAll(s =>
        {
            var (drafts, filed) = (open[s.Id].Where(c => c.Status == "Draft").ToList(), open[s.Id].Where(c => c.Status != "Draft").ToList());
            var held = certificates[s.Id].Select(c => Of(c, today)).ToList();
            return new MyOrganisation(s.Id, s.Name, held, [.. filed.Select(c => (c, library.Find(c.Matter)?.Matter.Name))], drafts.FirstOrDefault(d => held.Exists(h => h.Renewal == d.Matter)),
                [.. Services(s.Register).Select(m => new MyService(m.Id, m.Name, drafts.Find(d => d.Matter == m.Id), filed.Exists(c => c.Matter == m.Id)))]);
        });
    }

    /// <summary>What such an organisation may apply for itself at any time; a renewal has its time and stands with its certificate.</summary>
    private IEnumerable<MatterFile> Services(string register)
    {
        var renewals = library.Current.SelectMany(r => r.Matter.Certificates).Select(c => c.Renewal?.Matter).OfType<string>().ToHashSet();
        return library.Offered.Where(r => r.Form.Subject?.Register == register && r.Matter.Applicants.Channels.Contains("online") && !renewals.Contains(r.Matter.Id)).Select(r => r.Matter);
    }

    private MyCertificate Of(Certificate certificate, DateOnly today)
    {
        var kind = library.Certificate(certificate.Matter, certificate.Kind)?.Kind;
        // As soon as the first reminder has come, the page offers what it asks for.
        var opens = kind?.Reminders.Where(_ => certificate.ValidTo is not null).Select(r => (DateOnly?)r.DayOf(certificate.ValidTo!.Value)).Min();
        var renewal = kind?.Renewal is { } how && certificate.ValidTo is not null && (opens is null || opens <= today) ? how.Matter : null;
        return new MyCertificate(certificate, kind?.Name, certificate.ValidTo is { } last ? last.DayNumber - today.DayNumber : null, renewal, opens);
    }
}

/// <param name="Open">Cases that are not decided yet, with their matters' names.</param>
/// <param name="Draft">A renewal begun and not filed; null: none.</param>
/// <param name="Services">Matters that it may apply for.</param>
internal sealed record MyOrganisation(Guid Id, string Name, IReadOnlyList<MyCertificate> Certificates, IReadOnlyList<(Case Case, Words? Matter)> Open, Case? Draft, IReadOnlyList<MyService> Services);

/// <param name="Draft">Begun and not filed; null: none.</param>
/// <param name="Pending">Whether one was filed and is not decided.</param>
internal sealed record MyService(string Matter, Words Name, Case? Draft, bool Pending);

/// <param name="DaysLeft">Negative once it has expired; null: without an end.</param>
/// <param name="Renewal">The matter in which it may be renewed now; null: not now.</param>
/// <param name="RenewableFrom">First day on which it may; null: any.</param>
internal sealed record MyCertificate(Certificate Certificate, Words? Kind, int? DaysLeft, string? Renewal, DateOnly? RenewableFrom);
