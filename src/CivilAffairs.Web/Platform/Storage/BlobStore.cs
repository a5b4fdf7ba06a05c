using System.Security.Cryptography;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Platform.Storage;

/// <summary>
/// Files by the SHA-256 of what is stored (already encrypted by the caller). Written before the transaction that names
/// them: after a power failure there may be a file that no row names, which the sweep removes, never a row without its file.
/// </summary>
public sealed class BlobStore(DataFolder folder)
{
    /// <returns>SHA-256, lower-case hex.</returns>
    public string Put(ReadOnlySpan<byte> bytes)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var path = PathOf(hash);
        if (File.Exists(path)) return hash;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = $"{path}.{Guid.NewGuid():N}";
        using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
        return hash;
    }

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file was changed on disk.</exception>
    public byte[] Get(string hash)
    {
        var bytes = File.ReadAllBytes(PathOf(hash));
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == hash ? bytes : throw new InvalidDataException($"The stored file {hash} was changed.");
    }

    private string PathOf(string hash) => hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower)
        ? folder.Path("files", hash[..2], hash)
        : throw new ArgumentException("Not a hash.", nameof(hash));
}
