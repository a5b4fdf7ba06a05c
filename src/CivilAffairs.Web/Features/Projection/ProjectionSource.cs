using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Designer.Studio;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Projection;

/// <summary>What is to be copied next, read from our own tables: what <c>/studio</c> shows, and of the state of an instance nothing more.</summary>
internal sealed class ProjectionSource(IReader reader, MatterLibrary library, InstanceStories stories, TimeProvider time)
{
    /// <summary>Of one batch: instances, steps of their journals, publications of matters.</summary>
    public const int Most = 50, Steps = 2_000, Publications = 5;

    /// <summary>More publications than this no installation has.</summary>
    private const int MostPublications = 10_000;

    private const string Print = "CivilAffairs.Definitions", Filled = "CivilAffairs.Filled", All = "all";
    private volatile string? known;
    private volatile bool filled;

    /// <summary>Whether there is nothing to do, as far as our own database tells: asked every few seconds, so that idling touches no other.</summary>
    public async Task<bool> IsIdleAsync(CancellationToken cancel)
    {
        await using var db = reader.Open();
        if (!filled || await Waiting(db).AnyAsync(cancel).ConfigureAwait(false)) return false;
        return known == PrintOf(await PublishedAsync(db, cancel).ConfigureAwait(false));
    }

    /// <summary>Somebody took away what was written, or it could not be written: looks anew.</summary>
    public void Forget() => (known, filled) = (null, false);

    /// <summary>The next batch. Definitions come before the instances that name them; what was decided now before what was there when the copying began.</summary>
    /// <param name="most">Instances.</param>
    public async Task<ProjectionTake> NextAsync(IProjected projected, int most, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var published = await PublishedAsync(db, cancel).ConfigureAwait(false);
        var (definitions, marks, complete) = (new List<ProjectedDefinition>(), new Dictionary<string, string>(), true);
        var print = PrintOf(published);
        if (known != print && await projected.MarkAsync(Print, cancel).ConfigureAwait(false) != print)
        {
            complete = await AddDefinitionsAsync(definitions, published, await projected.VersionsAsync(cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
            if (complete) marks[Print] = print;
        }
        var rows = await Waiting(db).OrderBy(m => m.DueAt).ThenBy(m => m.Id).Select(m => new { m.Id, m.MessageId }).Take(4 * most).ToListAsync(cancel).ConfigureAwait(false);
        var asked = rows.ToLookup(r => ProjectionRow.InstanceOf(r.MessageId), r => r.Id);
        var ids = asked.Select(g => g.Key).Take(most).ToList();
        var filling = complete && ids.Count == 0 && !filled;
        if (filling) ids = await FillAsync(db, projected, most, marks, cancel).ConfigureAwait(false);
        var (instances, failed, looked) = await InstancesAsync(db, ids, published, whole: filling, cancel).ConfigureAwait(false);
        return new ProjectionTake(new ProjectionBatch(definitions, instances, marks), [.. looked.SelectMany(i => asked[i])], looked, failed,
            Print: complete ? print : null, Filled: filling && marks.GetValueOrDefault(Filled) == All, More: !complete || rows.Count > 0 || (!filled && marks.GetValueOrDefault(Filled) != All));
    }

    /// <summary>After the batch is on disk there.</summary>
    public void Written(ProjectionTake take)
    {
        if (take.Print is not null) known = take.Print;
        if (take.Filled) filled = true;
    }

    // Whatever was tried before waits until it is due again; a clock that was ahead holds up nothing that was not tried.
    private IQueryable<OutboxMessage> Waiting(CivilAffairsDb db)
    {
        var now = time.GetUtcNow();
        return db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Projection && (m.Attempts == 0 || m.DueAt <= now));
    }

    private static Task<List<Publication>> PublishedAsync(CivilAffairsDb db, CancellationToken cancel) => db.Set<PublishedRevision>().OrderBy(r => r.Matter).ThenBy(r => r.Number).Take(MostPublications)
        .Select(r => new Publication(r.Matter, r.Number, r.Hash, r.Current, r.RetiredAt != null, r.PublishedAt)).ToListAsync(cancel);

    private static string PrintOf(List<Publication> published) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', published.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Matter} {p.Number} {p.Hash} {p.Current} {p.Retired}"))))));

    /// <summary>Adds what is not there as it should be, some publications at a time.</summary>
    /// <returns>Whether that is all.</returns>
    private async Task<bool> AddDefinitionsAsync(List<ProjectedDefinition> definitions, List<Publication> published, IReadOnlyList<ProjectedVersion> there, CancellationToken cancel)
    {
        // All workflows of a publication are written at once, so that any of them tells whether it is there.
        var done = there.Select(v => (Matter: v.DefinitionId[..v.DefinitionId.IndexOf('.', StringComparison.Ordinal)], v.Version, v.Latest, v.Published)).ToHashSet();
        var missing = published.Where(p => !done.Contains((p.Matter, p.Number, p.Current, p.IsOpen))).ToList();
        foreach (var one in missing.Take(Publications))
        {
            var revision = await library.RevisionAsync(one.Hash, cancel).ConfigureAwait(false);
            definitions.AddRange(revision.Workflows.Select(w => new ProjectedDefinition(new ProjectedVersion(StudioDefinition.IdOf(one.Matter, w.Key), one.Number, one.Current, one.IsOpen), w.Value, one.At)));
        }
        return missing.Count <= Publications;
    }

    /// <summary>The next instances of those that were there when the copying began.</summary>
    private static async Task<List<Guid>> FillAsync(CivilAffairsDb db, IProjected projected, int most, Dictionary<string, string> marks, CancellationToken cancel)
    {
        var mark = await projected.MarkAsync(Filled, cancel).ConfigureAwait(false);
        if (mark == All)
        {
            marks[Filled] = All;
            return [];
        }
        var after = mark is null ? Guid.Empty : Guid.Parse(mark);
        var ids = await db.Set<WorkflowInstance>().Where(i => i.Id > after).OrderBy(i => i.Id).Select(i => i.Id).Take(most).ToListAsync(cancel).ConfigureAwait(false);
        marks[Filled] = ids.Count == 0 ? All : ids[^1].ToString();
        // Those that failed are tried again when they are due.
        var later = await db.Set<OutboxMessage>().Where(m => m.State == OutboxState.Projection && m.Attempts > 0).Select(m => m.MessageId).Take(1_000).ToListAsync(cancel).ConfigureAwait(false);
        return [.. ids.Except(later.Select(ProjectionRow.InstanceOf))];
    }

    /// <returns>The instances; those that could not be told, with the reason; those that were looked at.</returns>
    /// <param name="whole">All of them, however many steps they have.</param>
    private async Task<(List<ProjectedInstance> Instances, List<ProjectionFailure> Failed, List<Guid> Looked)> InstancesAsync(CivilAffairsDb db, List<Guid> ids, List<Publication> published, bool whole, CancellationToken cancel)
    {
        var found = await (from i in db.Set<WorkflowInstance>().AsNoTracking() join c in db.Set<Case>() on i.CaseId equals c.Id where ids.Contains(i.Id) select new { Instance = i, c.Number }).ToDictionaryAsync(f => f.Instance.Id, cancel).ConfigureAwait(false);
        var (looked, steps) = (new List<Guid>(), 0);
        foreach (var id in ids)
        {
            if (!whole && looked.Count > 0 && steps > Steps) break;
            looked.Add(id);
            steps += found.GetValueOrDefault(id)?.Instance.Steps ?? 0;
        }
        var journal = (await db.Set<JournalRow>().AsNoTracking().Where(j => looked.Contains(j.InstanceId)).OrderBy(j => j.InstanceId).ThenBy(j => j.Step).Select(j => new { j.InstanceId, j.At, j.Events }).ToListAsync(cancel).ConfigureAwait(false))
            .ToLookup(j => j.InstanceId, j => new StoryStep(j.At, j.Events));
        var versions = published.GroupBy(p => p.Hash).ToDictionary(g => g.Key, g => g.Min(p => p.Number));
        var (instances, failed) = (new List<ProjectedInstance>(), new List<ProjectionFailure>());
        foreach (var id in looked)
        {
            if (!found.TryGetValue(id, out var row)) continue;
            try
            {
                instances.Add(Copy(await stories.TellAsync(row.Instance, row.Number ?? "", journal[id], cancel).ConfigureAwait(false), versions));
            }
            catch (Exception e) when (Platform.Jobs.JobFaults.IsItsOwn(e))
            {
                failed.Add(new ProjectionFailure(id, e));
            }
        }
        return (instances, failed, looked);
    }

    private static ProjectedInstance Copy(InstanceStory story, Dictionary<string, int> versions) => new(
        story.Id.ToString(), StudioDefinition.IdOf(story.Revision.Matter.Id, story.Workflow), versions[story.Revision.Hash], story.Number.Length > 0 ? story.Number : null,
        Enum.Parse<InstanceStatus>(story.Status), story.From, story.Until, story.IsOver ? story.Until : null,
        [.. story.Runs.Select(r => new ProjectedRun(story.RunId(r.ActivityId, r.Run), Activity(story, r.ActivityId), r.From, r.To, r.State, r.Outcomes))],
        [.. story.Events.Select(e => new ProjectedLine($"{story.Id}-{e.Sequence}", e.Sequence, story.RunId(e.ActivityId, e.Run), Activity(story, e.ActivityId), e.At, e.Event, e.Outcomes))]);

    private static ProjectedActivity Activity(InstanceStory story, string id) =>
        story.Node(id) is { } node ? new(id, story.NodeId(id), node.Type, VersionOf(node), node.Name) : new(id, story.NodeId(id), "Elsa.Workflow", 1, null);

    private static int VersionOf(ActivityNode node) => node.Raw["version"] is JsonValue value && value.TryGetValue<int>(out var version) ? version : 1;

    private sealed record Publication(string Matter, int Number, string Hash, bool Current, bool Retired, DateTimeOffset At)
    {
        /// <summary>New cases are filed under it.</summary>
        public bool IsOpen => Current && !Retired;
    }
}

/// <param name="Rows">Of the outbox, done with once the batch is on disk.</param>
/// <param name="Looked">Instances that the batch has, or failed at.</param>
/// <param name="Print">Of the definitions, once all of them are there; null: more come.</param>
/// <param name="Filled">Everything that was there when the copying began is copied.</param>
/// <param name="More">There may be another batch.</param>
internal sealed record ProjectionTake(ProjectionBatch Batch, IReadOnlyList<Guid> Rows, IReadOnlyList<Guid> Looked, IReadOnlyList<ProjectionFailure> Failed, string? Print, bool Filled, bool More);

internal sealed record ProjectionFailure(Guid Instance, Exception Why);
