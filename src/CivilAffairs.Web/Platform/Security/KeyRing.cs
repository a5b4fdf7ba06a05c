using System.Security.Cryptography;
using System.Text.Json;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Platform.Security;

/// <summary>
/// The installation's own keys, in <c>keys/field-keys.json</c> of the data folder, readable by its owner alone: several
/// for encryption (the newest encrypts, all decrypt: so a rotation needs no downtime) and one for look-ups by hash.
/// Back it up apart from the database; without it nothing personal can be read.
/// </summary>
public sealed class KeyRing
{
    private readonly Dictionary<string, byte[]> keys;
    private readonly byte[] lookup;

    private KeyRing(KeyFile file)
    {
        keys = file.Keys.ToDictionary(k => k.Key, k => Convert.FromBase64String(k.Value));
        lookup = Convert.FromBase64String(file.Lookup);
        Active = file.Active;
    }

    /// <summary>Id of the key that encrypts.</summary>
    public string Active { get; }

    /// <exception cref="CryptographicException">The key was taken out of the ring.</exception>
    internal byte[] Key(string id) => keys.TryGetValue(id, out var key) ? key : throw new CryptographicException($"Key {id} is not in the key ring.");

    /// <summary>Keyed hash for finding a number without storing it: HMAC-SHA-256, lower-case hex.</summary>
    /// <param name="kind">What it is a number of, so that equal digits of two kinds differ.</param>
    /// <param name="value">Normalised by the caller.</param>
    public string LookupHash(string kind, string value) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(lookup, System.Text.Encoding.UTF8.GetBytes($"{kind}\0{value}")));

    /// <summary>Opens the ring, and makes one where there is none yet.</summary>
    public static KeyRing Open(DataFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = folder.Path("keys", "field-keys.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!File.Exists(path)) Create(path);
        return new KeyRing(JsonSerializer.Deserialize<KeyFile>(File.ReadAllText(path)) ?? throw new InvalidDataException($"{path} is empty."));
    }

    /// <summary>Whether the ring on disk is this one. It may have newer keys: a rotation is taken up at the next start.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal bool IsStoredIn(DataFolder folder)
    {
        var file = JsonSerializer.Deserialize<KeyFile>(File.ReadAllText(folder.Path("keys", "field-keys.json"))) ?? throw new InvalidDataException("The key ring is empty.");
        return CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(file.Lookup), lookup)
            && keys.All(k => file.Keys.TryGetValue(k.Key, out var stored) && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(stored), k.Value));
    }

    /// <summary>Adds a key that encrypts from now on; what older keys encrypted stays readable.</summary>
    public static void Rotate(DataFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = folder.Path("keys", "field-keys.json");
        var file = JsonSerializer.Deserialize<KeyFile>(File.ReadAllText(path))!;
        var id = $"k{file.Keys.Count + 1}";
        Write(path, file with { Active = id, Keys = new(file.Keys) { [id] = New() } }, overwrite: true);
    }

    private static void Create(string path) => Write(path, new KeyFile("k1", new() { ["k1"] = New() }, New()), overwrite: false);

    // Written beside and moved into place: after a power failure there is the old ring or the new one, never half of one.
    // Without overwrite a second process that started at the same time keeps the first one's ring.
    private static void Write(string path, KeyFile file, bool overwrite)
    {
        var beside = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(beside, options))
        {
            JsonSerializer.Serialize(stream, file);
            stream.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(beside, path, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            File.Delete(beside);
        }
    }

    private static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private sealed record KeyFile(string Active, Dictionary<string, string> Keys, string Lookup);
}
