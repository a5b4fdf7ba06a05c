using System.Text.Json;
using CivilAffairs.LoadWorker;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Trials.Support;

/// <summary>Holds what clients were told against what the database has.</summary>
internal static class Promises
{
    /// <returns>One line for every promise that was not kept; empty: all were.</returns>
    public static async Task<IReadOnlyList<string>> BrokenAsync(CivilAffairsDb db, IReadOnlyList<Said> said)
    {
        var asks = said.Where(s => s.Ask is not null).Select(s => s.Ask!).DistinctBy(a => a.Key).ToDictionary(a => a.Key);
        var broken = new List<string>();
        var records = (await db.Set<CommandRecord>().ToListAsync()).ToLookup(c => c.Key);
        var audit = await db.Set<AuditEntry>().ToListAsync();
        var submitted = audit.Where(a => a.Action == "case.submitted").ToLookup(a => a.Chain);
        var completed = Times(audit, "task.completed");
        var claimed = Times(audit, "task.claimed");
        var fired = Times(audit, "timer.fired");
        var numbers = await db.Set<Case>().Where(c => c.Number != null).ToDictionaryAsync(c => c.Id, c => c.Number!);
        foreach (var told in said.Where(s => s.Result is not null).GroupBy(s => s.Done!))
        {
            var ask = asks[told.Key];
            var name = $"{ask.Do} {ask.Key}";
            if (told.Select(s => s.Result).Distinct().Count() != 1) broken.Add($"{name}: repeated, it gave another result");
            if (records[told.Key].Count() != 1 || records[told.Key].Single().Result != told.First().Result) broken.Add($"{name}: acknowledged, but not stored as it was told");
            var times = ask.Do switch { "submit" => submitted[ask.Target.ToString()].Count(), "complete" => completed.GetValueOrDefault(ask.Target), _ => 1 };
            if (times != 1) broken.Add($"{name}: acknowledged once, done {times} times");
            if (ask.Do == "submit" && JsonSerializer.Deserialize<JsonElement>(told.First().Result!).GetProperty("Number").GetString() != numbers.GetValueOrDefault(ask.Target))
                broken.Add($"{name}: the case has another number than the receipt");
        }
        // Refused after it was acknowledged: the client would be told two things.
        broken.AddRange(said.Where(s => s.Refused is not null && said.Any(o => o.Done == s.Done && o.Result is not null)).Select(s => $"{s.Done}: acknowledged, and refused when repeated"));
        broken.AddRange(Unkept(said, "claim:", claimed));
        broken.AddRange(Unkept(said, "timer:", fired));
        return broken;
    }

    private static IEnumerable<string> Unkept(IReadOnlyList<Said> said, string kind, Dictionary<Guid, int> done) =>
        said.Where(s => s.Done?.StartsWith(kind, StringComparison.Ordinal) == true).Select(s => s.Done!).Distinct()
            .Where(d => done.GetValueOrDefault(Guid.Parse(d[kind.Length..])) != 1).Select(d => $"{d}: acknowledged, not done once");

    private static Dictionary<Guid, int> Times(IEnumerable<AuditEntry> audit, string action) => audit.Where(a => a.Action == action)
        .Select(a => JsonSerializer.Deserialize<JsonElement>(a.Details))
        .Select(d => (d.TryGetProperty("taskId", out var id) ? id : d.GetProperty("timerId")).GetGuid())
        .GroupBy(id => id).ToDictionary(g => g.Key, g => g.Count());
}
