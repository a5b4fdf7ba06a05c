using System.Text.Json;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Parameters;

/// <summary>
/// 标准公开: the parameters that their matters mark <c>public</c>, as they are and were, for everybody. Who set them and why stays inside,
/// and so does what is only planned.
/// </summary>
internal sealed class PublishedStandards(IReader reader, MatterLibrary library, DivisionDirectory divisions, TimeProvider time)
{
    /// <summary>Values of one standard that are told: those of a long life.</summary>
    private const int Most = 500;

    public DateOnly Today => time.Today();

    /// <param name="place">A township's code, 9 digits; empty: the county.</param>
    /// <param name="day">Not after today.</param>
    /// <returns>By matter; a standard that several use stands with the first of them.</returns>
    public async Task<IReadOnlyList<StandardsOfMatter>> OnAsync(string place, DateOnly day, CancellationToken cancel)
    {
        var matters = Published();
        var keys = matters.SelectMany(m => m.Parameters).Select(p => p.Key).ToArray();
        await using var db = reader.Open();
        var rows = keys.Length == 0 ? [] : await InForce(db, keys, Scopes(place), day).ToListAsync(cancel).ConfigureAwait(false);
        return [.. matters.Select(m => new StandardsOfMatter(m.Matter.Id, m.Matter.Name, [.. m.Parameters.Select(p =>
        {
            // Narrow places win over wide ones, later days over earlier ones.
            var row = rows.Where(r => r.Key == p.Key).MaxBy(r => (r.Scope.Length, r.ValidFrom));
            return row is null ? new Standard(p, p.Value, p.Source, null, "") : new Standard(p, Json(row.Value), row.Source, row.ValidFrom, row.Scope.Length == 9 ? row.Scope : "");
        })]))];
    }

    /// <summary>Everything that a standard was until today; null: there is no such standard, or it is not published.</summary>
    public async Task<StandardHistory?> OfAsync(string key, CancellationToken cancel)
    {
        var users = library.Current.Where(r => r.Matter.Parameters.Any(p => p.Key == key && p.Public)).ToList();
        if (users.Count == 0) return null;
        var today = Today;
        await using var db = reader.Open();
        var rows = await db.Set<ParameterValue>().AsNoTracking().Where(p => p.Key == key && p.ValidFrom <= today).OrderBy(p => p.Scope).ThenByDescending(p => p.ValidFrom).Take(Most).ToListAsync(cancel).ConfigureAwait(false);
        var places = rows.GroupBy(r => r.Scope.Length < 9 ? "" : r.Scope).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            var times = g.OrderBy(r => r.ValidFrom).ToList();
            return new StandardOfPlace(g.Key, [.. times.Select((r, i) => new StandardValue(Json(r.Value), r.Source, r.ValidFrom,
                // A value lasts until its own last day or until the next one begins.
                i + 1 < times.Count && (r.ValidTo is null || r.ValidTo >= times[i + 1].ValidFrom) ? times[i + 1].ValidFrom.AddDays(-1) : r.ValidTo)).Reverse()]);
        }).ToList();
        return new StandardHistory(users[0].Matter.Parameters.First(p => p.Key == key), [.. users.Select(u => u.Matter.Name)], places);
    }

    /// <summary>Whether standards can be asked for this place: a township, or empty for the county.</summary>
    public bool Knows(string place) => place.Length == 0 || divisions.Find(place) is { Level: DivisionLevel.Township };

    internal static IQueryable<ParameterValue> InForce(CivilAffairsDb db, string[] keys, string[] scopes, DateOnly day) => db.Set<ParameterValue>().AsNoTracking()
        .Where(p => EF.Parameter(keys).Contains(p.Key) && EF.Parameter(scopes).Contains(p.Scope) && p.ValidFrom <= day && (p.ValidTo == null || p.ValidTo >= day));

    private List<(MatterFile Matter, List<MatterParameter> Parameters)> Published()
    {
        var seen = new HashSet<string>();
        return [.. library.Current.Select(r => (r.Matter, r.Matter.Parameters.Where(p => p.Public && seen.Add(p.Key)).ToList())).Where(m => m.Item2.Count > 0)];
    }

    private string[] Scopes(string place) => ["", divisions.County?.Code ?? "", .. place.Length == 9 ? new[] { place } : []];

    private static JsonElement Json(string value) => JsonDocument.Parse(value).RootElement;
}

internal sealed record StandardsOfMatter(string Matter, Words Name, IReadOnlyList<Standard> Standards);

/// <param name="From">First day of the value; null: it came with the matter.</param>
/// <param name="Place">The township whose own value it is; empty: the county's.</param>
internal sealed record Standard(MatterParameter Parameter, JsonElement Value, string Source, DateOnly? From, string Place);

/// <param name="Matters">That use it.</param>
/// <param name="Places">The county first, then townships with values of their own.</param>
internal sealed record StandardHistory(MatterParameter Parameter, IReadOnlyList<Words> Matters, IReadOnlyList<StandardOfPlace> Places);

/// <param name="Place">Empty: the county.</param>
/// <param name="Values">Newest first.</param>
internal sealed record StandardOfPlace(string Place, IReadOnlyList<StandardValue> Values);

/// <param name="To">Last day; null: until further notice.</param>
internal sealed record StandardValue(JsonElement Value, string Source, DateOnly From, DateOnly? To);
