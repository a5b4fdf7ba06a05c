namespace CivilAffairs.Engine.Port;

/// <summary>
/// A copy of definitions, instances and their journals for another program's eyes, in a database of its own (docs/adr/0080).
/// It is written after the decision, from what was decided, and nothing of the product ever reads it.
/// </summary>
public interface IProjection : IAsyncDisposable
{
    /// <summary>
    /// Writes one batch in one transaction of that database. Whoever else writes there waits until it ends, on any node: what
    /// <paramref name="read"/> gives is read meanwhile, so that nothing older can ever come over something newer.
    /// </summary>
    /// <param name="read">Gets what is there already, says what is to be written.</param>
    /// <remarks>
    /// Power failure: the whole batch is there or nothing of it. Written once more it is the same rows again: every id comes
    /// from what is copied.
    /// </remarks>
    Task WriteAsync(Func<IProjected, CancellationToken, Task<ProjectionBatch>> read, CancellationToken cancel);
}

/// <summary>What the projection's database holds already.</summary>
public interface IProjected
{
    /// <summary>A note of the writer's own, as <see cref="ProjectionBatch.Marks"/> left it; null: there is none.</summary>
    Task<string?> MarkAsync(string key, CancellationToken cancel);

    /// <summary>Every version of every definition, without its text.</summary>
    Task<IReadOnlyList<ProjectedVersion>> VersionsAsync(CancellationToken cancel);
}

/// <param name="Marks">By key; written with the rows.</param>
public sealed record ProjectionBatch(IReadOnlyList<ProjectedDefinition> Definitions, IReadOnlyList<ProjectedInstance> Instances, IReadOnlyDictionary<string, string> Marks);

/// <param name="Latest">The newest version of its definition.</param>
/// <param name="Published">New instances may be started of it.</param>
public sealed record ProjectedVersion(string DefinitionId, int Version, bool Latest, bool Published);

/// <summary>One version of a definition.</summary>
/// <param name="Json">The definition as exported by Studio; its ids and version do not count.</param>
public sealed record ProjectedDefinition(ProjectedVersion Version, string Json, DateTimeOffset CreatedAt)
{
    /// <summary>The id of this version.</summary>
    public string Id => IdOf(Version.DefinitionId, Version.Version);

    public static string IdOf(string definitionId, int version) => $"{definitionId}.{version}";
}

/// <summary>An instance with its whole journal. References only: no answer of anybody, no variable, no message of a fault.</summary>
/// <param name="Id">The same on every copy.</param>
/// <param name="Number">Of its case; null: none yet.</param>
/// <param name="FinishedAt">Null: it is not over.</param>
public sealed record ProjectedInstance(string Id, string DefinitionId, int Version, string? Number, InstanceStatus Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt,
    IReadOnlyList<ProjectedRun> Runs, IReadOnlyList<ProjectedLine> Lines);

/// <param name="NodeId">Its place in the tree, as Studio names it.</param>
/// <param name="Version">Of the type.</param>
public sealed record ProjectedActivity(string Id, string NodeId, string Type, int Version, string? Name);

/// <summary>One execution of an activity.</summary>
/// <param name="State"><c>Running</c>, <c>Completed</c>, <c>Canceled</c> or <c>Faulted</c>.</param>
/// <param name="To">Null: it waits.</param>
public sealed record ProjectedRun(string Id, ProjectedActivity Activity, DateTimeOffset From, DateTimeOffset? To, string State, IReadOnlyList<string> Outcomes);

/// <summary>One line of the journal.</summary>
/// <param name="Sequence">From 0 without gaps.</param>
/// <param name="Run">Id of the execution it belongs to.</param>
public sealed record ProjectedLine(string Id, int Sequence, string Run, ProjectedActivity Activity, DateTimeOffset At, string Event, IReadOnlyList<string> Outcomes);
