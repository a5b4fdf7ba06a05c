using System.Text.Json;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Registers.Lines;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Benefits;

/// <summary>One benefit of the register with all that became of it, and the values that each amount rests on.</summary>
public sealed class GrantQuery(IReader reader, MatterLibrary library, BenefitLines lines)
{
    /// <summary>Changes shown; a benefit is verified once or twice a year.</summary>
    private const int Most = 200;

    /// <returns>Null: there is none, or not for this viewer.</returns>
    public async Task<GrantDetail?> ReadAsync(Viewer viewer, Guid id, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        Grant? grant = null;
        foreach (var post in lines.Posts(viewer)) grant ??= await BenefitLines.InScope(db, viewer, post).FirstOrDefaultAsync(g => g.Id == id, cancel).ConfigureAwait(false);
        if (grant is null) return null;
        var changes = await db.Set<GrantChange>().Where(c => c.GrantId == id).OrderBy(c => c.FromMonth).ThenBy(c => c.RecordedAt).Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        // Named by the case that froze them: the matter may call them otherwise today, or not know them any more.
        var matter = (grant.CaseId is { } of && await db.Set<Case>().Where(c => c.Id == of).Select(c => c.Revision).FirstOrDefaultAsync(cancel).ConfigureAwait(false) is { } hash
            ? await library.RevisionAsync(hash, cancel).ConfigureAwait(false) : library.Find(grant.Matter))?.Matter;
        var benefit = matter?.Benefits.FirstOrDefault(b => b.Id == grant.Benefit);
        // Of the newest revision too: a case of later years may give a reason that the first one did not know.
        var reasons = (library.Find(grant.Matter)?.Matter.Benefits.FirstOrDefault(b => b.Id == grant.Benefit)?.Reasons ?? []).Concat(benefit?.Reasons ?? []).ToLookup(r => r.Id, r => r.Name);
        return new GrantDetail(grant, benefit?.Name, Read(grant.Parameters, matter),
            [.. changes.Select(c => new ReadChange(c.CaseId, c.AmountFen, c.FromMonth, c.Reason, reasons[c.Reason].FirstOrDefault(), c.Persons, c.Category, c.OccurredOn, c.RecordedAt, Read(c.Parameters, matter)))]);
    }

    private static List<FrozenValue> Read(string frozen, MatterFile? matter)
    {
        using var list = JsonDocument.Parse(frozen);
        return [.. list.RootElement.EnumerateArray().Select(e => new FrozenValue(e.GetProperty("key").GetString()!, matter?.Parameters.FirstOrDefault(p => p.Key == e.GetProperty("key").GetString()),
            e.GetProperty("value").Clone(), e.GetProperty("source").GetString() ?? "", e.TryGetProperty("validFrom", out var from) ? DateOnly.Parse(from.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : null))];
    }
}

/// <param name="Name">Of the benefit; null: the matter does not know it any more.</param>
public sealed record GrantDetail(Grant Grant, Words? Name, IReadOnlyList<FrozenValue> Values, IReadOnlyList<ReadChange> Changes);

/// <param name="CaseId">The case that decided it.</param>
/// <param name="AmountFen">A month from then on; null: ended.</param>
/// <param name="Reason">As the definition gave it; <paramref name="Why"/> is what the matter calls it, null where it does not know it.</param>
/// <param name="Persons">Protected from then on; null: as before.</param>
public sealed record ReadChange(Guid? CaseId, long? AmountFen, DateOnly FromMonth, string Reason, Words? Why, int? Persons, string? Category, DateOnly OccurredOn, DateTimeOffset RecordedAt, IReadOnlyList<FrozenValue> Values);

/// <summary>A parameter's value as it was when the decision was made.</summary>
/// <param name="Parameter">What the matter says of it; null: nothing any more.</param>
/// <param name="Source">Mark and source: <c>S DB 15</c>.</param>
/// <param name="ValidFrom">First day of that value; null: the matter's first value.</param>
public sealed record FrozenValue(string Key, MatterParameter? Parameter, JsonElement Value, string Source, DateOnly? ValidFrom);
