using System.Security.Cryptography;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>
/// Before the first request: the keys are those of the database. Without this a start with a lost key file would make new
/// keys, fail to open anything and record everybody a second time.
/// </summary>
internal static class KeyCheck
{
    /// <exception cref="InvalidOperationException">The database holds what these keys cannot open; the message says what to do.</exception>
    public static async Task CheckAsync(IServiceProvider services, CancellationToken cancel)
    {
        var folder = services.GetRequiredService<DataFolder>();
        await using var db = services.GetRequiredService<IReader>().Open();
        // By different keys of the ring, as far as there are: the oldest and the newest.
        var keys = db.Set<CaseKey>();
        var first = await keys.OrderBy(k => k.CaseId).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        var last = await keys.OrderByDescending(k => k.CaseId).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        var person = await db.Set<Person>().Where(p => p.MergedIntoId == null && p.NumberCipher != "").OrderByDescending(p => p.Id).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (first is null && person is null) return;
        if (!KeyRing.Exists(folder))
            throw new InvalidOperationException($"The database holds encrypted data, and the keys to it are missing in {folder.Path("keys")}. Put field-keys.json back from its backup; new keys would open nothing.");
        var (vault, cipher, ring) = (services.GetRequiredService<CaseVault>(), services.GetRequiredService<FieldCipher>(), services.GetRequiredService<KeyRing>());
        try
        {
            foreach (var key in new[] { first, last }.OfType<CaseKey>().DistinctBy(k => k.CaseId)) await vault.OpenAsync(db, key.CaseId, cancel).ConfigureAwait(false);
            if (person is not null && ring.IdNumberHash(person.IdNumber(cipher)) != person.NumberHash) throw new CryptographicException("Another key for look-ups.");
        }
        catch (CryptographicException e)
        {
            throw new InvalidOperationException($"The keys in {folder.Path("keys")} do not open this database: they are another installation's, or a key was taken out. Put the right field-keys.json back.", e);
        }
    }
}
