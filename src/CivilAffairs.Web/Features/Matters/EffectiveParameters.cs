using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>The values of a matter's parameters on one day in one place: the effective-dated table wins over first values.</summary>
public sealed class EffectiveParameters
{
    private readonly SortedDictionary<string, (JsonNode? Value, string Source, DateOnly? From)> entries = new(StringComparer.Ordinal);

    /// <param name="table">Wide places before narrow ones, earlier days before later ones.</param>
    private EffectiveParameters(MatterRevision revision, IEnumerable<ParameterValue> table)
    {
        foreach (var parameter in revision.Matter.Parameters)
            entries[parameter.Key] = (JsonNode.Parse(parameter.Value.GetRawText()), $"{parameter.Mark} {parameter.Source}", null);
        var marks = revision.Matter.Parameters.ToLookup(p => p.Key, p => p.Mark);
        // Narrow places after wide ones, later days after earlier ones: the last written stands.
        foreach (var row in table)
            if (entries.ContainsKey(row.Key)) entries[row.Key] = (JsonNode.Parse(row.Value), $"{marks[row.Key].First()} {row.Source}", row.ValidFrom);
        Values = entries.ToDictionary(e => e.Key, e => e.Value.Value);
        var json = new JsonObject(entries.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)Entry(e.Key)))).ToJsonString();
        Snapshot = (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json))), json);
    }

    /// <summary>By key; money in fen.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Values { get; }

    /// <summary>All of it as JSON with its hash, for the journal.</summary>
    public (string Hash, string Json) Snapshot { get; }

    /// <summary>
    /// Value and source of one key, to be frozen beside what rests on it: <c>{key, value, source, validFrom}</c>. The source
    /// begins with the matter's mark (<c>S DB 15</c>); <c>validFrom</c> is absent for the matter's first value.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The matter does not name the key.</exception>
    public JsonObject Entry(string key)
    {
        var (value, source, from) = entries[key];
        var entry = new JsonObject { ["key"] = key, ["value"] = value?.DeepClone(), ["source"] = source };
        if (from is { } day) entry["validFrom"] = BureauTime.Iso(day);
        return entry;
    }

    /// <param name="db">Where the table is.</param>
    /// <param name="revision">Names the keys and first values.</param>
    /// <param name="day">The bureau's day.</param>
    /// <param name="division">The handling office: 9 digits, or 6; its county's values count for it too.</param>
    public static async Task<EffectiveParameters> OnAsync(CivilAffairsDb db, MatterRevision revision, DateOnly day, string division, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(revision);
        ArgumentNullException.ThrowIfNull(division);
        var keys = revision.Matter.Parameters.Select(p => p.Key).ToArray();
        var scopes = new[] { "", division.Length >= 6 ? division[..6] : division, division };
        // As one value each: a list of thirty parameters costs more than the look-up.
        var rows = await db.Set<ParameterValue>().AsNoTracking()
            .Where(p => EF.Parameter(keys).Contains(p.Key) && EF.Parameter(scopes).Contains(p.Scope) && p.ValidFrom <= day && (p.ValidTo == null || p.ValidTo >= day))
            .ToListAsync(cancel).ConfigureAwait(false);
        return Of(revision, Sorted(rows));
    }

    /// <summary>
    /// The same within a decision, whose connection is open: the statement is kept parsed, since no decision goes without it
    /// and making it anew took a quarter of a decision's time.
    /// </summary>
    internal static async Task<EffectiveParameters> WithinAsync(CivilAffairsDb db, MatterRevision revision, DateOnly day, string division)
    {
        var keys = revision.Matter.Parameters.Select(p => p.Key).ToArray();
        object some = db.LocksRows ? keys : JsonSerializer.Serialize(keys);
        var answers = await InForce.AskAsync(db, ("@keys", some), ("@county", division.Length >= 6 ? division[..6] : division), ("@division", division), ("@day", day)).ConfigureAwait(false);
        await using var _ = answers.ConfigureAwait(false);
        return Of(revision, Sorted(await answers.AllAsync<ParameterValue>().ConfigureAwait(false)));
    }

    private static readonly Questions InForce = new(new Questions.Question(db =>
        $"SELECT {RowMap<ParameterValue>.Of(db).Columns} FROM parameters WHERE \"Key\" {(db.LocksRows ? "= ANY(@keys)" : "IN (SELECT value FROM json_each(@keys))")}"
        + " AND \"Scope\" IN ('', @county, @division) AND \"ValidFrom\" <= @day AND (\"ValidTo\" IS NULL OR \"ValidTo\" >= @day)"));

    // Narrow places after wide ones, later days after earlier ones: the last one stands.
    private static List<ParameterValue> Sorted(List<ParameterValue> rows)
    {
        rows.Sort((a, b) => (a.Scope.Length, a.ValidFrom).CompareTo((b.Scope.Length, b.ValidFrom)));
        return rows;
    }

    /// <summary>Equal rows give the same values: computed once, however many decisions use them.</summary>
    private static EffectiveParameters Of(MatterRevision revision, List<ParameterValue> rows)
    {
        var cache = Computed.GetOrCreateValue(revision);
        var key = string.Join('\n', rows.Select(r => $"{r.Key}\t{r.Value}\t{r.Source}\t{r.ValidFrom:O}"));
        if (cache.TryGetValue(key, out var known)) return known;
        if (cache.Count >= MostComputed) cache.Clear();
        return cache.GetOrAdd(key, new EffectiveParameters(revision, rows));
    }

    private const int MostComputed = 200; // places of one county, on a day or two
    private static readonly ConditionalWeakTable<MatterRevision, ConcurrentDictionary<string, EffectiveParameters>> Computed = [];
}
