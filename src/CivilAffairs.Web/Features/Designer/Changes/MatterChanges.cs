using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Designer.Changes;

/// <summary>
/// Two versions of a matter as a list of changes in words. Pure. Nothing that differs goes unsaid: what no rule knows is told by
/// its place in the file. Files are compared even where they cannot be read as what they should be.
/// </summary>
public static class MatterChanges
{
    /// <param name="from">The earlier version.</param>
    /// <param name="to">The later one, which need not be published.</param>
    /// <returns>Matter, form, workflows, templates, examples, other files; empty where both are the same.</returns>
    public static IReadOnlyList<MatterChange> Compare(MatterRevision from, MatterRevision to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return from.Hash == to.Hash ? [] : Compare(MatterBundle.Read(from.Bundle), MatterBundle.Read(to.Bundle));
    }

    /// <summary>The same for files that no revision can be made of yet.</summary>
    public static IReadOnlyList<MatterChange> Compare(IReadOnlyDictionary<string, string> from, IReadOnlyDictionary<string, string> to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var names = new ChangeNames(from, to);
        return [.. from.Keys.Union(to.Keys).OrderBy(Rank).ThenBy(f => f, StringComparer.Ordinal).SelectMany(f => Files(f, from.GetValueOrDefault(f), to.GetValueOrDefault(f), names))];
    }

    private static int Rank(string file) => file switch
    {
        "matter.json" => 0,
        "form.json" => 1,
        _ when file.EndsWith(".workflow.json", StringComparison.Ordinal) => 2,
        _ when file.StartsWith("templates/", StringComparison.Ordinal) => 3,
        _ when file.StartsWith("examples/", StringComparison.Ordinal) => 4,
        _ => 5,
    };

    private static List<MatterChange> Files(string file, string? before, string? after, ChangeNames names)
    {
        if (before == after) return [];
        var called = names.File(file);
        if (before is null) return [new MatterChange(file, ChangeKind.Added, DesignerMessages.Text("change.file.added", called))];
        if (after is null) return [new MatterChange(file, ChangeKind.Removed, DesignerMessages.Text("change.file.removed", called))];
        // Numbers, commas and the order of properties apart, the same JSON says the same.
        if (Rank(file) is 0 or 1 or 2 or 4 && Parse(before) is { } old && Parse(after) is { } now)
        {
            var said = Rank(file) switch
            {
                2 => WorkflowChanges.Of(file, old, now, names).ToList(),
                4 => JsonNode.DeepEquals(old, now) ? [] : [new MatterChange(file, ChangeKind.Changed, DesignerMessages.Text("change.file.changed", called))],
                _ => JsonChanges.Of(file, old, now, names).ToList(),
            };
            if (said.Count > 0) return said;
            if (Rank(file) == 2 ? WorkflowChanges.IsLayout(old, now) : JsonNode.DeepEquals(old, now)) return [new MatterChange(file, ChangeKind.Changed, DesignerMessages.Text("change.file.layout", called))];
        }
        var (lines, added, removed) = TextChanges.Of(before, after);
        return [new MatterChange(file, ChangeKind.Changed, DesignerMessages.Text("change.text", called, added, removed), lines)];
    }

    private static JsonObject? Parse(string json)
    {
        try
        {
            // A duplicate name would only be met when it is asked for.
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
