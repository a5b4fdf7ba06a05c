using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>Encrypts a case's contents under its own key: taking the key away erases the case, its files included.</summary>
public sealed class CaseVault(FieldCipher fields)
{
    /// <summary>Makes the key of a new case, within the transaction that makes the case.</summary>
    public CaseCipher Create(CivilAffairsDb db, Guid caseId)
    {
        ArgumentNullException.ThrowIfNull(db);
        var key = RandomNumberGenerator.GetBytes(32);
        db.Add(new CaseKey { CaseId = caseId, Wrapped = fields.Encrypt(Convert.ToBase64String(key), Purpose(caseId)) });
        return new CaseCipher(caseId, key);
    }

    /// <exception cref="CaseErasedException">The key is gone.</exception>
    public async Task<CaseCipher> OpenAsync(CivilAffairsDb db, Guid caseId, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        var wrapped = db.Set<CaseKey>().Local.FirstOrDefault(k => k.CaseId == caseId)?.Wrapped
            ?? await db.Set<CaseKey>().AsNoTracking().Where(k => k.CaseId == caseId).Select(k => k.Wrapped).FirstOrDefaultAsync(cancel).ConfigureAwait(false)
            ?? throw new CaseErasedException();
        return Open(caseId, wrapped);
    }

    /// <param name="wrapped">The case's key as it is stored; null: erased.</param>
    /// <exception cref="CaseErasedException">The key is gone.</exception>
    public CaseCipher Open(Guid caseId, string? wrapped) => new(caseId, Convert.FromBase64String(fields.Decrypt(wrapped ?? throw new CaseErasedException(), Purpose(caseId))));

    private static string Purpose(Guid caseId) => $"case.key.{caseId:N}";
}

/// <summary>The opened key of one case. Short-lived; never stored or logged.</summary>
public sealed class CaseCipher(Guid caseId, byte[] key)
{
    public byte[] Seal(ReadOnlySpan<byte> plain, string purpose) => FieldCipher.Seal(key, plain, $"{caseId:N}.{purpose}");
    public byte[] Open(ReadOnlySpan<byte> stored, string purpose) => FieldCipher.Open(key, stored, $"{caseId:N}.{purpose}");

    public byte[] SealJson(JsonNode node, string purpose) => Seal(Encoding.UTF8.GetBytes((node ?? throw new ArgumentNullException(nameof(node))).ToJsonString()), purpose);
    public JsonObject OpenJson(ReadOnlySpan<byte> stored, string purpose) => JsonNode.Parse(Open(stored, purpose))!.AsObject();

    public byte[] SealText(string text, string purpose) => Seal(Encoding.UTF8.GetBytes(text), purpose);
    public string OpenText(ReadOnlySpan<byte> stored, string purpose) => Encoding.UTF8.GetString(Open(stored, purpose));
}

/// <summary>The case was erased: its contents cannot be read any more. HTTP 410.</summary>
public sealed class CaseErasedException() : Exception("The case was erased.");
