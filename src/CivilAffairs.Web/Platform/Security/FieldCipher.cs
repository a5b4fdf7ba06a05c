using System.Security.Cryptography;
using System.Text;

namespace CivilAffairs.Web.Platform.Security;

/// <summary>Encrypts single fields (AES-256-GCM). The purpose is authenticated: a value moved to another field does not open.</summary>
public sealed class FieldCipher(KeyRing ring)
{
    private const int NonceSize = 12, TagSize = 16;

    /// <returns><c>k1.</c> and base64 of nonce, cipher text and tag.</returns>
    /// <param name="plain">Any text.</param>
    /// <param name="purpose">What the field is, for example <c>person.phone</c>.</param>
    public string Encrypt(string plain, string purpose) =>
        $"{ring.Active}.{Convert.ToBase64String(Seal(ring.Key(ring.Active), Encoding.UTF8.GetBytes(plain), purpose))}";

    /// <exception cref="CryptographicException">Not what <see cref="Encrypt"/> made for this purpose, or the key is gone.</exception>
    public string Decrypt(string stored, string purpose)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var dot = stored.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1) throw new CryptographicException("Not an encrypted field.");
        return Encoding.UTF8.GetString(Open(ring.Key(stored[..dot]), Convert.FromBase64String(stored[(dot + 1)..]), purpose));
    }

    /// <summary>Nonce, cipher text, tag.</summary>
    internal static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, string purpose)
    {
        var sealedBytes = new byte[NonceSize + plain.Length + TagSize];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceSize, plain.Length), sealedBytes.AsSpan(NonceSize + plain.Length), Encoding.UTF8.GetBytes(purpose));
        return sealedBytes;
    }

    internal static byte[] Open(byte[] key, ReadOnlySpan<byte> stored, string purpose)
    {
        if (stored.Length < NonceSize + TagSize) throw new CryptographicException("Too short to be encrypted.");
        var plain = new byte[stored.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(stored[..NonceSize], stored[NonceSize..^TagSize], stored[^TagSize..], plain, Encoding.UTF8.GetBytes(purpose));
        return plain;
    }
}
