using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Reminders;

/// <summary>A stage of something that has come: whoever it names is reminded, once.</summary>
/// <param name="Stage">As in <see cref="Reminder.Stage"/>.</param>
/// <param name="Day">The day from which it counts.</param>
/// <param name="Passed">A later stage has come too: it is written down and not sent.</param>
/// <param name="To">Words of <see cref="LimitReminder.To"/>.</param>
/// <param name="Revision">Whose letters come before the product's; null: the product's.</param>
/// <param name="Data">What the letter says, nothing personal.</param>
internal sealed record StageDue(ReminderSubject Subject, Guid SubjectId, Guid? CaseId, Place Place, string Stage, DateOnly Day, bool Passed,
    IReadOnlyList<string> To, string Template, MatterRevision? Revision, JsonObject Data)
{
    /// <summary>Who <c>holder</c> is: seats of work, each with who holds it or its post.</summary>
    public IReadOnlyList<Seat> Seats { get; init; } = [];

    /// <summary>Who <c>holder</c> is: persons who hold what it is about.</summary>
    public IReadOnlyList<Guid> Holders { get; init; } = [];

    /// <summary>The subject of a register that holds it: <c>holder</c> and <c>supervisor</c> are then its contacts 社会组织、业务主管单位.</summary>
    public Guid? HolderSubject { get; init; }

    /// <summary>From <c>/</c> on: where the letter leads an officer, and anybody else.</summary>
    public string DeskPath { get; init; } = "/desk";
    public string OwnPath { get; init; } = "/my";
}

/// <param name="HolderId">The account; null: whoever has the post may take it.</param>
internal sealed record Seat(string Role, string Division, Guid? HolderId);

/// <summary>6, 9 and 12 digits of where something is handled.</summary>
internal sealed record Place(string County, string? Township, string? Village)
{
    public IEnumerable<string> Divisions => new[] { County, Township, Village }.OfType<string>().Where(d => d.Length > 0);
}

/// <summary>A reader of a letter.</summary>
/// <param name="Contact">As in <see cref="Reminder.Contact"/>.</param>
internal readonly record struct Recipient(Guid Id, RecipientKind Kind, string Contact = "");
