using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <summary>What a new matter begins with: the product's small one (<c>Skeleton</c>: examined, decided, told), or a copy.</summary>
internal static partial class NewMatter
{
    private const string Prefix = "skeleton/", Placeholder = "new-matter";
    private const int LongestName = 60;

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    // A matter of that id could not be opened: the address is another page's.
    private static readonly HashSet<string> Pages = ["cases", "health", "new"];

    public static bool IsId(string id) => Shape().IsMatch(id);

    public static List<FieldFault> Check(string id, Words names)
    {
        var faults = new List<FieldFault>();
        if (!IsId(id)) faults.Add(DraftFaults.Of("id", "id.shape"));
        else if (Pages.Contains(id)) faults.Add(DraftFaults.Of("id", "id.page"));
        if (names.Zh.Trim().Length is 0 or > LongestName) faults.Add(DraftFaults.Of("nameZh", "name.missing"));
        if (names.En.Trim().Length is 0 or > LongestName) faults.Add(DraftFaults.Of("nameEn", "name.missing"));
        return faults;
    }

    /// <summary>A matter that passes the check and can take its first case as it is.</summary>
    public static SortedDictionary<string, string> Empty(string id, Words names)
    {
        var assembly = typeof(NewMatter).Assembly;
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            var path = name[Prefix.Length..];
            files[path.EndsWith(".mail", StringComparison.Ordinal) ? $"templates/{path}" : path] = reader.ReadToEnd().ReplaceLineEndings("\n").Replace(Placeholder, id, StringComparison.Ordinal);
        }
        return Named(files, id, names);
    }

    /// <summary>All files of another matter, which then is spoken of by its new id: where it names itself, and in its definitions' ids.</summary>
    public static SortedDictionary<string, string> Copy(MatterRevision of, string id, Words names)
    {
        var files = MatterBundle.Read(of.Bundle);
        foreach (var file in of.Matter.Workflows.Values.Where(files.ContainsKey))
            if (JsonNode.Parse(files[file]) is JsonObject definition)
            {
                foreach (var key in new[] { "id", "definitionId" })
                    if (definition[key]?.GetValueKind() == JsonValueKind.String && definition[key]!.GetValue<string>() is { } old && old.StartsWith(of.Matter.Id, StringComparison.Ordinal)) definition[key] = id + old[of.Matter.Id.Length..];
                foreach (var opened in WorkflowReferences.Activities(definition).Select(a => a["matter"]?["expression"]).OfType<JsonObject>())
                    if (opened["value"]?.GetValueKind() == JsonValueKind.String && opened["value"]!.GetValue<string>() == of.Matter.Id) opened["value"] = id;
                files[file] = definition.ToJsonString(Written) + "\n";
            }
        return Named(files, id, names);
    }

    private static SortedDictionary<string, string> Named(SortedDictionary<string, string> files, string id, Words names)
    {
        var matter = JsonNode.Parse(files["matter.json"])!.AsObject();
        (matter["id"], matter["name"]) = (id, new JsonObject { ["zh"] = names.Zh.Trim(), ["en"] = names.En.Trim() });
        files["matter.json"] = matter.ToJsonString(Written) + "\n";
        return files;
    }

    [GeneratedRegex(@"^[a-z][a-z0-9-]{1,39}\z")]
    private static partial Regex Shape();
}
