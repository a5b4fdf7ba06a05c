using System.Collections.Concurrent;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Stores the parameter values that steps could read, each set once. Sets are never taken away.</summary>
internal sealed class ParameterSnapshots(IReader reader)
{
    private const int MostKnown = 10_000;

    // Only what another connection has seen committed: a set written in this very transaction may yet be rolled back.
    private readonly ConcurrentDictionary<string, bool> committed = new();

    /// <returns>The set's hash; it is stored when the decision is.</returns>
    public async Task<string> KeepAsync(CaseStep step)
    {
        var (hash, json) = step.Parameters.Snapshot;
        if (committed.ContainsKey(hash)) return hash;
        await using var db = reader.Open();
        if (await db.Set<ParameterSnapshot>().AnyAsync(p => p.Hash == hash).ConfigureAwait(false))
        {
            if (committed.Count >= MostKnown) committed.Clear();
            committed[hash] = true;
            return hash;
        }
        // Two first users at once on PostgreSQL write the same row: the second does nothing.
        await step.Db.Database.ExecuteSqlAsync($"INSERT INTO parameter_snapshots (\"Hash\", \"Json\") VALUES ({hash}, {json}) ON CONFLICT DO NOTHING").ConfigureAwait(false);
        return hash;
    }
}
