using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>A form that lies in no database, for its designer to see it as an applicant would.</summary>
public sealed class FormPreview(Guid owner, DateTimeOffset at)
{
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The account that sees it, and nobody else.</summary>
    public Guid Owner { get; } = owner;
    public DateTimeOffset At { get; } = at;
    public Words Matter { get; set; } = new() { Zh = "", En = "" };

    /// <summary>Null: it cannot be read as it stands.</summary>
    public FormFile? Form { get; set; }

    /// <summary>By key; money in fen.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Parameters { get; set; } = new Dictionary<string, JsonNode?>();

    /// <summary>What its designer tried to answer; kept nowhere.</summary>
    public JsonObject Answers { get; set; } = [];
}

/// <summary>
/// Forms being designed on this node, between the editor's page and the frame that shows them: one for each open editor, gone with it, and
/// with the process. As a circuit, a preview lives on one node.
/// </summary>
public sealed class FormPreviews(TimeProvider time)
{
    /// <summary>More editors than a county has managers; the oldest preview goes first, and its page makes another with the next change.</summary>
    public const int Most = 200;
    private readonly ConcurrentDictionary<Guid, FormPreview> all = new();

    public FormPreview Begin(Guid owner)
    {
        if (all.Count >= Most && all.Values.MinBy(p => p.At) is { } oldest) all.TryRemove(oldest.Id, out _);
        var made = new FormPreview(owner, time.GetUtcNow());
        all[made.Id] = made;
        return made;
    }

    /// <returns>Null: there is none, or it is somebody else's.</returns>
    public FormPreview? Find(Guid id, Guid owner) => all.TryGetValue(id, out var found) && found.Owner == owner ? found : null;

    public void End(Guid id) => all.TryRemove(id, out _);
}
