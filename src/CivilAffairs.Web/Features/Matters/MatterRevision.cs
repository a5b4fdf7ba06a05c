namespace CivilAffairs.Web.Features.Matters;

/// <summary>
/// One revision of a matter: form, templates and workflows pinned together. A case keeps the <see cref="Hash"/> it was
/// filed under; <see cref="Bundle"/> is stored once and gives back everything. Immutable, may be shared by all threads.
/// </summary>
/// <param name="Hash">SHA-256 over all files, lower-case hex.</param>
/// <param name="Bundle">JSON object: path → text of every file.</param>
/// <param name="Workflows">By name (<c>apply</c>): the definition's JSON text.</param>
/// <param name="Templates">By file name: Liquid text.</param>
/// <param name="Examples">By file name.</param>
public sealed record MatterRevision(string Hash, string Bundle, MatterFile Matter, FormFile Form,
    IReadOnlyDictionary<string, string> Workflows, IReadOnlyDictionary<string, string> Templates,
    IReadOnlyDictionary<string, ExampleFile> Examples)
{
    /// <summary>Paths of all files, those included that nothing names.</summary>
    internal IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The matter's first values by key; the effective-dated table wins over them.</summary>
    public IReadOnlyDictionary<string, System.Text.Json.Nodes.JsonNode?> FirstValues { get; } =
        Matter.Parameters.ToDictionary(p => p.Key, p => System.Text.Json.Nodes.JsonNode.Parse(p.Value.GetRawText()));
}
