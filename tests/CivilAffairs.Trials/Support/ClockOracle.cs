using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Trials.Support;

/// <summary>
/// What has to have happened in a <see cref="ClockCounty"/> after the days on which its jobs ran, said without the product:
/// of stages that have come the latest is sent and the earlier passed over; what was said once is never said again; what has
/// ended is opened once and reminded of no more.
/// </summary>
internal sealed class ClockOracle
{
    private static readonly int[] OfCertificates = [90, 60, 30, 7, 0], OfPlans = [30, 7];
    private readonly ClockCounty county;
    private readonly Dictionary<Guid, Dictionary<string, bool>> said;
    private readonly HashSet<Guid> opened = [];
    private readonly HashSet<Guid> fired = [];

    public ClockOracle(ClockCounty county) => (this.county, said) = (county, county.Told.GroupBy(t => t.Plan).ToDictionary(g => g.Key, g => g.ToDictionary(t => t.Stage, t => t.Sent)));

    /// <summary>How many things came at the last visit.</summary>
    public int Came { get; private set; }

    /// <summary>All jobs have run at this instant.</summary>
    public void Visit(DateTimeOffset now)
    {
        var (today, before) = (BureauTime.Day(now), said.Values.Sum(s => s.Count) + opened.Count + fired.Count);
        foreach (var certificate in county.Certificates)
            if (certificate.ValidTo!.Value is var last && last < today) opened.Add(certificate.Id);
            else Say(certificate.Id, [.. OfCertificates.Where(d => last.AddDays(-d) <= today).Select(d => $"{d}d")]);
        foreach (var plan in county.Plans.Where(p => !opened.Contains(p.Id)))
            if (plan.OpensOn <= today) opened.Add(plan.Id);
            else Say(plan.Id, [.. OfPlans.Where(d => plan.OpensOn!.Value.AddDays(-d) <= today).Select(d => $"{d}d")]);
        foreach (var task in county.Tasks)
            Say(task.Id, [.. new[] { (Word: "amber", From: task.AmberFrom!.Value), (Word: "red", From: task.FinishBy!.Value.AddDays(1)) }.Where(s => s.From <= today).Select(s => $"{s.Word}:{task.FinishBy:yyyy-MM-dd}")]);
        fired.UnionWith(county.Timers.Where(t => t.DueAt <= now).Select(t => t.Id));
        Came = said.Values.Sum(s => s.Count) + opened.Count + fired.Count - before;
    }

    private void Say(Guid about, List<string> come)
    {
        var known = said.TryGetValue(about, out var those) ? those : said[about] = [];
        foreach (var stage in come) known.TryAdd(stage, stage == come[^1]);
    }

    /// <returns>One line for each thing that is not as it has to be.</returns>
    public async Task<IReadOnlyList<string>> FaultsAsync(CivilAffairsDb db)
    {
        var (about, faults) = (said.Keys.ToList(), new List<string>());
        var reminders = (await db.Set<Reminder>().AsNoTracking().Where(r => about.Contains(r.SubjectId)).ToListAsync()).ToLookup(r => r.SubjectId);
        foreach (var (id, stages) in said)
        {
            // What was told of a task before it got these days is none of ours.
            var days = county.Tasks.FirstOrDefault(t => t.Id == id) is { } task ? $":{task.FinishBy:yyyy-MM-dd}" : "";
            var wanted = string.Join(' ', stages.Select(s => $"{s.Key}{(s.Value ? "" : "-passed")}").Order(StringComparer.Ordinal));
            var readers = reminders[id].Where(r => r.Stage.EndsWith(days, StringComparison.Ordinal)).GroupBy(r => (r.RecipientId, r.Contact)).ToDictionary(g => g.Key, g => string.Join(' ', g.Select(r => $"{r.Stage}{(r.MessageId is null ? "-passed" : "")}").Order(StringComparer.Ordinal)));
            // Red work is told to more people than amber work.
            var some = days.Length > 0;
            if (stages.Count > 0 && readers.Values.All(told => told != wanted)) faults.Add($"{id}: nobody was told {wanted}");
            faults.AddRange(readers.Where(r => some ? r.Value.Split(' ').Any(stage => !wanted.Split(' ').Contains(stage)) : r.Value != wanted).Select(r => $"{id}: {r.Key} was told [{r.Value}], not [{wanted}]"));
        }
        foreach (var certificate in county.Certificates.Where(c => said.GetValueOrDefault(c.Id)?.Count > 0))
        {
            var readers = reminders[certificate.Id].Select(r => (r.RecipientId, r.Contact)).Distinct().Order().ToList();
            if (!readers.SequenceEqual(county.Clerks.Select(c => (c, "")).Append((certificate.SubjectId!.Value, "holder")).Append((certificate.SubjectId.Value, "supervisor")).Order())) faults.Add($"{certificate.Number}: other readers");
        }
        var ends = await db.Set<CertificateOpening>().AsNoTracking().Select(o => o.CertificateId).ToListAsync();
        var verified = await db.Set<PlannedReverification>().AsNoTracking().Where(p => p.OpenedCaseId != null).Select(p => p.Id).ToListAsync();
        var mine = county.Certificates.Select(c => c.Id).Concat(county.Plans.Select(p => p.Id)).ToHashSet();
        faults.AddRange(Differ("opened", ends.Concat(verified).Where(mine.Contains), opened));
        var timers = county.Timers.Select(t => t.Id).ToList();
        faults.AddRange(Differ("fired", await db.Set<CaseTimer>().AsNoTracking().Where(t => timers.Contains(t.Id) && t.State == TimerState.Fired).Select(t => t.Id).ToListAsync(), fired));
        if (await db.Set<OutboxMessage>().AnyAsync(m => m.State == OutboxState.Pending)) faults.Add("A letter waits.");
        return faults;
    }

    private static IEnumerable<string> Differ(string what, IEnumerable<Guid> are, HashSet<Guid> wanted) =>
        are.Except(wanted).Select(id => $"{id}: {what} before its time").Concat(wanted.Except(are).Select(id => $"{id}: not {what}"));
}
