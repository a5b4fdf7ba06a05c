using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>
/// Where a matter's rules about the end of a certificate are others than the last time, its certificates are looked at anew:
/// their next day was planned by the old ones.
/// </summary>
/// <remarks>The mark comes after the last batch: cut short, all is done again, which changes nothing that is right already.</remarks>
internal sealed class ExpiryRules(IReader reader, IWriter writer, MatterLibrary library)
{
    private const int Batch = 2_000;

    public async Task ReplanAsync(DateOnly today, CancellationToken cancel)
    {
        await using var db = reader.Open();
        foreach (var (matter, kind) in library.Current.SelectMany(r => r.Matter.Certificates.Select(k => (r.Matter.Id, k))))
        {
            var (mark, rules) = ($"expiry:{Print($"{matter}/{kind.Id}")[..16]}", Print(JsonSerializer.Serialize(new { kind.Reminders, kind.Expiry })));
            if (await JobMark.ReadAsync(db, mark, cancel).ConfigureAwait(false) == rules) continue;
            // From yesterday on: what ended before has had its day.
            for (var (end, last) = (today.AddDays(-1), Guid.Empty); ;)
            {
                var page = await db.Set<Certificate>().Where(c => c.Kind == kind.Id && c.Matter == matter && (c.ValidTo > end || (c.ValidTo == end && c.Id > last)))
                    .OrderBy(c => c.ValidTo).ThenBy(c => c.Id).Select(c => new { c.Id, c.ValidTo }).Take(Batch).ToListAsync(cancel).ConfigureAwait(false);
                if (page.Count == 0) break;
                var ids = page.ConvertAll(c => c.Id);
                await writer.WriteAsync((w, token) => w.Set<Certificate>().Where(c => EF.Parameter(ids).Contains(c.Id)).ExecuteUpdateAsync(s => s.SetProperty(c => c.WatchOn, DateOnly.MinValue), token), cancel).ConfigureAwait(false);
                (end, last) = (page[^1].ValidTo!.Value, page[^1].Id);
            }
            await JobMark.WriteAsync(writer, mark, rules, cancel).ConfigureAwait(false);
        }
    }

    private static string Print(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
