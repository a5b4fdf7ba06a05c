using System.Security.Cryptography;
using System.Text.Json;

namespace CivilAffairs.Web.Features.CommandLine.Backup;

/// <summary><c>manifest.json</c> of a backup: what is in it, so that a restore can tell a whole one from a broken one before it touches anything.</summary>
/// <param name="Database"><c>sqlite</c> or <c>postgresql</c>.</param>
/// <param name="Migration">The newest one in the database: a version of the product that does not know it cannot take the backup back.</param>
/// <param name="DatabaseHash">SHA-256 of the database's file, lower-case hex.</param>
/// <param name="Files">Attachments and rendered documents; each is named by the hash of its bytes.</param>
/// <param name="Keys">SHA-256 of each file of the keys by its path; empty where they were left out.</param>
internal sealed record BackupManifest(int Version, DateTimeOffset TakenAt, string Database, string Migration, string DatabaseHash, IReadOnlyList<string> Files, IReadOnlyDictionary<string, string> Keys)
{
    internal const int Current = 1;
    internal const string Name = "manifest.json", DatabaseFile = "database", FilesFolder = "files", KeysFolder = "keys";
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal void Write(string folder)
    {
        using var stream = new FileStream(Path.Combine(folder, Name), FileMode.CreateNew, FileAccess.Write);
        JsonSerializer.Serialize(stream, this, Options);
        stream.Flush(flushToDisk: true);
    }

    /// <exception cref="InvalidDataException">There is none, or it is none of ours.</exception>
    internal static BackupManifest Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path)) throw new InvalidDataException($"{folder} is no backup: it has no {Name}. One that was interrupted ends with {BackupSet.Partial}.");
        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllText(path), Options);
            return manifest is { Version: Current } ? manifest : throw new InvalidDataException($"{path} is of another version of this format.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>One line for everything that is missing or was changed.</summary>
    internal IEnumerable<string> Faults(string folder)
    {
        if (Hash(Path.Combine(folder, DatabaseFile)) != DatabaseHash) yield return $"{DatabaseFile} is missing or was changed";
        foreach (var file in Files.Where(f => Hash(BackupSet.PathOf(Path.Combine(folder, FilesFolder), f)) != f)) yield return $"{FilesFolder}/{file} is missing or was changed";
        foreach (var (path, hash) in Keys.Where(k => Hash(Path.Combine(folder, KeysFolder, k.Key)) != k.Value)) yield return $"{KeysFolder}/{path} is missing or was changed";
    }

    /// <returns>Null: there is no such file.</returns>
    internal static string? Hash(string path)
    {
        if (!File.Exists(path)) return null;
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
