using System.Text;
using System.Text.Json;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Payments;

/// <summary>
/// Accounts lie encrypted under the key of the case that granted: destroying the case destroys them. A grant of an imported
/// ledger has no case, and its account lies under the installation's key.
/// </summary>
internal sealed class PayVault(CaseVault vault, FieldCipher fields)
{
    private const int Batch = 500;

    /// <summary>The opened keys of cases; one that was destroyed is left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, CaseCipher>> OpenAsync(CivilAffairsDb db, IEnumerable<Guid?> cases, CancellationToken cancel)
    {
        var opened = new Dictionary<Guid, CaseCipher>();
        foreach (var ids in cases.OfType<Guid>().Distinct().Chunk(Batch))
            foreach (var key in await db.Set<CaseKey>().AsNoTracking().Where(k => ids.Contains(k.CaseId)).ToListAsync(cancel).ConfigureAwait(false))
                opened[key.CaseId] = vault.Open(key.CaseId, key.Wrapped);
        return opened;
    }

    /// <param name="key">Null: the grant has no case.</param>
    public byte[] Seal<T>(CaseCipher? key, T value, string purpose)
    {
        var json = JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
        return key?.SealText(json, purpose) ?? Encoding.UTF8.GetBytes(fields.Encrypt(json, purpose));
    }

    /// <returns>Default: the case was destroyed, or nothing was stored.</returns>
    public T? Open<T>(IReadOnlyDictionary<Guid, CaseCipher> keys, Guid? caseId, byte[]? stored, string purpose)
    {
        if (stored is not { Length: > 0 } || (caseId is { } id && !keys.ContainsKey(id))) return default;
        var json = caseId is { } of ? keys[of].OpenText(stored, purpose) : fields.Decrypt(Encoding.UTF8.GetString(stored), purpose);
        return JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web);
    }
}

/// <summary>An account as it is stored.</summary>
/// <param name="Evidence">What an officer saw when they entered it; null: it is the application's.</param>
internal sealed record StoredAccount(string Number, string Holder, string Bank, string? Evidence = null);
