using System.Text.Json;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Parameters;

/// <summary>The effective-dated table as managers and administrators read it.</summary>
public sealed class ParameterQuery(IReader reader, MatterLibrary library, DivisionDirectory divisions, TimeProvider time)
{
    /// <summary>All parameters of all published matters; empty for who may not see them.</summary>
    public async Task<IReadOnlyList<MatterParameters>> ListAsync(Viewer viewer, CancellationToken cancel = default)
    {
        if (!ParameterAccess.MaySee(viewer)) return [];
        var today = time.Today();
        await using var db = reader.Open();
        var open = await db.Set<ParameterValue>().Where(p => p.ValidTo == null || p.ValidTo >= today).ToListAsync(cancel).ConfigureAwait(false);
        return [.. library.Current.Where(r => r.Matter.Parameters.Count > 0).Select(r => new MatterParameters(r.Matter.Name, [.. r.Matter.Parameters.Select(p =>
        {
            var rows = open.FindAll(v => v.Key == p.Key);
            var county = rows.FindAll(v => IsCounty(v.Scope));
            var now = county.Where(v => v.ValidFrom <= today).MaxBy(v => (v.Scope.Length, v.ValidFrom));
            return new ParameterLine(p, now is null ? p.Value : Json(now.Value), now?.Source ?? p.Source, county.Where(v => v.ValidFrom > today).MinBy(v => v.ValidFrom) is { } next ? new PlannedValue(Json(next.Value), next.ValidFrom) : null,
                rows.Where(v => !IsCounty(v.Scope)).Select(v => v.Scope).Distinct().Count());
        })]))];
    }

    /// <summary>One parameter with every value it had, has and will have; null: there is none, or not for this viewer.</summary>
    public async Task<ParameterHistory?> HistoryAsync(Viewer viewer, string key, CancellationToken cancel = default)
    {
        if (!ParameterAccess.MaySee(viewer)) return null;
        var matters = library.Current.Where(r => r.Matter.Parameters.Any(p => p.Key == key)).ToList();
        if (matters.Count == 0) return null;
        var today = time.Today();
        await using var db = reader.Open();
        var rows = await db.Set<ParameterValue>().Where(p => p.Key == key).OrderBy(p => p.Scope).ThenByDescending(p => p.ValidFrom).Take(500).ToListAsync(cancel).ConfigureAwait(false);
        var officers = rows.Select(r => r.RecordedById).Distinct().ToList();
        var names = await db.Users.Where(a => officers.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.DisplayName, cancel).ConfigureAwait(false);
        var first = matters[0].Matter.Parameters.First(p => p.Key == key);
        var scopes = rows.GroupBy(r => IsCounty(r.Scope) ? "" : r.Scope).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            var times = g.OrderBy(r => r.ValidFrom).ToList();
            var now = times.FindLast(r => r.ValidFrom <= today && (r.ValidTo is null || r.ValidTo >= today));
            return new ScopeValues(g.Key, [.. times.Select((r, i) =>
            {
                // A value lasts until its own last day or until the next one begins.
                var last = i + 1 < times.Count && (r.ValidTo is null || r.ValidTo >= times[i + 1].ValidFrom) ? times[i + 1].ValidFrom.AddDays(-1) : r.ValidTo;
                return new DatedValue(r.Id, Json(r.Value), r.ValidFrom, last, r.Source, r.Reason, names.GetValueOrDefault(r.RecordedById), r.ValidFrom > today ? ValueState.Planned : r == now ? ValueState.InForce : ValueState.Past);
            }).Reverse()]);
        }).ToList();
        return new ParameterHistory(first, [.. matters.Select(m => m.Matter.Name)], scopes, [.. Scopes(viewer)], today);
    }

    /// <summary>Where this viewer may set values: empty for the county, then townships.</summary>
    private IEnumerable<string> Scopes(Viewer viewer) => divisions.All.Where(d => d.Level == DivisionLevel.Township).Select(d => d.Code).Prepend("").Where(scope => ParameterAccess.MaySet(viewer, scope));

    private static bool IsCounty(string scope) => scope.Length < 9;

    private static JsonElement Json(string value) => JsonDocument.Parse(value).RootElement;
}

public sealed record MatterParameters(Words Matter, IReadOnlyList<ParameterLine> Lines);

/// <param name="Value">In force in the county today.</param>
/// <param name="Next">The next planned one for the county; null: none is planned.</param>
/// <param name="Overrides">Townships with a value of their own.</param>
public sealed record ParameterLine(MatterParameter Parameter, JsonElement Value, string Source, PlannedValue? Next, int Overrides);

public sealed record PlannedValue(JsonElement Value, DateOnly From);

/// <param name="Scopes">Where this viewer may set values; empty: nowhere.</param>
public sealed record ParameterHistory(MatterParameter Parameter, IReadOnlyList<Words> Matters, IReadOnlyList<ScopeValues> Values, IReadOnlyList<string> Scopes, DateOnly Today)
{
    /// <summary>What holds in a place on a day, as <see cref="EffectiveParameters"/> sees it.</summary>
    public JsonElement On(string scope, DateOnly day) =>
        new[] { scope, "" }.Select(s => Values.FirstOrDefault(v => v.Scope == s)?.Rows.FirstOrDefault(r => r.From <= day && (r.To is null || r.To >= day))?.Value).FirstOrDefault(v => v is not null) ?? Parameter.Value;
}

/// <summary>One place's values, newest first.</summary>
public sealed record ScopeValues(string Scope, IReadOnlyList<DatedValue> Rows);

/// <param name="To">Last day; null: until further notice.</param>
/// <param name="By">Null: came with the installation.</param>
public sealed record DatedValue(Guid Id, JsonElement Value, DateOnly From, DateOnly? To, string Source, string? Reason, string? By, ValueState State);

public enum ValueState { Past, InForce, Planned }
