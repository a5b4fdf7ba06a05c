using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Mail.Choice;

/// <summary>Somebody who wants no letters but those that the law requires 退订; while the row is there.</summary>
public sealed class MailChoice
{
    public Guid PersonId { get; set; }
    public DateTimeOffset OffSince { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<MailChoice>
    {
        public void Configure(EntityTypeBuilder<MailChoice> builder)
        {
            builder.ToTable("mail_choices");
            builder.HasKey(c => c.PersonId);
            builder.HasOne<Person>().WithOne().HasForeignKey<MailChoice>(c => c.PersonId);
        }
    }
}

/// <summary>
/// Reads and sets the choice. The link in a letter carries a keyed hash of whom it was written to: whoever has the letter may
/// choose for its reader, and can do and see nothing else with it.
/// </summary>
public sealed class MailChoices(IReader reader, IWriter writer, KeyRing ring, TimeProvider time)
{
    /// <summary>Path of the page of a person's choice.</summary>
    public string PathOf(Guid personId) => $"/mail/off/{personId:N}/{Token(personId)}";

    /// <summary>Whether a link is one that was written.</summary>
    public bool Holds(Guid personId, string? token) => token is { Length: > 0 } && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
        System.Text.Encoding.ASCII.GetBytes(Token(personId)), System.Text.Encoding.ASCII.GetBytes(token));

    /// <returns>Since when; null: all letters are wanted.</returns>
    public async Task<DateTimeOffset?> OffSinceAsync(Guid personId, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        return await db.Set<MailChoice>().Where(c => c.PersonId == personId).Select(c => (DateTimeOffset?)c.OffSince).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Set twice it is set once. Power failure: it is as it was, or as it was chosen.</summary>
    public Task SetAsync(Guid personId, bool off, CancellationToken cancel = default) => writer.WriteAsync(async (db, token) =>
    {
        if (db.LocksRows) await db.Database.ExecuteSqlAsync($"SELECT 1 FROM persons WHERE \"Id\" = {personId} FOR UPDATE", token).ConfigureAwait(false);
        var choice = await db.Set<MailChoice>().FirstOrDefaultAsync(c => c.PersonId == personId, token).ConfigureAwait(false);
        if (off && choice is null && await db.Set<Person>().AnyAsync(p => p.Id == personId, token).ConfigureAwait(false)) db.Add(new MailChoice { PersonId = personId, OffSince = time.GetUtcNow() });
        else if (!off && choice is not null) db.Remove(choice);
        return 0;
    }, cancel);

    private string Token(Guid personId) => ring.LookupHash("mail.off", personId.ToString("N"))[..32];
}
