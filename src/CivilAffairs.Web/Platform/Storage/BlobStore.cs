using System.Security.Cryptography;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Platform.Storage;

/// <summary>
/// Files by the SHA-256 of what is stored (already encrypted by the caller). Written before the transaction that names
/// them: after a power failure there may be a file that no row names, which the sweep removes, never a row without its file.
/// </summary>
public sealed class BlobStore(DataFolder folder)
{
    // Between looking whether a file is there and keeping or removing it. Other processes on the same folder need none:
    // what is stored is encrypted with a nonce of its own, so that no two uploads ever have the same hash.
    private readonly Lock gate = new();

    private string Root => folder.Path("files");

    /// <returns>SHA-256, lower-case hex.</returns>
    public string Put(ReadOnlySpan<byte> bytes)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var path = PathOf(hash);
        lock (gate)
        {
            if (File.Exists(path))
            {
                // Somebody wants it again: the sweep gives it a new grace.
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
                return hash;
            }
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = $"{path}.{Guid.NewGuid():N}";
        using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        lock (gate) File.Move(beside, path, overwrite: true);
        return hash;
    }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file was changed on disk.</exception>
    public byte[] Get(string hash)
    {
        var bytes = File.ReadAllBytes(PathOf(hash));
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == hash ? bytes : throw new InvalidDataException($"The stored file {hash} was changed.");
    }

    /// <summary>Names of the files last written before <paramref name="before"/>: hashes, and of halves that a power failure left (<c>HASH.…</c>). One folder is read at a time.</summary>
    public IEnumerable<string> WrittenBefore(DateTimeOffset before) => !Directory.Exists(Root) ? []
        : Directory.EnumerateDirectories(Root).Order(StringComparer.Ordinal)
            .SelectMany(f => new DirectoryInfo(f).EnumerateFiles().Where(file => file.LastWriteTimeUtc < before.UtcDateTime && IsHash(file.Name.Split('.')[0])).Select(file => file.Name));

    /// <summary>Removes a file that nothing names, unless it was written again since.</summary>
    /// <param name="name">From <see cref="WrittenBefore"/>.</param>
    /// <returns>False: it was written again, or is gone already.</returns>
    public bool Remove(string name, DateTimeOffset before)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsHash(name.Split('.')[0])) throw new ArgumentException("Not a stored file.", nameof(name));
        var path = Path.Combine(Root, name[..2], name);
        lock (gate)
        {
            if (!File.Exists(path) || File.GetLastWriteTimeUtc(path) >= before.UtcDateTime) return false;
            File.Delete(path);
            return true;
        }
    }

    private string PathOf(string hash) => IsHash(hash) ? Path.Combine(Root, hash[..2], hash) : throw new ArgumentException("Not a hash.", nameof(hash));

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
