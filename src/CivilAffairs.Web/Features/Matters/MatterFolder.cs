using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>What loading gave: a revision where the files can be read, and everything found on the way.</summary>
public sealed record LoadedMatter(MatterRevision? Revision, IReadOnlyList<MatterFault> Faults)
{
    /// <summary>Only then may the revision be published.</summary>
    public bool IsPublishable => Revision is not null && !Faults.Any(f => f.IsError);
}

/// <summary>Reads a matter's folder <c>workflows/&lt;matter&gt;/</c>, or the bundle that a revision stored.</summary>
public static class MatterFolder
{
    /// <summary>
    /// What the check found, by hash: the same files always give the same, and a process may ask often (each look at a draft,
    /// each database of a run of tests).
    /// </summary>
    private static readonly ConcurrentDictionary<string, IReadOnlyList<MatterFault>> Found = new();
    private const int MostFound = 200;

    /// <summary>Revisions in use, by hash: who reads the same files again gets the same object, once in memory and parsed once.</summary>
    private static readonly ConcurrentDictionary<string, WeakReference<MatterRevision>> InUse = new();
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Loads and checks a folder. Files and folders that begin with a dot are left out.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static LoadedMatter Load(string path) => Checked(LoadUnchecked(path));

    /// <summary>The same with what the check finds: the dear part, needed once for each revision.</summary>
    internal static LoadedMatter Checked(LoadedMatter loaded)
    {
        if (loaded.Revision is null) return loaded;
        if (!Found.TryGetValue(loaded.Revision.Hash, out var found))
        {
            var faults = new List<MatterFault>();
            MatterCheck.Run(loaded.Revision, faults);
            found = faults;
            if (Found.Count >= MostFound) Found.Clear();
            // Only what is good: a template may also fail because the machine was slow just then.
            if (!faults.Exists(f => f.IsError)) Found[loaded.Revision.Hash] = found;
        }
        return loaded with { Faults = [.. loaded.Faults, .. found] };
    }

    /// <param name="shared">The same files give the same object to all who ask for it so; they change nothing in it.</param>
    internal static LoadedMatter LoadUnchecked(string path, bool shared = false)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var faults = new List<MatterFault>();
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(path, file).Replace(Path.DirectorySeparatorChar, '/');
            if (name.Split('/').Any(part => part.StartsWith('.'))) continue;
            try
            {
                // A checkout with other line ends is still the same revision.
                files[name] = Strict.GetString(File.ReadAllBytes(file)).TrimStart('\uFEFF').ReplaceLineEndings("\n");
            }
            catch (DecoderFallbackException)
            {
                faults.Add(new MatterFault(name, "$", MatterMessages.Text("file.notText")));
            }
        }
        var loaded = Read(files, faults, shared);
        if (loaded.Revision is { } revision && revision.Matter.Id != new DirectoryInfo(path).Name)
            faults.Add(new MatterFault("matter.json", "$.id", MatterMessages.Text("matter.idIsFolder", revision.Matter.Id, new DirectoryInfo(path).Name)));
        return loaded with { Faults = faults };
    }

    /// <summary>Loads the bundle of a stored revision, which was checked when it was published and is not checked again.</summary>
    /// <exception cref="JsonException">The text is not a bundle.</exception>
    public static LoadedMatter FromBundle(string bundle)
    {
        var files = JsonSerializer.Deserialize<Dictionary<string, string>>(bundle) ?? throw new JsonException("The bundle is empty.");
        return Read(new SortedDictionary<string, string>(files, StringComparer.Ordinal), [], shared: true);
    }

    /// <summary>Reads and checks files that lie nowhere yet: a draft's, or an archive's.</summary>
    /// <param name="files">Path → text, line ends <c>\n</c>.</param>
    internal static LoadedMatter FromFiles(IReadOnlyDictionary<string, string> files)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, text) in files) sorted[path] = text;
        return Checked(Read(sorted, []));
    }

    private static LoadedMatter Read(SortedDictionary<string, string> files, List<MatterFault> faults, bool shared = false)
    {
        var hash = Hash(files);
        if (shared && InUse.TryGetValue(hash, out var known) && known.TryGetTarget(out var same)) return new LoadedMatter(same, faults);
        var before = faults.Count;
        var matter = Required<MatterFile>("matter.json", files, faults);
        var form = Required<FormFile>("form.json", files, faults);
        var examples = new SortedDictionary<string, ExampleFile>(StringComparer.Ordinal);
        foreach (var (name, json) in files.Where(f => f.Key.StartsWith("examples/", StringComparison.Ordinal)))
            if (MatterJson.Read<ExampleFile>(name, json, faults) is { } example) examples[name["examples/".Length..]] = example;
        if (matter is null || form is null) return new LoadedMatter(null, faults);

        var workflows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, file) in matter.Workflows)
            if (files.TryGetValue(file, out var json)) workflows[key] = json;
            else faults.Add(new MatterFault("matter.json", $"$.workflows.{key}", MatterMessages.Text("file.missing", file)));
        var templates = files.Where(f => f.Key.StartsWith("templates/", StringComparison.Ordinal))
            .ToDictionary(f => f.Key["templates/".Length..], f => f.Value);

        var bundle = new JsonObject(files.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)JsonValue.Create(f.Value))));
        var revision = new MatterRevision(hash, bundle.ToJsonString(MatterJson.Options), matter, form, workflows, templates, examples) { Files = [.. files.Keys] };
        if (shared && faults.Count == before)
        {
            InUse[hash] = new(revision);
            if (InUse.Count > MostFound)
                foreach (var gone in InUse.Where(r => !r.Value.TryGetTarget(out _))) InUse.TryRemove(gone);
        }
        return new LoadedMatter(revision, faults);
    }

    private static T? Required<T>(string name, SortedDictionary<string, string> files, List<MatterFault> faults) where T : MatterPart
    {
        if (files.TryGetValue(name, out var json)) return MatterJson.Read<T>(name, json, faults);
        faults.Add(new MatterFault(name, "$", MatterMessages.Text("file.missing", name)));
        return null;
    }

    /// <summary>Over name and length before each text, so that no two folders can give the same bytes.</summary>
    private static string Hash(SortedDictionary<string, string> files)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, text) in files)
        {
            var bytes = Strict.GetBytes(text);
            sha.AppendData(Strict.GetBytes($"{name}\n{bytes.Length}\n"));
            sha.AppendData(bytes);
        }
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
