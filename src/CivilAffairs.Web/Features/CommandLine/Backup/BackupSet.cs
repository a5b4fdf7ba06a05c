using System.Globalization;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.CommandLine;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.CommandLine.Backup;

/// <summary>
/// A backup is a folder: database, files, keys and a manifest. It gets its name when all of it is on the disk; what was
/// interrupted keeps the ending <see cref="Partial"/> and is never taken back.
/// </summary>
internal static class BackupSet
{
    internal const string Partial = ".partial";

    /// <summary>Takes one while the server runs: first the database, then the files that it names, which are written before their rows and removed after them.</summary>
    /// <param name="place">Folder in which the backup's own folder is made.</param>
    /// <returns>That folder.</returns>
    internal static async Task<string> TakeAsync(IReader reader, IDatabaseCopy database, DataFolder data, string place, bool keys, DateTimeOffset now)
    {
        var name = Path.Combine(Path.GetFullPath(place), string.Create(CultureInfo.InvariantCulture, $"civilaffairs-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}"));
        if (Directory.Exists(name)) throw new UsageException($"{name} is there already.");
        var folder = name + Partial;
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Private(folder);
        var before = await NamedAsync(reader).ConfigureAwait(false);
        await database.SaveAsync(Path.Combine(folder, BackupManifest.DatabaseFile)).ConfigureAwait(false);
        var files = CopyFiles(data.Path("files"), Path.Combine(folder, BackupManifest.FilesFolder));
        // Erased while this ran: named before and not any more. Anything else that is missing is a loss to be told.
        var lost = before.Except(files).Intersect(await NamedAsync(reader).ConfigureAwait(false)).ToList();
        if (lost.Count > 0) throw new IOException($"{lost.Count} files that the database names are not in {data.Path("files")}, the first {lost[0]}. No backup was made.");
        var keyed = keys ? CopyKeys(data.Path("keys"), Path.Combine(folder, BackupManifest.KeysFolder)) : [];
        new BackupManifest(BackupManifest.Current, now, database.Kind, await MigrationAsync(reader).ConfigureAwait(false), BackupManifest.Hash(Path.Combine(folder, BackupManifest.DatabaseFile))!, files, keyed).Write(folder);
        Directory.Move(folder, name);
        return name;
    }

    /// <summary>
    /// Puts one back where nothing is yet. Everything is looked at before anything is written; the database comes last, so that
    /// an interrupted restore leaves none and may be begun again. Letters rest from the next start on until somebody lets them
    /// go: those that wait in the backup may have been sent since.
    /// </summary>
    /// <param name="known">Migrations that this version of the product has.</param>
    internal static async Task RestoreAsync(string folder, IDatabaseCopy database, DataFolder data, IReadOnlyCollection<string> known)
    {
        folder = Path.GetFullPath(folder);
        var manifest = BackupManifest.Read(folder);
        if (manifest.Database != database.Kind) throw new UsageException($"The backup is of {manifest.Database}, and the configured database is {database.Kind}.");
        if (!known.Contains(manifest.Migration)) throw new UsageException($"The backup was taken by a newer version of the product (migration {manifest.Migration}).");
        if (!await database.IsEmptyAsync().ConfigureAwait(false)) throw new UsageException("There is a database already; a restore needs an empty one, and overwrites none.");
        if (manifest.Keys.Count == 0 && !File.Exists(data.Path("keys", "field-keys.json"))) throw new UsageException($"The backup has no keys; put them into {data.Path("keys")} first.");
        if (manifest.Keys.Count > 0 && BackupManifest.Hash(data.Path("keys", "field-keys.json")) is { } there && there != manifest.Keys["field-keys.json"])
            throw new UsageException($"{data.Path("keys")} holds other keys; they are not overwritten. Name an empty data folder.");
        if (manifest.Faults(folder).ToList() is { Count: > 0 } faults) throw new UsageException($"The backup is damaged:\n{string.Join('\n', faults)}");
        MailPauseMark.Put(data);
        CopyFiles(Path.Combine(folder, BackupManifest.FilesFolder), data.Path("files"));
        if (manifest.Keys.Count > 0) CopyKeys(Path.Combine(folder, BackupManifest.KeysFolder), data.Path("keys"));
        await database.LoadAsync(Path.Combine(folder, BackupManifest.DatabaseFile)).ConfigureAwait(false);
    }

    /// <summary>A stored file's place below the folder of files.</summary>
    internal static string PathOf(string root, string hash) => Path.Combine(root, hash[..2], hash);

    private static async Task<HashSet<string>> NamedAsync(IReader reader)
    {
        await using var db = reader.Open();
        return await db.Set<CaseFile>().Where(f => f.RemovedAt == null).Select(f => f.StoredHash).ToHashSetAsync().ConfigureAwait(false);
    }

    private static async Task<string> MigrationAsync(IReader reader)
    {
        await using var db = reader.Open();
        return (await db.Database.GetAppliedMigrationsAsync().ConfigureAwait(false)).Last();
    }

    /// <returns>The hashes. A half that an interrupted upload left has another name and stays behind.</returns>
    private static List<string> CopyFiles(string from, string to)
    {
        Private(to);
        var copied = new List<string>();
        if (!Directory.Exists(from)) return copied;
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(p => Path.GetFileName(p) is { Length: 64 } name && name.All(char.IsAsciiHexDigitLower)).Order(StringComparer.Ordinal))
        {
            var target = PathOf(to, Path.GetFileName(path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            try
            {
                File.Copy(path, target, overwrite: true);
                copied.Add(Path.GetFileName(path));
            }
            catch (FileNotFoundException)
            {
                // The sweep took it, or an erasure: nothing names it any more.
            }
        }
        return copied;
    }

    private static Dictionary<string, string> CopyKeys(string from, string to)
    {
        Private(to);
        var copied = new Dictionary<string, string>();
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var (name, target) = (Path.GetRelativePath(from, path), Path.Combine(to, Path.GetRelativePath(from, path)));
            Private(Path.GetDirectoryName(target)!);
            File.Copy(path, target, overwrite: true);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            copied[name] = BackupManifest.Hash(target)!;
        }
        return copied;
    }

    /// <summary>Readable by its owner alone: what lies there opens everything.</summary>
    private static void Private(string folder)
    {
        var made = Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows()) made.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    }
}
