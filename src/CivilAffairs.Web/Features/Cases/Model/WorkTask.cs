using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CivilAffairs.Web.Features.Cases.Model;

/// <summary>One seat of work 待办 for an officer, or for the applicant. Closed once, never reopened.</summary>
public sealed class WorkTask
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public Guid CaseId { get; set; }
    public Guid InstanceId { get; set; }

    /// <summary>Of the case, which never changes it: so the queue counts without looking at the cases.</summary>
    public string Matter { get; set; } = "";
    public required string BookmarkId { get; set; }
    public required string ActivityId { get; set; }

    /// <summary>From 1.</summary>
    public int Seat { get; set; } = 1;

    /// <summary>One of <see cref="Platform.Security.Roles"/>, the applicant's included.</summary>
    public required string Role { get; set; }

    /// <summary>The jurisdiction whose holders of <see cref="Role"/> may take it: 6, 9 or 12 digits.</summary>
    public required string Division { get; set; }
    public required string TitleZh { get; set; }
    public required string TitleEn { get; set; }

    /// <summary>Key of the matter's task form; null: outcome only.</summary>
    public string? Form { get; set; }

    /// <summary>For the applicant: <c>Correction</c>, <c>Appointment</c>, <c>Signature</c>, <c>Confirmation</c>.</summary>
    public string? Kind { get; set; }

    /// <summary>JSON arrays of text.</summary>
    public required string Outcomes { get; set; }
    public string NotSameAs { get; set; } = "[]";

    /// <summary>The rule that asks for the step 依据, as the definition named it: <c>DB 16, XK 34</c>; null: it named none.</summary>
    public string? Source { get; set; }

    /// <summary>The value of each limit and where it comes from are those of the day it was opened, whatever is set later.</summary>
    public string? StartLimit { get; set; }

    /// <summary>Mark and source of the parameter that gave the limit (<c>S DB 15</c>); null: the definition itself gave it.</summary>
    public string? StartSource { get; set; }
    public DateOnly? StartBy { get; set; }

    /// <summary>As the definition says it: <c>12wd</c>, or <c>none</c>.</summary>
    public required string FinishLimit { get; set; }

    /// <summary>Like <see cref="StartSource"/>.</summary>
    public string? FinishSource { get; set; }

    /// <summary>The day its limits count from, not counted itself; null: it has none.</summary>
    public DateOnly? CountedFrom { get; set; }

    /// <summary>Last day; null: none, or the calendar year is not loaded yet.</summary>
    public DateOnly? FinishBy { get; set; }
    public DateOnly? AmberFrom { get; set; }
    public string? NoLimitReason { get; set; }

    /// <summary>The day on which its limit is looked at next for a reminder; null: nothing more is to come.</summary>
    public DateOnly? WatchOn { get; set; }
    public bool PausesClock { get; set; }
    public TaskState State { get; set; }

    /// <summary>The day that the case had come to when it was opened: it cannot have been done before.</summary>
    public DateOnly OpenedOn { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who claimed it 认领, and when: work has started.</summary>
    public Guid? HolderId { get; set; }
    public string? HolderName { get; set; }
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When somebody else last gave it to its holder 改派、移交, and who: told until the holder gives it back; null: they took it themselves.</summary>
    public DateTimeOffset? GivenAt { get; set; }
    public string? GivenBy { get; set; }

    /// <summary>Since when nobody of the office may do it, because of a recusal 回避; null: somebody may, or somebody does.</summary>
    public DateTimeOffset? StrandedAt { get; set; }
    public Guid? ClosedById { get; set; }
    public string? ClosedBy { get; set; }

    /// <summary>The absent officer in whose name a deputy 代理人 closed it: both count as having decided it. Null: in their own name.</summary>
    public Guid? ClosedForId { get; set; }
    public string? ClosedFor { get; set; }

    /// <summary>The day on which it was done 发生日期, recorded at <see cref="ClosedAt"/>; null while it is not.</summary>
    public DateOnly? OccurredOn { get; set; }
    public DateTimeOffset? ClosedAt { get; set; }
    public string? Outcome { get; set; }

    /// <summary>Whether it is this person's: they hold it, or closed it, in their own name or another's, or it was closed in theirs.</summary>
    public bool IsOf(Guid account) => ClosedById == account || ClosedForId == account || (State == TaskState.Open && HolderId == account);

    internal sealed class Mapping : IEntityTypeConfiguration<WorkTask>
    {
        public void Configure(EntityTypeBuilder<WorkTask> builder)
        {
            builder.ToTable("tasks");
            builder.Property(t => t.BookmarkId).HasMaxLength(100);
            builder.Property(t => t.ActivityId).HasMaxLength(100);
            builder.Property(t => t.Matter).HasMaxLength(60);
            builder.Property(t => t.Role).HasMaxLength(10);
            builder.Property(t => t.Division).HasMaxLength(12);
            builder.HasIndex(t => new { t.CaseId, t.State });
            // Only open work is queued: the index stays as small as the queue, however many cases there are.
            // The columns after the order are what counts and limits need, so that they come from the index alone.
            builder.HasIndex(t => new { t.Role, t.Division, t.FinishBy, t.Id, t.AmberFrom, t.FinishLimit, t.Matter, t.CaseId }).HasFilter("\"State\" = 'Open' AND \"HolderId\" IS NULL").HasDatabaseName("ix_tasks_queue");
            builder.HasIndex(t => new { t.HolderId, t.Role, t.Division, t.FinishBy, t.Id }).HasFilter("\"State\" = 'Open'").HasDatabaseName("ix_tasks_holder");
            builder.HasIndex(t => t.StrandedAt).HasFilter("\"StrandedAt\" IS NOT NULL").HasDatabaseName("ix_tasks_stranded");
            // What the deadline watch looks at next: the far ones are never read.
            builder.HasIndex(t => new { t.WatchOn, t.Id }).HasFilter("\"State\" = 'Open' AND \"WatchOn\" IS NOT NULL").HasDatabaseName("ix_tasks_watch");
            // All open work, for a calendar that was edited.
            builder.HasIndex(t => t.Id, "ix_tasks_open").HasFilter("\"State\" = 'Open'");
            // Which cases a role works or worked on: the scope's question.
            builder.HasIndex(t => new { t.Role, t.Division, t.CaseId });
            // What is late, wherever.
            builder.HasIndex(t => new { t.FinishBy, t.Id }).HasFilter("\"State\" = 'Open' AND \"FinishBy\" IS NOT NULL").HasDatabaseName("ix_tasks_late");
            builder.HasIndex(t => new { t.InstanceId, t.BookmarkId, t.Seat }).IsUnique();
            builder.HasOne<Case>().WithMany().HasForeignKey(t => t.CaseId);
        }
    }
}

public enum TaskState { Open, Done, Cancelled }
