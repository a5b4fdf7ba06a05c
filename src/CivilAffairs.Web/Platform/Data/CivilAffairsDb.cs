using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// The one database of an installation. Entities register themselves: each brings a nested <c>Mapping</c>, so that the
/// platform knows no feature. Enums are stored as their names, instants as UTC, money as whole fen, ids as version-7 GUIDs.
/// </summary>
public abstract class CivilAffairsDb(DbContextOptions options) : IdentityDbContext<Account, IdentityRole<Guid>, Guid>(options)
{
    /// <summary>PostgreSQL locks single rows; SQLite has one writer at a time and needs no row locks.</summary>
    public abstract bool LocksRows { get; }

    /// <summary>An attempt beside the writer: nothing can be written here, only changed and carried over.</summary>
    internal bool IsSnapshot { get; init; }

    /// <summary>For work that no version guards (numbers, other cases' rows, drafts): ends an attempt, so that the writer runs it.</summary>
    internal void RequireWriter()
    {
        if (IsSnapshot) throw new WriterRequiredException();
    }

    private readonly List<object> appended = [];

    /// <summary>
    /// Adds a row of a table that only grows: it is written with the rest, in the same transaction, but not watched for
    /// changes meanwhile, and queries that track do not know it before it is saved.
    /// </summary>
    internal void Append(object row) => appended.Add(row);

    /// <summary>Appended and not saved yet.</summary>
    internal IReadOnlyList<object> Appended => appended;

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        TrackAppended();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        TrackAppended();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>Drops what was read and what would have been written, so that the context can be used again.</summary>
    internal void Forget()
    {
        appended.Clear();
        ChangeTracker.Clear();
    }

    // A context goes back to a pool when it is disposed of.
    public override void Dispose()
    {
        appended.Clear();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    public override ValueTask DisposeAsync()
    {
        appended.Clear();
        GC.SuppressFinalize(this);
        return base.DisposeAsync();
    }

    private void TrackAppended()
    {
        foreach (var row in appended) Add(row);
        appended.Clear();
    }

    /// <summary>What is tracked and not deleted, without comparing every value of every entity first as <c>Local</c> does.</summary>
    internal IReadOnlyList<T> Tracked<T>() where T : class
    {
        var detects = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            return [.. ChangeTracker.Entries<T>().Where(e => e.State != EntityState.Deleted).Select(e => e.Entity)];
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = detects;
        }
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(CivilAffairsDb).Assembly);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
        configurationBuilder.Properties<DateTimeOffset?>().HaveConversion<UtcConverter>();
    }
}

/// <summary>An attempt came to something that only the writer may do; never leaves <see cref="IWriter"/>.</summary>
internal sealed class WriterRequiredException() : InvalidOperationException("This needs the writer.");

/// <summary>The embedded default.</summary>
public sealed class SqliteDb(DbContextOptions<SqliteDb> options) : CivilAffairsDb(options)
{
    public override bool LocksRows => false;
}

/// <summary>Production.</summary>
public sealed class PostgresDb(DbContextOptions<PostgresDb> options) : CivilAffairsDb(options)
{
    public override bool LocksRows => true;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(e => e.GetDeclaredProperties()).Where(p => p.FindAnnotation(Bytewise.Annotation) is not null))
            property.SetCollation("C");
    }
}

/// <summary>Texts whose beginning is looked for: ordered by their bytes, whatever the server's locale, so that an index finds a range.</summary>
internal static class Bytewise
{
    internal const string Annotation = "CivilAffairs:Bytewise";

    /// <summary>PostgreSQL's collation C; SQLite orders so by itself.</summary>
    public static PropertyBuilder<T> OrderedByBytes<T>(this PropertyBuilder<T> property) => property.HasAnnotation(Annotation, true);

    /// <summary>Every text that begins with <paramref name="beginning"/> lies from it, included, to here.</summary>
    public static string EndOf(string beginning) => beginning + "\U0010FFFF";
}
