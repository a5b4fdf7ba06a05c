using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Outbox;

/// <summary>While this row is there no letter is taken from the outbox, on any node: an administrator stopped them, or a backup was put back.</summary>
public sealed class MailPause
{
    /// <summary>There is one at most.</summary>
    public int Id { get; set; } = 1;
    public DateTimeOffset Since { get; set; }

    /// <summary><c>restored</c> or <c>administrator</c>.</summary>
    public required string Reason { get; set; }

    /// <summary>Empty: the product itself.</summary>
    public Guid ById { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<MailPause>
    {
        public void Configure(EntityTypeBuilder<MailPause> builder)
        {
            builder.ToTable("mail_pause");
            builder.Property(p => p.Id).ValueGeneratedNever();
            builder.Property(p => p.Reason).HasMaxLength(20);
        }
    }
}

/// <summary>
/// A file in the data folder that says "restored": it is put there before the database is, since a database of an earlier
/// version may not know the pause yet. The next start makes the row of it, before any job runs.
/// </summary>
internal static class MailPauseMark
{
    private const string Name = "mail-paused";

    internal static void Put(DataFolder folder) => File.WriteAllText(folder.Path(Name), "restored\n");

    /// <remarks>Power failure: the row is there before the file goes, and is made once, however often this runs.</remarks>
    internal static async Task TakeAsync(DataFolder folder, IWriter writer, DateTimeOffset now, CancellationToken cancel)
    {
        if (!File.Exists(folder.Path(Name))) return;
        await writer.WriteAsync(async (db, token) =>
        {
            if (!await db.Set<MailPause>().AnyAsync(token).ConfigureAwait(false)) db.Add(new MailPause { Since = now, Reason = "restored" });
            return 0;
        }, cancel).ConfigureAwait(false);
        File.Delete(folder.Path(Name));
    }
}
