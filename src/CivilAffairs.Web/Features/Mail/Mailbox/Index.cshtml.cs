using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Mail.Mailbox;

/// <summary><c>/dev/mailbox</c>, Development only: the letters that would have been sent, newest first.</summary>
[Microsoft.AspNetCore.Authorization.AllowAnonymous]
public sealed class IndexModel(CivilAffairsDb db, FieldCipher cipher, IWebHostEnvironment environment) : PageModel
{
    internal const int PageSize = 20;

    // Addresses are encrypted at rest: whoever looks for one has the newest letters opened.
    private const int Searched = 2_000;

    public IReadOnlyList<ShownLetter> Letters { get; private set; } = [];

    /// <summary>From 1.</summary>
    public int Number { get; private set; }
    public bool HasOlder { get; private set; }

    /// <summary>Part of an address, as typed: only letters to it are shown; null: all.</summary>
    public string? Sought { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "p")] int number, [FromQuery(Name = "to")] string? to, CancellationToken cancel)
    {
        if (!environment.IsDevelopment()) return NotFound();
        Number = Math.Clamp(number, 1, 100_000);
        Sought = to?.Trim() is { Length: > 0 and <= 200 } typed ? typed : null;
        var letters = db.Set<MailboxLetter>().AsNoTracking();
        if (Sought is not null)
        {
            var newest = await letters.OrderByDescending(l => l.At).ThenByDescending(l => l.Id).Take(Searched).Select(l => new { l.Id, l.ToCipher }).ToListAsync(cancel).ConfigureAwait(false);
            var found = newest.Where(l => cipher.Decrypt(l.ToCipher, MailboxLetter.ToPurpose).Contains(Sought, StringComparison.OrdinalIgnoreCase)).Select(l => l.Id).Skip((Number - 1) * PageSize).Take(PageSize + 1).ToList();
            letters = letters.Where(l => EF.Parameter(found).Contains(l.Id));
        }
        var rows = await letters.OrderByDescending(l => l.At).ThenByDescending(l => l.Id)
            .Skip(Sought is null ? (Number - 1) * PageSize : 0).Take(PageSize + 1).ToListAsync(cancel).ConfigureAwait(false);
        HasOlder = rows.Count > PageSize;
        Letters = [.. rows.Take(PageSize).Select(row => ShownLetter.Read(row, cipher))];
        return Page();
    }

    /// <summary>The bureau's wall clock.</summary>
    internal static string When(DateTimeOffset at) => BureauTime.Local(at).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
}
