using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <summary>
/// What managers are changing in a matter and have not published: one for each matter. The row stays when the draft is published
/// or discarded (<see cref="DraftState.Closed"/>), so that its version never begins anew and an editor that is still open cannot
/// write over the next draft.
/// </summary>
public sealed class MatterDraft
{
    /// <summary>The matter's id, at most 60 characters.</summary>
    public required string Matter { get; set; }

    /// <summary>JSON object: path → text of every file; <c>{}</c> once closed. May be faulty: that is what drafts are for.</summary>
    public required string Bundle { get; set; }

    /// <summary>Hash of the published revision that it began from, or was compared with last; null: a new matter.</summary>
    public string? BasedOn { get; set; }

    /// <summary>One more with each save, over all drafts of the matter.</summary>
    public int Version { get; set; }
    public DraftState State { get; set; }
    public DraftOrigin Origin { get; set; }

    /// <summary>Hash of the product's folder that was taken into it; null: none was.</summary>
    public string? FolderHash { get; set; }
    public Guid CreatedById { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who saved last; who closed it, once closed.</summary>
    public Guid EditedById { get; set; }
    public DateTimeOffset EditedAt { get; set; }

    /// <summary>Who vouches for it as it is; a later save takes that back.</summary>
    public Guid? SubmittedById { get; set; }
    public DateTimeOffset? SubmittedAt { get; set; }

    /// <summary>Why it should be published, as the submitter wrote it, at most 500 characters.</summary>
    public string? SubmitComment { get; set; }

    public bool IsOpen => State != DraftState.Closed;

    internal sealed class Mapping : IEntityTypeConfiguration<MatterDraft>
    {
        public void Configure(EntityTypeBuilder<MatterDraft> builder)
        {
            builder.ToTable("matter_drafts");
            builder.HasKey(d => d.Matter);
            builder.Property(d => d.Matter).HasMaxLength(60);
            builder.Property(d => d.BasedOn).HasMaxLength(64);
            builder.Property(d => d.FolderHash).HasMaxLength(64);
            builder.Property(d => d.SubmitComment).HasMaxLength(500);
            builder.Property(d => d.Version).IsConcurrencyToken();
            builder.Ignore(d => d.IsOpen);
        }
    }
}

public enum DraftState
{
    /// <summary>Being changed.</summary>
    Open,

    /// <summary>Waits for the second person.</summary>
    Submitted,

    /// <summary>Published or discarded.</summary>
    Closed,
}

public enum DraftOrigin
{
    Draft,

    /// <summary>An earlier version, to be published once more by a second person.</summary>
    Rollback,
    Import,
}
