using System.Globalization;
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
    private readonly string path;
    private readonly byte[] lookup;
    private volatile Dictionary<string, byte[]> keys;

    private KeyRing(string path, KeyFile file)
    {
        this.path = path;
        keys = Keys(file);
        lookup = Convert.FromBase64String(file.Lookup);
        Active = file.Active;
    }

    /// <summary>Id of the key that encrypts.</summary>
    public string Active { get; }

    /// <summary>A key that a rotation added while this process ran is read when something of another process's asks for it.</summary>
    /// <exception cref="CryptographicException">The key was taken out of the ring.</exception>
    internal byte[] Key(string id)
    {
        if (keys.TryGetValue(id, out var key)) return key;
        keys = Keys(Read(path));
        return keys.TryGetValue(id, out key) ? key : throw new CryptographicException($"Key {id} is not in the key ring.");
    }

    /// <summary>Keyed hash for finding a number without storing it: HMAC-SHA-256, lower-case hex.</summary>
    /// <param name="kind">What it is a number of, so that equal digits of two kinds differ.</param>
    /// <param name="value">Normalised by the caller.</param>
    public string LookupHash(string kind, string value) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(lookup, System.Text.Encoding.UTF8.GetBytes($"{kind}\0{value}")));

    /// <summary>Opens the ring, and makes one where there is none yet.</summary>
    public static KeyRing Open(DataFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = PathIn(folder);
        var made = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!OperatingSystem.IsWindows()) made.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (!File.Exists(path)) Create(path);
        // Also one that was put back from a copy with wider rights.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new KeyRing(path, Read(path));
    }

    /// <summary>Whether the ring on disk is this one. It may have newer keys: a rotation is taken up at the next start.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal bool IsStoredIn(DataFolder folder)
    {
        var file = Read(PathIn(folder));
        return CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(file.Lookup), lookup)
            && keys.All(k => file.Keys.TryGetValue(k.Key, out var stored) && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(stored), k.Value));
    }

    /// <summary>Whether there is a ring; asking does not make one.</summary>
    public static bool Exists(DataFolder folder) => File.Exists(PathIn(folder ?? throw new ArgumentNullException(nameof(folder))));

    /// <summary>
    /// Adds a key that encrypts from now on; what older keys encrypted stays readable, and numbers are found as before,
    /// since the key for look-ups stays. A process that runs goes on with the key it knows until it starts again.
    /// </summary>
    /// <returns>The new key's id.</returns>
    public static string Rotate(DataFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = PathIn(folder);
        var file = Read(path);
        // Never an id that was used before, even if its key was taken out: what it encrypted would seem to be the new one's.
        var id = string.Create(CultureInfo.InvariantCulture, $"k{file.Keys.Keys.Append(file.Active).Select(k => int.Parse(k.AsSpan(1), CultureInfo.InvariantCulture)).Max() + 1}");
        Write(path, file with { Active = id, Keys = new(file.Keys) { [id] = New() } }, overwrite: true);
        return id;
    }

    private static string PathIn(DataFolder folder) => folder.Path("keys", "field-keys.json");

    /// <exception cref="InvalidDataException">The file is not a key ring; its content is never part of the message.</exception>
    private static KeyFile Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<KeyFile>(File.ReadAllText(path)) is { Lookup: not null, Keys: not null } file && file.Keys.ContainsKey(file.Active ?? "") ? file
                : throw new InvalidDataException($"{path} is no key ring.");
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"{path} is no key ring.");
        }
    }

    private static Dictionary<string, byte[]> Keys(KeyFile file) => file.Keys.ToDictionary(k => k.Key, k => Convert.FromBase64String(k.Value));

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
